//! A chart as a card: what it is, what it comes to, its series, the plot, the way to its numbers.

use super::data_table::DataTable;
use super::legend_view::LegendView;
use super::plot_area::PlotArea;
use crate::charts::legend::Legend;
use crate::components::clock::zone_offset_minutes;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::unique_id;
use crate::monitor::content::Content;
use crate::monitor::selection::Selection;
use fanlight_wire::Timestamp;
use leptos::prelude::*;
use std::sync::Arc;

/// What the charts of a page have in common. Copy it freely.
#[derive(Clone, Copy)]
pub struct Shared {
    /// The instant that the pointer is at, in whichever chart: all of them show it.
    pub hovered: RwSignal<Option<Timestamp>>,
    pub selection: Signal<Option<Selection>>,
    /// Gets what was chosen, and whether by keys: the focus then goes to what opens.
    pub on_select: Callback<(Selection, bool)>,
    pub on_clear: Callback<()>,
}

/// How far the answer is that a figure shows.
#[derive(Clone, Copy)]
pub struct Progress {
    pub is_loading: Signal<bool>,
    pub failure: Signal<Option<String>>,
    pub on_retry: Callback<()>,
}

/// Draws `content`. `note` says what it comes to, in a line.
#[component]
pub fn ChartFigure(
    #[prop(into)] title: Signal<String>,
    #[prop(into)] note: Signal<String>,
    content: Memo<Arc<Content>>,
    progress: Progress,
    shared: Shared,
    /// What else can be done with it, beside the way to its numbers.
    #[prop(optional)]
    tools: Option<ViewFn>,
) -> impl IntoView {
    let legend = RwSignal::new(Legend::default());
    let is_table_open = RwSignal::new(false);
    let entries = memo(move || content.with(|content| content.entries()));
    let has_legend = move || entries.with(|entries| entries.len() > 1);
    let is_empty = memo(move || content.with(|content| content.is_empty()));
    let (title_id, summary_id) = (unique_id("chart-title"), unique_id("chart-summary"));
    let summary = memo(move || {
        let peak = content.with(|content| content.peak(zone_offset_minutes));
        let parts = [Some(note.get()).filter(|note| !note.is_empty()), peak];
        parts.into_iter().flatten().collect::<Vec<_>>().join("; ")
    });
    let (labelled_by, described_by) = (title_id.clone(), summary_id.clone());
    view! {
        <figure
            class="plot-card"
            class:is-loading=live(move || progress.is_loading.get())
            aria-labelledby=labelled_by
            aria-busy=live(move || progress.is_loading.get().to_string())
        >
            <figcaption class="plot-caption">
                <h2 id=title_id>{dynamic(move || title.get())}</h2>
                <p class="plot-note">{dynamic(move || note.get())}</p>
                <span class="plot-tools">
                    <button
                        type="button"
                        class="button is-quiet is-icon plot-table-button"
                        aria-label=live(move || format!("{} as a table", title.get()))
                        title="The numbers as a table (Shift+D)"
                        on:click=move |_| is_table_open.set(true)
                    >
                        <IconView icon=Icon::List />
                    </button>
                    {tools.map(|tools| tools.run())}
                </span>
            </figcaption>
            <When when=has_legend>
                <LegendView entries legend />
            </When>
            {dynamic(move || match progress.failure.get() {
                Some(message) => failure_view(message, progress.on_retry),
                None if is_empty.get() => {
                    let words = if progress.is_loading.get() { "Counting" } else { "Nothing to measure in this time" };
                    view! { <p class="plot-nothing">{words}</p> }.into_any()
                }
                None => {
                    view! {
                        <PlotArea title content legend shared is_table_open described_by=described_by.clone() />
                    }
                        .into_any()
                }
            })}
            <p id=summary_id class="visually-hidden">
                {dynamic(move || summary.get())}
            </p>
            <DataTable is_open=is_table_open title content />
        </figure>
    }
}

/// In the place of what could not be counted.
pub fn failure_view(message: String, on_retry: Callback<()>) -> AnyView {
    view! {
        <div class="plot-failure" role="alert">
            <span>{message}</span>
            <button type="button" class="button" on:click=move |_| on_retry.run(())>
                "Try again"
            </button>
        </div>
    }
    .into_any()
}
