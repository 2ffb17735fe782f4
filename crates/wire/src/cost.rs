//! `GET /api/fanlight/v1/runs/{run_id}/cost`: how a run's cost came about.

use crate::{RunId, RunType, Usd};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The sum of a run and everything below it, and the sums it is made of.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostExplanation {
    pub run_id: RunId,
    /// As the run itself says it; absent when nothing in it has a known cost.
    #[serde(default)]
    pub total_cost: Option<Usd>,
    /// What the run adds by itself.
    pub own: OwnCost,
    /// What the runs below it add; absent for a run without any that count.
    #[serde(default)]
    pub below: Option<CostBelow>,
}

/// What one run costs without the runs below it, and why.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "basis", rename_all = "snake_case")]
pub enum OwnCost {
    /// Nothing that costs: no tokens of a model and no cost sent.
    Nothing,
    /// The client sent the cost; prices do not apply.
    Sent {
        cost: Usd,
        /// What the client said about its parts. They need not sum to the whole.
        parts: Vec<SentPart>,
    },
    /// Tokens times prices. The parts sum to `cost` exactly.
    Priced { cost: Usd, price: Box<PriceRow>, parts: Vec<CostPart> },
    /// The cost was looked up when the run was stored, and today's price table would say something else or nothing.
    PricedEarlier { cost: Usd },
    /// There are tokens and no price: unknown, which is not zero.
    Unpriced { reason: NoPrice },
    /// Usage that is a copy of what a model run below reported, or stands on a run that is no model's: counted there.
    CountedBelow,
}

impl OwnCost {
    pub fn cost(&self) -> Option<Usd> {
        match self {
            OwnCost::Sent { cost, .. } | OwnCost::Priced { cost, .. } | OwnCost::PricedEarlier { cost } => Some(*cost),
            OwnCost::Nothing | OwnCost::Unpriced { .. } | OwnCost::CountedBelow => None,
        }
    }
}

/// Why there is no price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "why", rename_all = "snake_case")]
pub enum NoPrice {
    /// The run names no model.
    NoModel,
    /// The price table has no entry for the model.
    UnknownModel { model: String },
    /// The price table had none when the run was stored; it has one now.
    NoneThen { model: String },
    /// Only the sum of tokens is known: input and output have different prices.
    OnlyTotal { total_tokens: i64 },
}

/// A cost that the client sent with the run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SentPart {
    pub side: Side,
    /// Absent for the whole side.
    #[serde(default)]
    pub kind: Option<String>,
    pub cost: Usd,
}

/// What went in, or what came out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Side {
    Prompt,
    Completion,
}

/// Tokens of one kind at one price.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostPart {
    pub side: Side,
    /// `cache_read`, `reasoning`, …; absent for the tokens of the side that are of no kind named.
    #[serde(default)]
    pub kind: Option<String>,
    pub tokens: i64,
    /// US dollars per million tokens, before the factors of [`PriceRow`].
    pub usd_per_million: Usd,
    /// The kind has a price of its own; without one it has that of its side.
    pub has_own_price: bool,
    /// tokens × price × factors ÷ 1,000,000.
    pub cost: Usd,
}

/// The entry of the price table that was applied.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PriceRow {
    /// The model as the run names it.
    pub model: String,
    /// The entry's own name.
    pub id: String,
    /// Of a price that somebody set: where it is kept. Absent for those that Fanlight comes with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub own_id: Option<Uuid>,
    pub provider: String,
    /// The expression that the model's name fits.
    pub pattern: String,
    /// When the table was made, `2026-11-23`.
    pub as_of: String,
    pub sources: Vec<String>,
    #[serde(default)]
    pub note: Option<String>,
    /// The prices of requests with more prompt tokens than this.
    #[serde(default)]
    pub tier_above: Option<i64>,
    /// What scales every price of the row: a region, the hour of the day.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub factors: Vec<PriceFactor>,
}

/// One number that scales prices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PriceFactor {
    /// A decimal, such as `1.1`.
    pub factor: String,
    pub reason: String,
}

/// What the runs below a run add up to.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CostBelow {
    /// Absent when none of them has a known cost.
    #[serde(default)]
    pub cost: Option<Usd>,
    /// Runs with a cost of their own.
    pub n_with_cost: i64,
    /// Model runs with tokens and without a price: the sum is without them.
    pub n_without_price: i64,
    /// The largest, largest first.
    pub largest: Vec<Contributor>,
    /// The search for the largest was cut short: others may be as large.
    pub is_partial: bool,
}

/// A run below, with what it costs by itself.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Contributor {
    pub run_id: RunId,
    pub name: String,
    pub run_type: RunType,
    #[serde(default)]
    pub model: Option<String>,
    pub cost: Usd,
}
