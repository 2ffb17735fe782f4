//! Prompts themselves: listing, making, changing, deleting.

use super::super::codes::blob;
use super::super::read::Reading;
use super::super::write::transaction::Transaction;
use super::{commits, list_from, pk_of, tags};
use crate::store::StoreError;
use crate::store::prompts::{OWNER, PromptFilter, PromptSort};
use anyhow::{Context, Result};
use fanlight_wire::filter::words::words;
use fanlight_wire::prompt::{LastCommit, Prompt, PromptCreate, PromptPage, PromptUpdate, PulledCommit};
use fanlight_wire::{TenantId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use std::cmp::{Ordering, Reverse};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Enough for people, too few to fill a disk with; a list looks at all of them.
const MAX_PROMPTS: i64 = 10_000;

/// What lists decide by.
struct Listed {
    pk: i64,
    name: String,
    description: String,
    tags: Vec<String>,
    is_public: bool,
    is_archived: bool,
    is_liked: bool,
    n_downloads: u64,
    n_views: u64,
    updated_ns: i64,
    has_commits: bool,
}

pub fn list(reading: &Reading, filter: &PromptFilter) -> Result<PromptPage> {
    let db = reading.db;
    let mut statement = db.prepare_cached(
        "SELECT pk, name, coalesce(description, ''), tags, is_public, is_archived, is_liked, n_downloads, n_views, \
         updated_ns, EXISTS (SELECT 1 FROM prompt_commits c WHERE c.prompt = prompts.pk) FROM prompts",
    )?;
    let asked = filter.query.as_deref().map(Asked::new);
    let mut found = Vec::new();
    let mut rows = statement.query([])?;
    while let Some(row) = rows.next()? {
        let listed = listed_from(row)?;
        if is_listed(filter, &listed) && asked.as_ref().is_none_or(|asked| asked.is_found_in(&listed)) {
            found.push(listed);
        }
    }
    found.sort_by(|a, b| {
        let order = compare(filter.sort, asked.as_ref(), a, b);
        let order = if filter.is_ascending { order } else { order.reverse() };
        order.then_with(|| b.updated_ns.cmp(&a.updated_ns)).then_with(|| b.pk.cmp(&a.pk))
    });
    let total = found.len() as u64;
    let page = found.into_iter().skip(filter.offset).take(filter.limit.clamp(1, 100));
    let prompts = page.map(|listed| {
        let mut prompt = load(db, reading.tenant_id, listed.pk)?.context("the prompt is in this snapshot")?;
        if filter.with_latest_manifest {
            prompt.latest_commit_manifest = latest_manifest(db, listed.pk)?;
        }
        Ok(prompt)
    });
    Ok(PromptPage { prompts: prompts.collect::<Result<_>>()?, total })
}

fn listed_from(row: &Row) -> Result<Listed> {
    Ok(Listed {
        pk: row.get(0)?,
        name: row.get(1)?,
        description: row.get(2)?,
        tags: list_from(row.get_ref(3)?.as_str()?)?,
        is_public: row.get(4)?,
        is_archived: row.get(5)?,
        is_liked: row.get(6)?,
        n_downloads: row.get(7)?,
        n_views: row.get(8)?,
        updated_ns: row.get(9)?,
        has_commits: row.get(10)?,
    })
}

fn is_listed(filter: &PromptFilter, listed: &Listed) -> bool {
    filter.is_public.is_none_or(|wanted| wanted == listed.is_public)
        && filter.is_archived.is_none_or(|wanted| wanted == listed.is_archived)
        && filter.has_commits.is_none_or(|wanted| wanted == listed.has_commits)
        && filter.tags.iter().all(|tag| listed.tags.contains(tag))
}

/// A text to search for.
struct Asked {
    text: String,
    words: Vec<String>,
}

impl Asked {
    fn new(query: &str) -> Self {
        Asked { text: query.trim().to_lowercase(), words: words(query).map(|word| word.into_owned()).collect() }
    }

    fn is_found_in(&self, listed: &Listed) -> bool {
        if listed.name.contains(&self.text) {
            return true;
        }
        let texts = [listed.name.as_str(), listed.description.as_str()].into_iter();
        let texts = texts.chain(listed.tags.iter().map(String::as_str));
        let said: Vec<_> = texts.flat_map(words).collect();
        !self.words.is_empty()
            && self.words.iter().all(|asked| said.iter().any(|word| word.starts_with(asked.as_str())))
    }
}

fn compare(sort: PromptSort, asked: Option<&Asked>, a: &Listed, b: &Listed) -> Ordering {
    let begins = |listed: &Listed| asked.is_some_and(|asked| listed.name.starts_with(&asked.text));
    match sort {
        PromptSort::UpdatedAt => a.updated_ns.cmp(&b.updated_ns),
        PromptSort::Likes => a.is_liked.cmp(&b.is_liked),
        PromptSort::Downloads => a.n_downloads.cmp(&b.n_downloads),
        PromptSort::Views => a.n_views.cmp(&b.n_views),
        PromptSort::Relevance => begins(a).cmp(&begins(b)),
        PromptSort::Name => a.name.cmp(&b.name),
    }
}

pub fn find_pk(db: &Connection, name: &str) -> Result<Option<i64>> {
    let mut statement = db.prepare_cached("SELECT pk FROM prompts WHERE name = ?1")?;
    Ok(statement.query_row([name], |row| row.get(0)).optional()?)
}

pub fn find(db: &Connection, tenant_id: TenantId, name: &str) -> Result<Option<Prompt>> {
    match find_pk(db, name)? {
        Some(pk) => load(db, tenant_id, pk),
        None => Ok(None),
    }
}

fn load(db: &Connection, tenant_id: TenantId, pk: i64) -> Result<Option<Prompt>> {
    let mut statement = db.prepare_cached(
        "SELECT id, name, description, readme, tags, is_public, is_archived, is_liked, n_downloads, n_views, \
         created_ns, updated_ns, (SELECT count(*) FROM prompt_commits c WHERE c.prompt = prompts.pk) \
         FROM prompts WHERE pk = ?1",
    )?;
    let mut rows = statement.query([pk])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let name: String = row.get(1)?;
    let is_public: bool = row.get(5)?;
    let is_liked: bool = row.get(7)?;
    let last_commit = last_commit(db, pk)?;
    let tag_places = tags::of_prompt(db, pk)?;
    Ok(Some(Prompt {
        id: Uuid::from_bytes(row.get(0)?),
        tenant_id,
        owner: is_public.then(|| OWNER.to_owned()),
        full_name: format!("{}/{name}", if is_public { OWNER } else { "-" }),
        name,
        description: row.get(2)?,
        readme: row.get(3)?,
        is_public,
        is_archived: row.get(6)?,
        tags: list_from(row.get_ref(4)?.as_str()?)?,
        kind: "prompt".to_owned(),
        created_at: Timestamp(row.get(10)?),
        updated_at: Timestamp(row.get(11)?),
        num_likes: u64::from(is_liked),
        num_downloads: row.get(8)?,
        num_views: row.get(9)?,
        num_commits: row.get(12)?,
        liked_by_auth_user: Some(is_liked),
        last_commit_hash: last_commit.as_ref().map(|last| last.commit_hash.clone()),
        commit_tags: tag_places.iter().map(|tag| tag.name.clone()).collect(),
        original_repo_id: None,
        upstream_repo_id: None,
        original_repo_full_name: None,
        upstream_repo_full_name: None,
        latest_commit_manifest: None,
        last_commit,
        tag_places,
    }))
}

fn last_commit(db: &Connection, pk: i64) -> Result<Option<LastCommit>> {
    let mut statement = db.prepare_cached(
        "SELECT hash, created_ns, description, author, client FROM prompt_commits WHERE prompt = ?1 \
         ORDER BY pk DESC LIMIT 1",
    )?;
    let read = |row: &Row| {
        Ok(LastCommit {
            commit_hash: row.get(0)?,
            created_at: Timestamp(row.get(1)?),
            description: row.get(2)?,
            author: row.get(3)?,
            client: row.get(4)?,
        })
    };
    Ok(statement.query_row([pk], read).optional()?)
}

fn latest_manifest(db: &Connection, pk: i64) -> Result<Option<PulledCommit>> {
    let Some(latest) = commits::latest(db, pk)? else { return Ok(None) };
    let commit = commits::load(db, latest)?;
    let manifest = commit.manifest.context("a version has a manifest")?;
    Ok(Some(PulledCommit {
        commit_hash: commit.commit_hash,
        manifest: commits::without_model(manifest)?,
        examples: Vec::new(),
        description: commit.description,
        model_config: None,
        model_provider: None,
    }))
}

pub fn count_tags(db: &Connection) -> Result<Vec<(String, u64)>> {
    let mut statement = db.prepare("SELECT tags FROM prompts WHERE NOT is_archived")?;
    let mut rows = statement.query([])?;
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    while let Some(row) = rows.next()? {
        for tag in list_from(row.get_ref(0)?.as_str()?)? {
            *counts.entry(tag).or_default() += 1;
        }
    }
    let mut counts: Vec<_> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| Reverse(*n));
    Ok(counts)
}

pub fn create(transaction: &mut Transaction, tenant_id: TenantId, prompt: PromptCreate) -> Result<Prompt> {
    let (db, now_ns) = (transaction.db, transaction.received_ns);
    if find_pk(db, &prompt.name)?.is_some() {
        let message = format!("a prompt named {:?} already exists", prompt.name);
        return Err(StoreError::Conflict(message).into());
    }
    let n_prompts: i64 = db.query_row("SELECT count(*) FROM prompts", [], |row| row.get(0))?;
    if n_prompts >= MAX_PROMPTS {
        return Err(StoreError::Invalid(format!("there are at most {MAX_PROMPTS} prompts; delete some")).into());
    }
    let tags = serde_json::to_string(&prompt.tags.unwrap_or_default())?;
    db.execute(
        "INSERT INTO prompts (id, name, description, readme, tags, is_public, created_ns, updated_ns) \
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?7)",
        params![blob(Uuid::new_v4()), prompt.name, prompt.description, prompt.readme, tags, prompt.is_public, now_ns],
    )?;
    find(db, tenant_id, &prompt.name)?.context("the prompt was written just now")
}

pub fn update(transaction: &mut Transaction, tenant_id: TenantId, name: &str, update: PromptUpdate) -> Result<Prompt> {
    let db = transaction.db;
    let pk = pk_of(db, name)?;
    let tags = update.tags.map(|tags| serde_json::to_string(&tags)).transpose()?;
    db.execute(
        "UPDATE prompts SET description = coalesce(?2, description), readme = coalesce(?3, readme), \
         tags = coalesce(?4, tags), is_public = coalesce(?5, is_public), is_archived = coalesce(?6, is_archived), \
         updated_ns = ?7 WHERE pk = ?1",
        params![
            pk,
            update.description,
            update.readme,
            tags,
            update.is_public,
            update.is_archived,
            transaction.received_ns
        ],
    )?;
    load(db, tenant_id, pk)?.context("the prompt was found just now")
}

/// A new version counts as a change.
pub fn touch(transaction: &Transaction, pk: i64) -> Result<()> {
    transaction.db.execute("UPDATE prompts SET updated_ns = ?2 WHERE pk = ?1", [pk, transaction.received_ns])?;
    Ok(())
}

pub fn like(db: &Connection, name: &str, is_liked: bool) -> Result<u64> {
    let pk = pk_of(db, name)?;
    db.execute("UPDATE prompts SET is_liked = ?2 WHERE pk = ?1", params![pk, is_liked])?;
    Ok(u64::from(is_liked))
}

pub fn delete(db: &Connection, pk: i64) -> Result<()> {
    for table in ["prompt_tag_moves", "prompt_tags", "prompt_commits"] {
        db.execute(&format!("DELETE FROM {table} WHERE prompt = ?1"), [pk])?;
    }
    db.execute("DELETE FROM prompts WHERE pk = ?1", [pk])?;
    Ok(())
}

pub fn delete_by_ids(db: &Connection, ids: &[Uuid]) -> Result<()> {
    for id in ids {
        let pk = db.query_row("SELECT pk FROM prompts WHERE id = ?1", [blob(*id)], |row| row.get(0)).optional()?;
        if let Some(pk) = pk {
            delete(db, pk)?;
        }
    }
    Ok(())
}
