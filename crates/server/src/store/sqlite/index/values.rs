//! What runs can be counted by: the values of a facet, and how many runs have each.

use super::columns::Columns;
use super::dictionary::{Dictionary, NONE};
use super::memory::Index;
use super::predicate::Id;
use fanlight_wire::run_stats::FacetKey;
use fanlight_wire::{RunStatus, RunType};
use std::borrow::Cow;
use std::cmp::Ordering;
use std::collections::HashMap;

/// A facet as the index knows it: a number per run, and what each number stands for.
#[derive(Clone, Debug, PartialEq)]
pub enum Countable {
    Text(Id),
    Status,
    RunType,
    Tag,
    MetadataKeys,
    /// Values of the key with this number.
    Metadata(u32),
    /// Values of a key that no run has.
    Nothing,
}

impl Countable {
    /// `None` for feedback, which is not in the columns.
    pub fn of(index: &Index, key: &FacetKey) -> Option<Countable> {
        Some(match key {
            FacetKey::Name => Countable::Text(Id::Name),
            FacetKey::RunType => Countable::RunType,
            FacetKey::Status => Countable::Status,
            FacetKey::ErrorKind => Countable::Text(Id::ErrorKind),
            FacetKey::Model => Countable::Text(Id::Model),
            FacetKey::Provider => Countable::Text(Id::Provider),
            FacetKey::Tag => Countable::Tag,
            FacetKey::MetadataKeys => Countable::MetadataKeys,
            FacetKey::Metadata(key) => index.metadata.keys.find(key).map_or(Countable::Nothing, Countable::Metadata),
            FacetKey::Feedback => return None,
        })
    }

    /// The number that a run is counted under: runs with the same number have the same values.
    #[inline]
    pub fn number(&self, columns: &Columns, slot: u32) -> u32 {
        match self {
            Countable::Text(id) => id.of(columns, slot),
            Countable::Status => u32::from(columns.status[slot as usize]),
            Countable::RunType => u32::from(columns.run_type[slot as usize]),
            Countable::Tag => Id::Tags.of(columns, slot),
            Countable::MetadataKeys | Countable::Metadata(_) => Id::Metadata.of(columns, slot),
            Countable::Nothing => NONE,
        }
    }

    /// Calls `on_value` with each value that runs of this number have; never twice with the same.
    pub fn values(&self, index: &Index, number: u32, mut on_value: impl FnMut(u32)) {
        match self {
            Countable::Text(_) if number == NONE => {}
            Countable::Text(_) | Countable::Status | Countable::RunType => on_value(number),
            Countable::Tag => index.tags.of(number).iter().for_each(|&tag| on_value(tag)),
            Countable::MetadataKeys => index.metadata.of(number).iter().for_each(|entry| on_value(entry.key)),
            Countable::Metadata(key) => {
                let entry = index.metadata.of(number).iter().find(|entry| entry.key == *key);
                entry.into_iter().for_each(|entry| on_value(entry.value));
            }
            Countable::Nothing => {}
        }
    }

    /// How a value is shown. Of metadata, `1` and `"1"` are shown the same, and found with the same filter.
    pub fn label<'a>(&self, index: &'a Index, value: u32) -> Cow<'a, str> {
        match self {
            Countable::Text(id) => dictionary(index, *id).text(value).into(),
            Countable::Status => RunStatus::ALL[value as usize].as_str().into(),
            Countable::RunType => RunType::ALL[value as usize].as_str().into(),
            Countable::Tag => index.tags.tags.text(value).into(),
            Countable::MetadataKeys => index.metadata.keys.text(value).into(),
            Countable::Metadata(_) => index.metadata.label(value).into(),
            Countable::Nothing => "".into(),
        }
    }
}

fn dictionary(index: &Index, id: Id) -> &Dictionary {
    match id {
        Id::Model => &index.models,
        Id::Provider => &index.providers,
        Id::Thread => &index.threads,
        Id::ErrorKind => &index.error_kinds,
        _ => &index.names,
    }
}

/// Runs by number, while they are looked at one by one.
#[derive(Debug)]
pub struct Tally {
    countable: Countable,
    by_number: Vec<u32>,
    n_runs: u64,
}

impl Tally {
    pub fn new(countable: Countable) -> Self {
        Tally { countable, by_number: Vec::new(), n_runs: 0 }
    }

    #[inline]
    pub fn add(&mut self, columns: &Columns, slot: u32) {
        let number = self.countable.number(columns, slot) as usize;
        if number >= self.by_number.len() {
            self.by_number.resize((number + 1).next_power_of_two(), 0);
        }
        self.by_number[number] += 1;
        self.n_runs += 1;
    }

    /// The values, told apart by how they are shown.
    pub fn finish(self, index: &Index) -> Counts<'_> {
        // Runs share numbers, and numbers share values: texts are only looked at once per value.
        let mut by_value: Vec<u64> = Vec::new();
        let mut n_with = 0;
        for (number, &n_runs) in (0u32..).zip(&self.by_number).filter(|(_, n_runs)| **n_runs > 0) {
            let n_runs = u64::from(n_runs);
            let mut has_values = false;
            self.countable.values(index, number, |value| {
                let value = value as usize;
                if value >= by_value.len() {
                    by_value.resize((value + 1).next_power_of_two(), 0);
                }
                by_value[value] += n_runs;
                has_values = true;
            });
            n_with += if has_values { n_runs } else { 0 };
        }
        let counts = (0u32..).zip(by_value).filter(|(_, n_runs)| *n_runs > 0);
        let labelled = counts.map(|(value, n_runs)| (self.countable.label(index, value), n_runs));
        let values = if matches!(self.countable, Countable::Metadata(_)) {
            let mut merged: HashMap<Cow<str>, u64> = HashMap::new();
            labelled.for_each(|(label, n_runs)| *merged.entry(label).or_default() += n_runs);
            merged.into_iter().collect()
        } else {
            labelled.collect()
        };
        Counts { n_runs: self.n_runs, n_without: self.n_runs - n_with, values }
    }
}

/// How many runs have each value, in no order.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Counts<'a> {
    pub n_runs: u64,
    pub n_without: u64,
    pub values: Vec<(Cow<'a, str>, u64)>,
}

/// Most frequent first; equal counts by value.
pub fn by_frequency(a: &(Cow<str>, u64), b: &(Cow<str>, u64)) -> Ordering {
    b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0))
}

/// The first `n` in an order, sorted.
pub fn first_by<T>(mut values: Vec<T>, n: usize, compare: impl Fn(&T, &T) -> Ordering + Copy) -> Vec<T> {
    if n == 0 {
        return Vec::new();
    }
    if values.len() > n {
        values.select_nth_unstable_by(n - 1, compare);
        values.truncate(n);
    }
    values.sort_unstable_by(compare);
    values
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_frequent_come_first_and_equals_by_value() {
        let values = [("b", 2), ("c", 9), ("a", 2), ("d", 1)].map(|(value, n)| (Cow::Borrowed(value), n)).to_vec();
        let first: Vec<_> = first_by(values.clone(), 3, by_frequency).into_iter().map(|(value, _)| value).collect();
        assert_eq!(first, ["c", "a", "b"]);
        assert_eq!(first_by(values.clone(), 99, by_frequency).len(), 4);
        assert!(first_by(values, 0, by_frequency).is_empty());
    }
}
