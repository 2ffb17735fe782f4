//! The endpoints, one file per resource. `docs/api.md` says who calls each, and with how much.
//!
//! Handlers read the request, ask the store, answer. What is not here answers 404, in the shape its clients expect:
//! an endpoint that would ignore half of a question is worse than none.

pub mod attachments;
mod beside;
pub mod boards;
mod costs;
pub mod dashboard;
pub mod digests;
pub mod explore;
pub mod export;
pub mod feedback;
pub mod filters;
pub mod info;
pub mod ingest;
mod json_body;
mod json_stream;
mod links;
pub mod live;
pub mod monitor;
pub mod prices;
pub mod prompt_versions;
pub mod prompts;
mod question;
pub mod rejections;
pub mod run_cost;
pub mod run_deletion;
pub mod run_groups;
mod run_pages;
pub mod run_stats;
pub mod runs;
pub mod sessions;
pub mod skeleton;
pub mod spend;
pub mod storage;
pub mod thread_previews;
pub mod v2;
pub mod views;
pub mod workspace;

use crate::app::App;
use crate::error::AppError;
use axum::Router;
use axum::http::{Method, Uri};
use axum::routing::{get, patch, post, put};
use uuid::Uuid;

/// LangSmith's v1 API.
pub fn v1() -> Router<App> {
    Router::new()
        .route("/info", get(info::find_info))
        .route("/info/health", get(info::is_ok))
        .route("/ok", get(info::is_ok))
        .route("/runs", post(ingest::create_run))
        .route("/runs/batch", post(ingest::write_batch))
        .route("/runs/multipart", post(ingest::write_multipart))
        .route("/runs/query", post(runs::query_runs))
        .route("/runs/query/validate", post(filters::validate))
        .route("/runs/stats", post(run_stats::find_run_stats))
        .route("/runs/group", post(run_groups::group_runs))
        .route("/runs/group/stats", post(run_groups::find_group_stats))
        .route("/runs/threads/{thread_id}", get(thread_previews::find_thread_previews))
        .route("/runs/delete", post(run_deletion::delete_traces))
        .route("/runs/delete/traces", post(run_deletion::delete_traces))
        .route("/runs/{run_id}", get(runs::find_run).patch(ingest::update_run))
        .route("/runs/{run_id}/attachments/{name}", get(attachments::find_attachment))
        .route(
            "/sessions",
            get(sessions::list_projects).post(sessions::create_project).delete(sessions::delete_projects),
        )
        .route(
            "/sessions/{project_id}",
            get(sessions::find_project).patch(sessions::update_project).delete(sessions::delete_project),
        )
        .route("/feedback", get(feedback::list_feedback).post(feedback::create_feedback))
        .route(
            "/feedback/{feedback_id}",
            get(feedback::find_feedback).patch(feedback::update_feedback).delete(feedback::delete_feedback),
        )
        .route("/model-price-map", get(prices::list_prices).post(prices::create_price))
        .route("/model-price-map/{price_id}", put(prices::update_price).delete(prices::delete_price))
        .merge(prompts::v1())
        .route("/settings", get(workspace::find_settings))
        .route("/workspaces", get(workspace::list_workspaces))
        .route("/tenants", get(workspace::list_workspaces))
        .route("/orgs/current", get(workspace::find_organization))
}

/// Our own API.
pub fn fanlight() -> Router<App> {
    Router::new()
        .route("/live", get(live::stream_changes))
        .route("/traces/{trace_id}/skeleton", get(skeleton::find_trace_skeleton))
        .route("/runs/{run_id}/cost", get(run_cost::explain_run_cost))
        .route("/traces/{trace_id}/digests", get(digests::find_trace_digests))
        .route("/rejections", get(rejections::list_rejections))
        .route("/runs/facets", post(explore::find_facets))
        .route("/runs/histogram", post(explore::find_histogram))
        .route("/runs/suggest", post(explore::suggest_values))
        .route("/monitor/series", post(monitor::find_series))
        .route("/monitor/heatmap", post(monitor::find_heatmap))
        .route("/monitor/exemplars", post(monitor::find_exemplars))
        .route("/monitor/differs", post(monitor::find_differences))
        .route("/monitor/top", post(monitor::find_top_names))
        .route("/monitor/markers", post(monitor::find_markers))
        .route("/prices", get(prices::list_shipped_prices))
        .route("/prices/unpriced", get(prices::list_unpriced_models))
        .route("/prices/test", post(prices::test_price))
        .route(
            "/prices/reprice",
            get(prices::find_repricing).post(prices::start_repricing).delete(prices::cancel_repricing),
        )
        .route("/runs/export", post(export::export_runs))
        .route("/boards", get(boards::list_boards).post(boards::create_board))
        .route("/boards/{board_id}", get(boards::find_board).patch(boards::update_board).delete(boards::delete_board))
        .route("/prompts/versions", post(prompt_versions::find_versions))
        .route("/views", get(views::list_views).post(views::create_view))
        .route("/views/{view_id}", patch(views::update_view).delete(views::delete_view))
        .route("/prompts/{name}/tag-moves", get(prompts::tags::list_all_moves))
        .route("/storage", get(storage::find_storage_report))
        .route("/projects/{project_id}/spend", get(spend::find_spend))
        .route("/projects/{project_id}/budget", put(spend::set_budget))
        .route("/projects/{project_id}/retention", put(storage::set_retention))
}

/// For those who watch over the process.
pub fn health() -> Router<App> {
    Router::new().route("/healthz", get(info::is_ok)).route("/readyz", get(info::is_ready))
}

/// What is not part of this server.
pub async fn not_here(method: Method, uri: Uri) -> AppError {
    let path = uri.path();
    let last = path.rsplit('/').next().unwrap_or_default();
    // `POST /runs/rules` matches the route of `GET /runs/{run_id}`, but is another endpoint altogether.
    if routes_exist_below(path) && Uuid::try_parse(last).is_ok() {
        let message = format!("{method} is not allowed on {path}");
        return AppError::new(axum::http::StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", message);
    }
    AppError::not_found(format!("{method} {path} is not part of this version of Fanlight"))
}

fn routes_exist_below(path: &str) -> bool {
    ["/api/v1/runs/", "/api/v1/sessions/", "/api/v1/feedback/"].iter().any(|parent| path.starts_with(parent))
}
