//! The run names that are slowest, cost most and fail most.

use super::cells::{Cells, Sums, Values};
use super::series::slots;
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::percentile::percentile_s;
use crate::store::sqlite::index::predicate::{Measure, Predicate};
use crate::store::sqlite::index::scope::Scope;
use crate::store::sqlite::index::values::first_by;
use fanlight_wire::monitor::top::{MAX_NAMES, NameStats, Top};
use fanlight_wire::{RunType, Usd};
use std::cmp::Ordering;
use std::collections::HashMap;

const DEFAULT_NAMES: usize = 10;

/// What columns say of each name. [`Names::into_top`] sorts it out, without them.
pub struct Names {
    names: Vec<(String, RunType)>,
    n_runs: Sums,
    n_errors: Sums,
    tokens: Sums,
    cost: Sums,
    latency: Values,
}

impl Names {
    pub fn new(index: &Index, scope: &Scope, predicate: &Predicate) -> Names {
        let columns = &index.columns;
        let mut cell_of: HashMap<(u32, u8), u32> = HashMap::new();
        let mut names = Vec::new();
        let mut cells = Cells::default();
        for slot in slots(index, scope, predicate) {
            let key = (columns.name[slot as usize], columns.run_type[slot as usize]);
            let cell = *cell_of.entry(key).or_insert_with(|| {
                names.push((index.names.text(key.0).to_owned(), RunType::ALL[usize::from(key.1)]));
                names.len() as u32 - 1
            });
            cells.runs.push((slot, cell));
        }
        cells.n_cells = names.len();
        Names {
            n_runs: cells.counts(|_| true),
            n_errors: cells.counts(|slot| columns.has_error(slot)),
            tokens: cells.sums(|slot| columns.total_tokens[slot as usize]),
            cost: cells.sums(|slot| columns.total_cost[slot as usize]),
            latency: cells.values(|slot| Measure::Latency.of(columns, slot)),
            names,
        }
    }

    pub fn into_top(self, limit: Option<usize>) -> Top {
        let limit = limit.unwrap_or(DEFAULT_NAMES).clamp(1, MAX_NAMES);
        let Names { names, n_runs, n_errors, tokens, cost, mut latency } = self;
        let narrow = |sum: i128| sum.clamp(i64::MIN.into(), i64::MAX.into()) as i64;
        let stats = names.into_iter().enumerate().map(|(cell, (name, run_type))| {
            let latencies = latency.of(cell..cell + 1);
            NameStats {
                name,
                run_type,
                n_runs: n_runs.n[cell].into(),
                n_errors: n_errors.n[cell].into(),
                latency_p50: percentile_s(latencies, 0.5),
                latency_p95: percentile_s(latencies, 0.95),
                latency_max: percentile_s(latencies, 1.0),
                cost: (cost.n[cell] > 0).then(|| Usd::from_pico(narrow(cost.sum[cell]))),
                total_tokens: narrow(tokens.sum[cell]),
            }
        });
        let all: Vec<NameStats> = stats.collect();
        let largest = |compare: fn(&NameStats, &NameStats) -> Ordering, is_listed: fn(&NameStats) -> bool| {
            let listed: Vec<&NameStats> = all.iter().filter(|stats| is_listed(stats)).collect();
            let first = first_by(listed, limit, |a, b| compare(b, a).then_with(|| by_name(a, b)));
            first.into_iter().cloned().collect()
        };
        Top {
            n_names: all.len() as u64,
            slowest: largest(by_latency, |stats| stats.latency_p95.is_some()),
            costliest: largest(|a, b| a.cost.cmp(&b.cost), |stats| stats.cost.is_some_and(|cost| cost != Usd::ZERO)),
            most_failing: largest(|a, b| a.n_errors.cmp(&b.n_errors), |stats| stats.n_errors > 0),
        }
    }
}

fn by_latency(a: &NameStats, b: &NameStats) -> Ordering {
    a.latency_p95.unwrap_or(0.0).total_cmp(&b.latency_p95.unwrap_or(0.0))
}

fn by_name(a: &NameStats, b: &NameStats) -> Ordering {
    (&a.name, a.run_type as u8).cmp(&(&b.name, b.run_type as u8))
}
