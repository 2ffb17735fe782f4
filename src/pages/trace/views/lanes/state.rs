//! What the parts of the lanes share: where the reader is, by time in step with the tree, by tokens and cost apart.

use crate::components::erased::memo;
use crate::components::screen::use_media;
use crate::lanes::Lanes;
use crate::lanes::keys::LaneStep;
use crate::lanes::layout::LaneMark;
use crate::model::RunIdx;
use crate::trace_view::XUnit;
use crate::waterfall::Waterfall;
use crate::waterfall::keys::Command;
use crate::waterfall::narrowing::Shown;
use crate::waterfall::row_text::RowText;
use crate::waterfall::time_scale::TimeScale;
use crate::waterfall::time_window::TimeWindow;
use crate::waterfall::zoom::Zoom;
use leptos::prelude::*;
use std::sync::Arc;

const ZOOM_STEP: f64 = 1.6;

/// A handle on the lanes. Copy it freely.
#[derive(Clone, Copy)]
pub struct LanesState {
    pub waterfall: Waterfall,
    pub unit: Memo<XUnit>,
    pub lanes: Memo<Arc<Lanes>>,
    /// Runs that hidden names and a branch shown alone leave.
    pub shown: Memo<Arc<Shown>>,
    /// The window by tokens or cost; by time it is the waterfall's.
    other: Zoom,
    pub scroll_top_px: RwSignal<f64>,
    /// Where the scroll box is asked to go; it clears this when it has.
    pub scroll_request: RwSignal<Option<f64>>,
    /// What is on the canvas.
    pub marks: StoredValue<Vec<LaneMark>>,
    pub hovered: RwSignal<Option<LaneMark>>,
    pub is_coarse: Signal<bool>,
    /// The run that an arrow led to, to be said.
    stepped_to: RwSignal<Option<RunIdx>>,
}

impl LanesState {
    pub fn new(waterfall: Waterfall, unit: Memo<XUnit>) -> Self {
        let lanes = memo(move || Arc::new(Lanes::new(&waterfall.tree.read(), unit.get())));
        let other = Zoom::new(RwSignal::new(None));
        // A window of tokens means nothing in dollars.
        let start_afresh = move || {
            other.forget();
            other.window.set(None);
        };
        Effect::watch(move || unit.get(), move |_, _, _| start_afresh(), false);
        LanesState {
            waterfall,
            unit,
            lanes,
            shown: memo(move || Arc::new(waterfall.shown())),
            other,
            scroll_top_px: RwSignal::new(0.0),
            scroll_request: RwSignal::new(None),
            marks: StoredValue::new(Vec::new()),
            hovered: RwSignal::new(None),
            is_coarse: use_media("(pointer: coarse)"),
            stepped_to: RwSignal::new(None),
        }
    }

    fn is_by_time(&self) -> bool {
        self.unit.get_untracked() == XUnit::Time
    }

    pub fn lane_height_px(&self) -> f64 {
        if self.is_coarse.get() { 36.0 } else { 22.0 }
    }

    /// With a lane to spare: the last one is seen to be the last.
    pub fn content_height_px(&self) -> f64 {
        // Browsers cannot scroll further than some 33 million pixels.
        const MAX_PX: f64 = 30_000_000.0;
        let n_lanes = self.lanes.with(|lanes| lanes.n_lanes());
        ((n_lanes + 1) as f64 * self.lane_height_px()).min(MAX_PX)
    }

    pub fn width_px(&self) -> f64 {
        self.waterfall.geometry.get().chart_px()
    }

    /// All there is to see.
    pub fn bounds(&self) -> TimeWindow {
        match self.unit.get() {
            XUnit::Time => self.waterfall.bounds(),
            _ => TimeWindow::whole(self.lanes.with(|lanes| lanes.extent())),
        }
    }

    /// The window on screen.
    pub fn shown_window(&self) -> TimeWindow {
        match self.unit.get() {
            XUnit::Time => self.waterfall.shown_window(),
            _ => self.other.shown(self.bounds()),
        }
    }

    /// That window over the width; by time, idle gaps are compressed if the reader wishes.
    pub fn scale(&self) -> TimeScale {
        match self.unit.get() {
            XUnit::Time => self.waterfall.scale(),
            _ => TimeScale::linear(self.shown_window(), self.width_px()),
        }
    }

    pub fn has_zoom(&self) -> bool {
        let window = if self.is_by_time() { self.waterfall.window } else { self.other.window };
        window.get_untracked().is_some()
    }

    /// Ends an animation where it is.
    pub fn stop(&self) {
        self.other.motion.stop();
        self.waterfall.motion.stop();
    }

    /// Moves the window at once; for wheels and drags.
    pub fn set_window(&self, window: TimeWindow) {
        if self.is_by_time() {
            self.waterfall.set_window(window);
        } else {
            self.other.set(window, untrack(|| self.bounds()));
        }
    }

    /// Moves the window so that the eye can follow; the way back is remembered.
    pub fn move_window(&self, target: TimeWindow) {
        self.remember_window();
        if self.is_by_time() {
            self.waterfall.move_window(target);
            return;
        }
        let state = *self;
        self.other.glide(target, move || state.bounds());
    }

    /// Remembers the window on screen, to go back to.
    pub fn remember_window(&self) {
        if self.is_by_time() {
            self.waterfall.remember_window();
        } else {
            self.other.remember();
        }
    }

    /// Just what lies between, with a little air.
    pub fn fit(&self, from: f64, to: f64) {
        self.move_window(TimeWindow::around(from, to, untrack(|| self.bounds())));
    }

    fn span(&self, run: RunIdx) -> (f64, f64) {
        let now_ns = self.waterfall.now_ns.get();
        let tree = self.waterfall.tree.get();
        let (from, to) = self.lanes.with(|lanes| lanes.span(&tree, run, now_ns));
        (from as f64, to as f64)
    }

    fn lane_of(&self, run: RunIdx) -> Option<u32> {
        self.lanes.with(|lanes| lanes.lane_of(run))
    }

    /// Left, top, width and height of a run's bar, if it is in sight.
    fn box_of(&self, run: RunIdx) -> Option<(f64, f64, f64, f64)> {
        let lane = self.lane_of(run)?;
        let (from, to) = self.span(run);
        self.box_between(lane, from, to)
    }

    fn box_between(&self, lane: u32, from: f64, to: f64) -> Option<(f64, f64, f64, f64)> {
        let (scale, height) = (self.scale(), self.lane_height_px());
        if !scale.window().overlaps(from, to) || self.width_px() < 1.0 {
            return None;
        }
        let px = |at: f64| scale.px(at).clamp(-8.0, scale.width_px() + 8.0);
        let y = f64::from(lane) * height - self.scroll_top_px.get();
        Some((px(from), y, (px(to) - px(from)).max(2.0), height))
    }

    pub fn selected_box(&self) -> Option<(f64, f64, f64, f64)> {
        self.box_of(self.waterfall.selected.get()?)
    }

    pub fn hovered_box(&self) -> Option<(f64, f64, f64, f64)> {
        let mark = self.hovered.get()?;
        self.box_between(mark.lane, mark.from, mark.to)
    }

    /// Pans and scrolls until the selected run can be seen; what can be seen stays where it is.
    pub fn reveal_selected(&self) {
        let Some(run) = self.waterfall.selected.get_untracked() else { return };
        let Some(lane) = untrack(|| self.lane_of(run)) else { return };
        let (from, to) = untrack(|| self.span(run));
        let (window, bounds) = untrack(|| (self.shown_window(), self.bounds()));
        if !window.overlaps(from, to) {
            let scale = untrack(|| self.scale());
            self.move_window(scale.started_at(scale.time(scale.px(from) - 0.1 * scale.width_px()), bounds));
        }
        let (height_px, lane_px) = untrack(|| (self.waterfall.geometry.get().height_px, self.lane_height_px()));
        let (top_px, scrolled_px) = (f64::from(lane) * lane_px, self.scroll_top_px.get_untracked());
        if height_px >= 1.0 && !(top_px >= scrolled_px && top_px + lane_px <= scrolled_px + height_px) {
            self.scroll_request.set(Some((top_px - height_px / 3.0).max(0.0)));
        }
    }

    /// Goes where an arrow leads.
    pub fn step(&self, step: LaneStep) {
        let Some(run) = self.waterfall.selected.get_untracked() else { return };
        let tree = self.waterfall.tree.get_untracked();
        let shown = self.shown.get_untracked();
        if let Some(next) = self.lanes.with_untracked(|lanes| lanes.step(&tree, &shown, run, step)) {
            self.waterfall.select(next);
            self.stepped_to.set(Some(next));
        }
    }

    /// The run that the last arrow led to, in words.
    pub fn spoken(&self) -> Option<String> {
        let run = self.stepped_to.get()?;
        let tree = self.waterfall.tree.get_untracked();
        if run as usize >= tree.n_runs() {
            return None;
        }
        let path = self.waterfall.critical_path.get_untracked();
        let text = self
            .waterfall
            .collapsed
            .with_untracked(|collapsed| RowText::of_run(&tree, collapsed, path.as_deref(), run, 0));
        let lanes = self.lanes.get_untracked();
        Some(format!("{}, lane {} of {}", text.spoken, lanes.lane_of(run)? + 1, lanes.n_lanes()))
    }

    /// What keys do differently here than in the tree.
    pub fn carry_out(&self, command: Command) -> bool {
        if command == Command::FitSelection {
            let Some(run) = self.waterfall.selected.get_untracked() else { return false };
            let (from, to) = untrack(|| self.span(run));
            self.fit(from, to);
            return true;
        }
        if self.is_by_time() {
            return false;
        }
        let (window, bounds) = untrack(|| (self.shown_window(), self.bounds()));
        match command {
            Command::ZoomIn => self.move_window(window.zoomed(ZOOM_STEP, self.anchor(), bounds)),
            Command::ZoomOut => self.move_window(window.zoomed(1.0 / ZOOM_STEP, self.anchor(), bounds)),
            Command::PanLeft => self.move_window(window.panned(-0.2, bounds)),
            Command::PanRight => self.move_window(window.panned(0.2, bounds)),
            Command::PanFarLeft => self.move_window(window.panned(-0.8, bounds)),
            Command::PanFarRight => self.move_window(window.panned(0.8, bounds)),
            Command::FitTrace => self.move_window(bounds),
            Command::UndoZoom => {
                if let Some(window) = self.other.before() {
                    let state = *self;
                    self.other.glide(window.unwrap_or(bounds), move || state.bounds());
                }
            }
            _ => return false,
        }
        true
    }

    /// The pointer if it is over the lanes, else the middle.
    fn anchor(&self) -> f64 {
        let width_px = untrack(|| self.width_px()).max(1.0);
        self.waterfall.pointer_px.get_untracked().map_or(0.5, |px| px / width_px)
    }
}
