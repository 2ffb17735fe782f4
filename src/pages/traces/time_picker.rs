//! Chooses the time that a list shows: the last hours by a click, any other time by its ends.

use super::time_range::{PRESETS, TimeRange};
use crate::components::clock::{now, zone_offset_minutes};
use crate::components::erased::{dynamic, live};
use crate::components::icon::{Icon, IconView};
use crate::components::part::{Drawn, fetch_ahead, part};
use crate::components::popover::{Popover, PopoverPanel};
use crate::components::skeleton::RowsSkeleton;
use crate::format::local_time::{from_field, to_field, zone_name};
use fanlight_wire::Timestamp;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

/// A button that says the time, and the choices behind it.
#[component]
pub fn TimePicker(#[prop(into)] time: Signal<TimeRange>, on_choose: Callback<TimeRange>) -> impl IntoView {
    let popover = Popover::new();
    let label = move || time.get().label(zone_offset_minutes);
    view! {
        <button
            type="button"
            class="button"
            node_ref=popover.button
            popovertarget=popover.id()
            aria-haspopup="dialog"
            aria-expanded=live(move || popover.is_open().get().to_string())
            aria-label=live(move || format!("Time: {}", label()))
            on:pointerover=move |_| fetch_ahead(fetch())
            on:focus=move |_| fetch_ahead(fetch())
        >
            <span>{dynamic(label)}</span>
            <IconView icon=Icon::ChevronDown />
        </button>
        <PopoverPanel popover label="Time" is_end_aligned=true>
            {part(fetch, move || choices(time, on_choose, popover), || view! { <RowsSkeleton n_rows=4 /> })}
        </PopoverPanel>
    }
}

#[wasm_split(times, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
fn choices(time: Signal<TimeRange>, on_choose: Callback<TimeRange>, popover: Popover) -> Drawn {
    Ok(view! { <TimeChoices time on_choose popover /> }.into_any())
}

/// What is behind the button.
#[component]
fn TimeChoices(time: Signal<TimeRange>, on_choose: Callback<TimeRange>, popover: Popover) -> impl IntoView {
    let choose = move |range: TimeRange| {
        popover.close();
        on_choose.run(range);
    };
    let presets = PRESETS.map(|range| {
        view! {
            <button
                type="button"
                class="time-preset"
                aria-pressed=live(move || (time.get() == range).to_string())
                on:click=move |_| choose(range)
            >
                {range.label(zone_offset_minutes)}
            </button>
        }
        .into_any()
    });
    // The fields begin with what is shown, so that an end can be moved a little.
    let (from, to) = match time.get_untracked() {
        TimeRange::Between { from, to } => (Some(from), Some(to)),
        relative => relative.bounds(now()),
    };
    let field =
        |time: Option<Timestamp>| RwSignal::new(time.map(|it| to_field(it, zone_offset_minutes)).unwrap_or_default());
    let (from, to) = (field(from), field(Some(to.unwrap_or_else(now))));
    let failure = RwSignal::new(None::<&'static str>);
    let on_submit = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let read = |text: RwSignal<String>| text.with_untracked(|text| from_field(text, zone_offset_minutes));
        match (read(from), read(to)) {
            (Some(from), Some(to)) if from < to => choose(TimeRange::between(from, to)),
            (Some(_), Some(_)) => failure.set(Some("The end must be after the beginning.")),
            _ => failure.set(Some("Give both ends, with date and time.")),
        }
    };
    let input = |label: &'static str, value: RwSignal<String>| {
        view! {
            <label class="field">
                <span>{label}</span>
                <input
                    class="input"
                    type="datetime-local"
                    step="1"
                    prop:value=move || value.get()
                    aria-invalid=live(move || failure.get().is_some().to_string())
                    on:input:target=move |event| value.set(event.target().value())
                />
            </label>
        }
        .into_any()
    };
    view! {
        <div class="time-choices">
            <div class="time-presets" role="group" aria-label="Up to now">
                {presets.into_iter().collect_view()}
            </div>
            <form class="time-between" novalidate on:submit=on_submit>
                {input("From", from)}
                {input("To", to)}
                <p class="time-zone">{format!("In your time zone, {} now", zone_name(zone_offset_minutes(now())))}</p>
                <p class="field-error" role="alert">
                    {move || failure.get()}
                </p>
                <button type="submit" class="button is-primary">
                    "Show this time"
                </button>
            </form>
        </div>
    }
}
