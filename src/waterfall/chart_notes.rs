//! Beside the minimap: what the chart offers or leaves out, what colours mean, what the range holds.

use super::keys::Command;
use super::link::choices::ColorBy;
use super::state::Waterfall;
use crate::components::erased::{dynamic, live, memo};
use crate::format::duration::rough_duration;
use leptos::prelude::*;

/// It has the room of the minimap, so that nothing moves when a note comes or goes.
#[component]
pub fn ChartNotes(state: Waterfall, on_find: Callback<()>) -> impl IntoView {
    let offer = memo(move || {
        if state.compresses_idle.get() {
            return None;
        }
        let (window, gaps) = (state.shown_window(), state.chart.gaps.get());
        gaps.are_worth_compressing(window).then(|| rough_duration(gaps.idle_ns_in(window) as i64))
    });
    let gaps = move || {
        let toggle = move |_| {
            state.carry_out(Command::ToggleIdleGaps);
        };
        if state.compresses_idle.get() && !state.chart.gaps.with(|gaps| gaps.is_empty()) {
            let idle = state.chart.gaps.with(|gaps| rough_duration(gaps.idle_ns_in(state.bounds()) as i64));
            return Some(view! {
                <p class="chart-note">
                    <span>{format!("{idle} idle, compressed")}</span>
                    <button type="button" class="button" title="Draw idle gaps at their length (i)" on:click=toggle>"Undo"</button>
                </p>
            });
        }
        offer.get().map(|idle| {
            view! {
                <p class="chart-note">
                    <span>{format!("{idle} idle")}</span>
                    <button type="button" class="button" title="Compress idle gaps (i)" on:click=toggle>"Compress"</button>
                </p>
            }
        })
    };
    view! {
        <div class="chart-notes">
            {dynamic(gaps)}
            {dynamic(move || (state.color_by.get() != ColorBy::Kind).then(|| view! { <Legend state /> }))}
            {dynamic(move || markers_note(state))}
            {dynamic(move || state.range.get().is_some().then(|| view! { <RangeNote state on_find /> }))}
        </div>
    }
}

fn markers_note(state: Waterfall) -> Option<impl IntoView> {
    let n_markers = state.markers_us.with(Vec::len);
    (n_markers > 0).then(|| {
        let count = if n_markers == 1 { "1 marker".to_owned() } else { format!("{n_markers} markers") };
        view! {
            <p class="chart-note">
                <span>{count}</span>
                <button type="button" class="button" on:click=move |_| state.markers_us.set(Vec::new())>"Clear markers"</button>
            </p>
        }
    })
}

/// The range in a sentence, and what can be done with it.
#[component]
fn RangeNote(state: Waterfall, on_find: Callback<()>) -> impl IntoView {
    let sentence = memo(move || state.range_stats().map(|stats| stats.sentence()));
    let zoom = move |_| {
        if let Some(range) = state.range.get_untracked() {
            state.remember_window();
            state.move_window(range.kept_inside(untrack(|| state.bounds())));
        }
    };
    let searches = state.chart.searches_range;
    let search = move |_| {
        searches.update(|searches| *searches = !*searches);
        if searches.get_untracked() {
            on_find.run(());
        }
    };
    view! {
        <div class="chart-note is-range" role="group" aria-label="Range of time">
            <span class="chart-range">{sentence}</span>
            <button type="button" class="button" on:click=zoom>"Zoom"</button>
            <button
                type="button"
                class="button"
                class:is-on=searches
                aria-pressed=live(move || searches.get().to_string())
                title="Find only runs that reach into the range"
                on:click=search
            >
                "Search inside"
            </button>
            <button type="button" class="button" on:click=move |_| state.clear_range()>"Clear"</button>
        </div>
    }
}

/// What the colours of the bars mean.
#[component]
pub fn Legend(state: Waterfall) -> impl IntoView {
    let entries = move || {
        let tree = state.tree.get();
        let (entries, n_entries) = state.chart.coloring.with(|coloring| coloring.legend(&tree));
        let more = n_entries.saturating_sub(entries.len());
        let shown = entries.into_iter().map(|(fill, text)| {
            let text: String = text.chars().take(40).collect();
            view! {
                <li>
                    <span class=format!("chart-swatch is-{}", fill.token()) aria-hidden="true"></span>
                    <bdi>{text}</bdi>
                </li>
            }
        });
        (
            shown.collect_view(),
            (more > 0).then(|| view! { <li>{format!("and {more} more, which share these colours")}</li> }),
        )
    };
    view! {
        <ul class="chart-legend" aria-label="Colours">
            {dynamic(entries)}
        </ul>
    }
}
