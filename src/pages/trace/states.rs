//! What the page shows while there is no trace to show.

use crate::routes;
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

/// The final layout in grey, so that nothing moves when the trace comes.
#[component]
pub fn TraceSkeletonView() -> impl IntoView {
    // Bars that look like a trace: where each begins and how long it is, in percent.
    const BARS: [(u32, u32); 10] =
        [(0, 96), (2, 90), (3, 14), (4, 9), (18, 10), (30, 36), (32, 30), (68, 12), (69, 10), (82, 12)];
    view! {
        <div class="trace-loading" role="status">
            <span class="visually-hidden">"Loading the trace"</span>
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
