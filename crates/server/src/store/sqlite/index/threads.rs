//! Threads: root runs that pass, by the conversation that they are a turn of.

use super::dictionary::NONE;
use super::memory::Index;
use super::predicate::{Id, Predicate};
use super::scope::Scope;
use std::cmp::Reverse;
use std::collections::HashMap;

/// A conversation of one project and its turns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FoundThread {
    pub thread: u32,
    /// Slots of its root runs, oldest first.
    pub turns: Vec<u32>,
    pub place: Place,
}

/// Where a thread stands in the list: the start and row of its newest turn. The greatest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    pub start_ns: i64,
    pub pk: u32,
}

/// One page of threads.
#[derive(Debug, Default)]
pub struct ThreadsFound {
    pub threads: Vec<FoundThread>,
    pub n_threads: usize,
    pub has_more: bool,
}

/// Threads that spoke last come first; those at or before `after` in that order are left out, then `offset` more.
pub fn threads(
    index: &Index,
    scope: &Scope,
    predicate: &Predicate,
    after: Option<Place>,
    offset: usize,
    limit: usize,
) -> ThreadsFound {
    let columns = &index.columns;
    let predicate = Predicate::all([Predicate::Is(Id::Thread, NONE).negated(), predicate.clone()]);
    let mut newest: HashMap<(u32, u32), Place> = HashMap::new();
    let mut turns = Vec::new();
    scope.for_each(index, &predicate, |slot| {
        let place = Place { start_ns: columns.start_ns[slot as usize], pk: columns.pk[slot as usize] };
        let thread = (columns.project[slot as usize], columns.thread[slot as usize]);
        let newest = newest.entry(thread).or_insert(place);
        *newest = place.max(*newest);
        turns.push(slot);
    });
    let n_threads = newest.len();
    let mut places: Vec<(Place, (u32, u32))> = newest
        .into_iter()
        .map(|(thread, place)| (place, thread))
        .filter(|(place, _)| after.is_none_or(|after| *place < after))
        .collect();
    places.sort_unstable_by_key(|(place, _)| Reverse(*place));
    let has_more = places.len() > offset.saturating_add(limit);
    let page: Vec<_> = places.into_iter().skip(offset).take(limit).collect();

    let position: HashMap<(u32, u32), usize> =
        page.iter().enumerate().map(|(idx, (_, thread))| (*thread, idx)).collect();
    let mut threads: Vec<FoundThread> =
        page.into_iter().map(|(place, (_, thread))| FoundThread { thread, turns: Vec::new(), place }).collect();
    for slot in turns {
        let thread = (columns.project[slot as usize], columns.thread[slot as usize]);
        if let Some(&idx) = position.get(&thread) {
            threads[idx].turns.push(slot);
        }
    }
    for thread in &mut threads {
        thread.turns.sort_unstable_by_key(|&slot| (columns.start_ns[slot as usize], slot));
    }
    ThreadsFound { threads, n_threads, has_more }
}
