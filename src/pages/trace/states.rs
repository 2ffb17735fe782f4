//! What the page shows while there is no trace to show.

use super::load::Progress;
use crate::components::banner::Banner;
use crate::components::erased::dynamic;
use crate::format::digits::grouped;
use crate::routes;
use crate::waterfall::Waterfall;
use fanlight_wire::ProjectId;
use leptos::prelude::*;

/// Nothing is known of this trace.
#[component]
pub fn TraceNotFound(project_id: Option<ProjectId>) -> impl IntoView {
    let back = project_id.map_or_else(routes::projects, routes::traces);
    view! {
        <div class="page-scroll">
            <div class="empty-state">
                <h1>"No such trace"</h1>
                <p>
                    "Nothing has been recorded under this address, or it was deleted. If the application has only just "
                    "sent it, it appears here by itself once it arrives."
                </p>
                <a class="button" href=back>
                    "All traces"
                </a>
            </div>
        </div>
    }
}

/// The reader has ended the load of a long trace.
#[component]
pub fn LoadStopped(progress: RwSignal<Progress>, on_retry: Callback<()>) -> impl IntoView {
    let n_runs = grouped(progress.get_untracked().n_runs as i64);
    view! {
        <div class="page-scroll">
            <div class="empty-state">
                <h1>"Loading was stopped"</h1>
                <p>{format!("{n_runs} runs had come. A trace is shown once all of it is here.")}</p>
                <button type="button" class="button" on:click=move |_| on_retry.run(())>
                    "Load again"
                </button>
            </div>
        </div>
    }
}

/// What the server left out of a trace that is too large to be sent whole.
#[component]
pub fn PartialBanner(state: Waterfall, n_in_trace: RwSignal<Option<u64>>) -> impl IntoView {
    let message = Signal::derive(move || {
        let n_all = n_in_trace.get()?;
        let n_shown = state.tree.with(|tree| tree.n_runs() as i64);
        Some(format!(
            "Showing {} of {} runs: the first levels, every failed run as far as there is room, the 100 slowest and the \
             100 costliest, and all above them. Sums count every run. Rows say how many are missing below them, and load \
             them.",
            grouped(n_shown),
            grouped(i64::try_from(n_all).unwrap_or(i64::MAX)),
        ))
    });
    view! { <Banner message /> }
}

/// The final layout in grey, so that nothing moves when the trace comes; how much of it has come when it takes a while.
#[component]
pub fn TraceSkeletonView(progress: RwSignal<Progress>, on_stop: Callback<()>) -> impl IntoView {
    // Bars that look like a trace: where each begins and how long it is, in percent.
    const BARS: [(u32, u32); 10] =
        [(0, 96), (2, 90), (3, 14), (4, 9), (18, 10), (30, 36), (32, 30), (68, 12), (69, 10), (82, 12)];
    view! {
        <div class="trace-loading" role="status">
            <span class="visually-hidden">"Loading the trace"</span>
            {dynamic(move || {
                progress
                    .get()
                    .sentence()
                    .map(|sentence| {
                        view! {
                            // Not announced: it changes many times a second.
                            <p class="trace-loading-progress" aria-live="off">
                                <span>{sentence}</span>
                                <button type="button" class="button" on:click=move |_| on_stop.run(())>
                                    "Stop"
                                </button>
                            </p>
                        }
                    })
            })}
            {BARS
                .into_iter()
                .enumerate()
                .map(|(idx, (start, width))| {
                    view! {
                        <div class="trace-loading-row" aria-hidden="true">
                            <span class="skeleton-bar" style:--indent=(idx.min(3)).to_string()></span>
                            <span
                                class="skeleton-bar is-run"
                                style:--start=format!("{start}%")
                                style:--width=format!("{width}%")
                            ></span>
                        </div>
                    }
                })
                .collect_view()}
        </div>
    }
}
