//! From one trace to the fleet: `POST /api/fanlight/v1/monitor/…`, numbers over many runs, by time.
//!
//! Each question is a query as `/runs/query` takes it (projects, range, root runs or all, filters) and what to make of the
//! runs that it finds. A run belongs to the instant it started. Answers are exact: they are computed from the runs.
//!
//! [`metric`] names what can be measured, [`group`] what runs are split by; [`series`] and [`heatmap`] draw charts,
//! [`exemplars`], [`differs`] and [`top`] lead from a chart to runs, [`markers`] says when something new appeared, and
//! [`spend`] what a month costs.

pub mod differs;
pub mod exemplars;
pub mod group;
pub mod heatmap;
pub mod markers;
pub mod metric;
pub mod series;
pub mod spend;
pub mod top;

pub use group::GroupKey;
pub use heatmap::{Area, Quantity};
pub use metric::Metric;
