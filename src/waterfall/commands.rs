//! Carries out what a key asked for.

use super::critical_path::CriticalPath;
use super::keys::Command;
use super::rows::Row;
use super::state::Waterfall;
use super::walk::{Step, along_path, next_of_type, next_where, row_away, sibling, step_in, step_out};
use crate::format::digits::grouped;
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
        self.stop_following();
        let page = self.row_view_untracked().page_rows() as isize;
        match command {
            Command::NextRow => self.move_rows(1),
            Command::PreviousRow => self.move_rows(-1),
            Command::NextPage => self.move_rows(page),
            Command::PreviousPage => self.move_rows(-page),
            Command::FirstRow => self.move_rows(isize::MIN / 2),
            Command::LastRow => self.move_rows(isize::MAX / 2),
            Command::StepIn => match self.row_at_keyboard() {
                Some(row @ (Row::Group(_) | Row::Gap(_))) => {
                    self.open_row(row);
                }
                _ => {
                    let step = self.collapsed.with_untracked(|collapsed| step_in(&tree, collapsed, run));
                    self.step(run, step);
                }
            },
            Command::StepOut => match self.row_at_keyboard() {
                Some(row @ (Row::Group(_) | Row::Gap(_))) => {
                    let first = self.rows.with_untracked(|rows| rows.first_run(row));
                    self.go(tree.parent(first));
                }
                _ if self.close_group_of(run) => {}
                _ => {
                    let step = self.collapsed.with_untracked(|collapsed| step_out(&tree, collapsed, run));
                    self.step(run, step);
                }
            },
            Command::NextSibling => self.go(sibling(&tree, run, true)),
            Command::PreviousSibling => self.go(sibling(&tree, run, false)),
            Command::ExpandSiblings => self.collapsed.update(|collapsed| collapsed.expand_siblings(&tree, run)),
            Command::ExpandSubtree => {
                self.collapsed.update(|collapsed| collapsed.set_subtree(&tree, run, false));
                self.ask_below(run);
            }
            Command::CollapseSubtree => self.collapsed.update(|collapsed| collapsed.set_subtree(&tree, run, true)),
            Command::UnfoldLevels(n_levels) => {
                let root = self.folding.solo.get_untracked();
                self.collapsed.update(|collapsed| match root {
                    Some(root) => collapsed.fold_below_depth_of(&tree, root, n_levels.into()),
                    None => collapsed.fold_below_depth(&tree, n_levels.into()),
                });
                self.say(format!("Unfolded to level {n_levels}"));
            }
            Command::Solo => self.solo(run),
            Command::LeaveSolo => self.leave_solo(),
            Command::HideName => self.hide_name_of(run),
            Command::ShowHiddenNames => self.show_hidden(None),
            Command::NextCritical | Command::PreviousCritical => {
                let is_forward = command == Command::NextCritical;
                let shown = self.critical_path.get_untracked();
                let path = shown.unwrap_or_else(|| CriticalPath::new(&tree, self.now_ns.get_untracked()).into());
                self.go(along_path(&tree, &path, run, is_forward));
            }
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
            Command::ToggleIdleGaps => self.toggle_idle_gaps(),
            Command::ToggleMap => self.toggle_map(),
            Command::DropMarker => self.drop_marker(),
            Command::RangeFromSelection => self.range_from_selection(),
            Command::FocusTree => self.focus(),
            Command::FocusDetails => return self.row_at_keyboard().is_some_and(|row| self.open_row(row)),
            Command::ToggleDetails
            | Command::Find
            | Command::CopyLink
            | Command::Show(_)
            | Command::NextTrace
            | Command::PreviousTrace => return false,
        }
        true
    }

    fn move_rows(&self, n: isize) {
        let from = untrack(|| self.active_row());
        let n_rows = self.rows.with_untracked(|rows| rows.len());
        if let Some(row) = row_away(n_rows, from, n).filter(|&row| Some(row) != from) {
            self.go_to_row(row);
        }
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
            Step::Fetch => self.ask_below(run),
            Step::Stay => {}
        }
    }

    /// Around the pointer if it is over the chart, else around the selection if it can be seen, else the middle.
    fn zoom_by_key(&self, run: RunIdx, factor: f64) {
        let scale = untrack(|| self.scale());
        let start = self.tree.with_untracked(|tree| tree.start_ns(run) as f64);
        let of_selection = Some(scale.px(start)).filter(|px| (0.0..=scale.width_px()).contains(px));
        let anchor_px = self.pointer_px.get_untracked().or(of_selection).unwrap_or(scale.width_px() / 2.0);
        self.remember_window();
        self.move_window(scale.zoomed(factor, anchor_px, untrack(|| self.bounds())));
        self.announce_window();
    }

    fn pan_by_key(&self, fraction: f64) {
        self.remember_window();
        let scale = untrack(|| self.scale());
        self.move_window(scale.panned(fraction * scale.width_px(), untrack(|| self.bounds())));
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

    /// "Showing 1.2 s to 1.8 s, 240 runs, 2 errors".
    fn announce_window(&self) {
        let state = *self;
        self.say_at_rest(move || {
            let window = untrack(|| state.shown_window());
            let tree = state.tree.get_untracked();
            let now_ns = state.now_ns.get_untracked();
            let is_shown =
                |&run: &RunIdx| window.overlaps(tree.start_ns(run) as f64, tree.end_or_now_ns(run, now_ns) as f64);
            let n_runs = (0..tree.n_runs() as RunIdx).filter(is_shown).count();
            let n_errors = tree.errors().iter().copied().filter(is_shown).count();
            let (start, end) = (duration(window.start_ns.max(0.0) as i64), duration(window.end_ns as i64));
            format!("Showing {start} to {end}, {}, {}", counted(n_runs, "run"), counted(n_errors, "error"))
        });
    }
}

fn counted(n: usize, what: &str) -> String {
    if n == 1 { format!("1 {what}") } else { format!("{} {what}s", grouped(n as i64)) }
}
