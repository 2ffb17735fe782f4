//! What the runs in a box have that the others have not, value by value.

use super::steps::steps;
use super::{area, series::slots};
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::predicate::{Id, Predicate};
use crate::store::sqlite::index::scope::Scope;
use crate::store::sqlite::index::values::{Countable, Tally, first_by};
use fanlight_wire::monitor::Area;
use fanlight_wire::monitor::differs::{Difference, Differs, MAX_DIFFERENCES};
use fanlight_wire::run_stats::FacetKey;
use std::collections::HashMap;

const DEFAULT_DIFFERENCES: usize = 20;

/// Shares that differ by less than so many standard errors may differ by chance.
const MIN_Z: f64 = 3.0;

/// A key of metadata whose values are as many as this, and more than half as many as its runs, names runs.
const MIN_UNIQUE: usize = 50;

const FACETS: [FacetKey; 7] = [
    FacetKey::Name,
    FacetKey::RunType,
    FacetKey::Status,
    FacetKey::ErrorKind,
    FacetKey::Model,
    FacetKey::Provider,
    FacetKey::Tag,
];

/// Runs with a value, inside and outside.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct Sides {
    inside: u64,
    outside: u64,
}

pub fn differs(index: &Index, scope: &Scope, predicate: &Predicate, area: &Area, limit: Option<usize>) -> Differs {
    let limit = limit.unwrap_or(DEFAULT_DIFFERENCES).clamp(1, MAX_DIFFERENCES);
    let is_inside = area::predicate(area);
    let (inside, outside): (Vec<u32>, Vec<u32>) =
        slots(index, scope, predicate).into_iter().partition(|&slot| is_inside.holds(&index.columns, slot));
    let whole = Sides { inside: inside.len() as u64, outside: outside.len() as u64 };
    let mut differs = Differs { n_inside: whole.inside, n_outside: whole.outside, ..Differs::default() };
    if inside.is_empty() || outside.is_empty() {
        return differs;
    }
    let mut found = Vec::new();
    for facet in FACETS {
        for (value, sides) in facet_sides(index, &facet, &inside, &outside) {
            found.extend(difference(&facet, value, sides, whole));
        }
    }
    let (of_metadata, skipped) = metadata_sides(index, &inside, &outside);
    for ((key, value), sides) in of_metadata {
        let facet = FacetKey::Metadata(index.metadata.keys.text(key).to_owned());
        found.extend(difference(&facet, index.metadata.label(value), sides, whole));
    }
    differs.values = first_by(found, limit, |a, b| {
        let size = |one: &Difference| (one.share_inside - one.share_outside).abs();
        size(b).total_cmp(&size(a)).then_with(|| (&a.key, &a.value).cmp(&(&b.key, &b.value)))
    });
    differs.skipped = skipped;
    if scope.is_root == Some(true) {
        differs.steps = steps(index, scope, &inside, &outside, limit);
    }
    differs
}

/// `None`: the shares may differ by chance.
fn difference(key: &FacetKey, value: String, sides: Sides, whole: Sides) -> Option<Difference> {
    let share = |n: u64, of: u64| n as f64 / of as f64;
    let (share_inside, share_outside) = (share(sides.inside, whole.inside), share(sides.outside, whole.outside));
    let pooled = share(sides.inside + sides.outside, whole.inside + whole.outside);
    let variance = pooled * (1.0 - pooled) * (1.0 / whole.inside as f64 + 1.0 / whole.outside as f64);
    let is_news = variance > 0.0 && (share_inside - share_outside).abs() / variance.sqrt() >= MIN_Z;
    is_news.then(|| Difference {
        key: key.clone(),
        value,
        n_inside: sides.inside,
        n_outside: sides.outside,
        share_inside,
        share_outside,
    })
}

fn facet_sides(index: &Index, facet: &FacetKey, inside: &[u32], outside: &[u32]) -> HashMap<String, Sides> {
    let mut sides: HashMap<String, Sides> = HashMap::new();
    let Some(countable) = Countable::of(index, facet) else { return sides };
    let tally = |slots: &[u32]| {
        let mut tally = Tally::new(countable.clone());
        slots.iter().for_each(|&slot| tally.add(&index.columns, slot));
        tally.finish(index).values
    };
    for (value, n) in tally(inside) {
        sides.entry(value.into_owned()).or_default().inside = n;
    }
    for (value, n) in tally(outside) {
        sides.entry(value.into_owned()).or_default().outside = n;
    }
    sides
}

/// Entries of metadata (key and value), and the keys whose values name runs.
fn metadata_sides(index: &Index, inside: &[u32], outside: &[u32]) -> (HashMap<(u32, u32), Sides>, Vec<String>) {
    let mut by_set: HashMap<u32, Sides> = HashMap::new();
    let set = |slot: u32| Id::Metadata.of(&index.columns, slot);
    inside.iter().for_each(|&slot| by_set.entry(set(slot)).or_default().inside += 1);
    outside.iter().for_each(|&slot| by_set.entry(set(slot)).or_default().outside += 1);
    let mut by_entry: HashMap<(u32, u32), Sides> = HashMap::new();
    for (set, sides) in by_set {
        for entry in index.metadata.of(set) {
            let sum = by_entry.entry((entry.key, entry.value)).or_default();
            sum.inside += sides.inside;
            sum.outside += sides.outside;
        }
    }
    // Distinct values and runs, by key.
    let mut by_key: HashMap<u32, (usize, u64)> = HashMap::new();
    for ((key, _), sides) in &by_entry {
        let (n_values, n_runs) = by_key.entry(*key).or_default();
        *n_values += 1;
        *n_runs += sides.inside + sides.outside;
    }
    let names_runs = |key: &u32| {
        by_key.get(key).is_some_and(|(n_values, n_runs)| *n_values >= MIN_UNIQUE && *n_values as u64 * 2 > *n_runs)
    };
    by_entry.retain(|(key, _), _| !names_runs(key));
    let mut skipped: Vec<String> =
        by_key.keys().filter(|key| names_runs(key)).map(|key| index.metadata.keys.text(*key).to_owned()).collect();
    skipped.sort_unstable();
    (by_entry, skipped)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(n: (u64, u64), of: (u64, u64), is_difference: bool) {
        let sides = |(inside, outside): (u64, u64)| Sides { inside, outside };
        let found = difference(&FacetKey::Name, "x".into(), sides(n), sides(of));
        assert_eq!(found.is_some(), is_difference, "{n:?} of {of:?}");
    }

    #[test]
    fn only_what_chance_does_not_explain_is_a_difference() {
        check((90, 100), (100, 1000), true);
        check((0, 500), (100, 1000), true);
        check((11, 100), (100, 1000), false);
        check((1, 0), (100, 1000), true);
        check((1, 5), (100, 1000), false);
        check((100, 1000), (100, 1000), false);
        check((1, 0), (1, 2), false);
    }
}
