//! How far deleting for good has come: runs that are still to be removed, then pages that are given back. Pure.

use crate::format::bytes::bytes;
use crate::format::digits::grouped;
use fanlight_wire::storage::StorageReport;

/// Reports without progress after which what is free is taken to stay: some pages are kept for what comes next.
const PATIENCE: u32 = 4;

/// One deletion, watched from before it began.
#[derive(Clone, Debug, PartialEq)]
pub struct Purge {
    /// Runs to remove, those of earlier deletions included.
    n_total: u64,
    bytes_before: u64,
    n_left: u64,
    free_bytes: u64,
    file_bytes: u64,
    n_without_progress: u32,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    Removing,
    /// The runs are gone, the file is still being made smaller.
    Shrinking,
    Done,
}

impl Purge {
    /// `before` is the report before `n_runs` were deleted.
    pub fn begun(before: &StorageReport, n_runs: u64) -> Self {
        Purge {
            n_total: before.n_doomed_runs + n_runs,
            bytes_before: before.file_bytes,
            n_left: before.n_doomed_runs + n_runs,
            free_bytes: before.free_bytes,
            file_bytes: before.file_bytes,
            n_without_progress: 0,
        }
    }

    /// Takes a newer report in.
    pub fn advance(&mut self, report: &StorageReport) {
        let is_same = (self.n_left, self.free_bytes, self.file_bytes)
            == (report.n_doomed_runs, report.free_bytes, report.file_bytes);
        self.n_without_progress = if is_same { self.n_without_progress + 1 } else { 0 };
        self.n_left = report.n_doomed_runs;
        // More may have been deleted meanwhile.
        self.n_total = self.n_total.max(self.n_left);
        self.free_bytes = report.free_bytes;
        self.file_bytes = report.file_bytes;
    }

    pub fn phase(&self) -> Phase {
        if self.n_left > 0 {
            Phase::Removing
        } else if self.free_bytes > 0 && self.n_without_progress < PATIENCE {
            Phase::Shrinking
        } else {
            Phase::Done
        }
    }

    /// 0 to 1, of the runs.
    pub fn share(&self) -> f64 {
        if self.n_total == 0 { 1.0 } else { 1.0 - self.n_left as f64 / self.n_total as f64 }
    }

    /// What is going on, as a sentence.
    pub fn words(&self) -> String {
        match self.phase() {
            Phase::Removing => format!(
                "{} of {} runs removed",
                grouped((self.n_total - self.n_left) as i64),
                grouped(self.n_total as i64)
            ),
            Phase::Shrinking => format!("The runs are gone; {} are being given back", bytes(self.free_bytes)),
            Phase::Done => match self.bytes_before.checked_sub(self.file_bytes) {
                Some(freed) if freed > 0 => {
                    format!(
                        "{} freed: the file was {}, and is {}",
                        bytes(freed),
                        bytes(self.bytes_before),
                        bytes(self.file_bytes)
                    )
                }
                _ => format!(
                    "The file is {}: what was deleted made room for what has come since",
                    bytes(self.file_bytes)
                ),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report(n_doomed_runs: u64, free_bytes: u64, file_bytes: u64) -> StorageReport {
        StorageReport { n_doomed_runs, free_bytes, file_bytes, ..StorageReport::default() }
    }

    #[test]
    fn runs_go_first_and_the_file_shrinks_after_them() {
        let mut purge = Purge::begun(&report(0, 0, 10_000_000), 400);
        assert_eq!((purge.phase(), purge.share()), (Phase::Removing, 0.0));
        purge.advance(&report(100, 3_000_000, 10_000_000));
        assert_eq!((purge.share(), purge.words().as_str()), (0.75, "300 of 400 runs removed"));
        purge.advance(&report(0, 4_000_000, 9_000_000));
        assert_eq!(purge.words(), "The runs are gone; 4.00 MB are being given back");
        purge.advance(&report(0, 0, 5_000_000));
        assert_eq!(purge.phase(), Phase::Done);
        assert_eq!(purge.words(), "5.00 MB freed: the file was 10.0 MB, and is 5.00 MB");
    }

    #[test]
    fn pages_that_are_kept_for_later_are_not_waited_for() {
        let mut purge = Purge::begun(&report(0, 0, 9000), 1);
        for _ in 0..=PATIENCE {
            assert_ne!(purge.phase(), Phase::Done);
            purge.advance(&report(0, 4096, 9000));
        }
        assert_eq!(purge.phase(), Phase::Done);
        assert!(purge.words().starts_with("The file is 9.00 kB"));
    }

    #[test]
    fn an_empty_project_is_gone_at_once() {
        let mut purge = Purge::begun(&report(0, 0, 9000), 0);
        purge.advance(&report(0, 0, 9000));
        assert_eq!((purge.phase(), purge.share()), (Phase::Done, 1.0));
    }
}
