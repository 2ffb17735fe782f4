//! Narrow rows of one trace.

use crate::store::sqlite::codes::{blob, own_usage_from_column, run_type_from_code, status_from_code};
use anyhow::Result;
use fanlight_wire::skeleton::NO_RUN;
use fanlight_wire::{RunId, RunStatus, RunType};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

pub struct Row {
    pub pk: i64,
    pub id: Uuid,
    pub parent_pk: Option<i64>,
    pub is_root: bool,
    pub project: i64,
    pub name: u32,
    pub model: u32,
    pub run_type: RunType,
    pub status: RunStatus,
    pub start_ns: i64,
    pub end_ns: Option<i64>,
    pub order_us: i64,
    pub first_token_ns: Option<i64>,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub cached_tokens: i64,
    pub reasoning_tokens: i64,
    pub cost_pico: i64,
    /// How many costs `cost_pico` is the sum of: without any it is unknown.
    pub n_costs: i64,
}

/// By `pk`, each with the position of its parent (`NO_RUN`: not among them).
pub struct Rows {
    pub all: Vec<Row>,
    pub parents: Vec<u32>,
    pub strings: Vec<String>,
}

/// Enough of a row to see whether it matters.
pub struct Outline {
    pub pk: i64,
    pub parent_pk: Option<i64>,
    pub length_ns: i64,
    pub cost_pico: i64,
    pub is_error: bool,
}

const COLUMNS: &str =
    "pk, id, parent_pk, waiting_parent IS NULL, project, name, model, run_type, status, start_ns, end_ns,
    coalesce(order_us, start_ns / 1000), first_token_ns, coalesce(prompt_tokens, 0), coalesce(completion_tokens, 0),
    coalesce(total_cost, 0), coalesce(n_total_costs, 0), own_usage";

pub fn load_all(db: &Connection, trace: i64, n_expected: usize) -> Result<Rows> {
    let mut loading = Loading::with_capacity(n_expected);
    loading.read(of_trace(db)?.query([trace])?, |_| true)?;
    Ok(loading.finish())
}

/// Only the rows of `chosen`. Reads all of the trace.
pub fn load_chosen(db: &Connection, trace: i64, chosen: &BTreeSet<i64>) -> Result<Rows> {
    let mut loading = Loading::with_capacity(chosen.len());
    loading.read(of_trace(db)?.query([trace])?, |pk| chosen.contains(&pk))?;
    Ok(loading.finish())
}

/// A run of the trace and what is above it, from the run up.
pub fn path_up(db: &Connection, trace: i64, id: RunId) -> Result<Vec<i64>> {
    let run = db
        .prepare_cached("SELECT pk FROM runs WHERE id = ?1 AND trace = ?2")?
        .query_row((blob(id.0), trace), |row| row.get(0))
        .optional()?;
    let mut parent = db.prepare_cached("SELECT parent_pk FROM runs WHERE pk = ?1")?;
    let mut path: Vec<i64> = Vec::new();
    let mut next: Option<i64> = run;
    while let Some(pk) = next {
        path.push(pk);
        next = parent.query_row([pk], |row| row.get(0)).optional()?.flatten();
    }
    Ok(path)
}

/// `runs`, as far as they are in the trace, and everything above them.
pub fn load_with_ancestors(db: &Connection, trace: i64, runs: &[i64]) -> Result<Rows> {
    let mut loading = Loading::with_capacity(runs.len());
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM runs WHERE pk = ?1 AND trace = ?2"))?;
    let mut seen = BTreeSet::new();
    for &run in runs {
        let mut next = Some(run);
        while let Some(pk) = next.filter(|&pk| seen.insert(pk)) {
            let n_before = loading.all.len();
            loading.read(statement.query([pk, trace])?, |_| true)?;
            next = loading.all.get(n_before).and_then(|row| row.parent_pk);
        }
    }
    loading.all.sort_unstable_by_key(|row| row.pk);
    Ok(loading.finish())
}

pub fn load_outlines(db: &Connection, trace: i64) -> Result<Vec<Outline>> {
    let mut statement = db.prepare_cached(
        "SELECT pk, parent_pk, coalesce(end_ns - start_ns, 0), coalesce(total_cost, 0), status
         FROM runs INDEXED BY runs_by_trace WHERE trace = ?1",
    )?;
    let outlines = statement.query_map([trace], |row| {
        Ok(Outline {
            pk: row.get(0)?,
            parent_pk: row.get(1)?,
            length_ns: row.get(2)?,
            cost_pico: row.get(3)?,
            is_error: status_from_code(row.get(4)?) == RunStatus::Error,
        })
    })?;
    Ok(outlines.collect::<rusqlite::Result<_>>()?)
}

/// What is left to each run when its children have taken theirs.
pub fn subtract_children(rows: &mut [Row], parents: &[u32]) {
    let sums: Vec<_> =
        rows.iter().map(|row| (row.prompt_tokens, row.completion_tokens, row.cost_pico, row.n_costs)).collect();
    for (&parent, sum) in parents.iter().zip(sums).filter(|(parent, _)| **parent != NO_RUN) {
        let parent = &mut rows[parent as usize];
        parent.prompt_tokens = parent.prompt_tokens.saturating_sub(sum.0);
        parent.completion_tokens = parent.completion_tokens.saturating_sub(sum.1);
        parent.cost_pico = parent.cost_pico.saturating_sub(sum.2);
        parent.n_costs -= sum.3;
    }
}

/// Rows of one trace come by `pk`: an index ends in the row's number.
fn of_trace(db: &Connection) -> rusqlite::Result<rusqlite::CachedStatement<'_>> {
    db.prepare_cached(&format!("SELECT {COLUMNS} FROM runs INDEXED BY runs_by_trace WHERE trace = ?1"))
}

struct Loading {
    all: Vec<Row>,
    strings: Vec<String>,
    string_idx: HashMap<String, u32>,
}

impl Loading {
    fn with_capacity(n_rows: usize) -> Self {
        Loading { all: Vec::with_capacity(n_rows), strings: Vec::new(), string_idx: HashMap::new() }
    }

    fn read(&mut self, mut rows: rusqlite::Rows, is_wanted: impl Fn(i64) -> bool) -> Result<()> {
        while let Some(row) = rows.next()? {
            let pk = row.get(0)?;
            if !is_wanted(pk) {
                continue;
            }
            let parent_pk: Option<i64> = row.get(2)?;
            let name = self.string(row.get_ref(5)?.as_str_or_null()?.unwrap_or("unnamed"));
            let model = row.get_ref(6)?.as_str_or_null()?.map(|model| self.string(model));
            let (cached_tokens, reasoning_tokens) = token_details(row.get_ref(17)?.as_str_or_null()?)?;
            self.all.push(Row {
                pk,
                id: Uuid::from_bytes(row.get(1)?),
                parent_pk,
                is_root: parent_pk.is_none() && row.get(3)?,
                project: row.get(4)?,
                name,
                model: model.unwrap_or(NO_RUN),
                run_type: run_type_from_code(row.get(7)?),
                status: status_from_code(row.get(8)?),
                start_ns: row.get(9)?,
                end_ns: row.get(10)?,
                order_us: row.get(11)?,
                first_token_ns: row.get(12)?,
                prompt_tokens: row.get(13)?,
                completion_tokens: row.get(14)?,
                cached_tokens,
                reasoning_tokens,
                cost_pico: row.get(15)?,
                n_costs: row.get(16)?,
            });
        }
        Ok(())
    }

    fn string(&mut self, text: &str) -> u32 {
        if let Some(&idx) = self.string_idx.get(text) {
            return idx;
        }
        let idx = self.strings.len() as u32;
        self.strings.push(text.to_owned());
        self.string_idx.insert(text.to_owned(), idx);
        idx
    }

    fn finish(self) -> Rows {
        debug_assert!(self.all.is_sorted_by_key(|row| row.pk));
        let position = |pk: i64| self.all.binary_search_by_key(&pk, |row| row.pk).map_or(NO_RUN, |idx| idx as u32);
        let parents = self.all.iter().map(|row| row.parent_pk.map_or(NO_RUN, position)).collect();
        Rows { all: self.all, parents, strings: self.strings }
    }
}

/// Cached and reasoning tokens of a run's own usage.
fn token_details(own_usage: Option<&str>) -> Result<(i64, i64)> {
    // Most runs have none: their JSON need not be read.
    let Some(text) = own_usage.filter(|text| text.contains("\"cache_read\"") || text.contains("\"reasoning\"")) else {
        return Ok((0, 0));
    };
    let sent = own_usage_from_column(Some(text))?.sent;
    let detail = |of: &std::collections::BTreeMap<String, i64>, name: &str| of.get(name).copied().unwrap_or(0).max(0);
    Ok((detail(&sent.prompt_token_details, "cache_read"), detail(&sent.completion_token_details, "reasoning")))
}
