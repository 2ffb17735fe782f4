//! Which rows of which trace changed of late: what a page that follows a large trace has to fetch again.
//!
//! In memory only. After a restart, or when more has changed than is remembered, the answer is "everything".

use std::collections::VecDeque;
use std::sync::{Mutex, MutexGuard};

/// Rows remembered: some megabytes, and minutes of a busy server.
const MAX_ROWS: usize = 200_000;

/// One row, or a whole trace.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ChangedRow {
    pub trace: i64,
    /// `None`: runs were taken out of the trace.
    pub run: Option<i64>,
}

/// Commits are numbered from a clock's microseconds on: no number of an earlier start comes again.
#[derive(Debug)]
pub struct ChangedRows {
    state: Mutex<State>,
}

#[derive(Debug)]
struct State {
    version: u64,
    /// All changes after this version are in `rows`.
    known_since: u64,
    rows: VecDeque<(u64, ChangedRow)>,
}

impl ChangedRows {
    pub fn new(now_ns: i64) -> Self {
        let version = u64::try_from(now_ns / 1_000).unwrap_or(0).max(1);
        ChangedRows { state: Mutex::new(State { version, known_since: version, rows: VecDeque::new() }) }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().expect("no code that holds this lock panics")
    }

    /// The state that a snapshot begun from now on shows at least.
    pub fn version(&self) -> u64 {
        self.lock().version
    }

    /// What one commit changed.
    pub fn note(&self, rows: Vec<ChangedRow>) {
        if rows.is_empty() {
            return;
        }
        let mut state = self.lock();
        state.version += 1;
        let version = state.version;
        state.rows.extend(rows.into_iter().map(|row| (version, row)));
        while state.rows.len() > MAX_ROWS {
            // A version is forgotten as a whole: half of it would look complete.
            let Some(&(oldest, _)) = state.rows.front() else { break };
            let n_oldest = state.rows.partition_point(|&(version, _)| version == oldest);
            state.rows.drain(..n_oldest);
            state.known_since = oldest;
        }
    }

    /// The runs of `trace` that changed after `since`, each once; `None` when that is not known, or runs were removed.
    pub fn since(&self, trace: i64, since: u64) -> Option<Vec<i64>> {
        let state = self.lock();
        if since < state.known_since || since > state.version {
            return None;
        }
        let first = state.rows.partition_point(|&(version, _)| version <= since);
        let of_trace = state.rows.range(first..).filter(|(_, row)| row.trace == trace);
        let mut runs = of_trace.map(|(_, row)| row.run).collect::<Option<Vec<i64>>>()?;
        runs.sort_unstable();
        runs.dedup();
        Some(runs)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(trace: i64, run: i64) -> ChangedRow {
        ChangedRow { trace, run: Some(run) }
    }

    #[test]
    fn what_changed_after_a_version_is_told_once_and_of_one_trace_only() {
        let changed = ChangedRows::new(5_000_000);
        let opened = changed.version();
        changed.note(vec![run(1, 10), run(2, 20)]);
        let later = changed.version();
        changed.note(vec![run(1, 11), run(1, 10)]);
        assert_eq!(changed.since(1, opened), Some(vec![10, 11]));
        assert_eq!(changed.since(2, later), Some(vec![]));
        assert_eq!(changed.since(1, changed.version()), Some(vec![]));
    }

    #[test]
    fn versions_of_another_start_and_traces_that_lost_runs_are_not_known() {
        let changed = ChangedRows::new(5_000_000);
        let opened = changed.version();
        assert_eq!(changed.since(1, opened - 1), None);
        assert_eq!(changed.since(1, opened + 1), None);
        changed.note(vec![ChangedRow { trace: 1, run: None }]);
        assert_eq!(changed.since(1, opened), None);
    }

    #[test]
    fn what_was_forgotten_is_not_taken_for_unchanged() {
        let changed = ChangedRows::new(5_000_000);
        let opened = changed.version();
        changed.note(vec![run(1, 1); 10]);
        let second = changed.version();
        changed.note(vec![run(2, 2); MAX_ROWS]);
        assert_eq!(changed.since(1, opened), None);
        assert_eq!(changed.since(1, second), Some(vec![]));
    }
}
