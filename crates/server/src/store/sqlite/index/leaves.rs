//! Looking up in SQL what columns do not hold: ids, error texts, feedback; payloads and words through the search.

use super::bitset::Bitset;
use super::leaf::Leaf;
use super::memory::pk32;
use crate::store::sqlite::codes::blob;
use crate::store::sqlite::read::Reading;
use crate::store::sqlite::search::find::Finder;
use crate::store::sqlite::write::error_texts;
use crate::store::{StoreResult, effort};
use anyhow::Result;
use fanlight_wire::TraceId;
use fanlight_wire::filter::eval::{Like, ScalarRef, test_value};
use fanlight_wire::filter::{Comparison, Field, Literal, PairPart, PairTest, TestKind};
use rusqlite::{Connection, OptionalExtension};
use serde_json::Value;
use uuid::Uuid;

/// The rows that pass. `candidates` are those that are worth looking into, where looking is costly.
pub fn look_up(reading: &Reading, leaf: &Leaf, candidates: &Bitset) -> StoreResult<Bitset> {
    let (db, blocks) = (reading.db, reading.blocks);
    let finder = Finder { db, blocks, recent: reading.recent, max_unindexed_read: reading.max_unindexed_read };
    match leaf {
        Leaf::Ids { field, ids } => Ok(by_ids(db, *field, ids)?),
        Leaf::Feedback(tests) => Ok(by_feedback(db, tests)?),
        Leaf::ErrorIs(texts) => {
            let found = texts.iter().filter_map(|text| error_texts::find(db, text).transpose());
            Ok(found.map(|pk| pk.map(pk32)).collect::<Result<_>>()?)
        }
        Leaf::ErrorLike(pattern) => {
            let like = Like::new(pattern);
            effort::looked_at(candidates.len());
            Ok(error_texts::matching(db, candidates, |text| like.matches(text))?)
        }
        Leaf::Payload { rows, tests } => finder.find_pairs(*rows, tests, candidates),
        Leaf::Search { within, text } => {
            let found = finder.search(*within, text, candidates)?;
            effort::left_out(found.n_unsearched);
            Ok(found.runs)
        }
    }
}

/// Of trace ids, rows of traces.
pub fn by_ids(db: &Connection, field: Field, ids: &[Uuid]) -> Result<Bitset> {
    let statements: &[&str] = match field {
        Field::TraceId => &["SELECT pk FROM traces WHERE id = ?1"],
        Field::ParentRunId => &[
            "SELECT pk FROM runs INDEXED BY runs_by_parent WHERE parent_pk = (SELECT pk FROM runs WHERE id = ?1)",
            "SELECT pk FROM runs INDEXED BY runs_waiting WHERE waiting_parent = ?1",
        ],
        Field::ReferenceExampleId => {
            &["SELECT pk FROM runs INDEXED BY runs_by_example WHERE reference_example_id = ?1"]
        }
        _ => &["SELECT pk FROM runs WHERE id = ?1"],
    };
    let mut rows = Bitset::default();
    for sql in statements {
        let mut statement = db.prepare_cached(sql)?;
        for id in ids {
            for pk in statement.query_map([blob(*id)], |row| row.get(0))? {
                rows.insert(pk32(pk?));
            }
        }
    }
    Ok(rows)
}

pub fn runs_of_trace(db: &Connection, trace: TraceId) -> Result<Bitset> {
    let mut statement = db.prepare_cached(
        "SELECT pk FROM runs INDEXED BY runs_by_trace WHERE trace = (SELECT pk FROM traces WHERE id = ?1)",
    )?;
    let pks = statement.query_map([blob(trace.0)], |row| Ok(pk32(row.get(0)?)))?;
    Ok(pks.collect::<rusqlite::Result<_>>()?)
}

/// A row of feedback as its tests see it.
struct FeedbackRow {
    key: String,
    score: Option<f64>,
    value: Option<Value>,
    comment: Option<String>,
    source: String,
}

impl FeedbackRow {
    fn passes(&self, test: &PairTest) -> bool {
        let value = match test.part {
            PairPart::Key => ScalarRef::Text(&self.key),
            PairPart::Source => ScalarRef::Text(&self.source),
            PairPart::Score => self.score.map_or(ScalarRef::Null, ScalarRef::Float),
            PairPart::Value => self.value.as_ref().map_or(ScalarRef::Null, ScalarRef::from),
            PairPart::Comment => self.comment.as_deref().map_or(ScalarRef::Null, ScalarRef::Text),
        };
        test_value(&test.test, &value)
    }
}

fn by_feedback(db: &Connection, tests: &[PairTest]) -> Result<Bitset> {
    let key = tests.iter().find_map(|test| match (test.part, &test.test) {
        (PairPart::Key, TestKind::Compare(Comparison::Eq, Literal::Text(key))) => Some(key.as_str()),
        _ => None,
    });
    let mut statement = db.prepare_cached(
        "SELECT run_id, key, score, value, comment, source_kind FROM feedback
         WHERE run_id IS NOT NULL AND (?1 IS NULL OR key = ?1)",
    )?;
    let mut pk_of = RowsById::new(db)?;
    let mut rows = Bitset::default();
    let mut feedback = statement.query([key])?;
    while let Some(row) = feedback.next()? {
        let feedback = FeedbackRow {
            key: row.get(1)?,
            score: row.get(2)?,
            value: row.get_ref(3)?.as_str_or_null()?.map(serde_json::from_str).transpose()?,
            comment: row.get(4)?,
            source: row.get(5)?,
        };
        if tests.iter().all(|test| feedback.passes(test))
            && let Some(pk) = pk_of.find(row.get(0)?)?
        {
            rows.insert(pk);
        }
    }
    Ok(rows)
}

/// Rows of runs by id; feedback of one run often comes together.
struct RowsById<'a> {
    statement: rusqlite::CachedStatement<'a>,
    last: Option<([u8; 16], Option<u32>)>,
}

impl<'a> RowsById<'a> {
    fn new(db: &'a Connection) -> Result<Self> {
        Ok(RowsById { statement: db.prepare_cached("SELECT pk FROM runs WHERE id = ?1")?, last: None })
    }

    fn find(&mut self, id: [u8; 16]) -> Result<Option<u32>> {
        if let Some((last, pk)) = self.last
            && last == id
        {
            return Ok(pk);
        }
        let pk = self.statement.query_row([id], |row| row.get(0)).optional()?.map(pk32);
        self.last = Some((id, pk));
        Ok(pk)
    }
}

/// Rows of the runs with feedback under each key, in these projects.
pub fn feedback_keys(db: &Connection, projects: &[u32]) -> Result<super::facets::FeedbackKeys> {
    let mut keys = super::facets::FeedbackKeys::new();
    let mut statement = db.prepare_cached(
        "SELECT run_id, key FROM feedback INDEXED BY feedback_by_project WHERE project = ?1 AND run_id IS NOT NULL",
    )?;
    let mut pk_of = RowsById::new(db)?;
    for project in projects {
        let mut rows = statement.query([project])?;
        while let Some(row) = rows.next()? {
            if let Some(pk) = pk_of.find(row.get(0)?)? {
                let key = row.get_ref(1)?.as_str()?;
                match keys.get_mut(key) {
                    Some(pks) => pks.insert(pk),
                    None => {
                        keys.insert(key.to_owned(), Bitset::from_iter([pk]));
                    }
                }
            }
        }
    }
    Ok(keys)
}
