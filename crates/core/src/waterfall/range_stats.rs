//! What is known of a stretch of time: how many runs, how many failed, what they cost.

use super::time_window::TimeWindow;
use crate::format::cost::cost;
use crate::format::digits::grouped;
use crate::format::duration::duration;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::Usd;

/// Of the runs that overlap a stretch of time.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RangeStats {
    pub start_ns: u64,
    pub end_ns: u64,
    pub n_runs: usize,
    pub n_failed: usize,
    /// Each run's own cost counts once. `None` when no price is known.
    pub cost: Option<Usd>,
}

impl RangeStats {
    pub fn new(tree: &RunTree, range: TimeWindow, now_ns: u64) -> Self {
        let is_in = |run: RunIdx| range.overlaps(tree.start_ns(run) as f64, tree.end_or_now_ns(run, now_ns) as f64);
        let mut stats = RangeStats {
            start_ns: range.start_ns.max(0.0) as u64,
            end_ns: range.end_ns.max(0.0) as u64,
            ..RangeStats::default()
        };
        let mut pico = None::<i64>;
        for run in 0..tree.n_runs() as RunIdx {
            let is_run_in = is_in(run);
            stats.n_runs += usize::from(is_run_in);
            stats.n_failed += usize::from(is_run_in && tree.has_error(run));
            let Some(cost) = tree.cost(run) else { continue };
            // A run's cost includes what is below it: that is taken out again.
            let times = i64::from(is_run_in) - i64::from(tree.parent(run).is_some_and(is_in));
            if is_run_in {
                pico = Some(pico.unwrap_or(0));
            }
            pico = pico.map(|sum| sum.saturating_add(times * cost.picodollars));
        }
        stats.cost = pico.map(|pico| Usd::from_pico(pico.max(0)));
        stats
    }

    /// "1.2 s–1.8 s · 600 ms: 240 runs, 2 errors, $0.01".
    pub fn sentence(&self) -> String {
        let time = |ns: u64| duration(i64::try_from(ns).unwrap_or(i64::MAX));
        let (start, end) = (time(self.start_ns), time(self.end_ns));
        let length = time(self.end_ns.saturating_sub(self.start_ns));
        let count = |n: usize, one: &str| format!("{} {one}{}", grouped(n as i64), if n == 1 { "" } else { "s" });
        let mut parts = vec![count(self.n_runs, "run")];
        if self.n_failed > 0 {
            parts.push(count(self.n_failed, "error"));
        }
        parts.extend(self.cost.map(cost));
        format!("{start}–{end} · {length}: {}", parts.join(", "))
    }
}

/// Runs that overlap `range`, in display order.
pub fn runs_in(tree: &RunTree, range: TimeWindow, now_ns: u64) -> Vec<RunIdx> {
    let is_in = |&run: &RunIdx| range.overlaps(tree.start_ns(run) as f64, tree.end_or_now_ns(run, now_ns) as f64);
    (0..tree.n_runs() as RunIdx).filter(is_in).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;

    const TRACE: &str = "agent 0..1000 cost=0.06
        plan:chain 0..400 cost=0.03
          a:llm 0..200 cost=0.01
          b:llm 200..400 cost=0.02 error
        c:llm 600..1000 cost=0.03";

    #[track_caller]
    fn check(start_ms: f64, end_ms: f64, expected: &str) {
        let range = TimeWindow { start_ns: start_ms * 1e6, end_ns: end_ms * 1e6 };
        assert_eq!(RangeStats::new(&trace_from_text(TRACE), range, 0).sentence(), expected);
    }

    #[test]
    fn each_cost_counts_once() {
        check(0.0, 1000.0, "0 ms–1.00 s · 1.00 s: 5 runs, 1 error, $0.06");
        check(250.0, 300.0, "250 ms–300 ms · 50 ms: 3 runs, 1 error, $0.02");
        check(450.0, 500.0, "450 ms–500 ms · 50 ms: 1 run, $0");
    }

    #[test]
    fn an_unknown_price_is_not_nothing() {
        let tree = trace_from_text("agent 0..10");
        assert_eq!(
            RangeStats::new(&tree, TimeWindow::whole(10_000_000), 0).sentence(),
            "0 ms–10.2 ms · 10.2 ms: 1 run"
        );
    }

    #[test]
    fn runs_that_reach_into_the_range_are_in_it() {
        let range = TimeWindow { start_ns: 450e6, end_ns: 700e6 };
        assert_eq!(runs_in(&trace_from_text(TRACE), range, 0), [0, 4]);
    }
}
