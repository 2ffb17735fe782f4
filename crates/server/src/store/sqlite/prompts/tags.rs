//! Tags of versions, and every move of them.

use super::super::codes::blob;
use super::super::write::transaction::Transaction;
use super::pk_of;
use crate::store::StoreError;
use anyhow::{Context, Result};
use fanlight_wire::Timestamp;
use fanlight_wire::prompt::{PromptTag, TagMove, TagWrite};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

const MAX_PER_PROMPT: i64 = 100;

const SELECT: &str = "SELECT t.id, p.id, c.id, c.hash, t.name, t.created_ns, t.updated_ns FROM prompt_tags t \
     JOIN prompts p ON p.pk = t.prompt JOIN prompt_commits c ON c.pk = t.commit_pk";

pub fn list(db: &Connection, name: &str) -> Result<Vec<PromptTag>> {
    of_prompt(db, pk_of(db, name)?)
}

pub fn of_prompt(db: &Connection, prompt: i64) -> Result<Vec<PromptTag>> {
    let mut statement = db.prepare_cached(&format!("{SELECT} WHERE t.prompt = ?1 ORDER BY t.name"))?;
    let tags = statement.query_map([prompt], from_row)?;
    Ok(tags.collect::<rusqlite::Result<_>>()?)
}

/// Names of the tags that are on a version.
pub fn at_commit(db: &Connection, commit: i64) -> Result<Vec<String>> {
    let mut statement = db.prepare_cached("SELECT name FROM prompt_tags WHERE commit_pk = ?1 ORDER BY name")?;
    let names = statement.query_map([commit], |row| row.get(0))?;
    Ok(names.collect::<rusqlite::Result<_>>()?)
}

fn from_row(row: &Row) -> rusqlite::Result<PromptTag> {
    Ok(PromptTag {
        id: Uuid::from_bytes(row.get(0)?),
        prompt_id: Uuid::from_bytes(row.get(1)?),
        commit_id: Uuid::from_bytes(row.get(2)?),
        commit_hash: row.get(3)?,
        name: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        updated_at: Timestamp(row.get(6)?),
    })
}

/// A move to be recorded.
struct Step<'a> {
    prompt: i64,
    tag: &'a str,
    to: Option<i64>,
    from: Option<i64>,
    author: Option<String>,
    client: Option<String>,
}

pub fn put(
    transaction: &mut Transaction,
    name: &str,
    tag: TagWrite,
    client: Option<String>,
    must_exist: bool,
) -> Result<PromptTag> {
    let (db, now_ns) = (transaction.db, transaction.received_ns);
    let prompt = pk_of(db, name)?;
    let (Some(tag_name), Some(commit_id)) = (tag.name, tag.commit_id) else {
        return Err(StoreError::Invalid("a tag needs a name and a version".into()).into());
    };
    let to: Option<i64> = db
        .query_row(
            "SELECT pk FROM prompt_commits WHERE prompt = ?1 AND id = ?2",
            params![prompt, blob(commit_id)],
            |row| row.get(0),
        )
        .optional()?;
    let to =
        to.ok_or_else(|| StoreError::NotFound(format!("the prompt {name:?} has no version with id {commit_id}")))?;
    let from = place(db, prompt, &tag_name)?;
    if from.is_none() && must_exist {
        return Err(no_tag(name, &tag_name).into());
    }
    if from.is_none() {
        refuse_too_many(db, prompt)?;
    }
    if from != Some(to) {
        db.execute(
            "INSERT INTO prompt_tags (id, prompt, name, commit_pk, created_ns, updated_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?5) \
             ON CONFLICT (prompt, name) DO UPDATE SET commit_pk = ?4, updated_ns = ?5",
            params![blob(Uuid::new_v4()), prompt, tag_name, to, now_ns],
        )?;
        record(transaction, Step { prompt, tag: &tag_name, to: Some(to), from, author: tag.author, client })?;
    }
    let mut statement = db.prepare_cached(&format!("{SELECT} WHERE t.prompt = ?1 AND t.name = ?2"))?;
    statement.query_row(params![prompt, tag_name], from_row).context("the tag was written just now")
}

pub fn delete(
    transaction: &mut Transaction,
    name: &str,
    tag: &str,
    author: Option<String>,
    client: Option<String>,
) -> Result<()> {
    let db = transaction.db;
    let prompt = pk_of(db, name)?;
    let from = place(db, prompt, tag)?.ok_or_else(|| no_tag(name, tag))?;
    db.execute("DELETE FROM prompt_tags WHERE prompt = ?1 AND name = ?2", params![prompt, tag])?;
    record(transaction, Step { prompt, tag, to: None, from: Some(from), author, client })
}

fn place(db: &Connection, prompt: i64, tag: &str) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT commit_pk FROM prompt_tags WHERE prompt = ?1 AND name = ?2")?;
    Ok(statement.query_row(params![prompt, tag], |row| row.get(0)).optional()?)
}

fn refuse_too_many(db: &Connection, prompt: i64) -> Result<()> {
    let n_tags: i64 = db.query_row("SELECT count(*) FROM prompt_tags WHERE prompt = ?1", [prompt], |row| row.get(0))?;
    if n_tags >= MAX_PER_PROMPT {
        return Err(StoreError::Invalid(format!("a prompt has at most {MAX_PER_PROMPT} tags; remove some")).into());
    }
    Ok(())
}

fn record(transaction: &Transaction, step: Step) -> Result<()> {
    let Step { prompt, tag, to, from, author, client } = step;
    transaction.db.execute(
        "INSERT INTO prompt_tag_moves (prompt, name, commit_pk, previous_pk, author, client, moved_ns) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
        params![prompt, tag, to, from, author, client, transaction.received_ns],
    )?;
    Ok(())
}

/// Newest first: of one tag, or of all.
pub fn moves(db: &Connection, name: &str, tag: Option<&str>, limit: usize) -> Result<Vec<TagMove>> {
    let prompt = pk_of(db, name)?;
    let mut statement = db.prepare_cached(
        "SELECT m.name, c.id, c.hash, previous.hash, m.moved_ns, m.author, m.client FROM prompt_tag_moves m \
         LEFT JOIN prompt_commits c ON c.pk = m.commit_pk LEFT JOIN prompt_commits previous ON previous.pk = m.previous_pk \
         WHERE m.prompt = ?1 AND (?2 IS NULL OR m.name = ?2) ORDER BY m.pk DESC LIMIT ?3",
    )?;
    let moves = statement.query_map(params![prompt, tag, limit], |row| {
        Ok(TagMove {
            name: row.get(0)?,
            commit_id: row.get::<_, Option<[u8; 16]>>(1)?.map(Uuid::from_bytes),
            commit_hash: row.get(2)?,
            previous_commit_hash: row.get(3)?,
            created_at: Timestamp(row.get(4)?),
            author: row.get(5)?,
            client: row.get(6)?,
        })
    })?;
    Ok(moves.collect::<rusqlite::Result<_>>()?)
}

fn no_tag(name: &str, tag: &str) -> StoreError {
    StoreError::NotFound(format!("the prompt {name:?} has no tag {tag:?}"))
}
