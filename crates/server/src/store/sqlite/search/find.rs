//! Which runs a search or a condition on payloads finds.

use super::recent::Recent;
use super::segment;
use super::source::RunSource;
use super::text::is_within;
use crate::store::sqlite::index::bitset::Bitset;
use crate::store::sqlite::payload::blocks::BlockCache;
use crate::store::{StoreError, StoreResult, effort};
use anyhow::Result;
use fanlight_wire::filter::eval::{ScalarRef, flatten, test_value};
use fanlight_wire::filter::words::{Query, QueryWord, words};
use fanlight_wire::filter::{Comparison, Literal, PairPart, PairRows, PairTest, TestKind, TextPart};
use rusqlite::Connection;
use std::collections::HashMap;

/// Payloads read to answer one question: a second or two. Of runs that are not indexed yet the newest are read, so that
/// what was sent just now is found; conditions that need more are refused.
pub const MAX_READ: usize = 20_000;

/// Looks into one snapshot.
pub struct Finder<'a> {
    pub db: &'a Connection,
    pub blocks: &'a BlockCache,
    pub recent: &'a Recent,
    /// Runs that are not indexed yet and read to answer one search.
    pub max_unindexed_read: usize,
}

/// Rows of runs; some may be gone meanwhile, or be no candidates.
#[derive(Debug, Default)]
pub struct Found {
    pub runs: Bitset,
    /// Candidates that were not looked at because too many wait for the index.
    pub n_unsearched: usize,
}

impl Finder<'_> {
    /// Runs in which every word and phrase of `text` occurs in the part named, or in any. Without a word: all candidates.
    /// The index knows words; whether those of a phrase stand side by side is read. `Invalid` when that is too much.
    pub fn search(&self, within: Option<TextPart>, text: &str, candidates: &Bitset) -> StoreResult<Found> {
        let query = Query::of(text);
        if query.is_empty() {
            return Ok(Found { runs: candidates.clone(), n_unsearched: 0 });
        }
        let mut found = self.search_words(within, &query.all_words(), candidates)?;
        if !query.phrases.is_empty() {
            found.runs.intersect(candidates);
            found.runs = self.with_phrases(within, &query, &found.runs)?;
        }
        Ok(found)
    }

    /// Of runs that have the words, those that have the phrases.
    fn with_phrases(&self, within: Option<TextPart>, query: &Query, runs: &Bitset) -> StoreResult<Bitset> {
        let n_runs = runs.len();
        if n_runs > MAX_READ {
            return Err(StoreError::Invalid(format!(
                "{n_runs} runs have the words of this phrase, and at most {MAX_READ} are read to see whether they stand side \
                 by side; narrow the time range, or add a condition"
            )));
        }
        effort::looked_at(n_runs);
        let mut with_phrases = Bitset::default();
        for run in runs.iter() {
            let source = RunSource::load(self.db, self.blocks, i64::from(run))?;
            if source.is_some_and(|source| source.text().is_found(query, within)) {
                with_phrases.insert(run);
            }
        }
        Ok(with_phrases)
    }

    fn search_words(&self, within: Option<TextPart>, query: &[QueryWord], candidates: &Bitset) -> Result<Found> {
        let pending = self.pending()?;
        let mut found = Found { runs: self.search_segments(within, query)?, n_unsearched: 0 };
        // A segment has pending runs as they were.
        pending.keys().for_each(|run| found.runs.remove(*run));
        let mut unread: Vec<u32> = {
            let recent = self.recent.read();
            for run in recent.find(&pending, query, |part| is_within(within, part)) {
                found.runs.insert(run);
            }
            let is_unread = |(run, stamp_ns): (&u32, &i64)| candidates.contains(*run) && !recent.has(*run, *stamp_ns);
            pending.iter().filter(|entry| is_unread(*entry)).map(|(run, _)| *run).collect()
        };
        unread.sort_unstable();
        let n_left_out = unread.len().saturating_sub(self.max_unindexed_read);
        found.n_unsearched = n_left_out + self.n_older(&pending, candidates)?;
        let words = Query { words: query.to_vec(), phrases: Vec::new() };
        for &run in &unread[n_left_out..] {
            let source = RunSource::load(self.db, self.blocks, i64::from(run))?;
            if source.is_some_and(|source| source.text().is_found(&words, within)) {
                found.runs.insert(run);
            }
        }
        Ok(found)
    }

    /// Pending runs looked at, with room for those that are in memory.
    fn max_pending(&self) -> usize {
        2 * self.max_unindexed_read
    }

    /// The newest of the runs whose text is not in the segments as it is now, each with its state.
    fn pending(&self) -> Result<HashMap<u32, i64>> {
        let mut statement =
            self.db.prepare_cached("SELECT pk, stamp_ns FROM text_pending ORDER BY pk DESC LIMIT ?1")?;
        let pending = statement.query_map([self.max_pending()], |row| Ok((row.get(0)?, row.get(1)?)))?;
        Ok(pending.collect::<rusqlite::Result<_>>()?)
    }

    /// Candidates that wait and are older than all of `pending`.
    fn n_older(&self, pending: &HashMap<u32, i64>, candidates: &Bitset) -> Result<usize> {
        let Some(oldest) = pending.keys().min().filter(|_| pending.len() >= self.max_pending()) else { return Ok(0) };
        let mut statement = self.db.prepare_cached("SELECT pk FROM text_pending WHERE pk < ?1")?;
        let mut older = statement.query([oldest])?;
        let mut n_older = 0;
        while let Some(row) = older.next()? {
            n_older += usize::from(candidates.contains(row.get(0)?));
        }
        Ok(n_older)
    }

    fn search_segments(&self, within: Option<TextPart>, query: &[QueryWord]) -> Result<Bitset> {
        let mut found = Bitset::default();
        for segment in segment::searched_pks(self.db)? {
            let mut with_all: Option<Bitset> = None;
            for word in query {
                let mut with_word = Bitset::default();
                segment::each_word(self.db, segment, word, |entry| {
                    (0..super::text::N_PARTS)
                        .filter(|part| is_within(within, *part))
                        .try_for_each(|part| entry.each_run(part, |run| with_word.insert(run)))
                })?;
                match &mut with_all {
                    Some(with_all) => with_all.intersect(&with_word),
                    None => with_all = Some(with_word),
                }
                if with_all.as_ref().is_some_and(Bitset::is_empty) {
                    break;
                }
            }
            let mut with_all = with_all.unwrap_or_default();
            if with_all.is_empty() {
                continue;
            }
            segment::stale(self.db, segment)?.into_iter().for_each(|run| with_all.remove(run));
            found.unite(&with_all);
        }
        Ok(found)
    }

    /// Candidates whose inputs or outputs have an entry that passes every test. Looks a wanted text up by its words where
    /// there is one, then reads payloads; `Invalid` when those would be too many.
    pub fn find_pairs(&self, rows: PairRows, tests: &[PairTest], candidates: &Bitset) -> StoreResult<Bitset> {
        let within = match rows {
            PairRows::Inputs => TextPart::Inputs,
            PairRows::Outputs => TextPart::Outputs,
            PairRows::Metadata | PairRows::Feedback => {
                return Err(StoreError::Invalid("only inputs and outputs are found by their payload".to_owned()));
            }
        };
        let mut to_read = candidates.clone();
        if let Some(alternatives) = wanted_words(tests) {
            let mut with_words = Bitset::default();
            for query in alternatives {
                let found = self.search_words(Some(within), &query, candidates)?;
                if found.n_unsearched > 0 {
                    return Err(too_many());
                }
                with_words.unite(&found.runs);
            }
            to_read.intersect(&with_words);
        }
        if to_read.len() > MAX_READ {
            return Err(too_many());
        }
        let mut found = Bitset::default();
        for run in to_read.iter() {
            let Some(source) = RunSource::load(self.db, self.blocks, i64::from(run))? else { continue };
            let payload = source.payload;
            let json = if rows == PairRows::Inputs { payload.inputs } else { payload.outputs };
            // What is nested too deeply for a reader of JSON has no entries.
            if let Some(json) = json.and_then(|json| serde_json::from_str(json.get()).ok())
                && has_entry(&json, tests)
            {
                found.insert(run);
            }
        }
        Ok(found)
    }
}

fn too_many() -> StoreError {
    let message = format!(
        "this condition on inputs or outputs would have to read more than {MAX_READ} runs; narrow the time range, or add \
         a condition on a whole text value"
    );
    StoreError::Invalid(message)
}

fn has_entry(json: &serde_json::Value, tests: &[PairTest]) -> bool {
    let mut is_there = false;
    flatten(json, |path, value| {
        is_there = is_there
            || tests.iter().all(|test| match test.part {
                PairPart::Key => test_value(&test.test, &ScalarRef::Text(path)),
                PairPart::Value => test_value(&test.test, &value),
                PairPart::Score | PairPart::Comment | PairPart::Source => false,
            });
    });
    is_there
}

/// Words of which the value must have all, of one of the alternatives. `None`: no test gives any.
fn wanted_words(tests: &[PairTest]) -> Option<Vec<Vec<QueryWord>>> {
    let of_value = tests.iter().filter(|test| test.part == PairPart::Value);
    of_value
        .filter_map(|test| match &test.test {
            TestKind::Compare(Comparison::Eq, value) => Some(vec![literal_words(value)?]),
            TestKind::In(values) => values.iter().map(literal_words).collect(),
            _ => None,
        })
        .next()
}

/// Texts that a number or a boolean might equal are printed in more than one way, and have none.
fn literal_words(value: &Literal) -> Option<Vec<QueryWord>> {
    let Literal::Text(text) = value else { return None };
    if text.parse::<f64>().is_ok() || matches!(text.as_str(), "true" | "false") {
        return None;
    }
    let exactly = |word: std::borrow::Cow<str>| QueryWord { text: word.into_owned(), is_prefix: false };
    let found: Vec<QueryWord> = words(text).map(exactly).collect();
    (!found.is_empty()).then_some(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value_test(test: TestKind) -> PairTest {
        PairTest { part: PairPart::Value, test }
    }

    #[track_caller]
    fn check(tests: &[PairTest], expected: Option<&[&str]>) {
        let shown = wanted_words(tests).map(|alternatives| {
            let line =
                |query: &Vec<QueryWord>| query.iter().map(|word| word.text.as_str()).collect::<Vec<_>>().join(" ");
            alternatives.iter().map(line).collect::<Vec<_>>()
        });
        assert_eq!(shown, expected.map(|lines| lines.iter().map(|line| (*line).to_owned()).collect()));
    }

    #[test]
    fn whole_texts_are_looked_up_by_their_words() {
        let text = |text: &str| Literal::Text(text.into());
        let key = PairTest { part: PairPart::Key, test: TestKind::Compare(Comparison::Eq, text("question")) };
        check(&[key.clone(), value_test(TestKind::Compare(Comparison::Eq, text("Why me?")))], Some(&["why me"]));
        check(&[value_test(TestKind::In(vec![text("a b"), text("c")]))], Some(&["a b", "c"]));
        check(&[key], None);
    }

    #[test]
    fn what_may_be_written_in_several_ways_is_read() {
        for value in [Literal::Text("1".into()), Literal::Text("true".into()), Literal::Number(1.0)] {
            check(&[value_test(TestKind::Compare(Comparison::Eq, value.clone()))], None);
            check(&[value_test(TestKind::In(vec![Literal::Text("x".into()), value]))], None);
        }
        check(&[value_test(TestKind::Like("%x%".into()))], None);
        check(&[value_test(TestKind::Compare(Comparison::Eq, Literal::Text("…".into())))], None);
    }
}
