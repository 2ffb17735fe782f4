//! `POST /api/fanlight/v1/monitor/…`: charts over many runs, and the way from a chart to runs.
//!
//! For the dashboard. Each looks at every run of its query, so a few at a time are answered and others wait briefly, then
//! get 429. Bodies up to 1 MiB: a query as `/runs/query` takes it, and beside it what to make of the runs. `limit`,
//! `cursor`, `order` and `select` of the query do not count, and `end_time` is not part of the range. 400 for a filter
//! that cannot be read, 422 with the field for anything else that is wrong.

use super::beside::{check_facet, take, take_count};
use super::{json_body, question};
use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use fanlight_wire::monitor::differs::{Differs, DiffersQuery, MAX_DIFFERENCES};
use fanlight_wire::monitor::exemplars::{ExemplarQuery, Exemplars};
use fanlight_wire::monitor::heatmap::{Heatmap, HeatmapQuery, MAX_COLUMNS, MAX_ROWS};
use fanlight_wire::monitor::markers::{MAX_KEYS, MarkerQuery, Markers};
use fanlight_wire::monitor::series::{GroupBy, MAX_GROUPS, MAX_METRICS, MAX_POINTS, Series, SeriesQuery};
use fanlight_wire::monitor::top::{MAX_NAMES, Top, TopQuery};
use fanlight_wire::monitor::{Area, GroupKey, Metric};

/// Longest key of feedback or metadata, and name of a time zone.
const MAX_KEY_BYTES: usize = 512;

/// Metrics over time: at most 30, in at most 2,000 buckets, of at most 20 groups; larger numbers of points and groups are
/// taken as these.
pub async fn find_series(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Series>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let metrics: Vec<Metric> = take(&mut fields, "metrics")?.unwrap_or_default();
    check_metrics(&metrics)?;
    let mut group_by: Option<GroupBy> = take(&mut fields, "group_by")?;
    if let Some(by) = &mut group_by {
        if let GroupKey::Facet(facet) = &by.key {
            check_facet("group_by", facet)?;
        }
        by.max_groups = by.max_groups.map(|n| n.clamp(1, MAX_GROUPS));
    }
    let bucket_seconds = take(&mut fields, "bucket_seconds")?;
    let n_points = take_count(&mut fields, "n_points", MAX_POINTS)?;
    let time_zone: Option<String> = take(&mut fields, "time_zone")?;
    let query = question::run_query(fields)?;
    let _turn = app.heavy_reads.take().await?;
    let query = SeriesQuery { query, bucket_seconds, n_points, time_zone, group_by, metrics };
    Ok(Json(app.store.monitor_series(query).await?))
}

fn check_metrics(metrics: &[Metric]) -> AppResult<()> {
    if metrics.is_empty() || metrics.len() > MAX_METRICS {
        let message = format!("{} metrics; 1 to {MAX_METRICS} are possible", metrics.len());
        return Err(AppError::invalid("body", "metrics", message));
    }
    let too_long = |metric: &Metric| matches!(metric, Metric::Feedback(key) if key.len() > MAX_KEY_BYTES);
    if metrics.iter().any(too_long) {
        return Err(AppError::invalid("body", "metrics", format!("a feedback key has at most {MAX_KEY_BYTES} bytes")));
    }
    Ok(())
}

/// Runs by time and by latency, first token, tokens or cost: at most 60 × 40 cells.
pub async fn find_heatmap(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Heatmap>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let of = take(&mut fields, "of")?.unwrap_or_default();
    let n_columns = take_count(&mut fields, "n_columns", MAX_COLUMNS)?;
    let n_rows = take_count(&mut fields, "n_rows", MAX_ROWS)?;
    let time_zone: Option<String> = take(&mut fields, "time_zone")?;
    let query = question::run_query(fields)?;
    let _turn = app.heavy_reads.take().await?;
    let query = HeatmapQuery { query, of, n_columns, n_rows, time_zone };
    Ok(Json(app.store.monitor_heatmap(query).await?))
}

/// How many runs are in a box, and up to three of them.
pub async fn find_exemplars(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Exemplars>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let area: Area = take(&mut fields, "area")?.unwrap_or_default();
    let seed = take(&mut fields, "seed")?.unwrap_or(0);
    let query = question::run_query(fields)?;
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.monitor_exemplars(ExemplarQuery { query, area, seed }).await?))
}

/// What the query's runs in a box have that its runs outside have not: at most 100 values and 100 steps.
pub async fn find_differences(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Differs>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let area: Area = take(&mut fields, "area")?.unwrap_or_default();
    let limit = take_count(&mut fields, "limit", MAX_DIFFERENCES)?;
    let query = question::run_query(fields)?;
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.monitor_differs(DiffersQuery { query, area, limit }).await?))
}

/// Run names by latency, cost and failures: at most 50 in each list.
pub async fn find_top_names(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Top>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let limit = take_count(&mut fields, "limit", MAX_NAMES)?;
    let query = question::run_query(fields)?;
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.monitor_top(TopQuery { query, limit }).await?))
}

/// When values of metadata were first seen, of at most 10 keys; those of versions without a word.
pub async fn find_markers(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Markers>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let keys: Option<Vec<String>> = take(&mut fields, "keys")?;
    if let Some(keys) = &keys
        && (keys.len() > MAX_KEYS || keys.iter().any(|key| key.len() > MAX_KEY_BYTES))
    {
        let message = format!("at most {MAX_KEYS} keys of at most {MAX_KEY_BYTES} bytes");
        return Err(AppError::invalid("body", "keys", message));
    }
    let query = question::run_query(fields)?;
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.monitor_markers(MarkerQuery { query, keys }).await?))
}
