//! Facets: how many runs have each value, and what could be typed next.

use super::bitset::Bitset;
use super::memory::Index;
use super::predicate::Predicate;
use super::scope::Scope;
use super::values::{Countable, Counts, Tally, by_frequency, first_by};
use fanlight_wire::run_stats::{Facet, FacetKey, FacetValue, Facets};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Rows of the runs that have feedback, by its key.
pub type FeedbackKeys = BTreeMap<String, Bitset>;

/// A facet and the runs it is counted over: those of the query without its conditions on this very facet.
pub struct Wanted {
    pub key: FacetKey,
    pub scope: Scope,
    pub predicate: Predicate,
}

/// `scope` and `predicate` are the whole query's. Facets over the same runs are counted in one pass.
pub fn facets(
    index: &Index,
    (scope, predicate): (&Scope, &Predicate),
    wanted: &[Wanted],
    feedback: &FeedbackKeys,
    max_values: usize,
) -> Facets {
    let mut facets: Vec<Option<Facet>> = wanted.iter().map(|_| None).collect();
    let mut n_runs = None;
    while let Some(next) = facets.iter().position(Option::is_none) {
        let runs = (&wanted[next].scope, &wanted[next].predicate);
        let together: Vec<usize> = (0..wanted.len())
            .filter(|&idx| facets[idx].is_none() && (&wanted[idx].scope, &wanted[idx].predicate) == runs)
            .collect();
        let keys: Vec<&FacetKey> = together.iter().map(|&idx| &wanted[idx].key).collect();
        let counted = count(index, runs.0, runs.1, &keys, feedback);
        if runs == (scope, predicate) {
            n_runs = counted.first().map(|counts| counts.n_runs);
        }
        for (idx, counts) in together.into_iter().zip(counted) {
            facets[idx] = Some(to_facet(wanted[idx].key.clone(), counts, max_values));
        }
    }
    let n_runs = n_runs.unwrap_or_else(|| {
        let mut n_runs = 0;
        scope.for_each(index, predicate, |_| n_runs += 1);
        n_runs
    });
    Facets { n_runs, facets: facets.into_iter().flatten().collect() }
}

fn to_facet(key: FacetKey, counts: Counts, max_values: usize) -> Facet {
    let n_values = counts.values.len() as u64;
    let listed = first_by(counts.values, max_values, by_frequency);
    let values = listed.into_iter().map(|(value, count)| FacetValue { value: value.into_owned(), count }).collect();
    Facet { key, n_runs: counts.n_runs, n_without: counts.n_without, n_values, values }
}

/// One pass over the runs, whatever is counted.
fn count<'a>(
    index: &'a Index,
    scope: &Scope,
    predicate: &Predicate,
    keys: &[&FacetKey],
    feedback: &'a FeedbackKeys,
) -> Vec<Counts<'a>> {
    let columns = &index.columns;
    let mut tallies: Vec<Option<Tally>> = keys.iter().map(|key| Countable::of(index, key).map(Tally::new)).collect();
    let wants_feedback = tallies.iter().any(Option::is_none);
    let (mut found, mut n_runs) = (Bitset::default(), 0u64);
    scope.for_each(index, predicate, |slot| {
        n_runs += 1;
        tallies.iter_mut().flatten().for_each(|tally| tally.add(columns, slot));
        if wants_feedback {
            found.insert(columns.pk[slot as usize]);
        }
    });
    let finish = |tally: Option<Tally>| match tally {
        Some(tally) => tally.finish(index),
        None => count_feedback(&found, n_runs, feedback),
    };
    tallies.into_iter().map(finish).collect()
}

fn count_feedback<'a>(found: &Bitset, n_runs: u64, feedback: &'a FeedbackKeys) -> Counts<'a> {
    let mut with = Bitset::default();
    let mut values = Vec::new();
    for (key, pks) in feedback {
        let mut pks = pks.clone();
        pks.intersect(found);
        pks.iter().for_each(|pk| with.insert(pk));
        if !pks.is_empty() {
            values.push((Cow::Borrowed(key.as_str()), pks.len() as u64));
        }
    }
    Counts { n_runs, n_without: n_runs - with.len() as u64, values }
}

/// Values that contain `text`, ignoring case: those that begin with it first, then the frequent ones.
pub fn suggest(index: &Index, wanted: &Wanted, feedback: &FeedbackKeys, text: &str, limit: usize) -> Vec<FacetValue> {
    let counts = count(index, &wanted.scope, &wanted.predicate, &[&wanted.key], feedback);
    let needle = text.to_lowercase();
    let place = |value: &str| value.to_lowercase().find(&needle);
    let values = counts.into_iter().flat_map(|counts| counts.values);
    let matching = values.filter_map(|(value, count)| Some((place(&value)? > 0, (value, count)))).collect();
    let sorted = first_by(matching, limit, |a: &(bool, (Cow<str>, u64)), b| {
        a.0.cmp(&b.0).then_with(|| by_frequency(&a.1, &b.1))
    });
    sorted.into_iter().map(|(_, (value, count))| FacetValue { value: value.into_owned(), count }).collect()
}
