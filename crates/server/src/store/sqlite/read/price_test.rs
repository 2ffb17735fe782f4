//! What a price would make of the runs that are there, before anybody sets it.

use super::Reading;
use super::question::Question;
use crate::model::OwnUsage;
use crate::pricing::{OwnPrice, PriceList};
use crate::store::sqlite::codes::{own_usage_from_column, run_type_from_code};
use crate::store::sqlite::index::memory::UNNAMED;
use crate::store::sqlite::index::monitor::measures::is_model_run;
use crate::store::sqlite::index::predicate::{Id, Predicate};
use crate::store::sqlite::prices::find;
use crate::store::sqlite::write::thread::now_ns;
use crate::store::{StoreError, StoreResult};
use fanlight_wire::price::{ModelCount, PriceTest, PriceTested, PricedRun};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, RunId, RunType, Timestamp, TraceId};
use rusqlite::{Connection, OptionalExtension};
use std::cmp::Reverse;
use std::collections::BTreeMap;
use uuid::Uuid;

const DEFAULT_RUNS: usize = 200;
const MAX_RUNS: usize = 1_000;
const MAX_EXAMPLES: usize = 20;

/// A run with what it takes to price it.
struct UsedModel {
    run: PricedRun,
    run_type: RunType,
    own: OwnUsage,
}

pub fn test(reading: &Reading, prices: &PriceList, test: &PriceTest) -> StoreResult<PriceTested> {
    // Under an id of its own, or of the one that it replaces.
    let id = test.replaces.unwrap_or_else(Uuid::new_v4);
    let replaced = match test.replaces {
        Some(id) => Some(find(reading.db, id)?.ok_or_else(|| StoreError::NotFound(format!("there is no price {id}")))?),
        None => None,
    };
    let created = replaced.map_or(Timestamp(now_ns()), |price| price.created_at);
    let invalid = |error: crate::pricing::PriceTableError| StoreError::Invalid(format!("match_pattern: {error}"));
    let draft = || OwnPrice::new(id, &test.price, created).map_err(invalid);
    let fitting = draft()?;
    let with_draft = prices.with_draft(draft()?);
    let limit = test.limit.unwrap_or(DEFAULT_RUNS).clamp(1, MAX_RUNS);
    let mut tested = PriceTested::default();
    (tested.n_newest, tested.n_newest_fitting) = newest_of_all(reading, test.project_id, &fitting, limit)?;
    let mut n_by_model: BTreeMap<String, u64> = BTreeMap::new();
    for pk in newest_runs(reading, test.project_id, &fitting, limit)? {
        let Some(used) = read_run(reading.db, pk)? else { continue };
        *n_by_model.entry(used.run.model.clone()).or_default() += 1;
        add(&mut tested, used, &with_draft, id);
    }
    tested.models = n_by_model.into_iter().map(|(model, n_runs)| ModelCount { model, n_runs }).collect();
    tested.models.sort_by_key(|count| Reverse(count.n_runs));
    Ok(tested)
}

/// Counts a run, priced anew unless its cost was sent.
fn add(tested: &mut PriceTested, used: UsedModel, prices: &PriceList, draft: Uuid) {
    let UsedModel { mut run, run_type, mut own } = used;
    run.before = own.unconditional(run_type).total_cost.value();
    if own.sent.has_cost() {
        tested.n_sent += 1;
    } else {
        let is_asked_for = prices.own_price(&run.model, run.start_time) == Some(draft);
        tested.n_other_price += u64::from(!is_asked_for);
        if is_asked_for {
            own.priced = prices.cost(&run.model, &own.sent, run.start_time);
        }
    }
    run.after = own.unconditional(run_type).total_cost.value();
    tested.n_runs += 1;
    tested.cost_before += run.before.unwrap_or_default();
    tested.cost_after += run.after.unwrap_or_default();
    if run.before != run.after {
        tested.n_changed += 1;
        if tested.examples.len() < MAX_EXAMPLES {
            tested.examples.push(run);
        }
    }
}

/// Rows of the newest model runs whose model's name fits.
fn newest_runs(reading: &Reading, project: Option<ProjectId>, price: &OwnPrice, limit: usize) -> StoreResult<Vec<u32>> {
    let scope = Question::of(reading, &RunQuery { project, ..RunQuery::default() })?.scope;
    let index = reading.index.read();
    let columns = &index.columns;
    let fits = Predicate::In(Id::Model, index.models.matching(|model| price.fits(model)));
    let mut found = Vec::new();
    for slots in scope.orders(&index) {
        let fitting = slots.iter().rev().filter(|&&slot| is_model_run(columns, slot) && fits.holds(columns, slot));
        found.extend(fitting.take(limit).map(|&slot| (columns.start_ns[slot as usize], columns.pk[slot as usize])));
    }
    found.sort_unstable_by_key(|place| Reverse(*place));
    found.truncate(limit);
    Ok(found.into_iter().map(|(_, pk)| pk).collect())
}

/// Of the newest model runs with tokens, whatever the model: how many there are up to `limit`, and how many fit.
fn newest_of_all(
    reading: &Reading,
    project: Option<ProjectId>,
    price: &OwnPrice,
    limit: usize,
) -> StoreResult<(u64, u64)> {
    let scope = Question::of(reading, &RunQuery { project, ..RunQuery::default() })?.scope;
    let index = reading.index.read();
    let columns = &index.columns;
    let fits = Predicate::In(Id::Model, index.models.matching(|model| price.fits(model)));
    let has_tokens = |slot: u32| is_model_run(columns, slot) && columns.total_tokens[slot as usize] > 0;
    let mut newest = Vec::new();
    for slots in scope.orders(&index) {
        let used = slots.iter().rev().copied().filter(|&slot| has_tokens(slot)).take(limit);
        newest.extend(used.map(|slot| (columns.start_ns[slot as usize], slot)));
    }
    newest.sort_unstable_by_key(|place| Reverse(*place));
    newest.truncate(limit);
    let n_fitting = newest.iter().filter(|(_, slot)| fits.holds(columns, *slot)).count();
    Ok((newest.len() as u64, n_fitting as u64))
}

/// `None`: it was deleted just now.
fn read_run(db: &Connection, pk: u32) -> StoreResult<Option<UsedModel>> {
    let mut statement = db.prepare_cached(
        "SELECT r.id, t.id, p.id, r.name, r.model, r.start_ns, r.run_type, r.own_usage
         FROM runs r JOIN traces t ON t.pk = r.trace JOIN projects p ON p.pk = r.project WHERE r.pk = ?1",
    )?;
    let read = |row: &rusqlite::Row| -> anyhow::Result<UsedModel> {
        let own = own_usage_from_column(row.get_ref(7)?.as_str_or_null()?)?;
        let run = PricedRun {
            run_id: RunId(Uuid::from_bytes(row.get(0)?)),
            trace_id: TraceId(Uuid::from_bytes(row.get(1)?)),
            project_id: ProjectId(Uuid::from_bytes(row.get(2)?)),
            name: row.get::<_, Option<String>>(3)?.unwrap_or_else(|| UNNAMED.to_owned()),
            model: row.get::<_, Option<String>>(4)?.unwrap_or_default(),
            start_time: Timestamp(row.get(5)?),
            prompt_tokens: own.sent.prompt_tokens,
            completion_tokens: own.sent.completion_tokens,
            before: None,
            after: None,
        };
        Ok(UsedModel { run, run_type: run_type_from_code(row.get(6)?), own })
    };
    let found = statement.query_row([pk], |row| Ok(read(row))).optional()?;
    Ok(found.transpose()?)
}
