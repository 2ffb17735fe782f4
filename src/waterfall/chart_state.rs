//! What the chart's parts share beside the tree: colours, gaps, row heights, what is pointed at and dragged over.

use super::coloring::Coloring;
use super::frame::Frames;
use super::geometry::Geometry;
use super::gestures::MAP_ROW_PX;
use super::idle_gaps::IdleGaps;
use super::layout::ChartView;
use super::layout::merge::Merged;
use super::link::choices::ColorBy;
use super::marks::Fill;
use super::overlay::Pointed;
use super::range_stats::{RangeStats, runs_in};
use super::state::Waterfall;
use super::text_width::TextWidths;
use super::time_scale::TimeScale;
use super::time_window::TimeWindow;
use crate::components::erased::memo;
use crate::model::{RunIdx, RunTree};
use leptos::prelude::*;
use std::sync::Arc;

/// Markers that one can still tell apart; the oldest gives way.
const MOST_MARKERS: usize = 9;
/// Dropped this near another one, a marker takes it away instead.
const MARKER_REACH_PX: f64 = 5.0;

/// Part of [`Waterfall`]; what belongs into the address is there.
#[derive(Clone, Copy)]
pub struct ChartState {
    pub frames: Frames,
    pub coloring: Memo<Arc<Coloring>>,
    pub gaps: Memo<Arc<IdleGaps>>,
    /// Height of a row in map mode; `None`: all rows fit.
    pub map_row_px: RwSignal<Option<f64>>,
    /// A box that is being dragged over: left, top, right, bottom.
    pub marquee_px: RwSignal<Option<[f64; 4]>>,
    /// Runs that share the mark under the pointer.
    pub hovered_mark: RwSignal<Option<Merged>>,
    /// The card stays although the pointer leaves.
    pub is_pinned: RwSignal<bool>,
    /// Only runs of the range are found.
    pub searches_range: RwSignal<bool>,
}

impl ChartState {
    pub fn new(tree: RwSignal<Arc<RunTree>>, color_by: RwSignal<ColorBy>) -> Self {
        ChartState {
            frames: Frames::new(),
            coloring: memo(move || Arc::new(Coloring::new(&tree.read(), color_by.get()))),
            gaps: memo(move || Arc::new(IdleGaps::find(&tree.read()))),
            map_row_px: RwSignal::new(None),
            marquee_px: RwSignal::new(None),
            hovered_mark: RwSignal::new(None),
            is_pinned: RwSignal::new(false),
            searches_range: RwSignal::new(false),
        }
    }

    /// What a search found, of that only what is in the range if only that is wanted; without a search all that is.
    pub fn within_range(
        &self,
        tree: &RunTree,
        found: Option<Vec<RunIdx>>,
        range: Option<TimeWindow>,
    ) -> Option<Vec<RunIdx>> {
        let Some(range) = range.filter(|_| self.searches_range.get()) else { return found };
        // What is under way reaches into every range after its start.
        let inside = runs_in(tree, range, u64::MAX);
        Some(match found {
            Some(mut found) => {
                found.retain(|run| inside.binary_search(run).is_ok());
                found
            }
            None => inside,
        })
    }
}

/// How text on the chart is measured and inked.
#[derive(Clone, Copy)]
pub struct Inks<'a> {
    pub widths: &'a TextWidths,
    pub inks: &'a [u8; Fill::COUNT],
    pub is_monochrome: bool,
}

impl Waterfall {
    /// The window on screen over the width of the chart, gaps compressed if the reader wishes.
    pub fn scale(&self) -> TimeScale {
        let gaps = if self.compresses_idle.get() { self.chart.gaps.get() } else { Arc::default() };
        TimeScale::new(self.shown_window(), self.geometry.get().chart_px(), &gaps)
    }

    /// What the chart shows now, without following it.
    pub fn with_view<T>(&self, inks: Inks<'_>, look: impl FnOnce(&ChartView<'_>) -> T) -> T {
        let geometry = self.geometry.get_untracked();
        let tree = self.tree.get_untracked();
        let matches = self.matches.get_untracked();
        let critical_path = self.critical_path.get_untracked();
        look(&ChartView {
            tree: &tree,
            rows: &self.rows.read_untracked(),
            collapsed: &self.collapsed.read_untracked(),
            scale: &untrack(|| self.scale()),
            row_view: self.row_view_untracked(),
            bar_top_px: geometry.bar_top_px,
            bar_height_px: geometry.bar_height_px,
            now_ns: self.now_ns.get_untracked(),
            selected: self.selected.get_untracked(),
            matches: matches.as_ref().map(|matches| matches.as_slice()),
            critical_path: critical_path.as_deref(),
            coloring: &self.chart.coloring.get_untracked(),
            inks: inks.inks,
            widths: inks.widths,
            is_monochrome: inks.is_monochrome,
            is_stacked: geometry.is_stacked,
        })
    }

    /// The same where no text is looked at.
    pub fn with_marks<T>(&self, look: impl FnOnce(&ChartView<'_>) -> T) -> T {
        let widths = TextWidths::uniform(7.0);
        self.with_view(Inks { widths: &widths, inks: &[0; Fill::COUNT], is_monochrome: false }, look)
    }

    /// What is pointed at and marked, without following it.
    pub fn pointed(&self) -> Pointed {
        Pointed {
            hovered: self.hovered.get_untracked(),
            pointer_px: self.pointer_px.get_untracked(),
            range: self.range.get_untracked(),
            marquee_px: self.chart.marquee_px.get_untracked(),
            markers_ns: self.markers_us.with_untracked(|markers| markers.iter().map(|&us| us as f64 * 1e3).collect()),
        }
    }

    /// Rows as map mode wants them, or as they are.
    pub fn mapped(&self, geometry: Geometry) -> Geometry {
        if !self.is_map.get() {
            return geometry;
        }
        let fitting = geometry.height_px / self.rows.with(|rows| rows.len()).max(1) as f64;
        let row_px = self.chart.map_row_px.get().unwrap_or(fitting);
        geometry.with_rows(row_px.clamp(MAP_ROW_PX.0, MAP_ROW_PX.1))
    }

    /// Both axes zoom, or time alone.
    pub fn toggle_map(&self) {
        self.chart.map_row_px.set(None);
        self.is_map.update(|is_map| *is_map = !*is_map);
        let sentence =
            if self.is_map.get_untracked() { "Map: all rows in sight" } else { "Rows in their usual height" };
        self.announcement.set(sentence.to_owned());
    }

    /// Compresses idle gaps, or draws them as long as they were. The whole trace stays the whole trace.
    pub fn toggle_idle_gaps(&self) {
        if self.chart.gaps.with_untracked(|gaps| gaps.is_empty()) {
            self.announcement.set("This trace has no idle gaps worth compressing".to_owned());
            return;
        }
        self.motion.stop();
        self.compresses_idle.update(|compresses| *compresses = !*compresses);
        let sentence = if self.compresses_idle.get_untracked() {
            "Idle gaps are compressed"
        } else {
            "Idle gaps have their length"
        };
        self.announcement.set(sentence.to_owned());
    }

    /// Marks the moment under the pointer, or the start of the selected run; takes away a marker that is there.
    pub fn drop_marker(&self) {
        let scale = untrack(|| self.scale());
        let at_pointer = self.pointer_px.get_untracked().map(|x_px| scale.time(x_px));
        let of_selected = || {
            let run = self.selected.get_untracked()?;
            Some(self.tree.with_untracked(|tree| tree.start_ns(run) as f64))
        };
        let Some(time_ns) = at_pointer.or_else(of_selected) else { return };
        let at_us = (time_ns / 1e3).round().max(0.0) as u64;
        self.markers_us.update(|markers| {
            let near = |&other: &u64| (scale.px(other as f64 * 1e3) - scale.px(time_ns)).abs() <= MARKER_REACH_PX;
            if let Some(position) = markers.iter().position(near) {
                markers.remove(position);
                return;
            }
            if markers.len() >= MOST_MARKERS {
                markers.remove(0);
            }
            markers.push(at_us);
            markers.sort_unstable();
        });
    }

    /// The selected run's bounds become the range.
    pub fn range_from_selection(&self) {
        let Some(run) = self.selected.get_untracked() else { return };
        let (start_ns, end_ns) = self.tree.with_untracked(|tree| {
            (tree.start_ns(run) as f64, tree.end_or_now_ns(run, self.now_ns.get_untracked()) as f64)
        });
        self.set_range(start_ns, end_ns);
        self.announce_range();
    }

    pub fn set_range(&self, one_ns: f64, other_ns: f64) {
        let (start_ns, end_ns) = (one_ns.min(other_ns), one_ns.max(other_ns));
        self.range.set(Some(TimeWindow { start_ns, end_ns: end_ns.max(start_ns + 1.0) }));
    }

    pub fn clear_range(&self) {
        self.chart.searches_range.set(false);
        self.range.set(None);
    }

    /// What the range holds; follows it.
    pub fn range_stats(&self) -> Option<RangeStats> {
        let range = self.range.get()?;
        let tree = self.tree.get();
        let now_ns = if tree.running().is_empty() { 0 } else { self.now_ns.get() };
        Some(RangeStats::new(&tree, range, now_ns))
    }

    pub fn announce_range(&self) {
        if let Some(stats) = untrack(|| self.range_stats()) {
            self.announcement.set(format!("Range {}", stats.sentence()));
        }
    }

    /// After a zoom: if no row in sight has anything in the window, the window goes to the nearest run.
    pub fn slide_to_nearest(&self) {
        let start_ns = self.with_marks(|view| {
            let span = |run| (view.tree.start_ns(run) as f64, view.tree.end_or_now_ns(run, view.now_ns) as f64);
            let runs = view.row_view.shown(view.rows.len()).filter_map(|row| view.rows.run_at(row));
            super::gestures::nearest_time(runs.map(span), view.scale.window())
        });
        if let Some(start_ns) = start_ns {
            let (scale, bounds) = untrack(|| (self.scale(), self.bounds()));
            self.move_window(scale.started_at(start_ns, bounds));
        }
    }
}
