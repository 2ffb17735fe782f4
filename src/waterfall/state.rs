//! What the parts of the waterfall share: one set of signals, and the commands that change them.

use super::collapse::Collapsed;
use super::critical_path::CriticalPath;
use super::geometry::Geometry;
use super::motion::Motion;
use super::rows::{RowView, VisibleRows};
use super::time_window::{TimeWindow, running_extent};
use crate::components::erased::memo;
use crate::model::find::{find_runs, neighbour};
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunId;
use leptos::prelude::*;
use std::sync::Arc;

/// A handle on the waterfall. Copy it freely.
#[derive(Clone, Copy)]
pub struct Waterfall {
    pub tree: RwSignal<Arc<RunTree>>,
    pub collapsed: RwSignal<Collapsed>,
    pub rows: Memo<VisibleRows>,
    /// Always a run of the tree while it has any: the root when nothing else was chosen.
    pub selected: Memo<Option<RunIdx>>,
    selected_id: RwSignal<Option<RunId>>,
    on_select: Callback<RunId>,
    /// `None`: the whole trace, however long it grows.
    pub window: RwSignal<Option<TimeWindow>>,
    before_zoom: StoredValue<Vec<Option<TimeWindow>>>,
    pub geometry: RwSignal<Geometry>,
    pub scroll_top_px: RwSignal<f64>,
    /// Where the scroll box is asked to go; it clears this when it has.
    pub scroll_request: RwSignal<Option<f64>>,
    /// In the tree's time: where runs under way end now.
    pub now_ns: RwSignal<u64>,
    pub hovered: RwSignal<Option<RunIdx>>,
    /// Where the pointer is over the chart, from the chart's left edge.
    pub pointer_px: RwSignal<Option<f64>>,
    pub query: RwSignal<String>,
    /// Runs found by `query`, ascending; `None` without a query.
    pub matches: Memo<Option<Arc<Vec<RunIdx>>>>,
    pub shows_critical_path: RwSignal<bool>,
    pub critical_path: Memo<Option<Arc<CriticalPath>>>,
    /// What screen readers are told next.
    pub announcement: RwSignal<String>,
    /// Counts the times the tree was asked to take the keyboard.
    pub focus_requests: RwSignal<u32>,
    pub motion: Motion,
    /// When a drag last ended, in the browser's milliseconds: the click that follows it selects nothing.
    pub drag_ended_ms: StoredValue<f64>,
}

/// Zooms that can be undone.
const MAX_UNDO: usize = 50;

impl Waterfall {
    /// `selected_id` is what the address names; `on_select` is asked to change it.
    pub fn new(selected_id: RwSignal<Option<RunId>>, on_select: Callback<RunId>) -> Self {
        let tree = RwSignal::new(Arc::new(RunTree::default()));
        let collapsed = RwSignal::new(Collapsed::none());
        let now_ns = RwSignal::new(0);
        let query = RwSignal::new(String::new());
        let shows_critical_path = RwSignal::new(false);
        let selected = memo(move || {
            let tree = tree.get();
            let found = selected_id.get().and_then(|id| tree.find(id));
            found.or((!tree.is_empty()).then_some(0))
        });
        Waterfall {
            tree,
            collapsed,
            rows: memo(move || collapsed.with(|collapsed| VisibleRows::new(&tree.read(), collapsed))),
            selected,
            selected_id,
            on_select,
            window: RwSignal::new(None),
            before_zoom: StoredValue::new(Vec::new()),
            geometry: RwSignal::new(Geometry::default()),
            scroll_top_px: RwSignal::new(0.0),
            scroll_request: RwSignal::new(None),
            now_ns,
            hovered: RwSignal::new(None),
            pointer_px: RwSignal::new(None),
            query,
            matches: memo(move || {
                let query = query.get();
                (!query.trim().is_empty()).then(|| Arc::new(find_runs(&tree.read(), &query)))
            }),
            shows_critical_path,
            critical_path: memo(move || {
                shows_critical_path.get().then(|| Arc::new(CriticalPath::new(&tree.read(), now_ns.get())))
            }),
            announcement: RwSignal::new(String::new()),
            focus_requests: RwSignal::new(0),
            motion: Motion::new(),
            drag_ended_ms: StoredValue::new(0.0),
        }
    }

    /// Shows a newer state of the same trace without moving what the reader looks at, or another trace from its start.
    pub fn set_tree(&self, next: RunTree) {
        let next = Arc::new(next);
        let old = self.tree.get_untracked();
        if old.is_empty() || old.trace_id() != next.trace_id() {
            self.motion.stop();
            self.collapsed.set(Collapsed::on_open(&next));
            self.before_zoom.set_value(Vec::new());
            self.tree.set(next);
            self.reveal_selected();
            return;
        }
        let view = self.row_view_untracked();
        let anchor = self.rows.with_untracked(|rows| {
            let shown = view.shown(rows.len());
            let of_selected = self.selected.get_untracked().and_then(|run| rows.position_of(run));
            let row = of_selected.filter(|row| shown.contains(row)).unwrap_or(shown.start);
            rows.run_at(row).map(|run| (old.id(run), row))
        });
        self.hovered.set(None);
        let collapsed = self.collapsed.with_untracked(|collapsed| collapsed.carried_over(&old, &next));
        self.tree.set(next.clone());
        self.collapsed.set(collapsed);
        let moved_to = anchor.and_then(|(id, row)| {
            let now_at = self.rows.with_untracked(|rows| rows.position_of_or_above(next.find(id)?))?;
            (now_at != row).then_some((now_at as f64 - row as f64) * view.row_height_px)
        });
        if let Some(by_px) = moved_to {
            self.scroll_request.set(Some((view.scroll_top_px + by_px).max(0.0)));
        }
    }

    pub fn row_view(&self) -> RowView {
        self.geometry.get().rows_at(self.scroll_top_px.get())
    }

    pub fn row_view_untracked(&self) -> RowView {
        self.geometry.get_untracked().rows_at(self.scroll_top_px.get_untracked())
    }

    /// All there is to see: windows stay inside.
    pub fn bounds(&self) -> TimeWindow {
        let (extent, is_running) = self.tree.with(|tree| (tree.extent_ns(), !tree.running().is_empty()));
        if is_running {
            TimeWindow::whole(running_extent(extent.max(self.now_ns.get())))
        } else {
            TimeWindow::whole(extent)
        }
    }

    /// The window on screen.
    pub fn shown_window(&self) -> TimeWindow {
        let bounds = self.bounds();
        self.window.get().map_or(bounds, |window| window.kept_inside(bounds))
    }

    /// The run that the keyboard is at: the selected one, or the fold that hides it.
    pub fn active_row(&self) -> Option<usize> {
        let selected = self.selected.get()?;
        self.rows.with(|rows| rows.position_of_or_above(selected))
    }

    /// Selects a run, shows its row, and remembers it in the address.
    pub fn select(&self, run: RunIdx) {
        let tree = self.tree.get_untracked();
        let id = tree.id(run);
        self.selected_id.set(Some(id));
        self.on_select.run(id);
        self.reveal_selected();
    }

    /// Unfolds what hides the selected run and scrolls its row into sight.
    pub fn reveal_selected(&self) {
        let Some(run) = self.selected.get_untracked() else { return };
        let tree = self.tree.get_untracked();
        if tree.ancestors(run).any(|ancestor| self.collapsed.with_untracked(|collapsed| collapsed.contains(ancestor))) {
            self.collapsed.update(|collapsed| {
                collapsed.reveal(&tree, run);
            });
        }
        let row = self.rows.with_untracked(|rows| rows.position_of(run));
        let wanted = row.and_then(|row| self.row_view_untracked().scroll_to_see(row));
        if wanted.is_some() {
            self.scroll_request.set(wanted);
        }
    }

    /// Folds or unfolds one run.
    pub fn toggle(&self, run: RunIdx) {
        self.collapsed.update(|collapsed| collapsed.set(run, !collapsed.contains(run)));
    }

    /// Moves the window at once; for wheels and drags, which come in many small steps.
    pub fn set_window(&self, window: TimeWindow) {
        self.motion.stop();
        self.store_window(window);
    }

    /// Moves the window so that the eye can follow.
    pub fn move_window(&self, target: TimeWindow) {
        let from = untrack(|| self.shown_window());
        let state = *self;
        self.motion.run(move |progress| state.store_window(from.toward(target, progress)));
    }

    fn store_window(&self, window: TimeWindow) {
        let bounds = untrack(|| self.bounds());
        let window = window.kept_inside(bounds);
        let is_whole = window.len_ns() >= bounds.len_ns() * 0.999;
        self.window.set((!is_whole).then_some(window));
    }

    /// Remembers the window on screen, for [`Waterfall::undo_zoom`].
    pub fn remember_window(&self) {
        let window = self.window.get_untracked();
        self.before_zoom.update_value(|before| {
            if before.last() != Some(&window) {
                before.push(window);
            }
            if before.len() > MAX_UNDO {
                before.remove(0);
            }
        });
    }

    /// Back to where the last fit, zoom or pan by key began.
    pub fn undo_zoom(&self) {
        let before = self.before_zoom.try_update_value(Vec::pop).flatten();
        if let Some(window) = before {
            self.move_window(window.unwrap_or_else(|| untrack(|| self.bounds())));
        }
    }

    /// The whole trace.
    pub fn fit_trace(&self) {
        self.remember_window();
        self.move_window(untrack(|| self.bounds()));
    }

    /// Just this run, with a little air.
    pub fn fit_run(&self, run: RunIdx) {
        self.remember_window();
        self.move_window(TimeWindow::around(self.start_of(run), self.end_of(run), untrack(|| self.bounds())));
    }

    /// Whether any of the run lies in the window on screen.
    pub fn is_run_in_window(&self, run: RunIdx) -> bool {
        untrack(|| self.shown_window()).overlaps(self.start_of(run), self.end_of(run))
    }

    /// Pans to the run, keeping the zoom.
    pub fn pan_to_run(&self, run: RunIdx) {
        let window = untrack(|| self.shown_window());
        let start_ns = self.start_of(run) - 0.1 * window.len_ns();
        self.remember_window();
        self.move_window(
            TimeWindow { start_ns, end_ns: start_ns + window.len_ns() }.kept_inside(untrack(|| self.bounds())),
        );
    }

    fn start_of(&self, run: RunIdx) -> f64 {
        self.tree.with_untracked(|tree| tree.start_ns(run) as f64)
    }

    fn end_of(&self, run: RunIdx) -> f64 {
        self.tree.with_untracked(|tree| tree.end_or_now_ns(run, self.now_ns.get_untracked()) as f64)
    }

    /// Selects the next match of the search, or the one before.
    pub fn go_to_match(&self, is_forward: bool) {
        let matches = self.matches.get_untracked();
        let next = matches.and_then(|matches| neighbour(&matches, self.selected.get_untracked(), is_forward));
        if let Some(run) = next {
            self.select(run);
        }
    }

    /// Puts the keyboard into the tree.
    pub fn focus(&self) {
        self.focus_requests.update(|n| *n += 1);
    }
}
