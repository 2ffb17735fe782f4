//! The report on screen: fetched when the page opens, while something is going on, and when traces come in.

use super::follow;
use crate::api::{ApiClient, ApiError};
use crate::live::{Live, LiveEvent};
use fanlight_wire::storage::StorageReport;
use leptos::prelude::*;
use std::time::Duration;

/// While traces pour in, the page is not counted more often than this.
const REFRESH: Duration = Duration::from_secs(5);

/// A handle on the report. Copy it freely.
#[derive(Clone, Copy)]
pub struct Report {
    api: StoredValue<ApiClient>,
    pub report: RwSignal<Option<StorageReport>>,
    /// Why the last fetch failed.
    pub failure: RwSignal<Option<ApiError>>,
    /// A fetch is under way or has been put off.
    is_due: StoredValue<bool>,
}

impl Report {
    /// Fetches, and goes on doing so for as long as the page is there and something changes.
    pub fn new() -> Self {
        let report = Report {
            api: StoredValue::new(expect_context()),
            report: RwSignal::new(None),
            failure: RwSignal::new(None),
            is_due: StoredValue::new(false),
        };
        report.fetch();
        expect_context::<Live>().on_event(move |event| match event {
            LiveEvent::Resync => report.fetch(),
            LiveEvent::Change(_) => report.fetch_after(REFRESH),
        });
        report
    }

    /// Fetches now.
    pub fn fetch(self) {
        let Some(api) = self.api.try_get_value() else { return };
        self.is_due.set_value(true);
        leptos::task::spawn_local(async move {
            let answer = api.find_storage().await;
            if self.is_due.try_set_value(false).is_some() {
                // The page was left meanwhile.
                return;
            }
            match answer {
                Ok(newest) => {
                    let is_moving = self.report.with_untracked(|last| is_moving(last.as_ref(), &newest));
                    self.failure.set(None);
                    self.report.set(Some(newest));
                    if is_moving {
                        self.fetch_after(follow::PERIOD);
                    }
                }
                Err(error) => self.failure.set(Some(error)),
            }
        });
    }

    fn fetch_after(self, delay: Duration) {
        if self.is_due.get_value() {
            return;
        }
        self.is_due.set_value(true);
        set_timeout(
            move || {
                if self.is_due.try_get_value().is_some() {
                    self.fetch();
                }
            },
            delay,
        );
    }
}

/// Whether the next report will differ: something is being removed, indexed or given back. What is free or not indexed
/// and stays so is not waited for.
fn is_moving(last: Option<&StorageReport>, newest: &StorageReport) -> bool {
    let rest = |report: &StorageReport| (report.n_unindexed_runs, report.free_bytes, report.file_bytes);
    let has_rest = newest.n_unindexed_runs > 0 || newest.free_bytes > 0;
    newest.n_doomed_runs > 0 || (has_rest && last.is_none_or(|last| rest(last) != rest(newest)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_report_rests_when_nothing_moves() {
        let report =
            |n_doomed_runs, free_bytes| StorageReport { n_doomed_runs, free_bytes, ..StorageReport::default() };
        assert!(is_moving(None, &report(3, 0)));
        assert!(is_moving(Some(&report(0, 900)), &report(0, 500)));
        assert!(!is_moving(Some(&report(0, 500)), &report(0, 500)));
        assert!(!is_moving(Some(&report(0, 500)), &report(0, 0)));
        let unindexed = |n_unindexed_runs| StorageReport { n_unindexed_runs, ..StorageReport::default() };
        assert!(is_moving(None, &unindexed(9)) && is_moving(Some(&unindexed(9)), &unindexed(8)));
        assert!(!is_moving(Some(&unindexed(8)), &unindexed(8)));
    }
}
