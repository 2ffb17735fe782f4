//! The time axis above the chart; dragging along it zooms to what was dragged over.

use super::layout::TICK_GAP_PX;
use super::state::Waterfall;
use super::ticks::ticks;
use crate::components::erased::dynamic;
use crate::format::duration::duration;
use leptos::prelude::*;

/// Labels at round moments, and the moment under the pointer.
#[component]
pub fn Axis(state: Waterfall) -> impl IntoView {
    let labels = move || {
        let width = state.geometry.get().chart_px();
        let ticks = ticks(state.shown_window(), width, TICK_GAP_PX);
        // The last label needs room to its right.
        let fits = move |x_px: f64| x_px >= -1.0 && x_px <= width - 34.0;
        ticks
            .into_iter()
            .filter(|tick| fits(tick.x_px))
            .map(|tick| {
                view! {
                    <span class="waterfall-tick" style:--x=format!("{:.1}px", tick.x_px)>
                        {tick.label}
                    </span>
                }
            })
            .collect_view()
    };
    let pointed = move || {
        let x_px = state.pointer_px.get()?;
        let width = state.geometry.get().chart_px();
        let time_ns = state.shown_window().time_from_px(x_px, width);
        let side = if x_px > width - 70.0 { "waterfall-moment is-left" } else { "waterfall-moment" };
        Some(view! {
            <span class=side style:--x=format!("{x_px:.1}px")>
                {duration(time_ns as i64)}
            </span>
        })
    };
    view! {
        <div class="waterfall-axis" aria-hidden="true">
            {dynamic(labels)}
            {dynamic(pointed)}
        </div>
    }
}
