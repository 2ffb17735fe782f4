//! What the parts of the comparison share: one set of signals, and the commands that change them.

use super::address::Address;
use super::geometry::Geometry;
use crate::compare::keys::Command;
use crate::compare::pairs::{Comparison, PairIdx};
use crate::compare::rows::{Folded, PairRows};
use crate::compare::walk::{
    Step, difference_number, found, next_difference, next_where, row_away, sibling, step_in, step_out,
};
use crate::compare::{Measure, Pair};
use crate::components::erased::memo;
use crate::model::find::{BadToken, Find, neighbour};
use crate::waterfall::keys::Command as OfTrace;
use crate::waterfall::rows::RowView;
use crate::waterfall::time_window::TimeWindow;
use crate::waterfall::zoom::Zoom;
use fanlight_wire::RunType;
use leptos::prelude::*;
use std::sync::Arc;

const ZOOM_STEP: f64 = 1.6;
const PAN_STEP: f64 = 0.2;
const PAN_FAR: f64 = 0.8;

/// A handle on the comparison. Copy it freely.
#[derive(Clone, Copy)]
pub struct CompareState {
    pub address: Address,
    pub comparison: RwSignal<Arc<Comparison>>,
    pub folded: RwSignal<Folded>,
    pub rows: Memo<PairRows>,
    /// Where the traces part when the address names no run, else the first pair.
    pub selected: Memo<Option<PairIdx>>,
    /// What the search means, or why it means nothing.
    pub find: Memo<Result<Find, BadToken>>,
    /// Pairs that the search found, ascending; `None` without one.
    pub matches: Memo<Option<Arc<Vec<PairIdx>>>>,
    pub zoom: Zoom,
    pub geometry: RwSignal<Geometry>,
    pub scroll_top_px: RwSignal<f64>,
    /// Where the scroll box is asked to go; it clears this when it has.
    pub scroll_request: RwSignal<Option<f64>>,
    pub hovered: RwSignal<Option<PairIdx>>,
    /// Counts the times the tree was asked to take the keyboard.
    pub focus_requests: RwSignal<u32>,
    /// What screen readers are told next.
    pub announcement: RwSignal<String>,
}

impl CompareState {
    pub fn new(address: Address) -> Self {
        let comparison = RwSignal::new(Arc::new(Comparison::default()));
        let folded = RwSignal::new(Folded::default());
        let rows = memo(move || {
            let only_differences = address.only_differences.get();
            folded.with(|folded| PairRows::new(&comparison.read(), folded, only_differences))
        });
        let selected = memo(move || {
            let comparison = comparison.get();
            let named = address.run.get().and_then(|id| comparison.find(id));
            named.or_else(|| comparison.first_divergence()).or((!comparison.is_empty()).then_some(0))
        });
        let find = memo(move || address.find.with(|query| Find::read(query)));
        let matches = memo(move || {
            let comparison = comparison.get();
            find.with(|find| {
                let find = find.as_ref().ok().filter(|find| !find.is_blank())?;
                Some(Arc::new(found(&comparison, find)))
            })
        });
        CompareState {
            address,
            comparison,
            folded,
            rows,
            selected,
            find,
            matches,
            zoom: Zoom::new(address.window),
            geometry: RwSignal::new(Geometry::default()),
            scroll_top_px: RwSignal::new(0.0),
            scroll_request: RwSignal::new(None),
            hovered: RwSignal::new(None),
            focus_requests: RwSignal::new(0),
            announcement: RwSignal::new(String::new()),
        }
    }

    /// Shows a comparison; a newer one of the same traces keeps the folds that still mean something.
    pub fn show(&self, next: Comparison) {
        let is_first = self.comparison.with_untracked(|comparison| comparison.is_empty());
        if is_first || self.comparison.with_untracked(|old| old.n_pairs() != next.n_pairs()) {
            self.folded.set(Folded::on_open(&next));
        }
        self.comparison.set(Arc::new(next));
        if is_first {
            self.reveal_selected();
        }
    }

    pub fn row_view(&self) -> RowView {
        self.geometry.get().rows_at(self.scroll_top_px.get())
    }

    pub fn row_view_untracked(&self) -> RowView {
        self.geometry.get_untracked().rows_at(self.scroll_top_px.get_untracked())
    }

    /// All there is to see of both traces, each from its own start.
    pub fn bounds(&self) -> TimeWindow {
        self.comparison.with(|it| TimeWindow::whole(it.a.tree.extent_ns().max(it.b.tree.extent_ns())))
    }

    /// The window on screen.
    pub fn shown_window(&self) -> TimeWindow {
        self.zoom.shown(self.bounds())
    }

    /// Moves the window at once; for wheels and drags.
    pub fn set_window(&self, window: TimeWindow) {
        self.zoom.set(window, untrack(|| self.bounds()));
    }

    /// Moves the window so that the eye can follow; the way back is remembered.
    fn move_window(&self, target: TimeWindow) {
        let state = *self;
        self.zoom.remember();
        self.zoom.glide(target, move || state.bounds());
    }

    /// Back to where the last move of the window began.
    fn undo_zoom(&self) {
        let Some(window) = self.zoom.before() else { return };
        let state = *self;
        self.zoom.glide(window.unwrap_or_else(|| untrack(|| self.bounds())), move || state.bounds());
    }

    pub fn select(&self, idx: PairIdx) {
        let (a, b) = self.comparison.with_untracked(|comparison| comparison.ids(idx));
        if let Some(id) = a.or(b) {
            self.address.select(id);
        }
        self.reveal_selected();
    }

    /// Unfolds what hides the selected pair, shows equal rows if it is one, and scrolls its row into sight.
    pub fn reveal_selected(&self) {
        let Some(idx) = self.selected.get_untracked() else { return };
        let comparison = self.comparison.get_untracked();
        let is_hidden = comparison.ancestors(idx).any(|it| self.folded.with_untracked(|folded| folded.contains(it)));
        if is_hidden {
            self.folded.update(|folded| {
                folded.reveal(&comparison, idx);
            });
        }
        let row = self.rows.with_untracked(|rows| rows.position_of(idx));
        let wanted = row.and_then(|row| self.row_view_untracked().scroll_to_see(row));
        if wanted.is_some() {
            self.scroll_request.set(wanted);
        }
    }

    pub fn toggle(&self, idx: PairIdx) {
        self.folded.update(|folded| folded.toggle(idx));
    }

    /// Puts the keyboard into the tree.
    pub fn focus(&self) {
        self.focus_requests.update(|n| *n += 1);
    }

    pub fn measure(&self) -> Measure {
        self.address.measure.get()
    }

    /// Does what `command` says if it is the comparison's to do; `false` when it is the page's.
    pub fn carry_out(&self, command: Command) -> bool {
        let comparison = self.comparison.get_untracked();
        let Some(idx) = self.selected.get_untracked() else { return false };
        match command {
            Command::FirstDivergence => match comparison.first_divergence() {
                Some(first) => {
                    self.go(Some(first));
                    self.announce_difference(first, "First divergence");
                }
                None => self.announcement.set("No differences".into()),
            },
            Command::NextDifference | Command::PreviousDifference => {
                let next = next_difference(&comparison, idx, command == Command::NextDifference);
                self.go(next);
                match next {
                    Some(next) => self.announce_difference(next, "Difference"),
                    None => self.announcement.set("No differences".into()),
                }
            }
            Command::ToggleEqual => {
                self.address.toggle_only_differences();
                self.reveal_selected();
            }
            Command::Swap => return false,
            Command::Of(command) => return self.move_as_in_a_trace(&comparison, idx, command),
        }
        true
    }

    /// What keys mean here as in one trace.
    fn move_as_in_a_trace(&self, comparison: &Comparison, idx: PairIdx, command: OfTrace) -> bool {
        let page = self.row_view_untracked().page_rows() as isize;
        let away = |n| self.rows.with_untracked(|rows| row_away(rows, idx, n));
        let folded = |change: &dyn Fn(&mut Folded)| self.folded.update(|folded| change(folded));
        let of_type = |is_forward, run_type| {
            next_where(comparison, idx, is_forward, |idx| {
                has(comparison, idx, |side, run| side.run_type(run) == run_type)
            })
        };
        let failed = |is_forward| {
            next_where(comparison, idx, is_forward, |idx| has(comparison, idx, |it, run| it.has_error(run)))
        };
        match command {
            OfTrace::NextRow => self.go(away(1)),
            OfTrace::PreviousRow => self.go(away(-1)),
            OfTrace::NextPage => self.go(away(page)),
            OfTrace::PreviousPage => self.go(away(-page)),
            OfTrace::FirstRow => self.go(away(isize::MIN / 2)),
            OfTrace::LastRow => self.go(away(isize::MAX / 2)),
            OfTrace::StepIn => {
                let step = self
                    .folded
                    .with_untracked(|folded| self.rows.with_untracked(|rows| step_in(comparison, folded, rows, idx)));
                self.step(idx, step);
            }
            OfTrace::StepOut => {
                self.step(idx, self.folded.with_untracked(|folded| step_out(comparison, folded, idx)));
            }
            OfTrace::NextSibling => self.go(sibling(comparison, idx, true)),
            OfTrace::PreviousSibling => self.go(sibling(comparison, idx, false)),
            OfTrace::ExpandSiblings => folded(&|folded| folded.expand_siblings(comparison, idx)),
            OfTrace::ExpandSubtree => folded(&|folded| folded.set_subtree(comparison, idx, false)),
            OfTrace::CollapseSubtree => folded(&|folded| folded.set_subtree(comparison, idx, true)),
            OfTrace::UnfoldLevels(n) => self.folded.set(Folded::below_depth(comparison, n.into())),
            OfTrace::NextError => self.go(failed(true)),
            OfTrace::PreviousError => self.go(failed(false)),
            OfTrace::NextLlm => self.go(of_type(true, RunType::Llm)),
            OfTrace::PreviousLlm => self.go(of_type(false, RunType::Llm)),
            OfTrace::NextTool => self.go(of_type(true, RunType::Tool)),
            OfTrace::PreviousTool => self.go(of_type(false, RunType::Tool)),
            OfTrace::ZoomIn => self.zoom_by(ZOOM_STEP),
            OfTrace::ZoomOut => self.zoom_by(1.0 / ZOOM_STEP),
            OfTrace::PanLeft => self.pan(-PAN_STEP),
            OfTrace::PanRight => self.pan(PAN_STEP),
            OfTrace::PanFarLeft => self.pan(-PAN_FAR),
            OfTrace::PanFarRight => self.pan(PAN_FAR),
            OfTrace::FitTrace => self.move_window(untrack(|| self.bounds())),
            OfTrace::FitSelection => self.fit(idx),
            OfTrace::UndoZoom => self.undo_zoom(),
            OfTrace::FocusTree => self.focus(),
            _ => return false,
        }
        true
    }

    /// Selects the next match of the search, or the one before.
    pub fn go_to_match(&self, is_forward: bool) {
        let Some(matches) = self.matches.get_untracked() else { return };
        let Some(next) = neighbour(&matches, self.selected.get_untracked(), is_forward) else { return };
        self.select(next);
        if let Ok(position) = matches.binary_search(&next) {
            self.announcement.set(format!("Match {} of {}", position + 1, matches.len()));
        }
    }

    fn go(&self, idx: Option<PairIdx>) {
        if let Some(idx) = idx {
            self.select(idx);
        }
    }

    fn step(&self, idx: PairIdx, step: Step) {
        match step {
            Step::Toggle => self.toggle(idx),
            Step::GoTo(other) => self.select(other),
            Step::Stay => {}
        }
    }

    fn zoom_by(&self, factor: f64) {
        let (window, bounds) = untrack(|| (self.shown_window(), self.bounds()));
        let anchor = self.selected.get_untracked().map_or(0.5, |idx| {
            let share = window.px_from_time(self.extent_of(idx).0, 1.0);
            if (0.0..=1.0).contains(&share) { share } else { 0.5 }
        });
        self.move_window(window.zoomed(factor, anchor, bounds));
    }

    fn pan(&self, fraction: f64) {
        let (window, bounds) = untrack(|| (self.shown_window(), self.bounds()));
        self.move_window(window.panned(fraction, bounds));
    }

    /// Just this pair, with a little air.
    pub fn fit(&self, idx: PairIdx) {
        let (start, end) = self.extent_of(idx);
        self.move_window(TimeWindow::around(start, end, untrack(|| self.bounds())));
    }

    fn extent_of(&self, idx: PairIdx) -> (f64, f64) {
        let comparison = self.comparison.get_untracked();
        let Pair { a, b } = comparison.pair(idx);
        let extents = [(&comparison.a.tree, a), (&comparison.b.tree, b)].into_iter().filter_map(|(tree, run)| {
            let run = run?;
            Some((tree.start_ns(run) as f64, tree.end_or_now_ns(run, tree.extent_ns()) as f64))
        });
        let extent = extents.reduce(|one, other| (one.0.min(other.0), one.1.max(other.1)));
        extent.unwrap_or_default()
    }

    /// "Difference 3 of 12": the row itself says the rest when it gets the focus.
    fn announce_difference(&self, idx: PairIdx, what: &str) {
        let comparison = self.comparison.get_untracked();
        let n = comparison.n_different(0..comparison.n_pairs() as PairIdx);
        let number = difference_number(&comparison, idx).unwrap_or(1);
        self.announcement.set(format!("{what}, {number} of {n}"));
    }
}

fn has(
    comparison: &Comparison,
    idx: PairIdx,
    is_it: impl Fn(&crate::model::RunTree, crate::model::RunIdx) -> bool,
) -> bool {
    let Pair { a, b } = comparison.pair(idx);
    let of = |tree, run: Option<_>| run.is_some_and(|run| is_it(tree, run));
    of(&comparison.a.tree, a) || of(&comparison.b.tree, b)
}
