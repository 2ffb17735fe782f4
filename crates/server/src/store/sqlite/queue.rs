//! The writer's queue: bounded by jobs and by bytes, so that a slow disk becomes a 429 and never memory.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard};
use std::time::Duration;

/// How much may wait.
#[derive(Clone, Copy, Debug)]
pub struct QueueLimits {
    pub max_jobs: usize,
    /// One job alone is always let in, however big.
    pub max_bytes: usize,
}

/// Why something could not be queued.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    Full,
    Closed,
}

/// First in, first out; many threads push, one takes.
#[derive(Debug)]
pub struct Queue<T> {
    limits: QueueLimits,
    state: Mutex<State<T>>,
    changed: Condvar,
}

#[derive(Debug)]
struct State<T> {
    waiting: VecDeque<(usize, T)>,
    n_bytes: usize,
    is_closed: bool,
}

/// What [`Queue::take`] found.
#[derive(Debug, PartialEq, Eq)]
pub enum Taken<T> {
    Jobs(Vec<T>),
    /// Nothing came in time.
    Idle,
    /// Closed, and everything that was queued has been taken.
    Closed,
}

impl<T> Queue<T> {
    pub fn new(limits: QueueLimits) -> Self {
        let state = State { waiting: VecDeque::new(), n_bytes: 0, is_closed: false };
        Queue { limits, state: Mutex::new(state), changed: Condvar::new() }
    }

    fn lock(&self) -> MutexGuard<'_, State<T>> {
        self.state.lock().expect("no code that holds this lock panics")
    }

    pub fn push(&self, n_bytes: usize, job: T) -> Result<(), Refused> {
        self.push_or_return(n_bytes, job).map_err(|(_, refused)| refused)
    }

    /// Gives a refused job back, for those who can wait.
    pub fn push_or_return(&self, n_bytes: usize, job: T) -> Result<(), (T, Refused)> {
        let mut state = self.lock();
        if state.is_closed {
            return Err((job, Refused::Closed));
        }
        let is_too_much =
            state.n_bytes + n_bytes > self.limits.max_bytes || state.waiting.len() >= self.limits.max_jobs;
        if is_too_much && !state.waiting.is_empty() {
            return Err((job, Refused::Full));
        }
        state.n_bytes += n_bytes;
        state.waiting.push_back((n_bytes, job));
        self.changed.notify_one();
        Ok(())
    }

    /// Waits for a job, at most `patience`, and takes it with what came meanwhile, up to about `max_bytes`.
    pub fn take(&self, max_jobs: usize, max_bytes: usize, patience: Duration) -> Taken<T> {
        let state = self.lock();
        let (mut state, _) = self
            .changed
            .wait_timeout_while(state, patience, |state| state.waiting.is_empty() && !state.is_closed)
            .expect("no code that holds this lock panics");
        let mut jobs = Vec::new();
        let mut n_bytes_taken = 0;
        while jobs.len() < max_jobs && n_bytes_taken < max_bytes {
            let Some((n_bytes, job)) = state.waiting.pop_front() else { break };
            state.n_bytes -= n_bytes;
            n_bytes_taken += n_bytes;
            jobs.push(job);
        }
        match (jobs.is_empty(), state.is_closed) {
            (false, _) => Taken::Jobs(jobs),
            (true, true) => Taken::Closed,
            (true, false) => Taken::Idle,
        }
    }

    /// Refuses further jobs; those waiting are still taken.
    pub fn close(&self) {
        self.lock().is_closed = true;
        self.changed.notify_all();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn queue(max_jobs: usize, max_bytes: usize) -> Queue<char> {
        Queue::new(QueueLimits { max_jobs, max_bytes })
    }

    #[test]
    fn too_many_bytes_or_jobs_are_refused_and_nothing_is_lost() {
        let queue = queue(2, 100);
        assert_eq!(queue.push(60, 'a'), Ok(()));
        assert_eq!(queue.push(60, 'b'), Err(Refused::Full));
        assert_eq!(queue.push(10, 'c'), Ok(()));
        assert_eq!(queue.push(1, 'd'), Err(Refused::Full));
        assert_eq!(queue.take(9, 1000, Duration::ZERO), Taken::Jobs(vec!['a', 'c']));
        assert_eq!(queue.push(60, 'e'), Ok(()));
    }

    #[test]
    fn one_job_bigger_than_the_limit_is_let_in_alone() {
        let queue = queue(2, 100);
        assert_eq!(queue.push(1000, 'a'), Ok(()));
        assert_eq!(queue.push(1, 'b'), Err(Refused::Full));
    }

    #[test]
    fn a_group_stops_growing_at_its_size() {
        let queue = queue(9, 1000);
        for job in ['a', 'b', 'c'] {
            queue.push(10, job).unwrap();
        }
        assert_eq!(queue.take(9, 15, Duration::ZERO), Taken::Jobs(vec!['a', 'b']));
        assert_eq!(queue.take(9, 15, Duration::ZERO), Taken::Jobs(vec!['c']));
        assert_eq!(queue.take(9, 15, Duration::ZERO), Taken::Idle);
    }

    #[test]
    fn closing_lets_what_waits_be_taken_first() {
        let queue = queue(9, 1000);
        queue.push(1, 'a').unwrap();
        queue.close();
        assert_eq!(queue.push(1, 'b'), Err(Refused::Closed));
        assert_eq!(queue.take(9, 15, Duration::ZERO), Taken::Jobs(vec!['a']));
        assert_eq!(queue.take(9, 15, Duration::ZERO), Taken::Closed);
    }
}
