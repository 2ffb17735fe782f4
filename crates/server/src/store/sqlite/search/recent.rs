//! What was read lately and is not in a segment that every reader sees, shared by the indexer and the readers.

use super::memory::MemoryIndex;
use fanlight_wire::filter::words::QueryWord;
use std::collections::{HashMap, HashSet};
use std::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

/// Runs come to `growing`; when there are enough of them it becomes `sealed` and is written to a segment. It stays until
/// the next one is sealed, for readers whose snapshot is older than the segment.
#[derive(Default)]
pub struct Generations {
    pub growing: MemoryIndex,
    pub sealed: MemoryIndex,
}

/// Everything asked of it is asked about runs that a reader's snapshot has as pending, in the state it has them in.
#[derive(Default)]
pub struct Recent(RwLock<Generations>);

impl Recent {
    pub fn read(&self) -> RwLockReadGuard<'_, Generations> {
        self.0.read().expect("no code that holds this lock panics")
    }

    pub fn write(&self) -> RwLockWriteGuard<'_, Generations> {
        self.0.write().expect("no code that holds this lock panics")
    }
}

impl Generations {
    pub fn has(&self, run: u32, stamp_ns: i64) -> bool {
        self.growing.has(run, stamp_ns) || self.sealed.has(run, stamp_ns)
    }

    /// The runs of `pending` that have every word in the parts that are wanted.
    pub fn find(
        &self,
        pending: &HashMap<u32, i64>,
        query: &[QueryWord],
        is_wanted: impl Fn(usize) -> bool + Copy,
    ) -> Vec<u32> {
        let of = |index: &MemoryIndex| {
            let mut found: Option<HashSet<u32>> = None;
            for word in query {
                let mut with_word = HashSet::new();
                index.each_run(word, is_wanted, |run| {
                    if found.as_ref().is_none_or(|found| found.contains(&run)) {
                        with_word.insert(run);
                    }
                });
                found = Some(with_word);
            }
            let mut found = found.unwrap_or_default();
            found.retain(|run| pending.get(run).is_some_and(|stamp_ns| index.has(*run, *stamp_ns)));
            found
        };
        let mut found = of(&self.growing);
        found.extend(of(&self.sealed));
        found.into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::super::text::Part;
    use super::*;
    use fanlight_wire::filter::words::Query;

    #[test]
    fn only_the_state_that_the_reader_sees_is_found() {
        let mut generations = Generations::default();
        generations.sealed.add_run(1, 10);
        generations.sealed.add_word(Part::Inputs, "old");
        generations.growing.add_run(1, 20);
        generations.growing.add_word(Part::Inputs, "new");
        let find = |stamp_ns: i64, query: &str| {
            generations.find(&HashMap::from([(1, stamp_ns)]), &Query::of(query).words, |_| true)
        };
        assert_eq!((find(10, "old"), find(20, "old")), (vec![1], vec![]));
        assert_eq!((find(10, "new"), find(20, "ne*")), (vec![], vec![1]));
        assert!(find(30, "new").is_empty());
    }
}
