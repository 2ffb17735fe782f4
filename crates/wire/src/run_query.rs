//! `POST /runs/query`: which runs, in what order, which fields.

use crate::{ProjectId, Run, RunId, RunType, Timestamp, TraceId};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// The body of `/runs/query`. All conditions must hold; what is absent or null does not restrict.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RunQuery {
    #[serde(rename = "id", skip_serializing_if = "Option::is_none")]
    pub ids: Option<Vec<RunId>>,
    #[serde(rename = "session", skip_serializing_if = "Option::is_none")]
    pub projects: Option<Vec<ProjectId>>,
    #[serde(rename = "session_id", skip_serializing_if = "Option::is_none")]
    pub project: Option<ProjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace: Option<TraceId>,
    #[serde(rename = "trace_id", skip_serializing_if = "Option::is_none")]
    pub trace_alias: Option<TraceId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub parent_run: Option<RunId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub is_root: Option<bool>,
    /// The older spelling of `is_root: true`; only 1 is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub execution_order: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_type: Option<RunType>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reference_example: Option<Vec<Uuid>>,
    /// Runs that started at or after this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// Runs that started at or before this instant.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_filter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree_filter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub search_filter: Option<String>,
    /// At most 100; more is taken as 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit: Option<i64>,
    /// From a previous page of the same query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cursor: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// What the order is of; the start time without a word. Fanlight's addition.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sort: Option<Sort>,
    /// Names of [`Run`] fields. Absent: everything the contract returns by default.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub select: Option<Vec<String>>,
}

/// What runs are ordered by; equal values by start, then by when they were first heard of. Runs without a value come last
/// in either order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sort {
    #[default]
    StartTime,
    Latency,
    FirstTokenLatency,
    TotalTokens,
    TotalCost,
    Name,
}

/// Of the start time, without [`Sort`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Order {
    Asc,
    #[default]
    Desc,
}

/// One page of runs.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct RunPage {
    pub runs: Vec<Run>,
    pub cursors: Cursors,
    #[serde(default)]
    pub parsed_query: Option<String>,
}

/// Where the neighbouring pages begin; `next` is null on the last page.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cursors {
    pub next: Option<String>,
    #[serde(default)]
    pub prev: Option<String>,
}
