//! What clicks on the rows and the chart mean: selecting, folding, zooming, opening elsewhere.

use super::pointer::PointerInput;
use super::time_window::TimeWindow;
use crate::components::tree::{is_on_badge, is_on_twist};
use crate::model::RunIdx;
use crate::routes;
use leptos::ev::MouseEvent;
use leptos::prelude::*;

/// The click that ends a drag comes within this time, and means nothing.
const FOLLOWS_WITHIN_MS: f64 = 50.0;

impl PointerInput {
    /// Selects the row; folds it if its triangle was hit, zooms to runs that share the mark that was hit, opens it in a
    /// new tab with Mod. True if it was selected.
    pub fn on_click(&self, event: &MouseEvent) -> bool {
        self.state.chart.is_pinned.set(false);
        if js_sys::Date::now() - self.state.drag_ended_ms.get_value() < FOLLOWS_WITHIN_MS {
            return false;
        }
        let Some((x, y)) = self.place(event) else { return false };
        if self.state.open_row_at(y) {
            return false;
        }
        let Some(run) = self.run_at(y) else { return false };
        if event.ctrl_key() || event.meta_key() {
            self.open_in_new_tab(run);
            return false;
        }
        let (has_children, n_left_out) =
            self.state.tree.with_untracked(|tree| (tree.has_children(run), tree.n_left_out(run)));
        if n_left_out > 0 && (is_on_badge(event, "is-left-out") || (is_on_twist(event) && !has_children)) {
            self.state.ask_below(run);
            return false;
        }
        if is_on_twist(event) && has_children {
            self.state.toggle(run);
            return false;
        }
        if let Some(mark) = self.state.chart.hovered_mark.get_untracked().filter(|_| self.chart_x(x).is_some()) {
            self.state.remember_window();
            let bounds = untrack(|| self.state.bounds());
            self.state.move_window(TimeWindow::around(mark.start_ns, mark.end_ns, bounds));
            return false;
        }
        self.state.select(run);
        self.state.focus();
        // Browsers disagree about double taps; mice say so themselves.
        if self.chart_x(x).is_some() && self.taps.is_double(event) {
            self.fit(run);
        }
        true
    }

    /// The middle button opens the run in a new tab.
    pub fn on_aux_click(&self, event: &MouseEvent) {
        let run = self.place(event).and_then(|(_, y)| self.run_at(y));
        if let Some(run) = run.filter(|_| event.button() == 1) {
            event.prevent_default();
            self.open_in_new_tab(run);
        }
    }

    fn open_in_new_tab(&self, run: RunIdx) {
        let href = self.state.tree.with_untracked(|tree| {
            let (project_id, trace_id) = (tree.project_id()?, tree.trace_id()?);
            Some(routes::run(project_id, trace_id, tree.id(run)))
        });
        if let Some(href) = href {
            // A browser that allows no new tabs says so itself.
            let _ = window().open_with_url_and_target(&href, "_blank");
        }
    }

    /// Fits the run under the pointer, or the whole trace where there is none.
    pub fn on_double_click(&self, event: &MouseEvent) {
        let Some((x, y)) = self.place(event) else { return };
        if self.chart_x(x).is_none() {
            return;
        }
        match self.run_at(y) {
            Some(run) => self.fit(run),
            None => self.state.fit_trace(),
        }
    }

    fn fit(&self, run: RunIdx) {
        if self.state.tree.with_untracked(|tree| tree.n_runs()) > 1 {
            self.state.fit_run(run);
        } else {
            self.state.fit_trace();
        }
    }
}
