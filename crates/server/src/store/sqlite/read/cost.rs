//! How the cost of a run came about: its own, and the largest of what is below it.

use crate::model::OwnUsage;
use crate::pricing::PriceList;
use crate::pricing::explain::own_cost;
use crate::store::effort;
use crate::store::sqlite::codes::{blob, own_usage_from_column, run_type_from_code};
use anyhow::Result;
use fanlight_wire::cost::{Contributor, CostBelow, CostExplanation};
use fanlight_wire::{RunId, RunType, Timestamp, Usd};
use rusqlite::{Connection, OptionalExtension, Row};
use std::cmp::Reverse;
use std::collections::BinaryHeap;
use uuid::Uuid;

/// How many contributors are listed.
const N_LARGEST: usize = 10;
/// Rows looked at in search of them: enough for any trace but those of many equal costs side by side.
const MAX_ROWS: usize = 20_000;

const COLUMNS: &str = "r.pk, r.id, r.name, r.run_type, r.model, r.start_ns, r.own_usage, coalesce(r.total_cost, 0), \
     coalesce(r.n_total_costs, 0), coalesce(r.n_model_runs, 0)";

struct CostRow {
    pk: i64,
    id: RunId,
    name: String,
    run_type: RunType,
    model: Option<String>,
    start: Timestamp,
    own: OwnUsage,
    /// Of the run and everything below it.
    total: Usd,
    n_total_costs: i64,
    n_model_runs: i64,
}

impl CostRow {
    fn read(row: &Row) -> Result<Self> {
        Ok(CostRow {
            pk: row.get(0)?,
            id: RunId(Uuid::from_bytes(row.get(1)?)),
            name: row.get::<_, Option<String>>(2)?.unwrap_or_else(|| "unnamed".to_owned()),
            run_type: run_type_from_code(row.get(3)?),
            model: row.get(4)?,
            start: Timestamp(row.get(5)?),
            own: own_usage_from_column(row.get_ref(6)?.as_str_or_null()?)?,
            total: Usd::from_pico(row.get(7)?),
            n_total_costs: row.get(8)?,
            n_model_runs: row.get(9)?,
        })
    }

    /// A cost that stands on the run itself counts only while no model run in its tree has usage.
    fn own_cost(&self) -> Option<Usd> {
        let mut counted = self.own.unconditional(self.run_type);
        if self.n_model_runs == 0 {
            counted.add(&self.own.conditional(self.run_type));
        }
        counted.total_cost.value()
    }
}

/// `None` for a run that is not there.
pub fn explain(db: &Connection, prices: &PriceList, run: RunId) -> Result<Option<CostExplanation>> {
    let sql = format!("SELECT {COLUMNS} FROM runs r CROSS JOIN projects p ON p.pk = r.project WHERE r.id = ?1");
    let found = db.prepare_cached(&sql)?.query_row([blob(run.0)], |row| Ok(CostRow::read(row))).optional()?;
    let Some(row) = found.transpose()? else { return Ok(None) };
    let (model, is_model) = (row.model.as_deref(), row.own.is_model_usage(row.run_type));
    let own = own_cost(prices, &row.own, (row.run_type, model, row.start), row.n_model_runs == 0);
    let own_amount = row.own_cost();
    let n_with_cost = row.n_total_costs - i64::from(own_amount.is_some());
    let n_models_below = row.n_model_runs - i64::from(is_model);
    let below = (n_with_cost > 0 || n_models_below > 0).then(|| Search::below(db, row.pk)).transpose()?;
    let below = below.map(|search| CostBelow {
        cost: (n_with_cost > 0).then(|| row.total - own_amount.unwrap_or_default()),
        n_with_cost,
        // Without having seen all, what the counts leave no other way.
        n_without_price: if search.is_whole { search.n_without_price } else { (n_models_below - n_with_cost).max(0) },
        is_partial: search.may_have_missed(),
        largest: search.largest,
    });
    Ok(Some(CostExplanation { run_id: row.id, total_cost: (row.n_total_costs > 0).then_some(row.total), own, below }))
}

/// Looks for the largest costs below a run, the costliest subtrees first.
#[derive(Default)]
struct Search {
    largest: Vec<Contributor>,
    n_without_price: i64,
    /// Everything was seen.
    is_whole: bool,
    /// The costliest subtree that was not looked into.
    most_unseen: Option<Usd>,
}

impl Search {
    fn below(db: &Connection, pk: i64) -> Result<Search> {
        let sql = format!(
            "SELECT {COLUMNS} FROM runs r INDEXED BY runs_by_parent
             WHERE r.parent_pk = ?1 AND (r.n_total_costs > 0 OR r.n_model_runs > 0)"
        );
        let mut children = db.prepare_cached(&sql)?;
        let mut search = Search::default();
        let mut subtrees = BinaryHeap::from([(Usd::ZERO, pk)]);
        let mut n_rows = 0;
        while let Some((cost, pk)) = subtrees.pop() {
            if n_rows >= MAX_ROWS {
                search.most_unseen = Some(cost);
                break;
            }
            let mut rows = children.query([pk])?;
            while let Some(row) = rows.next()? {
                n_rows += 1;
                let row = CostRow::read(row)?;
                subtrees.push((row.total, row.pk));
                search.count(row);
            }
        }
        effort::looked_at(n_rows);
        search.is_whole = search.most_unseen.is_none();
        Ok(search)
    }

    fn count(&mut self, row: CostRow) {
        let Some(cost) = row.own_cost() else {
            self.n_without_price += i64::from(row.own.is_model_usage(row.run_type));
            return;
        };
        let CostRow { id: run_id, name, run_type, model, .. } = row;
        let position = self.largest.partition_point(|other| Reverse(other.cost) <= Reverse(cost));
        if position < N_LARGEST {
            self.largest.insert(position, Contributor { run_id, name, run_type, model, cost });
            self.largest.truncate(N_LARGEST);
        }
    }

    fn may_have_missed(&self) -> bool {
        let smallest = self.largest.get(N_LARGEST - 1).map_or(Usd::ZERO, |contributor| contributor.cost);
        self.most_unseen.is_some_and(|unseen| unseen > smallest)
    }
}
