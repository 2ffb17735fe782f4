//! LangSmith's v2 API: runs, traces and threads, read by the SDKs' generated clients.
//!
//! Every question names the fields it wants ([`fields`]); answers come in pages ([`page`]) over a window of time
//! ([`window`]), and fail as problem documents. Costs are numbers here, enums are written in capitals.

mod fields;
mod page;
pub mod run_links;
pub mod runs;
mod shape;
mod thread_stats;
mod thread_traces;
pub mod threads;
pub mod traces;
mod window;

pub use self::shape::seconds_between;
use crate::app::App;
use axum::Router;
use axum::routing::{get, post};

pub fn router() -> Router<App> {
    Router::new()
        .route("/runs/query", post(runs::query_runs))
        .route("/runs/{run_id}", get(runs::find_run))
        .route("/runs/{run_id}/url", get(run_links::find_run_url))
        .route("/traces/query", post(traces::query_traces))
        .route("/traces/{trace_id}/runs", get(traces::list_trace_runs))
        .route("/threads/query", post(threads::query_threads))
        .route("/threads/stats", post(thread_stats::find_stats_of_threads))
        .route("/threads/{thread_id}/traces", get(thread_traces::list_thread_traces))
        .route("/threads/{thread_id}/stats", get(thread_stats::find_thread_stats))
}
