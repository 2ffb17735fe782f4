//! Lets the bars of runs under way grow, as long as such a bar is in sight.

use crate::components::clock::now;
use crate::components::erased::{effect, memo};
use crate::waterfall::Waterfall;
use leptos::leptos_dom::helpers::{IntervalHandle, set_interval_with_handle};
use leptos::prelude::*;
use std::time::Duration;

const TICK: Duration = Duration::from_millis(200);
/// Runs that have been silent for so long were most likely abandoned: their bars end at the last sign of life.
const ABANDONED_AFTER_NS: u64 = 3_600_000_000_000;

/// The browser's time on the trace's clock, or its last known moment when nothing has happened for an hour.
fn now_in_trace(state: Waterfall) -> u64 {
    state.tree.with_untracked(|tree| {
        let extent = tree.extent_ns();
        let passed = tree.origin().map_or(0, |origin| u64::try_from(now().since(origin)).unwrap_or(0));
        if passed > extent.saturating_add(ABANDONED_AFTER_NS) { extent } else { passed.max(extent) }
    })
}

/// Moves `state.now_ns` on, five times a second, while a run under way has a row in sight. No timer otherwise.
pub fn run_clock(state: Waterfall) {
    let has_running_row = memo(move || {
        let shown = state.row_view().shown(state.rows.with(|rows| rows.len()));
        let tree = state.tree.get();
        !tree.running().is_empty()
            && state
                .rows
                .with(|rows| shown.into_iter().filter_map(|row| rows.run_at(row)).any(|run| tree.end_ns(run).is_none()))
    });
    let ticking = StoredValue::new(None::<IntervalHandle>);
    let stop = move || {
        ticking.try_update_value(|ticking| {
            if let Some(ticking) = ticking.take() {
                ticking.clear();
            }
        });
    };
    effect(move || {
        state.tree.track();
        let now_ns = now_in_trace(state);
        state.now_ns.set(now_ns);
    });
    effect(move || {
        stop();
        if has_running_row.get() {
            let tick = move || {
                let next = now_in_trace(state);
                if !document().hidden() && state.now_ns.get_untracked() != next {
                    state.now_ns.set(next);
                }
            };
            ticking.set_value(set_interval_with_handle(tick, TICK).ok());
        }
    });
    on_cleanup(stop);
}
