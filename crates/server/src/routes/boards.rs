//! `/api/fanlight/v1/boards`: charts of one's own, to come back to and to share by a link.

use super::beside::check_facet;
use super::{filters, json_body};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::{Params, path_id};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use fanlight_wire::ProjectId;
use fanlight_wire::board::{Board, BoardWrite, Chart, MAX_CHART_METRICS, MAX_CHARTS, Mark};
use fanlight_wire::monitor::series::MAX_GROUPS;
use fanlight_wire::monitor::{GroupKey, Metric};
use uuid::Uuid;

const MAX_NAME_CHARS: usize = 100;
const MAX_KEY_BYTES: usize = 512;

/// `GET boards?session_id=`: those of a project, by name.
///
/// For everybody; a handful per project.
pub async fn list_boards(State(app): State<App>, params: Params) -> AppResult<Json<Vec<Board>>> {
    let project = params.id::<ProjectId>("session_id")?;
    let project = project.ok_or_else(|| AppError::invalid("query", "session_id", "is missing"))?;
    Ok(Json(app.store.list_boards(project).await?))
}

/// `GET boards/{board_id}`: what a link leads to.
pub async fn find_board(State(app): State<App>, Path(board_id): Path<String>) -> AppResult<Json<Board>> {
    let board_id: Uuid = path_id("board_id", &board_id)?;
    let none = || AppError::not_found(format!("there is no board {board_id}"));
    Ok(Json(app.store.find_board(board_id).await?.ok_or_else(none)?))
}

/// `POST boards`: a name of 1 to 100 characters, unique in the project (409), and at most 50 charts, each of at most 8
/// metrics, with filters that can be read (400). At most 100 boards per project. With an `id` of one's own, unless there
/// is such a board (409).
pub async fn create_board(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<(StatusCode, Json<Board>)> {
    let board: BoardWrite = json_body::read_fields(&app, &headers, body).await?;
    for (field, is_missing) in [("session_id", board.project_id.is_none()), ("name", board.name.is_none())] {
        if is_missing {
            return Err(AppError::invalid("body", field, "is missing"));
        }
    }
    check(&board)?;
    Ok((StatusCode::CREATED, Json(app.store.create_board(board).await?)))
}

/// `PATCH boards/{board_id}`: what is given changes, under the same rules. With `revision`, only that revision (409).
pub async fn update_board(
    State(app): State<App>,
    Path(board_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Board>> {
    let board_id: Uuid = path_id("board_id", &board_id)?;
    let change: BoardWrite = json_body::read_fields(&app, &headers, body).await?;
    if change.id.is_some() {
        return Err(AppError::invalid("body", "id", "a board keeps its id"));
    }
    if change.project_id.is_some() {
        return Err(AppError::invalid("body", "session_id", "a board stays in its project"));
    }
    check(&change)?;
    Ok(Json(app.store.update_board(board_id, change).await?))
}

/// `DELETE boards/{board_id}`.
pub async fn delete_board(State(app): State<App>, Path(board_id): Path<String>) -> AppResult<StatusCode> {
    app.store.delete_board(path_id("board_id", &board_id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn check(board: &BoardWrite) -> AppResult<()> {
    if board.name.as_deref().is_some_and(|name| !is_name(name)) {
        return Err(AppError::invalid("body", "name", format!("has 1 to {MAX_NAME_CHARS} characters")));
    }
    let charts = board.charts.as_deref().unwrap_or_default();
    if charts.len() > MAX_CHARTS {
        return Err(AppError::invalid("body", "charts", format!("{} charts; at most {MAX_CHARTS}", charts.len())));
    }
    charts.iter().try_for_each(check_chart)
}

fn is_name(name: &str) -> bool {
    (1..=MAX_NAME_CHARS).contains(&name.trim().chars().count())
}

fn check_chart(chart: &Chart) -> AppResult<()> {
    let invalid = |message: String| Err(AppError::invalid("body", "charts", message));
    if !is_name(&chart.title) {
        return invalid(format!("a title has 1 to {MAX_NAME_CHARS} characters"));
    }
    let n_metrics = chart.metrics.len();
    let is_heatmap = chart.mark == Mark::Heatmap;
    if is_heatmap != chart.of.is_some() || is_heatmap != chart.metrics.is_empty() || n_metrics > MAX_CHART_METRICS {
        return invalid(format!("a chart has 1 to {MAX_CHART_METRICS} metrics, and a heatmap none but what it is of"));
    }
    let is_long = |metric: &Metric| matches!(metric, Metric::Feedback(key) if key.len() > MAX_KEY_BYTES);
    if chart.metrics.iter().any(is_long) {
        return invalid(format!("a feedback key has at most {MAX_KEY_BYTES} bytes"));
    }
    if let Some(by) = &chart.group_by {
        if by.max_groups.is_some_and(|n| !(1..=MAX_GROUPS).contains(&n)) {
            return invalid(format!("a chart has 1 to {MAX_GROUPS} groups"));
        }
        if let GroupKey::Facet(facet) = &by.key {
            check_facet("charts", facet)?;
        }
    }
    if chart.width.is_some_and(|width| !(1..=3).contains(&width)) {
        return invalid("a chart is 1 to 3 thirds wide".to_owned());
    }
    for (field, text) in
        [("filter", &chart.filter), ("trace_filter", &chart.trace_filter), ("tree_filter", &chart.tree_filter)]
    {
        filters::check(field, text.as_deref())?;
    }
    Ok(())
}
