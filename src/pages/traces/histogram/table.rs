//! The numbers of the histogram as a table, for those who read rather than look.

use super::layout::{bucket_start, count, n_buckets};
use crate::components::clock::zone_offset_minutes;
use crate::components::dialog::Dialog;
use crate::format::digits::grouped;
use crate::format::time::span;
use fanlight_wire::run_stats::Histogram;
use leptos::prelude::*;

/// A dialog with one line for each bar that is not empty.
#[component]
pub fn DataTable(is_open: RwSignal<bool>, histogram: Memo<Histogram>) -> impl IntoView {
    view! {
        <Dialog is_open title="Runs over time" is_wide=true>
            <div class="histogram-table" tabindex="0" role="region" aria-label="Runs over time">
                <table>
                    <thead>
                        <tr>
                            <th scope="col">"Time"</th>
                            <th scope="col">"Runs"</th>
                            <th scope="col">"Succeeded"</th>
                            <th scope="col">"Failed"</th>
                            <th scope="col">"Other"</th>
                        </tr>
                    </thead>
                    <tbody>{move || histogram.with(lines)}</tbody>
                </table>
            </div>
        </Dialog>
    }
}

fn lines(histogram: &Histogram) -> Vec<AnyView> {
    let line = |bucket: usize| {
        let (from, to) = bucket_start(histogram, bucket).zip(bucket_start(histogram, bucket + 1))?;
        let number = |counts: &[u64]| grouped(counts.get(bucket).copied().unwrap_or(0) as i64);
        Some(
            view! {
                <tr>
                    <th scope="row">{span(from, to, zone_offset_minutes)}</th>
                    <td>{grouped(count(histogram, bucket) as i64)}</td>
                    <td>{number(&histogram.n_success)}</td>
                    <td>{number(&histogram.n_error)}</td>
                    <td>{number(&histogram.n_other)}</td>
                </tr>
            }
            .into_any(),
        )
    };
    (0..n_buckets(histogram)).filter(|&bucket| count(histogram, bucket) > 0).filter_map(line).collect()
}
