//! What the parts of the waterfall share: one set of signals, and the commands that change them.

use super::chart_state::ChartState;
use super::collapse::Collapsed;
use super::critical_path::CriticalPath;
use super::geometry::Geometry;
use super::groups::Groups;
use super::link::choices::ColorBy;
use super::motion::Motion;
use super::row_state::RowState;
use super::rows::{RowView, VisibleRows};
use super::search_state::SearchState;
use super::time_window::{TimeWindow, running_extent};
use super::zoom::Zoom;
use crate::components::erased::memo;
use crate::model::find::neighbour;
use crate::model::{RunIdx, RunTree};
use crate::trace_view::{ViewKind, XUnit};
use fanlight_wire::RunId;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::sync::Arc;
use std::time::Duration;

/// A handle on the waterfall. Copy it freely.
#[derive(Clone, Copy)]
pub struct Waterfall {
    pub tree: RwSignal<Arc<RunTree>>,
    pub collapsed: RwSignal<Collapsed>,
    /// What else decides about rows.
    pub folding: RowState,
    /// Equal siblings that one row may stand for.
    pub groups: Memo<Arc<Groups>>,
    pub rows: Memo<VisibleRows>,
    /// Always a run of the tree while it has any: the root when nothing else was chosen.
    pub selected: Memo<Option<RunIdx>>,
    pub(super) selected_id: RwSignal<Option<RunId>>,
    /// Where the run that was selected last stood.
    last_found: StoredValue<RunIdx>,
    on_select: Callback<RunId>,
    /// `None`: the whole trace, however long it grows.
    pub window: RwSignal<Option<TimeWindow>>,
    zoom: Zoom,
    pub geometry: RwSignal<Geometry>,
    pub scroll_top_px: RwSignal<f64>,
    /// Where the scroll box is asked to go; it clears this when it has.
    pub scroll_request: RwSignal<Option<f64>>,
    /// In the tree's time: where runs under way end now.
    pub now_ns: RwSignal<u64>,
    pub hovered: RwSignal<Option<RunIdx>>,
    /// Where the pointer is over the chart, from the chart's left edge.
    pub pointer_px: RwSignal<Option<f64>>,
    pub search: SearchState,
    /// Runs that the search found, ascending; `None` without one.
    pub matches: Memo<Option<Arc<Vec<RunIdx>>>>,
    pub shows_critical_path: RwSignal<bool>,
    pub critical_path: Memo<Option<Arc<CriticalPath>>>,
    /// How the runs are arranged; in the address.
    pub view: RwSignal<ViewKind>,
    pub color_by: RwSignal<ColorBy>,
    pub x_unit: RwSignal<XUnit>,
    /// Stretches in which nothing happens are drawn short.
    pub compresses_idle: RwSignal<bool>,
    /// Rows are zoomed together with time.
    pub is_map: RwSignal<bool>,
    /// Moments that the reader marked, in microseconds since the trace's start, ascending.
    pub markers_us: RwSignal<Vec<u64>>,
    /// The stretch of time that was dragged over.
    pub range: RwSignal<Option<TimeWindow>>,
    /// What the chart's parts share beside what is here.
    pub chart: ChartState,
    /// What screen readers are told.
    pub announcement: RwSignal<String>,
    /// What they will be told once the reader has come to rest.
    speech: StoredValue<Option<TimeoutHandle>>,
    /// Counts the times the tree was asked to take the keyboard.
    pub focus_requests: RwSignal<u32>,
    /// The run below which what was left out is wanted, until it is here; whoever loads the trace sees to it.
    pub asked_below: RwSignal<Option<RunId>>,
    /// The newest run is kept in sight as a trace grows, until the reader moves.
    pub follows: RwSignal<bool>,
    pub motion: Motion,
    /// When a drag last ended, in the browser's milliseconds: the click that follows it selects nothing.
    pub drag_ended_ms: StoredValue<f64>,
}

/// Screen readers are told of the state in which the reader came to rest.
const SPEAKS_AFTER: Duration = Duration::from_millis(500);

impl Waterfall {
    /// `selected_id` is what the address names; `on_select` is asked to change it.
    pub fn new(selected_id: RwSignal<Option<RunId>>, on_select: Callback<RunId>) -> Self {
        let tree = RwSignal::new(Arc::new(RunTree::default()));
        let folding = RowState::new();
        let collapsed = folding.collapsed;
        let groups = memo(move || Arc::new(Groups::find(&tree.read())));
        let now_ns = RwSignal::new(0);
        let search = SearchState::new(tree);
        let shows_critical_path = RwSignal::new(false);
        let last_found = StoredValue::new(0);
        let (color_by, range) = (RwSignal::new(ColorBy::default()), RwSignal::new(None::<TimeWindow>));
        let chart = ChartState::new(tree, color_by);
        let matches = memo(move || {
            let found = search.found.get().map(|found| found.runs.clone());
            chart.within_range(&tree.read(), found, range.get()).map(Arc::new)
        });
        let selected = memo(move || {
            let tree = tree.get();
            let found = selected_id.get().and_then(|id| {
                // Looking through all runs at each step of the keyboard would be felt in large traces.
                let run = last_found.get_value();
                let is_there = (run as usize) < tree.n_runs() && tree.id(run) == id;
                if is_there { Some(run) } else { tree.find(id) }
            });
            found.or((!tree.is_empty()).then_some(0))
        });
        let critical_path = memo(move || {
            if !shows_critical_path.get() {
                return None;
            }
            let tree = tree.get();
            let now_ns = if tree.running().is_empty() { tree.extent_ns() } else { now_ns.get() };
            Some(Arc::new(CriticalPath::new(&tree, now_ns)))
        });
        let zoom = Zoom::new(RwSignal::new(None));
        Waterfall {
            tree,
            collapsed,
            folding,
            groups,
            rows: folding.rows(tree, groups, selected, matches, critical_path),
            selected,
            selected_id,
            last_found,
            on_select,
            window: zoom.window,
            zoom,
            geometry: RwSignal::new(Geometry::default()),
            scroll_top_px: RwSignal::new(0.0),
            scroll_request: RwSignal::new(None),
            now_ns,
            hovered: RwSignal::new(None),
            pointer_px: RwSignal::new(None),
            search,
            matches,
            shows_critical_path,
            critical_path,
            view: RwSignal::new(ViewKind::default()),
            color_by,
            x_unit: RwSignal::new(XUnit::default()),
            compresses_idle: RwSignal::new(false),
            is_map: RwSignal::new(false),
            markers_us: RwSignal::new(Vec::new()),
            range,
            chart,
            announcement: RwSignal::new(String::new()),
            speech: StoredValue::new(None),
            focus_requests: RwSignal::new(0),
            asked_below: RwSignal::new(None),
            follows: RwSignal::new(false),
            motion: zoom.motion,
            drag_ended_ms: StoredValue::new(0.0),
        }
    }

    /// Shows a newer state of the same trace without moving what the reader looks at, or another trace from its start.
    /// `path` is the critical path up to the last moment known.
    pub fn set_tree(&self, next: RunTree, path: &CriticalPath) {
        let next = Arc::new(next);
        let old = self.tree.get_untracked();
        if old.is_empty() || old.trace_id() != next.trace_id() {
            let on_open = Collapsed::on_open(&next, path);
            self.zoom.forget();
            self.tree.set(next);
            self.open_rows(on_open);
            self.reveal_selected();
            return;
        }
        let view = self.row_view_untracked();
        let anchor = self.rows.with_untracked(|rows| {
            let shown = view.shown(rows.len());
            let of_selected = self.selected.get_untracked().and_then(|run| rows.position_of(run));
            let row = of_selected.filter(|row| shown.contains(row)).unwrap_or(shown.start);
            rows.row_at(row).map(|kind| (old.id(rows.first_run(kind)), row))
        });
        self.hovered.set(None);
        let carried = self.folding.carried_over(&old, &next);
        // A link says what differs from how the trace, as it is now, opens.
        self.folding.on_open.set_value(Collapsed::on_open(&next, path));
        self.tree.set(next.clone());
        self.folding.set(carried);
        let moved_to = anchor.and_then(|(id, row)| {
            let now_at = self.rows.with_untracked(|rows| rows.position_of_or_above(next.find(id)?))?;
            (now_at != row).then_some((now_at as f64 - row as f64) * view.row_height_px)
        });
        if let Some(by_px) = moved_to {
            self.scroll_request.set(Some((view.scroll_top_px + by_px).max(0.0)));
        }
        if self.follows.get_untracked() {
            self.show_newest();
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
        } else if self.compresses_idle.get() {
            self.chart.gaps.with(|gaps| gaps.bounds(extent))
        } else {
            TimeWindow::whole(extent)
        }
    }

    /// The window on screen.
    pub fn shown_window(&self) -> TimeWindow {
        self.zoom.shown(self.bounds())
    }

    /// The row that the keyboard is at: a group or gap it was moved to, else that of the selected run, or of what hides
    /// it.
    pub fn active_row(&self) -> Option<usize> {
        let selected = self.selected.get()?;
        let at = self.folding.at.get();
        self.rows.with(|rows| {
            let resting = at.and_then(|first| rows.position_from(first)).filter(|&row| rows.run_at(row).is_none());
            resting.or_else(|| rows.position_of_or_above(selected))
        })
    }

    /// Selects a run, shows its row, and remembers it in the address.
    pub fn select(&self, run: RunIdx) {
        let tree = self.tree.get_untracked();
        let id = tree.id(run);
        self.folding.at.set(None);
        self.last_found.set_value(run);
        self.selected_id.set(Some(id));
        self.on_select.run(id);
        self.reveal_selected();
    }

    /// Unfolds what hides the selected run and scrolls its row into sight.
    pub fn reveal_selected(&self) {
        let Some(run) = self.selected.get_untracked() else { return };
        let tree = self.tree.get_untracked();
        let solo = self.folding.solo.get_untracked();
        if solo.is_some_and(|solo| !(solo..tree.subtree_end(solo)).contains(&run)) {
            self.folding.solo.set(None);
            self.say("Showing the whole trace again".into());
        }
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
        self.zoom.set(window, untrack(|| self.bounds()));
    }

    /// Moves the window so that the eye can follow.
    pub fn move_window(&self, target: TimeWindow) {
        let state = *self;
        self.zoom.glide(target, move || state.bounds());
    }

    /// Remembers the window on screen, for [`Waterfall::undo_zoom`].
    pub fn remember_window(&self) {
        self.zoom.remember();
    }

    /// Back to where the last fit, zoom or pan by key began.
    pub fn undo_zoom(&self) {
        if let Some(window) = self.zoom.before() {
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
            self.say_match(run);
        }
    }

    /// "Match 3 of 41: ChatOpenAI".
    fn say_match(&self, run: RunIdx) {
        let Some(matches) = self.matches.get_untracked() else { return };
        let Ok(position) = matches.binary_search(&run) else { return };
        let name = self.tree.with_untracked(|tree| tree.name(run).chars().take(100).collect::<String>());
        self.say(format!("Match {} of {}: {name}", position + 1, matches.len()));
    }

    /// Tells screen readers.
    pub fn say(&self, sentence: String) {
        self.say_at_rest(move || sentence.clone());
    }

    /// Tells screen readers what `sentence` makes once nothing else has been said for half a second: of ten steps in a
    /// row the last one counts.
    pub fn say_at_rest(&self, sentence: impl Fn() -> String + 'static) {
        let announcement = self.announcement;
        let speak = move || {
            // The page may be gone by then.
            if announcement.try_get_untracked().is_some() {
                announcement.set(sentence());
            }
        };
        let next = set_timeout_with_handle(speak, SPEAKS_AFTER).ok();
        if let Some(before) = self.speech.try_update_value(|speech| std::mem::replace(speech, next)).flatten() {
            before.clear();
        }
    }

    /// Puts the keyboard into the tree.
    pub fn focus(&self) {
        self.focus_requests.update(|n| *n += 1);
    }
}
