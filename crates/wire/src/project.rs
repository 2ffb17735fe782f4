//! Projects; the API calls them sessions (`/sessions`).

use crate::feedback::FeedbackStats;
use crate::{ProjectId, RawJson, TenantId, Timestamp, Usd};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// A project, with statistics over its root runs when the query asked for them.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Project {
    pub id: ProjectId,
    pub tenant_id: TenantId,
    pub name: String,
    pub start_time: Timestamp,
    #[serde(default)]
    pub end_time: Option<Timestamp>,
    #[serde(default)]
    pub description: Option<String>,
    #[serde(default)]
    pub extra: Option<RawJson>,
    /// Set on experiments. The key must be there even when null: SDKs read it unguarded.
    #[serde(default)]
    pub reference_dataset_id: Option<Uuid>,
    #[serde(default)]
    pub default_dataset_id: Option<Uuid>,
    #[serde(default)]
    pub trace_tier: Option<String>,
    #[serde(flatten)]
    pub stats: Option<ProjectStats>,
}

/// Counts traces; latencies in seconds.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct ProjectStats {
    pub run_count: i64,
    pub latency_p50: Option<f64>,
    pub latency_p99: Option<f64>,
    pub first_token_p50: Option<f64>,
    pub first_token_p99: Option<f64>,
    pub total_tokens: i64,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub total_cost: Option<Usd>,
    pub prompt_cost: Option<Usd>,
    pub completion_cost: Option<Usd>,
    pub last_run_start_time: Option<Timestamp>,
    pub feedback_stats: Option<FeedbackStats>,
    pub session_feedback_stats: Option<FeedbackStats>,
    /// 0 to 1.
    pub error_rate: Option<f64>,
    /// Share of LLM runs that have a first token, 0 to 1.
    pub streaming_rate: Option<f64>,
}

/// The body of `POST /sessions`.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectCreate {
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<ProjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<RawJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_dataset_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_dataset_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_tier: Option<String>,
}

/// The body of `PATCH /sessions/{id}`; null means unchanged.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct ProjectUpdate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub description: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<RawJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub default_dataset_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_tier: Option<String>,
}
