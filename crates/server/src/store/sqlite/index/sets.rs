//! Tags and metadata: few distinct sets that many runs share, each kept once.

use super::bitset::Bitset;
use super::dictionary::{Dictionary, NONE};
use serde_json::value::RawValue;
use std::collections::{BTreeMap, HashMap};

/// Lists of small things, one after the other, by number. Number 0 is the empty list.
#[derive(Debug)]
struct Lists<T> {
    ends: Vec<u32>,
    items: Vec<T>,
}

impl<T> Default for Lists<T> {
    fn default() -> Self {
        Lists { ends: vec![0], items: Vec::new() }
    }
}

impl<T> Lists<T> {
    fn push(&mut self, items: impl IntoIterator<Item = T>) -> u32 {
        let id = u32::try_from(self.ends.len()).expect("there are fewer sets than 32 bits can count");
        self.items.extend(items);
        self.ends.push(u32::try_from(self.items.len()).expect("sets hold fewer things than 32 bits can count"));
        id
    }

    fn get(&self, id: u32) -> &[T] {
        let id = id as usize;
        let start = if id == 0 { 0 } else { self.ends[id - 1] };
        &self.items[start as usize..self.ends[id] as usize]
    }

    fn n_ids(&self) -> usize {
        self.ends.len()
    }

    /// The lists that pass; the empty list is asked about too.
    fn matching(&self, passes: impl Fn(&[T]) -> bool) -> Bitset {
        let mut set = Bitset::with_room(self.n_ids());
        for id in 0..self.n_ids() {
            let id = u32::try_from(id).expect("numbers were given out as 32 bits");
            if passes(self.get(id)) {
                set.insert(id);
            }
        }
        set
    }
}

/// Tags of runs: by set, and each by name.
#[derive(Debug, Default)]
pub struct TagSets {
    pub tags: Dictionary,
    by_json: HashMap<Box<str>, u32>,
    sets: Lists<u32>,
}

impl TagSets {
    /// `json` is an array of strings; what is none is no tag.
    pub fn intern(&mut self, json: Option<&str>) -> u32 {
        let Some(json) = json else { return NONE };
        if let Some(&id) = self.by_json.get(json) {
            return id;
        }
        let mut tags: Vec<u32> = serde_json::from_str::<Vec<String>>(json)
            .unwrap_or_default()
            .iter()
            .map(|tag| self.tags.intern(tag))
            .collect();
        tags.sort_unstable();
        tags.dedup();
        let id = if tags.is_empty() { NONE } else { self.sets.push(tags) };
        self.by_json.insert(json.into(), id);
        id
    }

    /// Each once.
    pub fn of(&self, set: u32) -> &[u32] {
        self.sets.get(set)
    }

    /// Sets that pass.
    pub fn matching(&self, passes: impl Fn(&[u32]) -> bool) -> Bitset {
        self.sets.matching(passes)
    }
}

/// One key of a run's metadata and its value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Entry {
    pub key: u32,
    pub value: u32,
}

/// Metadata of runs. Values are JSON, exactly as stored.
#[derive(Debug, Default)]
pub struct MetadataSets {
    pub keys: Dictionary,
    pub values: Dictionary,
    by_pk: HashMap<i64, u32>,
    sets: Lists<Entry>,
}

impl MetadataSets {
    /// `json` is an object; what is none has no entries. A row that was there before is another now: unused rows are removed
    /// from the table, and SQLite gives their numbers out again. Runs keep the set that they had.
    pub fn add(&mut self, pk: i64, json: &str) {
        let object: BTreeMap<String, Box<RawValue>> = serde_json::from_str(json).unwrap_or_default();
        let entries: Vec<Entry> = object
            .iter()
            .map(|(key, value)| Entry { key: self.keys.intern(key), value: self.values.intern(value.get()) })
            .collect();
        let id = if entries.is_empty() { NONE } else { self.sets.push(entries) };
        self.by_pk.insert(pk, id);
    }

    /// The set that row `pk` was added as.
    pub fn find(&self, pk: Option<i64>) -> u32 {
        pk.and_then(|pk| self.by_pk.get(&pk)).copied().unwrap_or(NONE)
    }

    pub fn of(&self, set: u32) -> &[Entry] {
        self.sets.get(set)
    }

    /// Sets that pass.
    pub fn matching(&self, passes: impl Fn(&[Entry]) -> bool) -> Bitset {
        self.sets.matching(passes)
    }

    /// A value as facets show it: a string without its quotes, anything else as JSON.
    pub fn label(&self, value: u32) -> String {
        let json = self.values.text(value);
        serde_json::from_str::<String>(json).unwrap_or_else(|_| json.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_with_the_same_tags_share_a_set() {
        let mut sets = TagSets::default();
        let both = sets.intern(Some(r#"["b","a","b"]"#));
        assert_eq!(
            (sets.intern(Some(r#"["b","a","b"]"#)), sets.intern(Some("[]")), sets.intern(None)),
            (both, NONE, NONE)
        );
        let names: Vec<_> = sets.of(both).iter().map(|&tag| sets.tags.text(tag)).collect();
        assert_eq!((names, sets.of(NONE)), (vec!["b", "a"], &[][..]));
        let a = sets.tags.find("a").unwrap();
        assert_eq!(sets.matching(|tags| !tags.contains(&a)).iter().collect::<Vec<_>>(), [NONE]);
    }

    #[test]
    fn metadata_keeps_keys_and_values_apart() {
        let mut sets = MetadataSets::default();
        sets.add(7, r#"{"env":"prod","n":1}"#);
        sets.add(9, r#"{"env":"prod"}"#);
        let (first, second) = (sets.find(Some(7)), sets.find(Some(9)));
        assert_eq!((sets.of(first).len(), sets.of(first)[0], sets.find(None)), (2, sets.of(second)[0], NONE));
        assert_eq!(
            (sets.label(sets.of(first)[0].value), sets.label(sets.of(first)[1].value)),
            ("prod".into(), "1".into())
        );
    }

    #[test]
    fn a_row_that_is_given_out_again_has_its_new_entries() {
        let mut sets = MetadataSets::default();
        sets.add(7, r#"{"env":"prod"}"#);
        let before = sets.find(Some(7));
        sets.add(7, r#"{"env":"dev"}"#);
        let label = |set: u32| sets.label(sets.of(set)[0].value);
        assert_eq!((label(before), label(sets.find(Some(7)))), ("prod".into(), "dev".into()));
    }
}
