//! When the indexer works: after commits, and out of the way of those who send.

use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::{Duration, Instant};

/// More runs per second than this leave the indexer only [`BUSY_SHARE`] of a core: it catches up later.
const BUSY_RUNS_PER_S: f64 = 4_000.0;
const BUSY_SHARE: f64 = 0.1;
/// In quieter times it leaves others a little room between two slices of work.
const QUIET_SHARE: f64 = 0.8;
/// After the last removal: what was removed is looked for once it is all gone.
const REMOVALS_SETTLE: Duration = Duration::from_secs(2);
/// The rate is that of about so long.
const MEASURED_OVER: Duration = Duration::from_millis(500);

/// The writer says what it did, the indexer waits for it.
pub struct Pace {
    state: Mutex<State>,
    changed: Condvar,
}

struct State {
    n_saved: u64,
    has_news: bool,
    /// When runs were removed last, unless that was told.
    removed_at: Option<Instant>,
    is_stopped: bool,
    measured_at: Instant,
    n_measured: u64,
    runs_per_s: f64,
}

impl Default for Pace {
    fn default() -> Self {
        let state = State {
            n_saved: 0,
            has_news: true,
            removed_at: Some(Instant::now()),
            is_stopped: false,
            measured_at: Instant::now(),
            n_measured: 0,
            runs_per_s: 0.0,
        };
        Pace { state: Mutex::new(state), changed: Condvar::new() }
    }
}

impl Pace {
    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code that holds this lock panics")
    }

    /// A commit brought texts, or removed runs.
    pub fn note_commit(&self, n_texts: usize, n_removed: usize) {
        if n_texts == 0 && n_removed == 0 {
            return;
        }
        let mut state = self.lock();
        state.n_saved += n_texts as u64;
        state.has_news |= n_texts > 0;
        if n_removed > 0 {
            state.removed_at = Some(Instant::now());
        }
        self.changed.notify_all();
    }

    pub fn stop(&self) {
        self.lock().is_stopped = true;
        self.changed.notify_all();
    }

    pub fn is_stopped(&self) -> bool {
        self.lock().is_stopped
    }

    /// Waits for news, at most `patience`; `false`: stop.
    pub fn wait_for_news(&self, patience: Duration) -> bool {
        let (mut state, _) = self
            .changed
            .wait_timeout_while(self.lock(), patience, |state| !state.has_news && !state.is_stopped)
            .expect("no code that holds this lock panics");
        state.has_news = false;
        !state.is_stopped
    }

    /// Runs were removed since this last said so, but not just now.
    pub fn take_removed(&self) -> bool {
        let mut state = self.lock();
        let has_settled = state.removed_at.is_some_and(|removed_at| removed_at.elapsed() >= REMOVALS_SETTLE);
        if has_settled {
            state.removed_at = None;
        }
        has_settled
    }

    /// Rests after `worked`, longer while much is sent; `false`: stop.
    pub fn rest_after(&self, worked: Duration) -> bool {
        let mut state = self.lock();
        let measured = state.measured_at.elapsed();
        if measured >= MEASURED_OVER {
            state.runs_per_s = (state.n_saved - state.n_measured) as f64 / measured.as_secs_f64();
            state.n_measured = state.n_saved;
            state.measured_at = Instant::now();
        }
        let share = if state.runs_per_s > BUSY_RUNS_PER_S { BUSY_SHARE } else { QUIET_SHARE };
        let (state, _) = self
            .changed
            .wait_timeout_while(state, worked.mul_f64(1.0 / share - 1.0), |state| !state.is_stopped)
            .expect("no code that holds this lock panics");
        !state.is_stopped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn news_wake_once_and_a_stop_ends_every_wait() {
        let pace = Pace::default();
        assert!(pace.wait_for_news(Duration::ZERO));
        pace.note_commit(1, 0);
        let began = Instant::now();
        assert!(pace.wait_for_news(Duration::from_secs(10)));
        pace.stop();
        assert!(!pace.wait_for_news(Duration::from_secs(10)) && !pace.rest_after(Duration::from_secs(10)));
        assert!(began.elapsed() < Duration::from_secs(5));
    }

    #[test]
    fn removals_are_told_once_and_not_while_they_go_on() {
        let pace = Pace::default();
        let settle = || pace.lock().removed_at = Instant::now().checked_sub(REMOVALS_SETTLE);
        assert!(!pace.take_removed());
        settle();
        // What was removed before this process is looked for too.
        assert!(pace.take_removed() && !pace.take_removed());
        pace.note_commit(0, 3);
        assert!(!pace.take_removed());
        settle();
        assert!(pace.take_removed());
    }
}
