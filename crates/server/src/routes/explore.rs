//! `POST /api/fanlight/v1/runs/facets`, `…/histogram`, `…/suggest`: what a page shows beside a list of runs.
//!
//! For the dashboard, at every change of a filter; all three look at many runs, so a few at a time are answered and
//! others wait briefly, then get 429. Bodies up to 1 MiB: a query as `/runs/query` takes it, and what to make of it.
//! `limit`, `cursor`, `order` and `select` of the query do not count.

use super::beside::{check_facet, take, take_count};
use super::{json_body, question};
use crate::app::App;
use crate::error::{AppError, AppResult};
use axum::Json;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use fanlight_wire::run_stats::{FacetKey, FacetQuery, FacetValue, Facets, Histogram, HistogramQuery, SuggestQuery};

/// Facets counted in one request.
const MAX_FACETS: usize = 40;

/// Values listed of each facet.
const MAX_VALUES: usize = 200;

/// Bars of a histogram.
const MAX_BUCKETS: usize = 400;

/// Suggestions in one answer, and the longest text that is completed.
const MAX_SUGGESTIONS: usize = 100;
const MAX_TEXT_BYTES: usize = 1024;

/// How many runs have which value, per facet, and how many match the whole query. At most 40 facets of at most 200
/// values; larger numbers are taken as these.
pub async fn find_facets(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Facets>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let facets: Vec<FacetKey> = take(&mut fields, "facets")?.unwrap_or_default();
    if facets.len() > MAX_FACETS {
        return Err(AppError::invalid("body", "facets", format!("{} facets; at most {MAX_FACETS}", facets.len())));
    }
    facets.iter().try_for_each(|facet| check_facet("facets", facet))?;
    let max_values = take_count(&mut fields, "max_values", MAX_VALUES)?;
    let query = FacetQuery { query: question::run_query(fields)?, facets, max_values };
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.facets(query).await?))
}

/// Runs by start time and status, and by latency over time. At most 400 buckets.
pub async fn find_histogram(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<Histogram>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let n_buckets = take_count(&mut fields, "n_buckets", MAX_BUCKETS)?;
    let query = HistogramQuery { query: question::run_query(fields)?, n_buckets };
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.histogram(query).await?))
}

/// Values that begin with a text or contain it, with how many runs have them. At most 100.
pub async fn suggest_values(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Vec<FacetValue>>> {
    let mut fields = json_body::read_question(&app, &headers, body).await?;
    let of: FacetKey = take(&mut fields, "of")?.ok_or_else(|| AppError::invalid("body", "of", "is missing"))?;
    check_facet("of", &of)?;
    let text: String = take(&mut fields, "text")?.unwrap_or_default();
    if text.len() > MAX_TEXT_BYTES {
        let message = format!("has {} bytes; at most {MAX_TEXT_BYTES}", text.len());
        return Err(AppError::invalid("body", "text", message));
    }
    let limit = take_count(&mut fields, "limit", MAX_SUGGESTIONS)?;
    let query = SuggestQuery { query: question::run_query(fields)?, of, text, limit };
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.suggest(query).await?))
}
