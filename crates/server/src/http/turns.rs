//! Turns for requests that read much: a few at once, so that writing and short reads stay quick beside them.

use crate::error::{AppError, AppResult};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Of one kind of request; cheap to clone.
#[derive(Clone)]
pub struct Turns {
    turns: Arc<Semaphore>,
    patience: Duration,
}

/// Gives the turn back when dropped: keep it until the answer is written.
pub struct Turn(#[expect(dead_code, reason = "held, not used")] OwnedSemaphorePermit);

/// What a client that was turned away should wait: most turns take much less.
const RETRY_AFTER_S: u32 = 1;

impl Turns {
    /// `n_at_once` have a turn together; who comes later waits for `patience`.
    pub fn new(n_at_once: usize, patience: Duration) -> Self {
        Turns { turns: Arc::new(Semaphore::new(n_at_once)), patience }
    }

    /// Waits a little for a turn. Fails with 429 and `Retry-After` when all are taken for longer: a page that asks again
    /// at every key press is better refused than queued without end.
    pub async fn take(&self) -> AppResult<Turn> {
        match tokio::time::timeout(self.patience, self.turns.clone().acquire_owned()).await {
            Ok(Ok(permit)) => Ok(Turn(permit)),
            _ => Err(AppError::busy("too many large questions at once; try again soon", RETRY_AFTER_S)),
        }
    }
}
