//! A share of memory for every body in flight, so that many large uploads wait instead of exhausting the machine.

use crate::config::Limits;
use crate::error::{AppError, AppResult};
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What one permit stands for.
const UNIT_BYTES: usize = 64 * 1024;

/// The memory that all bodies share.
#[derive(Clone)]
pub struct BodyMemory {
    units: Arc<Semaphore>,
    wait: Duration,
}

impl BodyMemory {
    pub fn new(limits: &Limits) -> Self {
        let n_units = limits.bodies_in_flight_bytes.div_ceil(UNIT_BYTES);
        BodyMemory { units: Arc::new(Semaphore::new(n_units)), wait: limits.wait_for_memory }
    }

    /// An empty share, to be grown.
    pub fn share(&self) -> BodyShare {
        BodyShare { memory: self.clone(), n_units: 0, permits: Vec::new() }
    }
}

/// One body's part of the memory; given back when dropped.
pub struct BodyShare {
    memory: BodyMemory,
    n_units: usize,
    permits: Vec<OwnedSemaphorePermit>,
}

impl BodyShare {
    /// Makes the share at least `n_bytes` large. Waits for others to finish, but not for ever: bodies that each hold
    /// a part and wait for more must not wait for each other.
    pub async fn grow_to(&mut self, n_bytes: usize) -> AppResult<()> {
        let n_missing = n_bytes.div_ceil(UNIT_BYTES).saturating_sub(self.n_units);
        if n_missing == 0 {
            return Ok(());
        }
        let busy = || AppError::busy("too many large requests at once; try again in a moment", 2);
        let n_permits = u32::try_from(n_missing).map_err(|_| busy())?;
        let acquire = self.memory.units.clone().acquire_many_owned(n_permits);
        let permit = tokio::time::timeout(self.memory.wait, acquire).await.map_err(|_| busy())?.map_err(|_| busy())?;
        self.n_units += n_missing;
        self.permits.push(permit);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn memory(n_bytes: usize) -> BodyMemory {
        let wait = Duration::from_millis(10);
        BodyMemory::new(&Limits { bodies_in_flight_bytes: n_bytes, wait_for_memory: wait, ..Limits::default() })
    }

    #[tokio::test]
    async fn a_body_waits_for_memory_and_is_then_refused_with_429() {
        let memory = memory(2 * UNIT_BYTES);
        let (mut first, mut second) = (memory.share(), memory.share());
        first.grow_to(2 * UNIT_BYTES).await.unwrap();
        assert_eq!(second.grow_to(1).await.unwrap_err().status.as_u16(), 429);
        drop(first);
        second.grow_to(1).await.unwrap();
    }
}
