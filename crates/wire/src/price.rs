//! Prices that people set: LangSmith's `/model-price-map`, and what Fanlight adds under `/api/fanlight/v1/prices/…`.

use crate::cost::PriceFactor;
use crate::{ProjectId, RunId, Timestamp, TraceId, Usd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// A price as it is set. It stands before the prices that Fanlight comes with.
///
/// Of several that fit a model, the one that took effect last before the run started counts; of those, the newest.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceWrite {
    pub name: String,
    /// A regular expression that some part of the model's name fits; `^` and `$` make it the whole.
    pub match_pattern: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub provider: Option<String>,
    /// Runs that started earlier have other prices; for all without a word.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// US dollars per token.
    pub prompt_cost: Option<Usd>,
    pub completion_cost: Option<Usd>,
    /// Kinds of tokens with a price of their own: `cache_read`, `cache_creation`, `audio`, or any other as SDKs send it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cost_details: Option<BTreeMap<String, Usd>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_cost_details: Option<BTreeMap<String, Usd>>,
    /// Other prices for larger requests. Fanlight's addition.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tiers: Vec<PriceTier>,
}

/// Prices of requests with more prompt tokens than some number; what is absent costs what it costs without tiers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceTier {
    pub above: i64,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cost: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_cost: Option<Usd>,
    /// Of tokens read from a cache.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_read_cost: Option<Usd>,
    /// Of tokens written to a cache, for minutes and for an hour.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write_cost: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cache_write_1h_cost: Option<Usd>,
}

/// A price that was set.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Price {
    pub id: Uuid,
    #[serde(flatten)]
    pub price: PriceWrite,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// `GET /api/fanlight/v1/prices`: the prices that Fanlight comes with, in the order in which they are tried.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippedPrices {
    /// The day that the list was made, and from what.
    pub as_of: String,
    pub sources: Vec<String>,
    pub prices: Vec<ShippedPrice>,
}

/// One of them. Set as a price of one's own it says the same, but for `peak` and what regions add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShippedPrice {
    #[serde(flatten)]
    pub price: PriceWrite,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
    /// Hours in which it is scaled.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub peak: Option<PriceFactor>,
}

/// `GET /api/fanlight/v1/prices/unpriced`: models of one's own runs whose cost nobody knows.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpricedModels {
    /// All of them, also when fewer are listed.
    pub n_models: u64,
    /// The most used first, at most 100.
    pub models: Vec<UnpricedModel>,
}

/// Runs that name a model and have its tokens by side, without a cost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnpricedModel {
    pub model: String,
    pub n_runs: u64,
    pub total_tokens: i64,
    /// Of the newest of the runs.
    pub last_start_time: Timestamp,
    /// A price fits by now: pricing these runs again gives them a cost.
    pub has_price: bool,
}

/// The body of `POST /api/fanlight/v1/prices/test`: what a price would make of one's own runs.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PriceTest {
    pub price: PriceWrite,
    /// The price that this one would replace.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub replaces: Option<Uuid>,
    #[serde(rename = "session_id", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// The newest runs of fitting models: 200 without a word, at most 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<usize>,
}

/// What came of it, over the newest model runs that the pattern fits.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceTested {
    /// Model names that the pattern fits, the most used in the sample first.
    pub models: Vec<ModelCount>,
    /// Runs in the sample.
    pub n_runs: u64,
    /// Of the newest model runs with tokens, at most as many as the sample may have: how many were looked at, and how many
    /// the pattern fits.
    #[serde(default)]
    pub n_newest: u64,
    #[serde(default)]
    pub n_newest_fitting: u64,
    /// Runs whose cost the client sent: no price changes it.
    pub n_sent: u64,
    /// Runs that this price would not be asked for: they started before it takes effect, or another of one's own counts.
    pub n_other_price: u64,
    pub n_changed: u64,
    /// Over the sample, as far as known.
    pub cost_before: Usd,
    pub cost_after: Usd,
    /// Some of the runs whose cost would change, newest first; at most 20.
    pub examples: Vec<PricedRun>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelCount {
    pub model: String,
    pub n_runs: u64,
}

/// One run under two prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PricedRun {
    pub run_id: RunId,
    pub trace_id: TraceId,
    #[serde(rename = "session_id")]
    pub project_id: ProjectId,
    pub name: String,
    pub model: String,
    pub start_time: Timestamp,
    pub prompt_tokens: Option<i64>,
    pub completion_tokens: Option<i64>,
    /// Absent: unknown.
    pub before: Option<Usd>,
    pub after: Option<Usd>,
}

/// The body of `POST /api/fanlight/v1/prices/reprice`: which runs are priced again. Everything, without a word.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct RepriceQuery {
    #[serde(rename = "session_id", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    /// Started then or later.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// Started before then.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
}

/// How far the last repricing is, or was.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Repricing {
    pub state: RepricingState,
    #[serde(flatten)]
    pub query: RepriceQuery,
    pub started_at: Timestamp,
    #[serde(default)]
    pub ended_at: Option<Timestamp>,
    /// 0 to 1.
    pub progress: f64,
    /// Runs with usage that were looked at, and those whose cost is another now.
    pub n_runs: u64,
    pub n_changed: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RepricingState {
    /// Goes on in the background, also after the server was stopped or killed.
    Running,
    Done,
    /// What was priced by then stays.
    Cancelled,
}
