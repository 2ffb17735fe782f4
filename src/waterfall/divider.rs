//! A line between two panes that can be dragged, or moved with the arrow keys when focused.

use crate::components::erased::live;
use leptos::ev::{KeyboardEvent, PointerEvent};
use leptos::html::Div;
use leptos::prelude::*;

/// A vertical divider. `value` and its range are in whatever unit the owner thinks in; `px_per_unit` translates drags.
#[component]
pub fn Divider(
    label: &'static str,
    #[prop(into)] value: Signal<f64>,
    #[prop(into)] range: Signal<(f64, f64)>,
    #[prop(into)] px_per_unit: Signal<f64>,
    /// The pane that is measured lies to the right: dragging left makes it larger.
    #[prop(optional)]
    is_mirrored: bool,
    on_change: Callback<f64>,
    /// Back to the default size, on double-click or Enter.
    on_reset: Callback<()>,
) -> impl IntoView {
    let line = NodeRef::<Div>::new();
    let held = StoredValue::new(None::<(f64, f64)>);
    let sign = if is_mirrored { -1.0 } else { 1.0 };
    let set = move |value: f64| {
        let (least, most) = range.get_untracked();
        on_change.run(value.clamp(least, most.max(least)));
    };
    let on_down = move |event: PointerEvent| {
        if event.button() != 0 {
            return;
        }
        event.prevent_default();
        held.set_value(Some((f64::from(event.client_x()), value.get_untracked())));
        if let Some(line) = line.get_untracked() {
            let _ = line.set_pointer_capture(event.pointer_id());
            let _ = line.focus();
        }
    };
    let on_move = move |event: PointerEvent| {
        if let Some((from_px, before)) = held.get_value() {
            let by = (f64::from(event.client_x()) - from_px) / px_per_unit.get_untracked().max(0.001);
            set(before + sign * by);
        }
    };
    let on_up = move |_: PointerEvent| held.set_value(None);
    let on_key = move |event: KeyboardEvent| {
        let (least, most) = range.get_untracked();
        let step = (most - least) / if event.shift_key() { 5.0 } else { 25.0 };
        match event.key().as_str() {
            "ArrowLeft" => set(value.get_untracked() - sign * step),
            "ArrowRight" => set(value.get_untracked() + sign * step),
            "Home" => set(least),
            "End" => set(most),
            "Enter" => on_reset.run(()),
            _ => return,
        }
        event.prevent_default();
    };
    view! {
        <div
            node_ref=line
            class="divider"
            role="separator"
            tabindex="0"
            aria-orientation="vertical"
            aria-label=label
            aria-valuenow=live(move || format!("{:.0}", value.get()))
            aria-valuemin=live(move || format!("{:.0}", range.get().0))
            aria-valuemax=live(move || format!("{:.0}", range.get().1))
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=on_up
            on:dblclick=move |_| on_reset.run(())
            on:keydown=on_key
        ></div>
    }
}
