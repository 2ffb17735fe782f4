//! The file as a whole: its size, what of it is free, the search index, and what is going on.

use crate::components::erased::{When, dynamic, memo};
use crate::format::bytes::bytes;
use crate::format::digits::grouped;
use fanlight_wire::storage::StorageReport;
use leptos::prelude::*;

/// Four numbers and, while something is being removed, a line that says so.
#[component]
pub fn Summary(report: Signal<StorageReport>) -> impl IntoView {
    let doomed = memo(move || report.with(|report| report.n_doomed_runs));
    view! {
        <dl class="storage-summary">
            {dynamic(move || {
                report
                    .with(facts)
                    .into_iter()
                    .map(|fact| {
                        view! {
                            <div class="storage-fact">
                                <dt>{fact.title}</dt>
                                <dd>
                                    <b>{fact.value}</b>
                                    <span>{fact.note}</span>
                                </dd>
                            </div>
                        }
                    })
                    .collect_view()
            })}
        </dl>
        <div role="status">
            <When when=move || doomed.get() != 0>
                <p class="storage-doomed">
                    <span class="status-dot is-pending" aria-hidden="true"></span>
                    {dynamic(move || format!("{} deleted runs are being removed", grouped(doomed.get() as i64)))}
                </p>
            </When>
        </div>
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Fact {
    title: &'static str,
    value: String,
    note: String,
}

fn facts(report: &StorageReport) -> Vec<Fact> {
    let projects = report.projects.len() as i64;
    let unindexed = match report.n_unindexed_runs {
        0 => "every run can be searched".to_owned(),
        1 => "1 run cannot be searched yet".to_owned(),
        n => format!("{} runs cannot be searched yet", grouped(n as i64)),
    };
    let n_runs: u64 = report.projects.iter().map(|project| project.n_runs).sum();
    vec![
        Fact { title: "On disk", value: bytes(report.file_bytes), note: "the database and its write-ahead log".into() },
        Fact {
            title: "Free inside",
            value: bytes(report.free_bytes),
            note: if report.free_bytes == 0 {
                "the file is as small as it can be".into()
            } else {
                "given back bit by bit".into()
            },
        },
        Fact { title: "Search index", value: bytes(report.search_bytes), note: unindexed },
        Fact {
            title: "Runs",
            value: grouped(n_runs as i64),
            note: if projects == 1 { "in 1 project".into() } else { format!("in {} projects", grouped(projects)) },
        },
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_come_with_what_they_mean() {
        let report = StorageReport {
            file_bytes: 12_400_000,
            search_bytes: 2_000_000,
            n_unindexed_runs: 1204,
            ..StorageReport::default()
        };
        let lines: Vec<String> =
            facts(&report).iter().map(|fact| format!("{}: {}, {}", fact.title, fact.value, fact.note)).collect();
        assert_eq!(
            lines,
            [
                "On disk: 12.4 MB, the database and its write-ahead log",
                "Free inside: 0 B, the file is as small as it can be",
                "Search index: 2.00 MB, 1,204 runs cannot be searched yet",
                "Runs: 0, in 0 projects"
            ]
        );
    }
}
