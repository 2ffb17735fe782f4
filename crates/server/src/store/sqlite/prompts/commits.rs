//! Versions of prompts: a line of them, each based on the one before.

use super::super::codes::blob;
use super::super::write::transaction::Transaction;
use super::{list_from, pk_of, repos, tags};
use crate::store::StoreError;
use crate::store::prompts::{CommitFilter, NewCommit, VersionRef};
use anyhow::{Context, Result};
use fanlight_wire::prompt::{CommitPage, PromptCommit, manifest};
use fanlight_wire::{RawJson, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::Value;
use serde_json::value::{RawValue, to_raw_value};
use sha2::{Digest, Sha256};
use uuid::Uuid;

const MAX_PER_PROMPT: i64 = 10_000;
/// Manifests on one page; those of older versions are left out beyond it.
const MAX_PAGE_BYTES: usize = 16 * 1024 * 1024;
/// Fewer characters of a hash are too few to be sure of which is meant.
const MIN_HASH_CHARS: usize = 8;

const SELECT: &str = "SELECT c.pk, c.id, c.hash, p.id, parent.id, parent.hash, c.created_ns, c.description, c.author, \
     c.client, c.example_runs, c.n_downloads, c.n_views, c.manifest FROM prompt_commits c \
     JOIN prompts p ON p.pk = c.prompt LEFT JOIN prompt_commits parent ON parent.pk = c.parent";

pub fn list(db: &Connection, name: &str, filter: &CommitFilter) -> Result<CommitPage> {
    let prompt = pk_of(db, name)?;
    let (condition, tag) = match &filter.tag {
        Some(tag) => ("c.pk = (SELECT commit_pk FROM prompt_tags WHERE prompt = ?1 AND name = ?2)", tag.as_str()),
        None => ("?2 = ''", ""),
    };
    let count = format!("SELECT count(*) FROM prompt_commits c WHERE c.prompt = ?1 AND {condition}");
    let total = db.query_row(&count, params![prompt, tag], |row| row.get(0))?;
    let page = format!("{SELECT} WHERE c.prompt = ?1 AND {condition} ORDER BY c.pk DESC LIMIT ?3 OFFSET ?4");
    let mut statement = db.prepare_cached(&page)?;
    let mut rows = statement.query(params![prompt, tag, filter.limit.clamp(1, 100), filter.offset])?;
    let mut commits = Vec::new();
    let mut n_bytes = 0;
    while let Some(row) = rows.next()? {
        n_bytes += row.get_ref(13)?.as_str()?.len();
        let mut commit = from_row(db, row, filter.with_manifests && n_bytes <= MAX_PAGE_BYTES)?;
        if !filter.with_model {
            commit.manifest = commit.manifest.map(without_model).transpose()?;
        }
        commits.push(commit);
    }
    Ok(CommitPage { commits, total })
}

/// A manifest reduced to the prompt in it.
pub fn without_model(raw: RawJson) -> Result<RawJson> {
    let whole: Value = serde_json::from_str(raw.get())?;
    let prompt = manifest::without_model(&whole);
    if prompt == &whole { Ok(raw) } else { Ok(to_raw_value(prompt)?) }
}

pub fn find(db: &Connection, name: &str, version: &VersionRef) -> Result<PromptCommit> {
    let prompt = pk_of(db, name)?;
    let pk = match version {
        VersionRef::Latest => latest(db, prompt)?,
        VersionRef::Named(text) => named(db, prompt, text)?,
    };
    let no_version = || {
        StoreError::NotFound(match version {
            VersionRef::Latest => format!("the prompt {name:?} has no versions yet"),
            VersionRef::Named(text) => format!("the prompt {name:?} has no version {text:?}"),
        })
    };
    load(db, pk.ok_or_else(no_version)?)
}

/// The newest version of a prompt.
pub fn latest(db: &Connection, prompt: i64) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT max(pk) FROM prompt_commits WHERE prompt = ?1")?;
    Ok(statement.query_row([prompt], |row| row.get(0))?)
}

fn named(db: &Connection, prompt: i64, text: &str) -> Result<Option<i64>> {
    let begins_a_hash = text.len() >= MIN_HASH_CHARS && text.bytes().all(|byte| byte.is_ascii_hexdigit());
    if begins_a_hash {
        let mut statement = db.prepare_cached(
            "SELECT pk FROM prompt_commits WHERE prompt = ?1 AND hash >= ?2 AND hash < ?2 || 'g' LIMIT 2",
        )?;
        let found = statement.query_map(params![prompt, text.to_ascii_lowercase()], |row| row.get(0))?;
        match *found.collect::<rusqlite::Result<Vec<i64>>>()? {
            [pk] => return Ok(Some(pk)),
            [] => {}
            _ => return Err(StoreError::Invalid(format!("several versions begin with {text}; say more of it")).into()),
        }
    }
    let mut statement = db.prepare_cached("SELECT commit_pk FROM prompt_tags WHERE prompt = ?1 AND name = ?2")?;
    Ok(statement.query_row(params![prompt, text], |row| row.get(0)).optional()?)
}

pub fn load(db: &Connection, pk: i64) -> Result<PromptCommit> {
    let mut statement = db.prepare_cached(&format!("{SELECT} WHERE c.pk = ?1"))?;
    let mut rows = statement.query([pk])?;
    let row = rows.next()?.context("the version is in this snapshot")?;
    from_row(db, row, true)
}

fn from_row(db: &Connection, row: &Row, with_manifest: bool) -> Result<PromptCommit> {
    let created_at = Timestamp(row.get(6)?);
    let manifest = if with_manifest { Some(RawValue::from_string(row.get(13)?)?) } else { None };
    Ok(PromptCommit {
        id: Uuid::from_bytes(row.get(1)?),
        commit_hash: row.get(2)?,
        prompt_id: Uuid::from_bytes(row.get(3)?),
        parent_id: row.get::<_, Option<[u8; 16]>>(4)?.map(Uuid::from_bytes),
        parent_commit_hash: row.get(5)?,
        manifest,
        created_at,
        updated_at: created_at,
        description: row.get(7)?,
        author: row.get(8)?,
        client: row.get(9)?,
        example_run_ids: list_from(row.get_ref(10)?.as_str()?)?,
        num_downloads: row.get(11)?,
        num_views: row.get(12)?,
        commit_tags: tags::at_commit(db, row.get(0)?)?,
    })
}

pub fn create(transaction: &mut Transaction, name: &str, commit: NewCommit) -> Result<PromptCommit> {
    let (db, now_ns) = (transaction.db, transaction.received_ns);
    let prompt = pk_of(db, name)?;
    let newest = latest(db, prompt)?.map(|pk| Ok::<_, anyhow::Error>((pk, load(db, pk)?))).transpose()?;
    let parent = newest.as_ref().map(|(pk, newest)| (*pk, newest));
    refuse_stale(commit.parent.as_deref(), parent.map(|(_, newest)| newest))?;
    if let Some((_, newest)) = parent {
        refuse_unchanged(&commit.manifest, newest)?;
    }
    let n_commits: i64 =
        db.query_row("SELECT count(*) FROM prompt_commits WHERE prompt = ?1", [prompt], |row| row.get(0))?;
    if n_commits >= MAX_PER_PROMPT {
        return Err(StoreError::Invalid(format!("a prompt has at most {MAX_PER_PROMPT} versions")).into());
    }
    let id = Uuid::new_v4();
    let parent_hash = parent.map_or("", |(_, newest)| newest.commit_hash.as_str());
    db.execute(
        "INSERT INTO prompt_commits \
         (id, prompt, parent, hash, manifest, description, author, client, example_runs, created_ns) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)",
        params![
            blob(id),
            prompt,
            parent.map(|(pk, _)| pk),
            hash(id, parent_hash, &commit.manifest),
            commit.manifest.get(),
            commit.description,
            commit.author,
            commit.client,
            serde_json::to_string(&commit.example_run_ids)?,
            now_ns,
        ],
    )?;
    let pk = db.last_insert_rowid();
    repos::touch(transaction, prompt)?;
    load(transaction.db, pk)
}

/// What was read before it was edited must still be the newest, or somebody's version would go unseen.
fn refuse_stale(parent: Option<&str>, newest: Option<&PromptCommit>) -> Result<()> {
    let Some(parent) = parent else { return Ok(()) };
    let short = |hash: &str| hash.chars().take(MIN_HASH_CHARS).collect::<String>();
    let message = match newest {
        Some(newest)
            if parent.len() >= MIN_HASH_CHARS && newest.commit_hash.starts_with(&parent.to_ascii_lowercase()) =>
        {
            return Ok(());
        }
        Some(newest) => {
            format!("the newest version is {}, not {}", short(&newest.commit_hash), short(parent))
        }
        None => format!("the prompt has no version {} to be based on", short(parent)),
    };
    Err(StoreError::Conflict(message).into())
}

fn refuse_unchanged(manifest: &RawValue, newest: &PromptCommit) -> Result<()> {
    let parse = |raw: &RawValue| serde_json::from_str::<Value>(raw.get());
    let known = newest.manifest.as_deref().context("a version has a manifest")?;
    if parse(manifest)? == parse(known)? {
        let message = "Nothing to commit: the prompt is as it is in the latest version";
        return Err(StoreError::Conflict(message.to_owned()).into());
    }
    Ok(())
}

/// Tells this version from all others, the same text saved twice included.
fn hash(id: Uuid, parent: &str, manifest: &RawValue) -> String {
    let digest = Sha256::new().chain_update(id).chain_update(parent).chain_update(manifest.get()).finalize();
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
