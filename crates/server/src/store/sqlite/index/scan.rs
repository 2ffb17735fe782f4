//! One page of a question: along the order of starts until it is full, or the best of everything by another column.

use super::columns::ABSENT;
use super::memory::Index;
use super::predicate::{Id, Measure, Predicate};
use super::scope::Scope;
use crate::store::effort;
use fanlight_wire::run_query::{Order, Sort};
use std::cell::Cell;
use std::cmp::Ordering;
use std::ops::Range;

/// Characters of a name that decide where it sorts; a cursor carries them.
pub const MAX_NAME_BYTES: usize = 256;

/// What a run sorts by: runs without a value come last in either order.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum SortValue {
    Number(i64),
    Text(String),
}

/// Where a page ended: the next begins after it. Equal values are told apart by start, equal starts by row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Position {
    /// `None` when sorted by start, and for runs without a value.
    pub value: Option<SortValue>,
    pub start_ns: i64,
    pub pk: u32,
}

/// Rows of one page in order, and where it ended when more follow.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Page {
    pub pks: Vec<u32>,
    pub next: Option<Position>,
}

/// How runs are ordered and where to begin.
#[derive(Clone, Debug)]
pub struct Paging {
    pub sort: Sort,
    pub order: Order,
    pub after: Option<Position>,
    pub limit: usize,
}

/// The runs of `scope` that pass, from `paging.after` on.
pub fn page(index: &Index, scope: &Scope, predicate: &Predicate, paging: &Paging) -> Page {
    match paging.sort {
        Sort::StartTime => by_start(index, scope, predicate, paging),
        Sort::Name => by_name(index, scope, predicate, paging),
        Sort::Latency => by_measure(index, scope, predicate, paging, Measure::Latency),
        Sort::FirstTokenLatency => by_measure(index, scope, predicate, paging, Measure::FirstTokenLatency),
        Sort::TotalTokens => by_measure(index, scope, predicate, paging, Measure::TotalTokens),
        Sort::TotalCost => by_measure(index, scope, predicate, paging, Measure::TotalCost),
    }
}

fn by_start(index: &Index, scope: &Scope, predicate: &Predicate, paging: &Paging) -> Page {
    let limit = paging.limit.saturating_add(1);
    let named = scope.named(index);
    let (orders, predicate) = match &named {
        Some(slots) => (vec![slots.as_slice()], predicate.clone()),
        None => (scope.orders(index), Predicate::all([scope.rest(), predicate.clone()])),
    };
    let n_orders = orders.len();
    let mut found: Vec<(i64, u32)> = Vec::new();
    for slots in orders {
        let slots = &slots[after_cursor(index, slots, paging)];
        let n_looked_at = Cell::new(0);
        let passes = |slot: &u32| {
            n_looked_at.set(n_looked_at.get() + 1);
            scope.was_there(index, *slot) && predicate.holds(&index.columns, *slot)
        };
        let position = |&slot: &u32| (index.columns.start_ns[slot as usize], index.columns.pk[slot as usize]);
        match paging.order {
            Order::Asc => found.extend(slots.iter().filter(|slot| passes(slot)).take(limit).map(position)),
            Order::Desc => found.extend(slots.iter().rev().filter(|slot| passes(slot)).take(limit).map(position)),
        }
        effort::looked_at(n_looked_at.get());
    }
    if n_orders > 1 {
        found.sort_unstable();
        if paging.order == Order::Desc {
            found.reverse();
        }
        found.truncate(limit);
    }
    let keys: Vec<Key<i64>> = found.into_iter().map(|(start_ns, pk)| Key { value: None, start_ns, pk }).collect();
    to_page(&keys, paging.limit, SortValue::Number)
}

/// The part of an order that follows the cursor.
fn after_cursor(index: &Index, slots: &[u32], paging: &Paging) -> Range<usize> {
    let Some(after) = &paging.after else { return 0..slots.len() };
    let position = |slot: u32| (index.columns.start_ns[slot as usize], index.columns.pk[slot as usize]);
    let cursor = (after.start_ns, after.pk);
    match paging.order {
        Order::Asc => slots.partition_point(|&slot| position(slot) <= cursor)..slots.len(),
        Order::Desc => 0..slots.partition_point(|&slot| position(slot) < cursor),
    }
}

fn by_measure(index: &Index, scope: &Scope, predicate: &Predicate, paging: &Paging, measure: Measure) -> Page {
    let after = paging.after.as_ref().map(|after| Key {
        value: match after.value {
            Some(SortValue::Number(number)) => Some(number),
            _ => None,
        },
        start_ns: after.start_ns,
        pk: after.pk,
    });
    let mut best = Best::new(paging.order, after, paging.limit.saturating_add(1));
    scope.for_each(index, predicate, |slot| {
        let value = Some(measure.of(&index.columns, slot)).filter(|value| *value != ABSENT);
        best.offer(key(index, slot, value));
    });
    to_page(&best.take(), paging.limit, SortValue::Number)
}

fn by_name(index: &Index, scope: &Scope, predicate: &Predicate, paging: &Paging) -> Page {
    let after = paging.after.as_ref().map(|after| Key {
        value: match &after.value {
            Some(SortValue::Text(text)) => Some(text.as_str()),
            _ => None,
        },
        start_ns: after.start_ns,
        pk: after.pk,
    });
    let mut best = Best::new(paging.order, after, paging.limit.saturating_add(1));
    scope.for_each(index, predicate, |slot| {
        let name = sort_name(index.names.text(Id::Name.of(&index.columns, slot)));
        best.offer(key(index, slot, Some(name)));
    });
    to_page(&best.take(), paging.limit, |text| SortValue::Text(text.to_owned()))
}

/// The part of a name that decides where it sorts.
fn sort_name(name: &str) -> &str {
    &name[..name.floor_char_boundary(MAX_NAME_BYTES)]
}

fn key<V>(index: &Index, slot: u32, value: Option<V>) -> Key<V> {
    Key { value, start_ns: index.columns.start_ns[slot as usize], pk: index.columns.pk[slot as usize] }
}

#[derive(Clone, Copy, Debug)]
struct Key<V> {
    value: Option<V>,
    start_ns: i64,
    pk: u32,
}

impl<V: Ord> Key<V> {
    fn cmp(&self, other: &Self, order: Order) -> Ordering {
        let directed = |ascending: Ordering| match order {
            Order::Asc => ascending,
            Order::Desc => ascending.reverse(),
        };
        let by_value = match (&self.value, &other.value) {
            (Some(a), Some(b)) => directed(a.cmp(b)),
            // Without a value: last in either order.
            (a, b) => b.is_some().cmp(&a.is_some()),
        };
        by_value.then_with(|| directed((self.start_ns, self.pk).cmp(&(other.start_ns, other.pk))))
    }
}

/// One more than the limit tells that there is a next page.
fn to_page<V: Copy>(keys: &[Key<V>], limit: usize, wrap: impl Fn(V) -> SortValue) -> Page {
    let pks = keys.iter().take(limit).map(|key| key.pk).collect();
    let last = keys.get(limit).and_then(|_| keys.get(limit.checked_sub(1)?));
    let next = last.map(|key| Position { value: key.value.map(wrap), start_ns: key.start_ns, pk: key.pk });
    Page { pks, next }
}

/// Keeps the first few of what is offered, in the order asked for, after a cursor.
struct Best<V> {
    order: Order,
    after: Option<Key<V>>,
    limit: usize,
    /// The best so far and some that may be: sorted and cut when twice as many as needed.
    kept: Vec<Key<V>>,
    /// Worse than this is not among the best any more.
    worst: Option<Key<V>>,
}

impl<V: Ord + Copy> Best<V> {
    fn new(order: Order, after: Option<Key<V>>, limit: usize) -> Self {
        Best { order, after, limit, kept: Vec::new(), worst: None }
    }

    fn offer(&mut self, key: Key<V>) {
        let is_worse = self.worst.is_some_and(|worst| key.cmp(&worst, self.order).is_gt());
        if is_worse || self.after.is_some_and(|after| key.cmp(&after, self.order).is_le()) {
            return;
        }
        self.kept.push(key);
        if self.kept.len() >= self.limit.saturating_mul(2) {
            self.cut();
        }
    }

    fn cut(&mut self) {
        let order = self.order;
        self.kept.sort_unstable_by(|a, b| a.cmp(b, order));
        self.kept.truncate(self.limit);
        if self.kept.len() == self.limit {
            self.worst = self.kept.last().copied();
        }
    }

    fn take(mut self) -> Vec<Key<V>> {
        self.cut();
        self.kept
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pages_of_the_best_are_the_sorted_whole(
            values in proptest::collection::vec(proptest::option::of(0i64..5), 0..40),
            limit in 1usize..7,
            is_ascending: bool,
        ) {
            let order = if is_ascending { Order::Asc } else { Order::Desc };
            let keys: Vec<Key<i64>> = (0u32..)
                .zip(&values)
                .map(|(pk, value)| Key { value: *value, start_ns: i64::from(pk % 3), pk })
                .collect();
            let mut expected = keys.clone();
            expected.sort_by(|a, b| a.cmp(b, order));
            let (mut paged, mut after) = (Vec::new(), None);
            loop {
                let mut best = Best::new(order, after, limit);
                keys.iter().for_each(|key| best.offer(*key));
                let page = best.take();
                prop_assert!(page.len() <= limit);
                let Some(last) = page.last().copied() else { break };
                after = Some(last);
                paged.extend(page);
            }
            let pks = |keys: &[Key<i64>]| keys.iter().map(|key| key.pk).collect::<Vec<_>>();
            prop_assert_eq!(pks(&paged), pks(&expected));
        }
    }

    #[test]
    fn runs_without_a_value_come_last_in_either_order() {
        let with = Key { value: Some(1), start_ns: 0, pk: 1 };
        let without = Key { value: None, start_ns: 9, pk: 2 };
        for order in [Order::Asc, Order::Desc] {
            assert_eq!(with.cmp(&without, order), Ordering::Less);
        }
    }

    #[test]
    fn long_names_are_cut_between_characters() {
        let name = "é".repeat(MAX_NAME_BYTES);
        assert_eq!(sort_name(&name).len(), MAX_NAME_BYTES);
        assert_eq!(sort_name(&format!("a{name}")).len(), MAX_NAME_BYTES - 1);
    }
}
