//! The plot itself: the canvas, its axes, and over it what follows the pointer or the keys.

use super::canvas::{paint, palette};
use super::figure::Shared;
use crate::charts::brush::{Brush, ChartKey, KEYS, Pick};
use crate::charts::hover::{Reading, sentence};
use crate::charts::layout::PlotSize;
use crate::charts::legend::Legend;
use crate::charts::rule_labels::{RuleLabel, rule_labels};
use crate::charts::scale::{Tick, TimeScale};
use crate::components::clock::zone_offset_minutes;
use crate::components::element_size::use_element_size;
use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::keyboard::action;
use crate::format::local_time::ticks;
use crate::format::time::span;
use crate::format::visible::visible;
use crate::monitor::content::Content;
use crate::theme::use_canvas_tokens;
use fanlight_wire::Timestamp;
use leptos::html;
use leptos::prelude::*;
use std::sync::Arc;
use web_sys::{KeyboardEvent, PointerEvent};

/// Between two labels of the time axis.
const LABEL_PX: f64 = 60.0;
/// A press becomes a drag here.
const DRAG_PX: f64 = 4.0;
/// Most lines of a tooltip: the largest say enough.
const MOST_READINGS: usize = 10;

/// Where a press began, in pixels of the plot, and the bucket and row there.
#[derive(Clone, Copy, PartialEq)]
struct Press {
    x_px: f64,
    y_px: f64,
    at: (usize, Option<usize>),
    is_drag: bool,
}

/// Draws `content` and lets a part of it be chosen.
#[component]
pub fn PlotArea(
    title: Signal<String>,
    content: Memo<Arc<Content>>,
    legend: RwSignal<Legend>,
    shared: Shared,
    is_table_open: RwSignal<bool>,
    described_by: String,
) -> impl IntoView {
    let (plot, canvas) = (NodeRef::<html::Div>::new(), NodeRef::<html::Canvas>::new());
    let (size, tokens) = (use_element_size(plot), use_canvas_tokens());
    let plot_size = memo(move || {
        let size = size.get();
        PlotSize { width_px: size.width_px, height_px: size.height_px }
    });
    let drawing = memo(move || content.with(|content| legend.with(|legend| content.layout(legend, plot_size.get()))));
    // The only place that draws: pointer and keys do not come here.
    effect(move || {
        let (Some(canvas), size) = (canvas.get(), plot_size.get()) else { return };
        let dpr = window().device_pixel_ratio();
        tokens.with(|tokens| {
            let palette = palette(tokens);
            drawing.with(|it| paint(&canvas, &it.shapes, &palette, (size.width_px, size.height_px), dpr));
        });
    });

    let (pick, press) = (RwSignal::new(Pick::default()), RwSignal::new(None::<Press>));
    // Another answer has other buckets.
    let edges = memo(move || content.with(|content| content.edges().to_vec()));
    effect(move || {
        edges.track();
        pick.set(Pick::default());
    });
    let extent = move || content.with_untracked(|content| legend.with_untracked(|legend| content.extent(legend)));
    let select = move |brush: Option<Brush>, is_by_keys: bool| {
        let selection = brush.and_then(|brush| content.with_untracked(|content| content.selection(&brush)));
        if let Some(selection) = selection {
            shared.on_select.run((selection, is_by_keys));
        }
    };
    let point_at = move |bucket: Option<usize>| {
        let time = bucket.and_then(|bucket| edges.with_untracked(|edges| edges.get(bucket).copied()));
        shared.hovered.set(time);
    };
    let on_keydown = move |event: KeyboardEvent| {
        let Some(key) = action(KEYS, &event) else { return };
        let before = pick.get_untracked();
        if key == ChartKey::Clear && before == Pick::default() {
            // Esc leaves one layer: what was chosen for the page comes next, then whatever the page has.
            if shared.selection.with_untracked(Option::is_none) {
                return;
            }
            shared.on_clear.run(());
        }
        event.prevent_default();
        event.stop_propagation();
        match key {
            ChartKey::Table => is_table_open.set(true),
            ChartKey::Open => select(before.chosen(extent()), true),
            key => {
                let after = before.after(key, extent());
                pick.set(after);
                point_at(after.bucket);
            }
        }
    };
    let place = move |event: &PointerEvent| {
        let rect = plot.get_untracked().map(|plot| plot.get_bounding_client_rect());
        rect.map_or((0.0, 0.0), |rect| {
            (f64::from(event.client_x()) - rect.left(), f64::from(event.client_y()) - rect.top())
        })
    };
    let at = move |(x_px, y_px): (f64, f64)| {
        let size = plot_size.get_untracked();
        let share = (x_px / size.width_px.max(1.0), 1.0 - y_px / size.height_px.max(1.0));
        content.with_untracked(|content| content.at((share.0.clamp(0.0, 1.0), share.1.clamp(0.0, 1.0))))
    };
    let on_down = move |event: PointerEvent| {
        let (x_px, y_px) = place(&event);
        let Some(at) = at((x_px, y_px)).filter(|_| event.button() == 0) else { return };
        if let Some(plot) = plot.get_untracked() {
            // Without capture a drag merely ends at the edge.
            let _ = plot.set_pointer_capture(event.pointer_id());
        }
        press.set(Some(Press { x_px, y_px, at, is_drag: false }));
    };
    let on_move = move |event: PointerEvent| {
        let (x_px, y_px) = place(&event);
        let Some((bucket, row)) = at((x_px, y_px)) else { return };
        let brush = press.get_untracked().and_then(|start| {
            let moved_px = (start.x_px - x_px).abs().max((start.y_px - y_px).abs());
            let is_drag = start.is_drag || moved_px >= DRAG_PX;
            press.set(Some(Press { is_drag, ..start }));
            is_drag.then_some(Brush { anchor: start.at.0, head: bucket, rows: start.at.1.zip(row) })
        });
        let after = Pick { bucket: Some(bucket), lane: row, brush };
        if pick.get_untracked() != after {
            pick.set(after);
            point_at(Some(bucket));
        }
    };
    let on_up = move |event: PointerEvent| {
        if press.get_untracked().is_some() {
            let here = at(place(&event)).map(|(bucket, row)| Brush { rows: row.zip(row), ..Brush::at(bucket) });
            select(pick.get_untracked().brush.or(here), false);
        }
        press.set(None);
        pick.update(|pick| pick.brush = None);
    };
    let let_go = move || {
        press.set(None);
        pick.set(Pick::default());
        shared.hovered.set(None);
    };

    let readings = memo(move || {
        let pick = pick.get();
        content.with(|content| legend.with(|legend| content.readings(legend, &pick)))
    });
    let when = memo(move || {
        let pick = pick.get();
        let (first, last) = match pick.brush {
            Some(brush) => brush.buckets(),
            None => (pick.bucket?, pick.bucket?),
        };
        let bounds = edges.with(|edges| edges.get(first).copied().zip(edges.get(last + 1).copied()));
        bounds.map(|(from, to)| span(from, to, zone_offset_minutes))
    });
    let spoken = move || match when.get() {
        Some(when) => format!("{when}: {}", readings.with(|readings| sentence(readings))),
        None => "No sample chosen".to_owned(),
    };
    let crosshair = memo(move || {
        let own = pick.get().bucket;
        let bucket = own.or_else(|| content.with(|content| content.bucket_at(shared.hovered.get()?)))?;
        Some((bucket, edges.with(|edges| middle(edges, bucket))))
    });
    let dots = move || {
        let (bucket, x) = crosshair.get()?;
        let dots = content.with(|content| legend.with(|legend| content.dots(legend, plot_size.get(), bucket)));
        Some(dots.into_iter().map(|(y, color)| dot(x, y, color.token())).collect::<Vec<_>>())
    };
    let brushed = memo(move || {
        let brush = pick.get().brush.and_then(|brush| content.with(|content| content.selection(&brush)));
        let selection = brush.or_else(|| shared.selection.get())?;
        edges.with(|edges| share_of(edges, selection.from, selection.until))
    });
    let ends = move |pick_end: fn((f64, f64)) -> f64| {
        live(move || format!("{:.3}%", brushed.get().map_or(0.0, pick_end) * 100.0))
    };
    let n_buckets = move || edges.with(|edges| edges.len().saturating_sub(1));
    view! {
        <div class="plot">
            <div class="plot-y-axis" aria-hidden="true">
                {dynamic(move || drawing.with(|drawing| drawing.y_ticks.iter().map(y_tick).collect::<Vec<_>>()))}
            </div>
            <div
                class="plot-area"
                node_ref=plot
                role="slider"
                tabindex="0"
                aria-label=live(move || format!("{} over time", title.get()))
                aria-describedby=described_by
                aria-valuemin="0"
                aria-valuemax=live(move || n_buckets().saturating_sub(1).to_string())
                aria-valuenow=live(move || pick.get().bucket.unwrap_or(0).to_string())
                aria-valuetext=live(spoken)
                on:keydown=on_keydown
                on:pointerdown=on_down
                on:pointermove=on_move
                on:pointerup=on_up
                on:pointerleave=move |_| {
                    if press.get_untracked().is_none() {
                        let_go();
                    }
                }
                on:pointercancel=move |_| let_go()
                on:dblclick=move |_| {
                    legend.update(Legend::reset);
                    shared.on_clear.run(());
                }
                on:blur=move |_| let_go()
            >
                <canvas node_ref=canvas aria-hidden="true"></canvas>
                <div
                    class="plot-brush"
                    hidden=live(move || brushed.get().is_none())
                    style:--left=ends(|(left, _)| left)
                    style:--right=ends(|(_, right)| 1.0 - right)
                ></div>
                <div
                    class="plot-crosshair"
                    hidden=live(move || crosshair.get().is_none())
                    style:--x=live(move || format!("{:.3}%", crosshair.get().map_or(0.0, |(_, x)| x) * 100.0))
                ></div>
                {dynamic(dots)}
                {dynamic(move || {
                    let width_px = plot_size.get().width_px;
                    let labels = content.with(|content| rule_labels(content.rules(), content.edges(), width_px));
                    labels.iter().map(rule_label).collect::<Vec<_>>()
                })}
                {dynamic(move || {
                    let (when, x) = (when.get()?, crosshair.get().map_or(0.0, |(_, x)| x));
                    Some(readings.with(|readings| tooltip(when, x, readings)))
                })}
            </div>
            <div class="plot-x-axis" aria-hidden="true">
                {dynamic(move || edges.with(|edges| x_axis(edges, plot_size.get().width_px)))}
            </div>
        </div>
    }
}

/// The middle of a bucket, from 0 to 1.
fn middle(edges: &[Timestamp], bucket: usize) -> f64 {
    let scale = TimeScale::of(edges);
    let end = |idx: usize| edges.get(idx).map_or(0.0, |time| scale.place(*time));
    (end(bucket) + end(bucket + 1)) / 2.0
}

/// Where a span of time is; `None` where it lies outside.
fn share_of(edges: &[Timestamp], from: Timestamp, until: Timestamp) -> Option<(f64, f64)> {
    let scale = TimeScale::of(edges);
    (until > scale.from && from < scale.to).then(|| (scale.place(from), scale.place(until)))
}

fn dot(x: f64, y: f64, token: &str) -> AnyView {
    let (x, y) = (format!("{:.3}%", x * 100.0), format!("{:.3}%", (1.0 - y) * 100.0));
    view! { <span class=format!("plot-dot plot-swatch is-{token}") style:--x=x style:--y=y></span> }.into_any()
}

fn y_tick(tick: &Tick) -> AnyView {
    view! {
        <span class="plot-y-tick" style:--y=format!("{:.3}%", (1.0 - tick.at) * 100.0)>
            {tick.label.clone()}
        </span>
    }
    .into_any()
}

fn x_axis(edges: &[Timestamp], width_px: f64) -> Vec<AnyView> {
    let scale = TimeScale::of(edges);
    let max = ((width_px / LABEL_PX) as usize).clamp(2, 14);
    let tick = |tick: crate::format::local_time::Tick| {
        let share = scale.place(tick.time);
        // A label at the very end would stick out.
        let has_room = (1.0 - share) * width_px > 40.0;
        has_room.then(|| {
            view! {
                <span class="plot-x-tick" style:--x=format!("{:.3}%", share * 100.0)>
                    {tick.label}
                </span>
            }
            .into_any()
        })
    };
    ticks(scale.from, scale.to, max, zone_offset_minutes).into_iter().filter_map(tick).collect()
}

fn rule_label(label: &RuleLabel) -> AnyView {
    view! {
        <span
            class="plot-rule"
            class:is-left=label.is_left
            title=label.names.join(", ")
            style:--x=format!("{:.3}%", label.x * 100.0)
            style:--row=label.row.to_string()
        >
            {label.text.clone()}
        </span>
    }
    .into_any()
}

fn tooltip(when: String, x: f64, readings: &[Reading]) -> AnyView {
    let line = |reading: &Reading| {
        view! {
            <li class:is-previous=reading.is_previous>
                <span class=format!("plot-swatch is-{}", reading.color.token())></span>
                <bdi>{visible(&reading.name).into_owned()}</bdi>
                <span class="plot-tooltip-value">{reading.value.clone()}</span>
            </li>
        }
        .into_any()
    };
    let lines: Vec<AnyView> = readings.iter().take(MOST_READINGS).map(line).collect();
    view! {
        <div class="plot-tooltip" class:is-left={x > 0.5} aria-hidden="true" style:--x=format!("{:.3}%", x * 100.0)>
            <p>{when}</p>
            <ul>{lines}</ul>
            <p class="plot-tooltip-hint">"Click: traces behind it"</p>
        </div>
    }
    .into_any()
}
