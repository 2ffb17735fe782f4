//! What painting costs, for tests and benchmarks: `window.fanlightCounters`, where `localStorage.fanlight_counters` is set.
//!
//! `docs/budgets.md` says what is in it. Readers pay one look at the local storage when a trace opens.

use super::painter::PaintCounts;
use js_sys::{JSON, Reflect};
use leptos::prelude::window;
use std::cell::RefCell;
use std::fmt::Write;
use wasm_bindgen::JsValue;

/// The canvases that are painted apart from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Canvas {
    Grid,
    Bars,
    Overlay,
    Minimap,
}

const NAMES: [&str; 4] = ["grid", "bars", "overlay", "minimap"];

/// What one painting of one canvas cost.
#[derive(Clone, Copy, Debug, Default)]
pub struct Cost {
    pub counts: PaintCounts,
    /// CSS pixels that were cleared and painted again.
    pub area_px: f64,
    /// Texts that crossed to the browser.
    pub n_new_texts: u32,
    pub layout_us: f64,
    pub paint_us: f64,
}

#[derive(Clone, Copy, Default)]
struct Sums {
    n_frames: u32,
    last: Cost,
    most_rects: usize,
    most_labels: usize,
    most_style_changes: usize,
    most_layout_us: f64,
    most_work_us: f64,
    area_px: f64,
    n_new_texts: u32,
}

thread_local! {
    static IS_ON: bool = window()
        .local_storage()
        .ok()
        .flatten()
        .and_then(|storage| storage.get_item("fanlight_counters").ok().flatten())
        .is_some();
    static SUMS: RefCell<[Sums; NAMES.len()]> = RefCell::default();
}

/// Whether anybody counts.
pub fn is_on() -> bool {
    IS_ON.with(|is_on| *is_on)
}

/// Microseconds since the page was opened; 0 where nobody counts.
pub fn now_us() -> f64 {
    if !is_on() {
        return 0.0;
    }
    window().performance().map_or(0.0, |performance| performance.now() * 1000.0)
}

/// Adds what painting `canvas` cost.
pub fn record(canvas: Canvas, cost: impl FnOnce() -> Cost) {
    if !is_on() {
        return;
    }
    let cost = cost();
    SUMS.with_borrow_mut(|all| {
        let sums = &mut all[canvas as usize];
        sums.n_frames += 1;
        sums.last = cost;
        sums.most_rects = sums.most_rects.max(cost.counts.n_rects);
        sums.most_labels = sums.most_labels.max(cost.counts.n_labels);
        sums.most_style_changes = sums.most_style_changes.max(cost.counts.n_style_changes);
        sums.most_layout_us = sums.most_layout_us.max(cost.layout_us);
        sums.most_work_us = sums.most_work_us.max(cost.layout_us + cost.paint_us);
        sums.area_px += cost.area_px;
        sums.n_new_texts += cost.n_new_texts;
        publish(all);
    });
}

fn publish(all: &[Sums; NAMES.len()]) {
    let mut json = String::from("{");
    for (name, sums) in NAMES.iter().zip(all) {
        let Sums { n_frames, last, most_rects, most_labels, most_style_changes, .. } = sums;
        let counts = last.counts;
        let _ = write!(
            json,
            "{}\"{name}\":{{\"frames\":{n_frames},\"rects\":{},\"labels\":{},\"styleChanges\":{},\"layoutUs\":{:.0},\
             \"areaPx\":{:.0},\"newTexts\":{},\"mostRects\":{most_rects},\"mostLabels\":{most_labels},\
             \"mostStyleChanges\":{most_style_changes},\"mostLayoutUs\":{:.0},\"mostWorkUs\":{:.0},\"totalAreaPx\":{:.0},\
             \"totalNewTexts\":{}}}",
            if json.len() > 1 { "," } else { "" },
            counts.n_rects,
            counts.n_labels,
            counts.n_style_changes,
            last.layout_us,
            last.area_px,
            last.n_new_texts,
            sums.most_layout_us,
            sums.most_work_us,
            sums.area_px,
            sums.n_new_texts,
        );
    }
    json.push('}');
    if let Ok(value) = JSON::parse(&json) {
        let _ = Reflect::set(&window(), &JsValue::from_str("fanlightCounters"), &value);
    }
}
