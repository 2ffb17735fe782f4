//! A few choices of which one holds: radio buttons drawn as one bar.

use super::icon::{Icon, IconView};
use super::unique_id;
use crate::components::erased::live;
use leptos::prelude::*;

/// One choice: its value, its name, and an icon that stands for the name.
#[derive(Clone, Copy)]
pub struct Segment<T> {
    pub value: T,
    pub label: &'static str,
    pub icon: Icon,
}

/// Shows `segments` with `value` checked. `label` names the group.
#[component]
pub fn Segmented<T: Copy + PartialEq + Send + Sync + 'static>(
    label: &'static str,
    segments: &'static [Segment<T>],
    #[prop(into)] value: Signal<T>,
    #[prop(into)] on_change: Callback<T>,
) -> impl IntoView {
    let name = unique_id("segmented");
    view! {
        <fieldset class="segmented">
            <legend class="visually-hidden">{label}</legend>
            {segments
                .iter()
                .map(|segment| {
                    let segment = *segment;
                    view! {
                        <label class="segmented-choice" title=segment.label>
                            <input
                                type="radio"
                                class="visually-hidden"
                                name=name.clone()
                                prop:checked=live(move || value.get() == segment.value)
                                on:change=move |_| on_change.run(segment.value)
                            />
                            <IconView icon=segment.icon />
                            <span class="visually-hidden">{segment.label}</span>
                        </label>
                    }
                })
                .collect_view()}
        </fieldset>
    }
}
