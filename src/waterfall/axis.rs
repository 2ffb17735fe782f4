//! The time axis above the chart: round moments, gaps, markers; dragging along it selects a range.

use super::gestures::DRAG_STARTS_AT_PX;
use super::layout::ground::TICK_GAP_PX;
use super::state::Waterfall;
use super::ticks::scale_ticks;
use crate::components::erased::{dynamic, live};
use crate::format::duration::{duration, rough_duration};
use leptos::ev::PointerEvent;
use leptos::html::Div;
use leptos::prelude::*;

/// Room that the last label needs to its right.
const LABEL_PX: f64 = 34.0;

/// Labels at round moments, the true length of compressed gaps, marked moments, and the moment under the pointer.
#[component]
pub fn Axis(state: Waterfall) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let labels = move || {
        let scale = state.scale();
        let width = scale.width_px();
        let fits = move |x_px: f64| x_px >= -1.0 && x_px <= width - LABEL_PX;
        let ticks = scale_ticks(&scale, TICK_GAP_PX).into_iter().filter(|tick| fits(tick.x_px)).map(|tick| {
            view! {
                <span class="waterfall-tick" style:--x=format!("{:.1}px", tick.x_px)>
                    {tick.label}
                </span>
            }
        });
        let gaps = scale.bands().filter(|&(_, left, right)| left >= -1.0 && right <= width + 1.0).map(|(gap, left, right)| {
            view! {
                <span class="waterfall-gap" style:--x=format!("{left:.1}px") style:--width=format!("{:.1}px", right - left)>
                    {rough_duration(gap.len_ns() as i64)}
                </span>
            }
        });
        (ticks.collect_view(), gaps.collect_view())
    };
    let is_compressed = move || state.scale().is_compressed();
    let markers = move || {
        let scale = state.scale();
        let width = scale.width_px();
        let markers = state.markers_us.get();
        let times: Vec<f64> = markers.iter().map(|&us| us as f64 * 1e3).collect();
        let label = |idx: usize| {
            let since = idx.checked_sub(1).map(|before| times[idx] - times[before]);
            let time = duration(times[idx] as i64);
            since.map_or(time.clone(), |since| format!("{time}, Δ {}", duration(since as i64)))
        };
        (0..times.len())
            .filter(|&idx| (0.0..=width).contains(&scale.px(times[idx])))
            .map(|idx| {
                let x_px = scale.px(times[idx]);
                let side = if x_px > width - 110.0 {
                    "waterfall-moment is-marker is-left"
                } else {
                    "waterfall-moment is-marker"
                };
                view! {
                    <span class=side style:--x=format!("{x_px:.1}px")>
                        {label(idx)}
                    </span>
                }
            })
            .collect_view()
    };
    let pointed = move || {
        let x_px = state.pointer_px.get()?;
        let scale = state.scale();
        let side = if x_px > scale.width_px() - 70.0 { "waterfall-moment is-left" } else { "waterfall-moment" };
        Some(view! {
            <span class=side style:--x=format!("{x_px:.1}px")>
                {duration(scale.time(x_px) as i64)}
            </span>
        })
    };

    // Where a press began, and whether it has become a drag.
    let held = StoredValue::new(None::<(f64, bool)>);
    let place = move |event: &PointerEvent| {
        let left = element.get_untracked().map_or(0.0, |element| element.get_bounding_client_rect().left());
        f64::from(event.client_x()) - left
    };
    let on_down = move |event: PointerEvent| {
        if event.button() == 0 {
            held.set_value(Some((place(&event), false)));
        }
    };
    let on_move = move |event: PointerEvent| {
        let Some((began_px, is_drag)) = held.get_value() else { return };
        let x_px = place(&event);
        if !is_drag && (x_px - began_px).abs() < DRAG_STARTS_AT_PX {
            return;
        }
        if !is_drag {
            held.set_value(Some((began_px, true)));
            if let Some(element) = element.get_untracked() {
                let _ = element.set_pointer_capture(event.pointer_id());
            }
        }
        let scale = untrack(|| state.scale());
        let time = |x_px: f64| scale.time(x_px.clamp(0.0, scale.width_px()));
        state.set_range(time(began_px), time(x_px));
    };
    let on_up = move |_: PointerEvent| {
        if held.get_value().is_some_and(|(_, is_drag)| is_drag) {
            state.announce_range();
        }
        held.set_value(None);
    };
    view! {
        <div
            node_ref=element
            class="waterfall-axis"
            class:is-compressed=live(is_compressed)
            aria-hidden="true"
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
        >
            {dynamic(labels)}
            {dynamic(move || is_compressed().then(|| view! { <span class="waterfall-axis-note">"compressed"</span> }))}
            {dynamic(markers)}
            {dynamic(pointed)}
        </div>
    }
}
