//! Error texts, each distinct one once, with the number of runs that have it.

use crate::store::sqlite::index::bitset::Bitset;
use crate::store::sqlite::payload::blocks::BlockCache;
use crate::store::sqlite::payload::locator::decode_locators;
use crate::store::sqlite::payload::merge::merge_payload;
use anyhow::{Context, Result};
use rusqlite::types::ValueRef;
use rusqlite::{Connection, OptionalExtension, params};
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Shorter texts are kept as they are: reading them is what questions wait for.
const MIN_COMPRESSED_BYTES: usize = 1024;
const ZSTD_LEVEL: i32 = 3;
/// With so few texts in question each is fetched on its own; of more, all between the first and the last are passed over.
const MAX_FETCHED_ALONE: usize = 500;
/// Runs of earlier versions that get their text in one transaction.
const RUNS_PER_FILLING: usize = 2_000;
const BLOCK_CACHE_BYTES: usize = 8 * 1024 * 1024;

/// What a transaction does to the texts.
#[derive(Default)]
pub struct ErrorTexts {
    /// How many more runs have a text, or fewer; also of those that were looked up and might have none.
    more_runs: BTreeMap<i64, i64>,
}

impl ErrorTexts {
    /// The row of the text, which is stored when it is new. Until [`ErrorTexts::save`] no run counts for it.
    pub fn intern(&mut self, db: &Connection, text: &str) -> Result<i64> {
        let pk = match find(db, text)? {
            Some(pk) => pk,
            None => insert(db, text)?,
        };
        self.more_runs.entry(pk).or_default();
        Ok(pk)
    }

    /// A run had the one text and has the other now.
    pub fn note(&mut self, before: Option<i64>, now: Option<i64>) {
        if before != now {
            before.into_iter().for_each(|pk| *self.more_runs.entry(pk).or_default() -= 1);
            now.into_iter().for_each(|pk| *self.more_runs.entry(pk).or_default() += 1);
        }
    }

    /// Writes the counts down, and removes texts that no run has.
    pub fn save(self, db: &Connection) -> Result<()> {
        let mut count =
            db.prepare_cached("UPDATE error_texts SET n_runs = n_runs + ?2 WHERE pk = ?1 RETURNING n_runs")?;
        let mut remove = db.prepare_cached("DELETE FROM error_texts WHERE pk = ?1")?;
        for (pk, more) in self.more_runs {
            let n_runs: Option<i64> = count.query_row([pk, more], |row| row.get(0)).optional()?;
            if n_runs.is_some_and(|n_runs| n_runs <= 0) {
                remove.execute([pk])?;
            }
        }
        Ok(())
    }
}

/// The row of a text that some run has.
pub fn find(db: &Connection, text: &str) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT pk, n_bytes, data FROM error_texts WHERE hash = ?1")?;
    let mut rows = statement.query([hash(text)])?;
    while let Some(row) = rows.next()? {
        if decode(row.get(1)?, row.get_ref(2)?)? == text {
            return Ok(Some(row.get(0)?));
        }
    }
    Ok(None)
}

/// The texts among `wanted` that pass.
pub fn matching(db: &Connection, wanted: &Bitset, passes: impl Fn(&str) -> bool) -> Result<Bitset> {
    let mut passing = Bitset::default();
    if wanted.len() <= MAX_FETCHED_ALONE {
        let mut statement = db.prepare_cached("SELECT n_bytes, data FROM error_texts WHERE pk = ?1")?;
        for pk in wanted.iter() {
            let mut rows = statement.query([pk])?;
            if let Some(row) = rows.next()?
                && passes(&decode(row.get(0)?, row.get_ref(1)?)?)
            {
                passing.insert(pk);
            }
        }
        return Ok(passing);
    }
    let (first, last) = (wanted.iter().next(), wanted.iter().last());
    let mut statement =
        db.prepare_cached("SELECT pk, n_bytes, data FROM error_texts WHERE pk BETWEEN ?1 AND ?2 ORDER BY pk")?;
    let mut rows = statement.query(params![first, last])?;
    while let Some(row) = rows.next()? {
        let pk = row.get(0)?;
        if wanted.contains(pk) && passes(&decode(row.get(1)?, row.get_ref(2)?)?) {
            passing.insert(pk);
        }
    }
    Ok(passing)
}

fn insert(db: &Connection, text: &str) -> Result<i64> {
    let mut statement =
        db.prepare_cached("INSERT INTO error_texts (hash, n_runs, n_bytes, data) VALUES (?1, 0, ?2, ?3)")?;
    match text.len() >= MIN_COMPRESSED_BYTES {
        true => {
            statement.execute(params![hash(text), text.len(), zstd::bulk::compress(text.as_bytes(), ZSTD_LEVEL)?])?
        }
        false => statement.execute(params![hash(text), text.len(), text])?,
    };
    Ok(db.last_insert_rowid())
}

fn hash(text: &str) -> i64 {
    let digest = Sha256::digest(text);
    i64::from_le_bytes(digest[..8].try_into().expect("a digest has 32 bytes"))
}

fn decode(n_bytes: usize, data: ValueRef) -> Result<Cow<str>> {
    match data {
        ValueRef::Blob(compressed) => {
            let text = zstd::bulk::decompress(compressed, n_bytes).context("an error text is damaged")?;
            Ok(Cow::Owned(String::from_utf8(text).context("an error text is damaged")?))
        }
        plain => Ok(Cow::Borrowed(plain.as_str()?)),
    }
}

/// Gives runs of versions 1 and 2 their error text, which was in their payload alone. Does nothing to a current store.
pub fn fill_in(db: &Connection) -> Result<()> {
    let n_missing: usize = db.query_row("SELECT count(*) FROM error_texts_missing", [], |row| row.get(0))?;
    if n_missing == 0 {
        return Ok(());
    }
    tracing::info!(n_runs = n_missing, "collecting the error texts of runs that an earlier version stored");
    let blocks = BlockCache::new(BLOCK_CACHE_BYTES);
    let mut n_filled = 0;
    loop {
        let transaction = db.unchecked_transaction()?;
        let n = fill_in_some(&transaction, &blocks)?;
        transaction.commit()?;
        if n == 0 {
            return Ok(());
        }
        n_filled += n;
        tracing::info!(n_runs = n_filled, of = n_missing, "collected error texts");
    }
}

/// Returns how many were looked at.
fn fill_in_some(db: &Connection, blocks: &BlockCache) -> Result<usize> {
    let some: Vec<i64> = db
        .prepare_cached("SELECT pk FROM error_texts_missing ORDER BY pk LIMIT ?1")?
        .query_map([RUNS_PER_FILLING], |row| row.get(0))?
        .collect::<rusqlite::Result<_>>()?;
    let mut texts = ErrorTexts::default();
    for &pk in &some {
        let mut statement = db.prepare_cached("SELECT error_preview, fragments FROM runs WHERE pk = ?1")?;
        let run: Option<(String, Option<Vec<u8>>)> =
            statement.query_row([pk], |row| Ok((row.get(0)?, row.get(1)?))).optional()?;
        let Some((preview, fragments)) = run else { continue };
        let whole = decode_locators(fragments.as_deref()).and_then(|locators| blocks.read(db, &locators));
        let text = match whole {
            Ok(fragments) => merge_payload(fragments).error.unwrap_or(preview),
            Err(error) => {
                // One that is damaged must not keep the store from opening: its first line is known.
                tracing::warn!(error = format!("{error:#}"), pk, "the error text of a run cannot be read");
                preview
            }
        };
        let text = texts.intern(db, &text)?;
        texts.note(None, Some(text));
        db.prepare_cached("UPDATE runs SET error_text = ?2 WHERE pk = ?1")?.execute([pk, text])?;
    }
    texts.save(db)?;
    db.prepare_cached("DELETE FROM error_texts_missing WHERE pk <= ?1")?.execute([some.last()])?;
    Ok(some.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn database() -> Connection {
        let mut db = Connection::open_in_memory().unwrap();
        crate::store::sqlite::schema::migrate(&mut db).unwrap();
        db
    }

    fn counts(db: &Connection) -> Vec<(i64, i64)> {
        let mut statement = db.prepare("SELECT pk, n_runs FROM error_texts ORDER BY pk").unwrap();
        statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?))).unwrap().map(Result::unwrap).collect()
    }

    #[test]
    fn a_text_is_stored_once_while_runs_have_it() {
        let db = database();
        let long = "frame\n".repeat(1_000);
        let (mut texts, mut pks) = (ErrorTexts::default(), Vec::new());
        for text in ["slow", &long, "slow", "never used"] {
            pks.push(texts.intern(&db, text).unwrap());
        }
        [pks[0], pks[1], pks[2]].into_iter().for_each(|pk| texts.note(None, Some(pk)));
        texts.save(&db).unwrap();
        assert_eq!((pks[0], counts(&db)), (pks[2], vec![(pks[0], 2), (pks[1], 1)]));
        assert_eq!(find(&db, &long).unwrap(), Some(pks[1]));

        let mut texts = ErrorTexts::default();
        texts.note(Some(pks[0]), Some(pks[1]));
        texts.note(Some(pks[0]), None);
        texts.save(&db).unwrap();
        assert_eq!((find(&db, "slow").unwrap(), counts(&db)), (None, vec![(pks[1], 2)]));
    }

    #[test]
    fn a_number_is_never_given_out_again() {
        let db = database();
        let first = ErrorTexts::default().intern(&db, "a").unwrap();
        db.execute("DELETE FROM error_texts", []).unwrap();
        assert_ne!(ErrorTexts::default().intern(&db, "b").unwrap(), first);
    }

    #[test]
    fn few_and_many_texts_are_looked_through_alike() {
        let db = database();
        let mut texts = ErrorTexts::default();
        let number = |pk: i64| u32::try_from(pk).unwrap();
        let pks: Vec<u32> = (0..2_000).map(|n| number(texts.intern(&db, &format!("error {n}")).unwrap())).collect();
        let ends_in_7 = |text: &str| text.ends_with('7');
        let all = matching(&db, &pks.iter().copied().collect(), ends_in_7).unwrap();
        assert_eq!(all.len(), 200);
        let some = matching(&db, &pks[..100].iter().copied().collect(), ends_in_7).unwrap();
        assert_eq!(some.iter().collect::<Vec<_>>(), all.iter().take(10).collect::<Vec<_>>());
    }
}
