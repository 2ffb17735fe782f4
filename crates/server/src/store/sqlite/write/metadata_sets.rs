//! Metadata of runs, one row per distinct object as far as the writer remembers.

use crate::model::{Metadata, OpKind};
use anyhow::{Context, Result};
use rusqlite::{Connection, OptionalExtension};
use std::collections::{HashMap, VecDeque};
use std::sync::Arc;

/// Applications send few distinct objects, or a new one with every run: then remembering more helps nobody.
const MAX_REMEMBERED: usize = 16_384;

/// What was stored lately, both ways. Forgetting costs a second copy, never a wrong answer.
#[derive(Default)]
pub struct MetadataSets {
    pk_by_json: HashMap<Arc<str>, i64>,
    json_by_pk: HashMap<i64, Arc<str>>,
    /// Oldest first.
    order: VecDeque<i64>,
    /// Stored by the transaction at work, for those who keep all of them in memory.
    new: Vec<(i64, String)>,
    /// How often something was forgotten.
    n_forgotten: usize,
}

impl MetadataSets {
    /// The row of what a run has after an arrival: a post fills, a patch overwrites.
    pub fn merged(&mut self, db: &Connection, known: Option<i64>, kind: OpKind, said: &Metadata) -> Result<i64> {
        let Some(known) = known else { return self.intern(db, said) };
        let before = self.find(db, known)?;
        if &*before == said.as_json() {
            return Ok(known);
        }
        let before = Metadata::from_stored(before.to_string());
        let merged = match kind {
            OpKind::Post => said.merge(&before),
            OpKind::Patch => before.merge(said),
        };
        if merged == before { Ok(known) } else { self.intern(db, &merged) }
    }

    pub fn intern(&mut self, db: &Connection, metadata: &Metadata) -> Result<i64> {
        if let Some(&pk) = self.pk_by_json.get(metadata.as_json()) {
            return Ok(pk);
        }
        db.prepare_cached("INSERT INTO metadata_sets (json) VALUES (?1)")?.execute([metadata.as_json()])?;
        let pk = db.last_insert_rowid();
        self.new.push((pk, metadata.as_json().to_owned()));
        self.remember(pk, metadata.as_json().into());
        Ok(pk)
    }

    fn find(&mut self, db: &Connection, pk: i64) -> Result<Arc<str>> {
        if let Some(json) = self.json_by_pk.get(&pk) {
            return Ok(Arc::clone(json));
        }
        let json: Option<String> = db
            .prepare_cached("SELECT json FROM metadata_sets WHERE pk = ?1")?
            .query_row([pk], |row| row.get(0))
            .optional()?;
        let json: Arc<str> = json.with_context(|| format!("metadata {pk} is missing"))?.into();
        self.remember(pk, Arc::clone(&json));
        Ok(json)
    }

    fn remember(&mut self, pk: i64, json: Arc<str>) {
        if self.order.len() >= MAX_REMEMBERED
            && let Some(oldest) = self.order.pop_front()
            && let Some(json) = self.json_by_pk.remove(&oldest)
        {
            self.pk_by_json.remove(&json);
            self.n_forgotten += 1;
        }
        self.pk_by_json.insert(Arc::clone(&json), pk);
        self.json_by_pk.insert(pk, json);
        self.order.push_back(pk);
    }

    /// Removes sets that no run had some time after [`MetadataSets::forget`] returned `since`. Those that are remembered
    /// again may have runs by now, and stay; when something was forgotten meanwhile, nobody knows, and all stay.
    pub fn remove_unused(&mut self, db: &Connection, unused: &[i64], since: usize) -> Result<()> {
        if self.n_forgotten != since {
            return Ok(());
        }
        let mut remove = db.prepare_cached("DELETE FROM metadata_sets WHERE pk = ?1")?;
        for pk in unused.iter().filter(|pk| !self.json_by_pk.contains_key(pk)) {
            remove.execute([pk])?;
        }
        Ok(())
    }

    /// What was stored since this was last asked.
    pub fn take_new(&mut self) -> Vec<(i64, String)> {
        std::mem::take(&mut self.new)
    }

    /// After a transaction that failed, what it stored is not there.
    pub fn forget(&mut self) -> usize {
        let n_forgotten = self.n_forgotten + 1;
        *self = MetadataSets { n_forgotten, ..MetadataSets::default() };
        n_forgotten
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::value::RawValue;

    fn metadata(json: &str) -> Metadata {
        Metadata::from_extra(&RawValue::from_string(format!(r#"{{"metadata":{json}}}"#)).unwrap()).unwrap()
    }

    fn database() -> Connection {
        let db = Connection::open_in_memory().unwrap();
        db.execute_batch("CREATE TABLE metadata_sets (pk INTEGER PRIMARY KEY, json TEXT NOT NULL)").unwrap();
        db
    }

    #[test]
    fn equal_objects_are_stored_once_and_told_once() {
        let (db, mut sets) = (database(), MetadataSets::default());
        let first = sets.intern(&db, &metadata(r#"{"a":1,"b":2}"#)).unwrap();
        assert_eq!(sets.intern(&db, &metadata(r#"{"b":2, "a":1}"#)).unwrap(), first);
        assert_eq!(sets.take_new(), [(first, r#"{"a":1,"b":2}"#.to_owned())]);
        assert!(sets.take_new().is_empty());
    }

    #[test]
    fn a_post_fills_and_a_patch_overwrites_also_what_was_forgotten() {
        let (db, mut sets) = (database(), MetadataSets::default());
        let first = sets.intern(&db, &metadata(r#"{"a":1}"#)).unwrap();
        sets.forget();
        let posted = sets.merged(&db, Some(first), OpKind::Post, &metadata(r#"{"a":9,"b":2}"#)).unwrap();
        assert_eq!(&*sets.find(&db, posted).unwrap(), r#"{"a":1,"b":2}"#);
        let patched = sets.merged(&db, Some(posted), OpKind::Patch, &metadata(r#"{"a":3}"#)).unwrap();
        assert_eq!(&*sets.find(&db, patched).unwrap(), r#"{"a":3,"b":2}"#);
        assert_eq!(sets.merged(&db, Some(patched), OpKind::Post, &metadata(r#"{"a":1}"#)).unwrap(), patched);
    }

    #[test]
    fn unused_sets_are_removed_unless_they_may_be_in_use_again() {
        let (db, mut sets) = (database(), MetadataSets::default());
        let [a, b] = ["a", "b"].map(|value| metadata(&format!(r#"{{"k":"{value}"}}"#)));
        let pks = [sets.intern(&db, &a).unwrap(), sets.intern(&db, &b).unwrap()];
        let too_early = sets.forget();
        let since = sets.forget();
        sets.find(&db, pks[0]).unwrap();
        sets.remove_unused(&db, &pks, too_early).unwrap();
        sets.remove_unused(&db, &pks, since).unwrap();
        let left: Vec<i64> = db
            .prepare("SELECT pk FROM metadata_sets")
            .unwrap()
            .query_map([], |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(left, [pks[0]]);
    }

    #[test]
    fn memory_is_bounded() {
        let (db, mut sets) = (database(), MetadataSets::default());
        for n in 0..MAX_REMEMBERED + 10 {
            sets.intern(&db, &metadata(&format!(r#"{{"n":{n}}}"#))).unwrap();
        }
        assert_eq!((sets.pk_by_json.len(), sets.json_by_pk.len()), (MAX_REMEMBERED, MAX_REMEMBERED));
    }
}
