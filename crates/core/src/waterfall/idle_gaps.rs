//! Stretches of a trace in which nothing worked: a person slept on the answer, a queue was empty.

use super::time_window::TimeWindow;
use crate::model::RunTree;
use fanlight_wire::RunType;

/// From the end of the last work before it to the start of the next.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Gap {
    pub start_ns: f64,
    pub end_ns: f64,
}

impl Gap {
    pub fn len_ns(self) -> f64 {
        self.end_ns - self.start_ns
    }
}

/// Gaps are at least this much of the trace, so there are 20 at most.
const LEAST_SHARE: f64 = 0.05;
/// From this share of idle time on, a window is worth compressing.
const OFFERED_FROM: f64 = 0.4;
/// A gap of the least share spans 51 of these, so the buckets at its ends are always apart.
const N_BUCKETS: usize = 1024;

/// The gaps of one trace, in order of time. They never overlap.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct IdleGaps {
    gaps: Vec<Gap>,
}

impl IdleGaps {
    /// Work is what leaves do, and what runs other than chains do themselves: a chain around a night's pause waits.
    ///
    /// One pass over the runs, without sorting: buckets find where nothing is, and remember the exact moments of the
    /// last end before and the first start after.
    pub fn find(tree: &RunTree) -> Self {
        let extent = tree.extent_ns();
        let mut buckets = vec![Bucket::default(); N_BUCKETS + 1];
        let bucket_of =
            |time_ns: u64| (((time_ns as f64 / extent.max(1) as f64) * N_BUCKETS as f64) as usize).min(N_BUCKETS - 1);
        let works = |run: u32| !tree.has_children(run) || tree.run_type(run) != RunType::Chain;
        let mut has_work = false;
        for run in (0..tree.n_runs() as u32).filter(|&run| works(run)) {
            has_work = true;
            // What is under way works until further notice.
            let (start, end) = (tree.start_ns(run), tree.end_ns(run).unwrap_or(extent));
            let (first, last) = (bucket_of(start), bucket_of(end));
            buckets[first].n_more += 1;
            buckets[first].first_start_ns = buckets[first].first_start_ns.min(start);
            buckets[last].last_end_ns = buckets[last].last_end_ns.max(end);
            buckets[last + 1].n_more -= 1;
        }
        let mut gaps = Vec::new();
        if !has_work {
            return IdleGaps { gaps };
        }
        let (mut n_working, mut idle_from) = (0, Some(0));
        let mut add = |from_ns: u64, to_ns: u64| {
            let gap = Gap { start_ns: from_ns as f64, end_ns: to_ns as f64 };
            if gap.len_ns() >= LEAST_SHARE * extent as f64 && gap.len_ns() > 0.0 {
                gaps.push(gap);
            }
        };
        for (idx, bucket) in buckets[..N_BUCKETS].iter().enumerate() {
            n_working += bucket.n_more;
            if n_working > 0 {
                if let Some(from_ns) = idle_from.take() {
                    add(from_ns, bucket.first_start_ns);
                }
            } else if idle_from.is_none() {
                // Nothing reaches into this bucket, so all that touched the one before ended in it.
                idle_from = Some(buckets[idx - 1].last_end_ns);
            }
        }
        if let Some(from_ns) = idle_from {
            add(from_ns, extent);
        }
        IdleGaps { gaps }
    }

    pub fn gaps(&self) -> &[Gap] {
        &self.gaps
    }

    pub fn is_empty(&self) -> bool {
        self.gaps.is_empty()
    }

    /// How much of `window` is idle.
    pub fn idle_ns_in(&self, window: TimeWindow) -> f64 {
        let inside = |gap: &Gap| (gap.end_ns.min(window.end_ns) - gap.start_ns.max(window.start_ns)).max(0.0);
        self.gaps.iter().map(inside).sum()
    }

    /// Whether so much of `window` is idle that the reader should be offered to compress it.
    pub fn are_worth_compressing(&self, window: TimeWindow) -> bool {
        self.idle_ns_in(window) >= OFFERED_FROM * window.len_ns()
    }

    /// All there is to see once the gaps are compressed: like [`TimeWindow::whole`], with air in proportion to the work.
    pub fn bounds(&self, extent_ns: u64) -> TimeWindow {
        let whole = TimeWindow::whole(extent_ns);
        let share_busy = 1.0 - (self.idle_ns_in(whole) / (extent_ns as f64).max(1.0)).clamp(0.0, 1.0);
        TimeWindow {
            start_ns: whole.start_ns * share_busy.max(1e-6),
            end_ns: extent_ns as f64 + (whole.end_ns - extent_ns as f64) * share_busy.max(1e-6),
        }
    }
}

#[derive(Clone)]
struct Bucket {
    /// How many more runs work in this bucket than in the one before.
    n_more: i64,
    first_start_ns: u64,
    last_end_ns: u64,
}

impl Default for Bucket {
    fn default() -> Self {
        Bucket { n_more: 0, first_start_ns: u64::MAX, last_end_ns: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use proptest::prelude::*;

    #[track_caller]
    fn check(trace: &str, expected: &[(f64, f64)]) {
        let gaps = IdleGaps::find(&trace_from_text(trace));
        let ms: Vec<_> = gaps.gaps().iter().map(|gap| (gap.start_ns / 1e6, gap.end_ns / 1e6)).collect();
        assert_eq!(ms, expected);
    }

    #[test]
    fn a_night_between_two_answers_is_a_gap_though_the_chain_goes_on() {
        check(
            "agent 0..32400000
               ask:llm 0..1500
               approval 1500..32398000
                 reminder:tool 1600..2000
               answer:llm 32398123..32400000",
            &[(2000.0, 32_398_123.0)],
        );
    }

    #[test]
    fn a_trace_that_is_busy_has_none() {
        check("agent 0..100\n a:llm 0..50\n b:tool 52..100", &[]);
        check("", &[]);
        check("agent 0..0", &[]);
    }

    #[test]
    fn what_lies_before_the_first_work_and_after_the_last_counts() {
        check("agent 0..100\n a:llm 30..40", &[(0.0, 30.0), (40.0, 100.0)]);
    }

    #[test]
    fn a_window_is_worth_compressing_when_two_fifths_are_idle() {
        let gaps = IdleGaps::find(&trace_from_text("agent 0..100\n a:llm 0..30\n b:llm 80..100"));
        let window = |start_ms: f64, end_ms: f64| TimeWindow { start_ns: start_ms * 1e6, end_ns: end_ms * 1e6 };
        assert!(gaps.are_worth_compressing(window(0.0, 100.0)));
        assert!(!gaps.are_worth_compressing(window(0.0, 49.0)));
        assert!(gaps.are_worth_compressing(window(20.0, 40.0)));
    }

    proptest! {
        #[test]
        fn no_work_is_done_in_a_gap_and_no_long_pause_is_missed(
            spans in prop::collection::vec((0u32..1000, 0u32..40), 1..12),
        ) {
            let lines: String = spans.iter().map(|(start, len)| format!("\n run:llm {start}..{}", start + len)).collect();
            let tree = trace_from_text(&format!("root 0..1000{lines}"));
            let found = IdleGaps::find(&tree);
            // The slow way: sort, and look between.
            let mut sorted: Vec<(u64, u64)> = (1..tree.n_runs() as u32).map(|run| (tree.start_ns(run), tree.end_or_now_ns(run, 0))).collect();
            sorted.sort_unstable();
            let (mut busy_to, mut expected) = (0, Vec::new());
            for (start, end) in sorted.into_iter().chain([(tree.extent_ns(), tree.extent_ns())]) {
                if start > busy_to && (start - busy_to) as f64 >= 0.05 * tree.extent_ns() as f64 {
                    expected.push(Gap { start_ns: busy_to as f64, end_ns: start as f64 });
                }
                busy_to = busy_to.max(end);
            }
            prop_assert_eq!(found.gaps(), &expected);
        }
    }
}
