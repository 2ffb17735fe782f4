//! Boards: charts of one's own, in an order of one's own (`/api/fanlight/v1/boards`).

use crate::monitor::series::GroupBy;
use crate::monitor::{Metric, Quantity};
use crate::{ProjectId, Timestamp};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// Most charts of a board, and most metrics of a chart.
pub const MAX_CHARTS: usize = 50;
pub const MAX_CHART_METRICS: usize = 8;

/// A board as it is kept.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Board {
    pub id: Uuid,
    #[serde(rename = "session_id")]
    pub project_id: ProjectId,
    /// Unique in its project.
    pub name: String,
    /// In the order in which they are shown.
    pub charts: Vec<Chart>,
    /// Counts changes, from 1.
    pub revision: i64,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
}

/// Runs, what is measured of them, and how it is drawn. Range and time zone are the board's reader's.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Chart {
    pub title: String,
    pub mark: Mark,
    /// 1 to 8; what a heatmap is of, is said by `of`.
    pub metrics: Vec<Metric>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of: Option<Quantity>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub group_by: Option<GroupBy>,
    pub runs: ChartRuns,
    /// As in every query.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub filter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_filter: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub tree_filter: Option<String>,
    /// Thirds of the board's width, 1 to 3.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub width: Option<u8>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Mark {
    #[default]
    Line,
    Bar,
    Area,
    /// One number for the whole range.
    Number,
    Table,
    Heatmap,
}

/// Which runs a chart looks at, before its filters.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChartRuns {
    /// Root runs.
    #[default]
    Traces,
    /// All runs.
    Runs,
    /// LLM and embedding runs.
    Models,
}

/// The body of `POST /api/fanlight/v1/boards`, and of `PATCH /api/fanlight/v1/boards/{id}`, where null means unchanged.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BoardWrite {
    /// Only of a new one: what was deleted can come back under the links to it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<Uuid>,
    #[serde(rename = "session_id", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub charts: Option<Vec<Chart>>,
    /// The revision that was changed: refused (409) when there is a newer one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}
