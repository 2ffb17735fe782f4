//! `/model-price-map` (LangSmith's) and `/api/fanlight/v1/prices/…`: prices that people set, tried out, and applied to the
//! past.
//!
//! For everybody. A price counts for runs that arrive from then on; what past runs cost changes only by
//! `POST prices/reprice`.

use super::json_body;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::path_id;
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use fanlight_wire::Usd;
use fanlight_wire::price::{
    Price, PriceTest, PriceTested, PriceWrite, RepriceQuery, Repricing, ShippedPrices, UnpricedModels,
};
use serde_json::{Map, Value, json};
use uuid::Uuid;

const MAX_NAME_CHARS: usize = 100;
const MAX_PATTERN_BYTES: usize = 512;
const MAX_KINDS: usize = 50;
const MAX_KIND_BYTES: usize = 64;
const MAX_TIERS: usize = 10;

/// A million dollars per million tokens: more is a slip.
const MAX_PER_TOKEN: Usd = Usd { picodollars: 1_000_000_000_000 };

/// Where LangSmith looks for the name of a model. Fanlight looks there, too, and nowhere else.
const MATCH_PATH: [&str; 5] = ["model", "model_name", "model_id", "model_path", "endpoint_name"];

/// `GET /model-price-map`: every price that somebody set, oldest first.
pub async fn list_prices(State(app): State<App>) -> AppResult<Json<Vec<Value>>> {
    let tenant = app.store.tenant_id();
    Ok(Json(app.store.list_prices().await?.iter().map(|price| in_contract(price, tenant.0)).collect()))
}

/// `POST /model-price-map`: a name of 1 to 100 characters, a pattern of at most 512 bytes that is a regular expression,
/// prices per token from 0 to 1 dollar, at most 50 kinds of tokens and 10 tiers. At most 500 prices.
pub async fn create_price(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<(StatusCode, Json<Value>)> {
    let price = read_price(&app, &headers, body).await?;
    let made = app.store.create_price(price).await?;
    Ok((StatusCode::CREATED, Json(in_contract(&made, app.store.tenant_id().0))))
}

/// `PUT /model-price-map/{id}`: the price as a whole, under the same rules.
pub async fn update_price(
    State(app): State<App>,
    Path(price_id): Path<String>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<Json<Value>> {
    let price_id: Uuid = path_id("price_id", &price_id)?;
    let price = read_price(&app, &headers, body).await?;
    let changed = app.store.update_price(price_id, price).await?;
    Ok(Json(in_contract(&changed, app.store.tenant_id().0)))
}

/// `DELETE /model-price-map/{id}`.
pub async fn delete_price(State(app): State<App>, Path(price_id): Path<String>) -> AppResult<StatusCode> {
    app.store.delete_price(path_id("price_id", &price_id)?).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `GET prices`: the prices that Fanlight comes with, as one would set them oneself; those that were set are at
/// `/model-price-map`.
pub async fn list_shipped_prices(State(app): State<App>) -> Json<ShippedPrices> {
    Json(app.store.shipped_prices())
}

/// `GET prices/unpriced`: the models of runs whose cost nobody knows, the most used first, at most 100. Looks at every run,
/// so a few at a time are answered.
pub async fn list_unpriced_models(State(app): State<App>) -> AppResult<Json<UnpricedModels>> {
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.list_unpriced_models().await?))
}

/// `POST prices/test`: what a price would make of the newest runs of models that its pattern fits, at most 1,000. Changes
/// nothing. Looks at many runs, so a few at a time are answered.
pub async fn test_price(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Json<PriceTested>> {
    let test: PriceTest = json_body::read_fields(&app, &headers, body).await?;
    check(&test.price)?;
    let _turn = app.heavy_reads.take().await?;
    Ok(Json(app.store.test_price(test).await?))
}

/// `POST prices/reprice`: prices past runs by today's prices, of one project or all, in a range or ever. 202 with how far
/// it is; 409 while another one runs. What clients sent as cost stays.
pub async fn start_repricing(
    State(app): State<App>,
    headers: HeaderMap,
    body: Body,
) -> AppResult<(StatusCode, Json<Repricing>)> {
    let query: RepriceQuery = json_body::read_fields(&app, &headers, body).await?;
    Ok((StatusCode::ACCEPTED, Json(app.store.start_repricing(query).await?)))
}

/// `GET prices/reprice`: how far the last one is; null when there never was one, which is no error.
pub async fn find_repricing(State(app): State<App>) -> AppResult<Json<Option<Repricing>>> {
    Ok(Json(app.store.find_repricing().await?))
}

/// `DELETE prices/reprice`: stops it; what was priced by then stays. 404 when none is running.
pub async fn cancel_repricing(State(app): State<App>) -> AppResult<Json<Repricing>> {
    Ok(Json(app.store.cancel_repricing().await?))
}

async fn read_price(app: &App, headers: &HeaderMap, body: Body) -> AppResult<PriceWrite> {
    let mut fields: Map<String, Value> = json_body::read(app, headers, body).await?;
    if let Some(path) = fields.remove("match_path")
        && !path.as_array().is_some_and(|path| path.iter().all(|key| MATCH_PATH.iter().any(|known| key == known)))
    {
        let message = format!("the name of a model is looked for in {}", MATCH_PATH.join(", "));
        return Err(AppError::invalid("body", "match_path", message));
    }
    // Null means absent, also where there would be a list.
    fields.retain(|_, value| !value.is_null());
    let price: PriceWrite = json_body::from_fields(fields)?;
    check(&price)?;
    Ok(price)
}

fn check(price: &PriceWrite) -> AppResult<()> {
    let invalid = |field: &str, message: String| Err(AppError::invalid("body", field, message));
    let n_chars = price.name.trim().chars().count();
    if n_chars == 0 || n_chars > MAX_NAME_CHARS {
        return invalid("name", format!("has 1 to {MAX_NAME_CHARS} characters"));
    }
    if price.match_pattern.is_empty() || price.match_pattern.len() > MAX_PATTERN_BYTES {
        return invalid("match_pattern", format!("has 1 to {MAX_PATTERN_BYTES} bytes"));
    }
    if price.prompt_cost.is_none() && price.completion_cost.is_none() {
        return invalid("prompt_cost", "one of prompt_cost and completion_cost is needed".to_owned());
    }
    let details = [&price.prompt_cost_details, &price.completion_cost_details];
    for kinds in details.into_iter().flatten() {
        if kinds.len() > MAX_KINDS || kinds.keys().any(|kind| kind.is_empty() || kind.len() > MAX_KIND_BYTES) {
            let message = format!("at most {MAX_KINDS} kinds of at most {MAX_KIND_BYTES} bytes");
            return invalid("prompt_cost_details", message);
        }
    }
    if price.tiers.len() > MAX_TIERS || price.tiers.iter().any(|tier| tier.above < 1) {
        return invalid("tiers", format!("at most {MAX_TIERS}, each above 1 token or more"));
    }
    let of_kinds = details.into_iter().flatten().flat_map(|kinds| kinds.values().copied());
    let of_tiers = price.tiers.iter().flat_map(|tier| [tier.prompt_cost, tier.completion_cost, tier.cache_read_cost]);
    let mut all = of_kinds.chain(of_tiers.flatten()).chain(price.prompt_cost).chain(price.completion_cost);
    if all.any(|cost| cost < Usd::ZERO || cost > MAX_PER_TOKEN) {
        return invalid("prompt_cost", "prices are US dollars per token, from 0 to 1".to_owned());
    }
    Ok(())
}

/// As LangSmith's clients read it.
fn in_contract(price: &Price, tenant: Uuid) -> Value {
    let mut value = json!(price);
    value["tenant_id"] = json!(tenant);
    value["match_path"] = json!(MATCH_PATH);
    value
}
