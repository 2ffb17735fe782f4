//! A few runs that show what a box of a chart is made of.

use super::area;
use super::series::slots;
use crate::store::sqlite::index::columns::ABSENT;
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::predicate::Predicate;
use crate::store::sqlite::index::scope::Scope;
use fanlight_wire::monitor::Area;
use fanlight_wire::monitor::exemplars::Why;
use std::collections::HashSet;

/// Random choices that may fall on a trace that is shown already, before there is none.
const MAX_TRIES: u64 = 16;

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FoundExemplars {
    pub n_runs: u64,
    pub n_errors: u64,
    /// Rows of runs, each of another trace.
    pub chosen: Vec<(Why, u32)>,
}

pub fn exemplars(index: &Index, scope: &Scope, predicate: &Predicate, area: &Area, seed: u64) -> FoundExemplars {
    let columns = &index.columns;
    let slots = slots(index, scope, &Predicate::all([predicate.clone(), area::predicate(area)]));
    let start = |slot: u32| (columns.start_ns[slot as usize], slot);
    let mut found = FoundExemplars { n_runs: slots.len() as u64, ..FoundExemplars::default() };
    let mut traces = HashSet::new();
    let mut choose = |why: Why, slot: Option<u32>| {
        let Some(slot) = slot else { return false };
        let is_new = traces.insert(columns.trace[slot as usize]);
        if is_new {
            found.chosen.push((why, columns.pk[slot as usize]));
        }
        is_new
    };
    let ended = slots.iter().copied().filter(|&slot| columns.latency_ns(slot) != ABSENT);
    let slowest = ended.max_by_key(|&slot| (columns.latency_ns(slot), start(slot)));
    choose(Why::Slowest, slowest);
    let failed = || slots.iter().copied().filter(|&slot| columns.has_error(slot));
    let slowest_trace = slowest.map(|slot| columns.trace[slot as usize]);
    let others = failed().filter(|&slot| Some(columns.trace[slot as usize]) != slowest_trace);
    choose(Why::Error, others.max_by_key(|&slot| start(slot)));
    let any = |attempt: u64| {
        let n = u64::try_from(slots.len()).ok().filter(|n| *n > 0)?;
        usize::try_from(mixed(seed.wrapping_add(attempt)) % n).ok().map(|idx| slots[idx])
    };
    (0..MAX_TRIES).any(|attempt| choose(Why::Random, any(attempt)));
    found.n_errors = failed().count() as u64;
    found
}

/// Neighbouring numbers, far apart (SplitMix64).
fn mixed(number: u64) -> u64 {
    let mut mixed = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    mixed ^ (mixed >> 31)
}
