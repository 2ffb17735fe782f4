//! The newest part of the search index, in memory: what was read and is not in a segment yet. Pure.

use super::postings::Lists;
use super::text::Part;
use fanlight_wire::filter::words::QueryWord;
use std::collections::HashMap;

/// Runs, each in the state that a stamp names. A reader takes a run from here only when the stamp is the one it sees in
/// `text_pending`: so what is here never has to be withdrawn.
#[derive(Default)]
pub struct MemoryIndex {
    runs: Vec<(u32, i64)>,
    /// Where a run is in `runs`, as it was last read.
    slot_by_run: HashMap<u32, u32>,
    /// Slots and parts of a word, `slot * 8 + part`, ascending.
    words: HashMap<Box<str>, Vec<u32>>,
    n_bytes: usize,
}

/// A word's entry takes about so much beside its letters.
const BYTES_PER_WORD: usize = 96;

impl MemoryIndex {
    /// Adds a run, or its newer text: its words follow with [`MemoryIndex::add_word`].
    pub fn add_run(&mut self, run: u32, stamp_ns: i64) {
        let slot = u32::try_from(self.runs.len()).expect("a part of the index is written long before");
        self.runs.push((run, stamp_ns));
        self.slot_by_run.insert(run, slot);
    }

    /// A word of the run added last, part by part in order; repetitions cost nothing.
    pub fn add_word(&mut self, part: Part, word: &str) {
        let Some(slot) = self.runs.len().checked_sub(1) else { return };
        let entry = (slot as u32) << 3 | part as u32;
        match self.words.get_mut(word) {
            Some(entries) if entries.last() == Some(&entry) => return,
            Some(entries) => entries.push(entry),
            None => {
                self.n_bytes += BYTES_PER_WORD + word.len();
                self.words.insert(word.into(), vec![entry]);
            }
        }
        self.n_bytes += size_of::<u32>();
    }

    pub fn has(&self, run: u32, stamp_ns: i64) -> bool {
        self.slot_by_run.get(&run).is_some_and(|&slot| self.runs[slot as usize].1 == stamp_ns)
    }

    /// States of runs, superseded ones too.
    pub fn n_states(&self) -> usize {
        self.runs.len()
    }

    pub fn n_bytes(&self) -> usize {
        self.n_bytes
    }

    /// Calls `found` with each run that has a word that is `wanted` in a part that `is_within`, perhaps more than once.
    pub fn each_run(&self, wanted: &QueryWord, is_within: impl Fn(usize) -> bool, mut found: impl FnMut(u32)) {
        if !wanted.is_prefix {
            return self.each_entry(self.words.get(wanted.text.as_str()), is_within, found);
        }
        for (word, entries) in &self.words {
            if wanted.matches(word) {
                self.each_entry(Some(entries), &is_within, &mut found);
            }
        }
    }

    fn each_entry(&self, entries: Option<&Vec<u32>>, is_within: impl Fn(usize) -> bool, mut found: impl FnMut(u32)) {
        for &entry in entries.into_iter().flatten() {
            let (slot, part) = (entry >> 3, (entry & 7) as usize);
            let run = self.runs[slot as usize].0;
            if is_within(part) && self.slot_by_run.get(&run) == Some(&slot) {
                found(run);
            }
        }
    }

    /// The newest states, ascending by run.
    pub fn runs(&self) -> Vec<(u32, i64)> {
        let mut runs: Vec<(u32, i64)> = self.slot_by_run.values().map(|&slot| self.runs[slot as usize]).collect();
        runs.sort_unstable();
        runs
    }

    /// Words in order with the runs that have them now.
    pub fn sorted(&self) -> Vec<(&str, Lists)> {
        let lists = |entries: &Vec<u32>| {
            let mut lists = Lists::default();
            for (part, list) in lists.iter_mut().enumerate() {
                self.each_entry(Some(entries), |other| other == part, |run| list.push(run));
                list.sort_unstable();
            }
            lists
        };
        let mut words: Vec<(&str, Lists)> =
            self.words.iter().map(|(word, entries)| (&**word, lists(entries))).collect();
        words.retain(|(_, lists)| lists.iter().any(|list| !list.is_empty()));
        words.sort_unstable_by_key(|(word, _)| *word);
        words
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::filter::words::Query;

    #[test]
    fn newer_text_replaces_older() {
        let mut index = MemoryIndex::default();
        for (run, stamp_ns, words) in [(7, 1, "agent old old"), (5, 1, "old"), (7, 2, "agent new")] {
            index.add_run(run, stamp_ns);
            words.split(' ').for_each(|word| index.add_word(Part::Inputs, word));
        }
        let find = |word: &str| {
            let mut runs = Vec::new();
            index.each_run(&Query::of(word).words[0], |_| true, |run| runs.push(run));
            runs
        };
        assert_eq!((find("old"), find("new"), find("agent")), (vec![5], vec![7], vec![7]));
        assert!(index.has(7, 2) && !index.has(7, 1));
        assert_eq!(index.runs(), [(5, 1), (7, 2)]);
        let words: Vec<&str> = index.sorted().iter().map(|(word, _)| *word).collect();
        assert_eq!(words, ["agent", "new", "old"]);
    }
}
