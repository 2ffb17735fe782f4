//! The menu of how the chart is drawn: what colours mean, gaps, map.

use super::chart_notes::Legend;
use super::keys::Command;
use super::link::choices::ColorBy;
use super::state::Waterfall;
use crate::components::erased::{When, live};
use crate::components::icon::{Icon, IconView};
use crate::components::popover::{Popover, PopoverPanel};
use crate::trace_view::ViewKind;
use leptos::prelude::*;

const COLORS: [(ColorBy, &str); 5] = [
    (ColorBy::Kind, "Kind"),
    (ColorBy::Model, "Model"),
    (ColorBy::Name, "Name"),
    (ColorBy::Status, "Status"),
    (ColorBy::Cost, "Cost"),
];

/// A button and its panel.
#[component]
pub fn ChartOptions(state: Waterfall) -> impl IntoView {
    let popover = Popover::new();
    view! {
        <button
            type="button"
            class="button is-icon"
            aria-label="Options"
            title="Chart options: colours, idle gaps, map"
            node_ref=popover.button
            popovertarget=popover.id()
            aria-haspopup="dialog"
            aria-expanded=live(move || popover.is_open().get().to_string())
        >
            <IconView icon=Icon::More />
        </button>
        <PopoverPanel popover label="Chart options">
            <div class="chart-options">
                <fieldset>
                    <legend>"Colour by"</legend>
                    {COLORS.into_iter().map(|(by, label)| color_choice(state, by, label)).collect_view()}
                </fieldset>
                <Legend state />
                {choice(state, Command::ToggleIdleGaps, "Compress idle gaps", "i", state.compresses_idle)}
                // The lanes have no rows to zoom.
                <When when=move || state.view.get() == ViewKind::Tree>
                    {choice(state, Command::ToggleMap, "Map: zoom rows, too", "v", state.is_map)}
                </When>
                {choice(state, Command::ToggleCriticalPath, "Critical path", "p", state.shows_critical_path)}
            </div>
        </PopoverPanel>
    }
}

fn color_choice(state: Waterfall, by: ColorBy, label: &'static str) -> AnyView {
    view! {
        <label class="chart-option">
            <input
                type="radio"
                name="color-by"
                prop:checked=live(move || state.color_by.get() == by)
                on:change=move |_| state.color_by.set(by)
            />
            {label}
        </label>
    }
    .into_any()
}

fn choice(
    state: Waterfall,
    command: Command,
    label: &'static str,
    key: &'static str,
    is_on: RwSignal<bool>,
) -> AnyView {
    // A trace without gaps has nothing to compress.
    let is_idle = command == Command::ToggleIdleGaps;
    let is_disabled = move || is_idle && state.chart.gaps.with(|gaps| gaps.is_empty());
    view! {
        <label class="chart-option">
            <input
                type="checkbox"
                prop:checked=is_on
                disabled=live(is_disabled)
                on:change=move |_| {
                    state.carry_out(command);
                }
            />
            {label}
            <kbd>{key}</kbd>
        </label>
    }
    .into_any()
}
