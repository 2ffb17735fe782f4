//! What is lost with a project, in numbers. Pure.

use crate::feedback::summary;
use crate::format::bytes::bytes;
use crate::format::digits::grouped;
use fanlight_wire::ProjectId;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::RunStats;
use fanlight_wire::storage::StorageReport;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Losses {
    pub n_traces: u64,
    pub n_runs: u64,
    pub size_bytes: u64,
    pub attachment_bytes: u64,
    pub n_feedback: u64,
}

/// All runs of a project, as a question about their feedback.
pub fn everything_in(project: ProjectId) -> RunQuery {
    RunQuery { projects: Some(vec![project]), ..RunQuery::default() }
}

/// What `project` holds, from the report on all projects and the statistics over its runs.
pub fn losses(report: &StorageReport, project: ProjectId, stats: &RunStats) -> Losses {
    let n_feedback = stats.feedback_stats.as_ref().map_or(0, summary::count).max(0) as u64;
    let Some(stored) = report.projects.iter().find(|it| it.project_id == project) else {
        return Losses { n_runs: stats.run_count.max(0) as u64, n_feedback, ..Losses::default() };
    };
    Losses {
        n_traces: stored.n_traces,
        n_runs: stored.n_runs,
        size_bytes: stored.run_bytes + stored.payload_bytes + stored.attachment_bytes,
        attachment_bytes: stored.attachment_bytes,
        n_feedback,
    }
}

impl Losses {
    /// Amount and what of it, a line each.
    pub fn lines(self) -> Vec<(String, String)> {
        let counted =
            |n: u64, one: &str, many: &str| (grouped(n as i64), if n == 1 { one.into() } else { many.into() });
        let mut lines = vec![
            counted(self.n_traces, "trace", "traces"),
            counted(self.n_runs, "run", "runs"),
            counted(self.n_feedback, "piece of feedback", "pieces of feedback"),
        ];
        let with = match self.attachment_bytes {
            0 => "on disk".to_owned(),
            size => format!("on disk, {} of it attachments", bytes(size)),
        };
        lines.push((bytes(self.size_bytes), with));
        lines
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn everything_that_goes_is_counted() {
        let id = "6f0c7a4e-0000-4000-8000-000000000001";
        let report: StorageReport = serde_json::from_value(json!({
            "file_bytes": 9, "free_bytes": 0, "search_bytes": 0, "n_unindexed_runs": 0, "n_doomed_runs": 0,
            "projects": [{
                "session_id": id, "name": "x", "n_runs": 1204, "n_traces": 1, "run_bytes": 1000, "payload_bytes": 2_000_000,
                "attachment_bytes": 500_000, "first_start_time": null, "last_start_time": null, "retention": {"days": null},
            }],
        }))
        .unwrap();
        let stats: RunStats =
            serde_json::from_value(json!({"run_count": 1204, "feedback_stats": {"a": {"n": 2}, "b": {"n": 1}}}))
                .unwrap();
        let lines: Vec<String> = losses(&report, id.parse().unwrap(), &stats)
            .lines()
            .into_iter()
            .map(|(amount, what)| format!("{amount} {what}"))
            .collect();
        assert_eq!(
            lines,
            ["1 trace", "1,204 runs", "3 pieces of feedback", "2.50 MB on disk, 500 kB of it attachments"]
        );
    }

    #[test]
    fn a_project_that_the_report_does_not_know_is_still_counted() {
        let id = ProjectId(uuid::Uuid::from_u128(7));
        let stats = RunStats { run_count: 5, ..RunStats::default() };
        assert_eq!(losses(&StorageReport::default(), id, &stats), Losses { n_runs: 5, ..Losses::default() });
    }
}
