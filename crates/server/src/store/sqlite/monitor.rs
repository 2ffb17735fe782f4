//! The Monitor page's questions, each one read, and budgets.

use super::SqliteStore;
use super::read::{monitor, spend};
use super::write::thread::now_ns;
use super::write::transaction::Transaction;
use crate::store::monitor::MonitorStore;
use crate::store::{StoreError, StoreResult};
use async_trait::async_trait;
use fanlight_wire::ProjectId;
use fanlight_wire::monitor::differs::{Differs, DiffersQuery};
use fanlight_wire::monitor::exemplars::{ExemplarQuery, Exemplars};
use fanlight_wire::monitor::heatmap::{Heatmap, HeatmapQuery};
use fanlight_wire::monitor::markers::{MarkerQuery, Markers};
use fanlight_wire::monitor::series::{Series, SeriesQuery};
use fanlight_wire::monitor::spend::{BudgetWrite, Spend};
use fanlight_wire::monitor::top::{Top, TopQuery};

#[async_trait]
impl MonitorStore for SqliteStore {
    async fn monitor_series(&self, query: SeriesQuery) -> StoreResult<Series> {
        self.reader.read(move |reading| monitor::series(reading, &query)).await
    }

    async fn monitor_heatmap(&self, query: HeatmapQuery) -> StoreResult<Heatmap> {
        self.reader.read(move |reading| monitor::heatmap(reading, &query)).await
    }

    async fn monitor_exemplars(&self, query: ExemplarQuery) -> StoreResult<Exemplars> {
        self.reader.read(move |reading| monitor::exemplars(reading, &query)).await
    }

    async fn monitor_differs(&self, query: DiffersQuery) -> StoreResult<Differs> {
        self.reader.read(move |reading| monitor::differs(reading, &query)).await
    }

    async fn monitor_top(&self, query: TopQuery) -> StoreResult<Top> {
        self.reader.read(move |reading| monitor::top(reading, &query)).await
    }

    async fn monitor_markers(&self, query: MarkerQuery) -> StoreResult<Markers> {
        self.reader.read(move |reading| monitor::markers(reading, &query)).await
    }

    async fn find_spend(&self, project: ProjectId, time_zone: Option<String>) -> StoreResult<Spend> {
        self.reader.read(move |reading| spend::spend(reading, project, time_zone.as_deref(), now_ns())).await
    }

    async fn set_budget(&self, project: ProjectId, budget: BudgetWrite) -> StoreResult<BudgetWrite> {
        self.change(move |transaction| set_budget(transaction, project, budget)).await
    }
}

fn set_budget(transaction: &mut Transaction, project: ProjectId, budget: BudgetWrite) -> anyhow::Result<BudgetWrite> {
    let monthly = budget.monthly.map(|monthly| monthly.picodollars);
    let sql = "UPDATE projects SET monthly_budget = ?2 WHERE id = ?1";
    match transaction.db.execute(sql, rusqlite::params![super::codes::blob(project.0), monthly])? {
        0 => Err(StoreError::NotFound(format!("there is no project {project}")).into()),
        _ => Ok(budget),
    }
}
