//! Runs by what they have: the largest groups by name, then the others, then those without.

use crate::store::sqlite::index::columns::{ABSENT, Columns};
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::values::{Countable, first_by};
use fanlight_wire::monitor::GroupKey;
use fanlight_wire::monitor::series::{GroupKind, Rank};
use fanlight_wire::run_stats::FacetKey;
use std::borrow::Cow;
use std::collections::HashMap;

/// Names of projects by row.
pub type ProjectNames = HashMap<u32, String>;

/// What runs are split by, as the index knows it.
#[derive(Clone, Debug)]
pub enum Key<'a> {
    Project(&'a ProjectNames),
    Countable(Countable),
}

impl<'a> Key<'a> {
    pub fn of(index: &Index, key: &GroupKey, projects: &'a ProjectNames) -> Key<'a> {
        match key {
            GroupKey::Project => Key::Project(projects),
            // Feedback is not in columns, and no group key.
            GroupKey::Facet(facet) => Key::Countable(Countable::of(index, facet).unwrap_or(Countable::Nothing)),
        }
    }

    #[inline]
    fn number(&self, columns: &Columns, slot: u32) -> usize {
        match self {
            Key::Project(_) => columns.project[slot as usize] as usize,
            Key::Countable(countable) => countable.number(columns, slot) as usize,
        }
    }

    fn values(&self, index: &Index, number: usize, mut on_value: impl FnMut(usize)) {
        match self {
            Key::Project(_) => on_value(number),
            Key::Countable(countable) => countable.values(index, number as u32, |value| on_value(value as usize)),
        }
    }

    fn label<'b>(&'b self, index: &'b Index, value: usize) -> Cow<'b, str> {
        match self {
            Key::Project(names) => names.get(&(value as u32)).map_or("".into(), |name| name.as_str().into()),
            Key::Countable(countable) => countable.label(index, value as u32),
        }
    }

    /// Values that are shown the same are one group: `1` and `"1"` in metadata.
    fn may_share_labels(&self) -> bool {
        matches!(self, Key::Countable(Countable::Metadata(_)))
    }
}

/// How a group is called.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GroupName {
    pub kind: GroupKind,
    pub label: Option<String>,
}

impl GroupName {
    pub fn all() -> GroupName {
        GroupName { kind: GroupKind::All, label: None }
    }
}

/// Which groups there are, and which of them each run is in.
#[derive(Debug)]
pub struct Grouping<'a> {
    key: Key<'a>,
    /// The listed in order of rank, then the others, then those without: those two are always there.
    pub names: Vec<GroupName>,
    /// Distinct values, listed or not.
    pub n_values: usize,
    /// Where in `groups` those of runs with a number are.
    spans: Vec<(u32, u32)>,
    groups: Vec<u32>,
}

/// Runs with something in common: how many, and what they weigh.
#[derive(Clone, Copy, Debug, Default)]
struct Weight {
    n: u64,
    weight: i128,
}

impl Weight {
    fn add(&mut self, other: Weight) {
        self.n += other.n;
        self.weight += other.weight;
    }
}

const UNLISTED: u32 = u32::MAX;

impl<'a> Grouping<'a> {
    /// Of the runs in `slots`; the `max_groups` largest are listed.
    pub fn new(index: &Index, key: Key<'a>, slots: &[u32], rank: Rank, max_groups: usize) -> Grouping<'a> {
        let by_number = weigh(index, &key, slots, rank);
        let mut by_value: Vec<Weight> = Vec::new();
        for (number, weight) in by_number.iter().enumerate().filter(|(_, weight)| weight.n > 0) {
            key.values(index, number, |value| {
                if value >= by_value.len() {
                    by_value.resize((value + 1).next_power_of_two(), Weight::default());
                }
                by_value[value].add(*weight);
            });
        }
        let labelled = with_labels(index, &key, &by_value);
        let n_values = labelled.len();
        let largest = first_by(labelled, max_groups, |a, b| {
            let size = |one: &Labelled| (one.weight.weight, one.weight.n);
            size(b).cmp(&size(a)).then_with(|| a.label.cmp(&b.label))
        });
        let mut group_of_value = vec![UNLISTED; by_value.len()];
        let mut names = Vec::with_capacity(largest.len() + 2);
        for (group, labelled) in (0u32..).zip(largest) {
            labelled.values.iter().for_each(|&value| group_of_value[value] = group);
            names.push(GroupName { kind: GroupKind::Value, label: Some(labelled.label.into_owned()) });
        }
        names.push(GroupName { kind: GroupKind::Other, label: None });
        names.push(GroupName { kind: GroupKind::Without, label: None });
        let mut grouping = Grouping { key, names, n_values, spans: Vec::new(), groups: Vec::new() };
        grouping.assign(index, &by_number, &group_of_value);
        grouping
    }

    /// Runs share numbers: what a number belongs to is looked up once.
    fn assign(&mut self, index: &Index, by_number: &[Weight], group_of_value: &[u32]) {
        let n_listed = self.names.len() as u32 - 2;
        let (other, without) = (n_listed, n_listed + 1);
        for (number, weight) in by_number.iter().enumerate() {
            let start = self.groups.len();
            if weight.n > 0 {
                let mut has_values = false;
                let groups = &mut self.groups;
                self.key.values(index, number, |value| {
                    has_values = true;
                    let group = group_of_value[value];
                    if group != UNLISTED && !groups[start..].contains(&group) {
                        groups.push(group);
                    }
                });
                if groups.len() == start {
                    groups.push(if has_values { other } else { without });
                }
            }
            self.spans.push((start as u32, self.groups.len() as u32));
        }
    }

    /// The groups of a run among those that the grouping was made of; at least one.
    #[inline]
    pub fn of(&self, columns: &Columns, slot: u32) -> &[u32] {
        let (start, end) = self.spans[self.key.number(columns, slot)];
        &self.groups[start as usize..end as usize]
    }
}

fn weigh(index: &Index, key: &Key, slots: &[u32], rank: Rank) -> Vec<Weight> {
    let columns = &index.columns;
    let weight_of = |slot: u32| -> i64 {
        match rank {
            Rank::Count => 1,
            Rank::Errors => i64::from(columns.has_error(slot)),
            Rank::Tokens => columns.total_tokens[slot as usize],
            Rank::Cost => Some(columns.total_cost[slot as usize]).filter(|cost| *cost != ABSENT).unwrap_or(0),
        }
    };
    let mut by_number: Vec<Weight> = Vec::new();
    for &slot in slots {
        let number = key.number(columns, slot);
        if number >= by_number.len() {
            by_number.resize((number + 1).next_power_of_two(), Weight::default());
        }
        by_number[number].add(Weight { n: 1, weight: weight_of(slot).into() });
    }
    by_number
}

struct Labelled<'a> {
    label: Cow<'a, str>,
    values: Vec<usize>,
    weight: Weight,
}

fn with_labels<'b>(index: &'b Index, key: &'b Key, by_value: &[Weight]) -> Vec<Labelled<'b>> {
    let found = by_value.iter().enumerate().filter(|(_, weight)| weight.n > 0);
    let labelled =
        found.map(|(value, weight)| Labelled { label: key.label(index, value), values: vec![value], weight: *weight });
    if !key.may_share_labels() {
        return labelled.collect();
    }
    let mut merged: HashMap<Cow<str>, Labelled> = HashMap::new();
    for one in labelled {
        match merged.get_mut(&one.label) {
            Some(same) => {
                same.values.extend(one.values);
                same.weight.add(one.weight);
            }
            None => {
                merged.insert(one.label.clone(), one);
            }
        }
    }
    merged.into_values().collect()
}

/// The runs of `slots`, in groups by a facet: the largest by count, with their runs. For statistics that need all facts of
/// a group at once.
pub fn largest_by_count(index: &Index, slots: &[u32], facet: &FacetKey, max_groups: usize) -> Vec<(String, Vec<u32>)> {
    let Some(countable) = Countable::of(index, facet) else { return Vec::new() };
    let grouping = Grouping::new(index, Key::Countable(countable), slots, Rank::Count, max_groups);
    let listed = grouping.names.iter().filter_map(|name| name.label.clone());
    let mut groups: Vec<(String, Vec<u32>)> = listed.map(|label| (label, Vec::new())).collect();
    for &slot in slots {
        for &group in grouping.of(&index.columns, slot) {
            if let Some((_, slots)) = groups.get_mut(group as usize) {
                slots.push(slot);
            }
        }
    }
    groups
}
