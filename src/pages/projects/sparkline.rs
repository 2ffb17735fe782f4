//! The last seven days of a project as a strip of bars, and in words.

use super::activity::Activity;
use crate::components::clock::zone_offset_minutes;
use crate::components::erased::{dynamic, effect};
use crate::components::seen::use_seen;
use crate::format::digits::grouped;
use crate::format::time;
use fanlight_wire::run_stats::Histogram;
use fanlight_wire::{ProjectId, Timestamp};
use leptos::html;
use leptos::prelude::*;
use std::fmt::Write as _;

pub const WIDTH: f64 = 112.0;
pub const HEIGHT: f64 = 24.0;
/// A bucket that holds anything is at least this tall.
const MIN_BAR: f64 = 1.5;

/// Draws `project`'s activity once it is near the screen. `n_traces` tells whether there is anything new to fetch.
#[component]
pub fn Sparkline(project: ProjectId, n_traces: i64, activity: Activity) -> impl IntoView {
    let node = NodeRef::<html::Span>::new();
    let is_seen = use_seen(node, "200px");
    let histogram = activity.of(project);
    effect(move || {
        if is_seen.get() {
            activity.want(project, n_traces);
        }
    });
    view! {
        <span class="sparkline" node_ref=node>
            {dynamic(move || {
                histogram
                    .get()
                    .map(|histogram| {
                        let (all, failed) = paths(&histogram);
                        let words = words(&histogram, zone_offset_minutes);
                        let label = words.clone();
                        view! {
                            <svg
                                role="img"
                                aria-label=label
                                viewBox=format!("0 0 {WIDTH} {HEIGHT}")
                                preserveAspectRatio="none"
                            >
                                <title>{words}</title>
                                <path class="sparkline-base" d=format!("M0 {}H{WIDTH}", HEIGHT - 0.5) />
                                <path class="sparkline-all" d=all />
                                <path class="sparkline-failed" d=failed />
                            </svg>
                        }
                    })
            })}
        </span>
    }
}

/// Traces in a bucket, whatever became of them.
fn total(histogram: &Histogram, idx: usize) -> u64 {
    [&histogram.n_success, &histogram.n_error, &histogram.n_other].iter().filter_map(|counts| counts.get(idx)).sum()
}

/// Outlines of the bars, and of their failed parts, which stand at the bottom.
fn paths(histogram: &Histogram) -> (String, String) {
    let n_buckets = histogram.n_success.len();
    let highest = (0..n_buckets).map(|idx| total(histogram, idx)).max().unwrap_or(0);
    let (mut all, mut failed) = (String::new(), String::new());
    if highest == 0 {
        return (all, failed);
    }
    let step = WIDTH / n_buckets as f64;
    let width = (step - 1.0).max(0.5);
    let bar = |path: &mut String, idx: usize, count: u64| {
        if count > 0 {
            let height = (count as f64 / highest as f64 * HEIGHT).max(MIN_BAR);
            write!(path, "M{:.1} {HEIGHT}v-{height:.1}h{width:.1}v{height:.1}z", idx as f64 * step)
                .expect("a string takes all");
        }
    };
    for idx in 0..n_buckets {
        bar(&mut all, idx, total(histogram, idx));
        bar(&mut failed, idx, histogram.n_error.get(idx).copied().unwrap_or(0));
    }
    (all, failed)
}

/// `1,204 traces in 7 days, 12 failed, most around 24 Nov 2026 14:00`.
fn words(histogram: &Histogram, offset_at: impl Fn(Timestamp) -> i32) -> String {
    let n_buckets = histogram.n_success.len();
    let n_traces: u64 = (0..n_buckets).map(|idx| total(histogram, idx)).sum();
    let n_failed: u64 = histogram.n_error.iter().sum();
    if n_traces == 0 {
        return "No traces in 7 days".into();
    }
    let noun = if n_traces == 1 { "trace" } else { "traces" };
    let mut words = format!("{} {noun} in 7 days", grouped(n_traces as i64));
    if n_failed > 0 {
        write!(words, ", {} failed", grouped(n_failed as i64)).expect("a string takes all");
    }
    // Of equally busy ones the latest.
    let busiest = (0..n_buckets).max_by_key(|idx| total(histogram, *idx));
    if let Some((start, idx)) = histogram.start.zip(busiest) {
        let from = Timestamp(start.0.saturating_add(histogram.bucket_ns.saturating_mul(idx as i64)));
        let to = Timestamp(from.0.saturating_add(histogram.bucket_ns));
        write!(words, ", most {}", time::span(from, to, offset_at)).expect("a string takes all");
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    fn histogram(success: &[u64], error: &[u64]) -> Histogram {
        Histogram {
            start: "2026-11-23T00:00:00Z".parse().ok(),
            bucket_ns: 6 * 3_600_000_000_000,
            n_success: success.to_vec(),
            n_error: error.to_vec(),
            n_other: vec![0; success.len()],
            latency: Vec::new(),
        }
    }

    #[test]
    fn bars_are_as_tall_as_their_share_of_the_busiest() {
        let (all, failed) = paths(&histogram(&[1, 0, 2, 1000], &[0, 0, 2, 0]));
        assert_eq!(
            all, "M0.0 24v-1.5h27.0v1.5zM56.0 24v-1.5h27.0v1.5zM84.0 24v-24.0h27.0v24.0z",
            "what is there is seen, however few"
        );
        assert_eq!(failed, "M56.0 24v-1.5h27.0v1.5z");
        assert_eq!(paths(&histogram(&[0, 0], &[0, 0])), (String::new(), String::new()));
        assert_eq!(paths(&Histogram::default()), (String::new(), String::new()));
    }

    #[test]
    fn the_words_say_what_the_bars_show() {
        let say = |success: &[u64], error: &[u64]| words(&histogram(success, error), |_| 0);
        assert_eq!(say(&[1, 1200, 0], &[0, 3, 0]), "1,204 traces in 7 days, 3 failed, most 23 Nov 2026 06:00 – 12:00");
        assert_eq!(say(&[0, 1], &[0, 0]), "1 trace in 7 days, most 23 Nov 2026 06:00 – 12:00");
        assert_eq!(say(&[0, 0], &[0, 0]), "No traces in 7 days");
    }
}
