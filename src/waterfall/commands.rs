//! Carries out what a key asked for.

use super::keys::Command;
use super::state::Waterfall;
use super::walk::{Step, next_of_type, next_where, row_away, sibling, step_in, step_out};
use crate::format::duration::duration;
use crate::model::RunIdx;
use fanlight_wire::RunType;
use leptos::prelude::*;

const ZOOM_STEP: f64 = 1.6;
const PAN_STEP: f64 = 0.2;
const PAN_FAR: f64 = 0.8;

impl Waterfall {
    /// Does what `command` says if it is the waterfall's to do; `false` when it is the page's.
    pub fn carry_out(&self, command: Command) -> bool {
        let tree = self.tree.get_untracked();
        let Some(run) = self.selected.get_untracked() else { return false };
        let page = self.row_view_untracked().page_rows() as isize;
        match command {
            Command::NextRow => self.go(self.away(run, 1)),
            Command::PreviousRow => self.go(self.away(run, -1)),
            Command::NextPage => self.go(self.away(run, page)),
            Command::PreviousPage => self.go(self.away(run, -page)),
            Command::FirstRow => self.go(self.away(run, isize::MIN / 2)),
            Command::LastRow => self.go(self.away(run, isize::MAX / 2)),
            Command::StepIn => self.step(run, step_in(&tree, &self.collapsed.read_untracked(), run)),
            Command::StepOut => self.step(run, step_out(&tree, &self.collapsed.read_untracked(), run)),
            Command::NextSibling => self.go(sibling(&tree, run, true)),
            Command::PreviousSibling => self.go(sibling(&tree, run, false)),
            Command::ExpandSiblings => self.collapsed.update(|collapsed| collapsed.expand_siblings(&tree, run)),
            Command::ExpandSubtree => self.collapsed.update(|collapsed| collapsed.set_subtree(&tree, run, false)),
            Command::CollapseSubtree => self.collapsed.update(|collapsed| collapsed.set_subtree(&tree, run, true)),
            Command::NextError => self.go(next_where(&tree, Some(run), true, |run| tree.has_error(run))),
            Command::PreviousError => self.go(next_where(&tree, Some(run), false, |run| tree.has_error(run))),
            Command::NextLlm => self.go(next_of_type(&tree, Some(run), true, RunType::Llm)),
            Command::PreviousLlm => self.go(next_of_type(&tree, Some(run), false, RunType::Llm)),
            Command::NextTool => self.go(next_of_type(&tree, Some(run), true, RunType::Tool)),
            Command::PreviousTool => self.go(next_of_type(&tree, Some(run), false, RunType::Tool)),
            Command::NextSameName => {
                self.go(next_where(&tree, Some(run), true, |other| tree.name(other) == tree.name(run)));
            }
            Command::PreviousSameName => {
                self.go(next_where(&tree, Some(run), false, |other| tree.name(other) == tree.name(run)));
            }
            Command::ZoomIn => self.zoom_by_key(run, ZOOM_STEP),
            Command::ZoomOut => self.zoom_by_key(run, 1.0 / ZOOM_STEP),
            Command::PanLeft => self.pan_by_key(-PAN_STEP),
            Command::PanRight => self.pan_by_key(PAN_STEP),
            Command::PanFarLeft => self.pan_by_key(-PAN_FAR),
            Command::PanFarRight => self.pan_by_key(PAN_FAR),
            Command::FitTrace => self.fit_trace(),
            Command::FitSelection => self.show_or_fit(run),
            Command::UndoZoom => self.undo_zoom(),
            Command::ToggleCriticalPath => self.shows_critical_path.update(|shows| *shows = !*shows),
            Command::FocusDetails | Command::ToggleDetails | Command::Find | Command::CopyLink => return false,
        }
        true
    }

    fn away(&self, run: RunIdx, n_rows: isize) -> Option<RunIdx> {
        self.rows.with_untracked(|rows| row_away(rows, Some(run), n_rows))
    }

    fn go(&self, run: Option<RunIdx>) {
        if let Some(run) = run {
            self.select(run);
        }
    }

    fn step(&self, run: RunIdx, step: Step) {
        match step {
            Step::Expand | Step::Collapse => self.toggle(run),
            Step::GoTo(other) => self.select(other),
            Step::Stay => {}
        }
    }

    /// Around the pointer if it is over the chart, else around the selection if it can be seen, else the middle.
    fn zoom_by_key(&self, run: RunIdx, factor: f64) {
        let width = self.geometry.get_untracked().chart_px().max(1.0);
        let window = untrack(|| self.shown_window());
        let start = self.tree.with_untracked(|tree| tree.start_ns(run) as f64);
        let of_selection = Some(window.px_from_time(start, width)).filter(|px| (0.0..=width).contains(px));
        let anchor = self.pointer_px.get_untracked().or(of_selection).map_or(0.5, |px| px / width);
        self.remember_window();
        self.move_window(window.zoomed(factor, anchor, untrack(|| self.bounds())));
        self.announce_window();
    }

    fn pan_by_key(&self, fraction: f64) {
        self.remember_window();
        let window = untrack(|| self.shown_window());
        self.move_window(window.panned(fraction, untrack(|| self.bounds())));
        self.announce_window();
    }

    fn show_or_fit(&self, run: RunIdx) {
        let row = self.rows.with_untracked(|rows| rows.position_of(run));
        let is_row_seen = row.is_some_and(|row| self.row_view_untracked().scroll_to_see(row).is_none());
        if is_row_seen && self.is_run_in_window(run) {
            self.fit_run(run);
            return;
        }
        self.reveal_selected();
        if !self.is_run_in_window(run) {
            self.pan_to_run(run);
        }
    }

    /// "Showing 1.2 s to 1.8 s": after the keys have come to rest.
    fn announce_window(&self) {
        let state = *self;
        let before = self.window.get_untracked();
        set_timeout(
            move || {
                let Some(now) = state.window.try_get_untracked() else { return };
                // Another step has followed: that one will speak.
                if before == now {
                    return;
                }
                let window = untrack(|| state.shown_window());
                let (start, end) = (duration(window.start_ns.max(0.0) as i64), duration(window.end_ns as i64));
                state.announcement.set(format!("Showing {start} to {end}"));
            },
            std::time::Duration::from_millis(500),
        );
    }
}
