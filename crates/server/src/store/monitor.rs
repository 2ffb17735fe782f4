//! Charts over many runs: the part of a [`super::Store`] that the Monitor page asks.

use super::StoreResult;
use async_trait::async_trait;
use fanlight_wire::ProjectId;
use fanlight_wire::monitor::differs::{Differs, DiffersQuery};
use fanlight_wire::monitor::exemplars::{ExemplarQuery, Exemplars};
use fanlight_wire::monitor::heatmap::{Heatmap, HeatmapQuery};
use fanlight_wire::monitor::markers::{MarkerQuery, Markers};
use fanlight_wire::monitor::series::{Series, SeriesQuery};
use fanlight_wire::monitor::spend::{BudgetWrite, Spend};
use fanlight_wire::monitor::top::{Top, TopQuery};

/// In every query, `end_time` is not part of the range. Fails with `Invalid` for a question that cannot be answered.
#[async_trait]
pub trait MonitorStore {
    /// Metrics over time; unknown time zones and too many buckets are `Invalid`.
    async fn monitor_series(&self, query: SeriesQuery) -> StoreResult<Series>;
    async fn monitor_heatmap(&self, query: HeatmapQuery) -> StoreResult<Heatmap>;
    async fn monitor_exemplars(&self, query: ExemplarQuery) -> StoreResult<Exemplars>;
    async fn monitor_differs(&self, query: DiffersQuery) -> StoreResult<Differs>;
    async fn monitor_top(&self, query: TopQuery) -> StoreResult<Top>;
    async fn monitor_markers(&self, query: MarkerQuery) -> StoreResult<Markers>;
    /// This month's, on the clocks of the zone, or UTC's.
    async fn find_spend(&self, project: ProjectId, time_zone: Option<String>) -> StoreResult<Spend>;
    async fn set_budget(&self, project: ProjectId, budget: BudgetWrite) -> StoreResult<BudgetWrite>;
}
