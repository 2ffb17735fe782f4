//! Tokens and money of a run.

use fanlight_wire::Usd;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Tokens and costs by kind. `None` is unknown, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_tokens: Option<i64>,
    /// As sent, or the sum of the two above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cost: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_cost: Option<Usd>,
    /// As sent, or the sum of the two above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_cost: Option<Usd>,
    /// Parts of `prompt_tokens`: `cache_read`, `cache_creation`, `audio`, or any other name as sent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub prompt_token_details: BTreeMap<String, i64>,
    /// Parts of `completion_tokens`: `reasoning`, `audio`, or any other name as sent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub completion_token_details: BTreeMap<String, i64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub prompt_cost_details: BTreeMap<String, Usd>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub completion_cost_details: BTreeMap<String, Usd>,
}
