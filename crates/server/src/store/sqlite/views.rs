//! Saved views.

use super::codes::blob;
use super::write::project::find_by_id;
use super::write::transaction::Transaction;
use crate::store::{StoreError, StoreResult};
use anyhow::{Context, Result};
use fanlight_wire::view::{SavedView, ViewWrite};
use fanlight_wire::{ProjectId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

const MAX_NAME_CHARS: usize = 200;
const MAX_QUERY_BYTES: usize = 16 * 1024;
/// Enough for people, too few to fill a disk with.
const MAX_PER_PROJECT: i64 = 500;

const SELECT: &str = "SELECT v.id, p.id, v.name, v.query, v.created_ns, v.modified_ns FROM views v \
     JOIN projects p ON p.pk = v.project";

pub fn list(db: &Connection, project: ProjectId) -> StoreResult<Vec<SavedView>> {
    let mut statement = db.prepare_cached(&format!("{SELECT} WHERE p.id = ?1 ORDER BY lower(v.name), v.name"))?;
    let views = statement.query_map([blob(project.0)], from_row)?;
    Ok(views.collect::<rusqlite::Result<_>>()?)
}

pub fn create(transaction: &mut Transaction, view: ViewWrite) -> Result<SavedView> {
    let Some(project_id) = view.project_id else {
        return Err(invalid("a view needs the project it belongs to (session_id)"));
    };
    let (Some(name), Some(query)) = (view.name, view.query) else {
        return Err(invalid("a view needs a name and a query"));
    };
    let (name, query) = (checked_name(&name)?, checked_query(query)?);
    let db = transaction.db;
    let no_project = || StoreError::NotFound(format!("there is no project {project_id}"));
    let project = find_by_id(db, project_id)?.ok_or_else(no_project)?;
    let n_views: i64 = db.query_row("SELECT count(*) FROM views WHERE project = ?1", [project], |row| row.get(0))?;
    if n_views >= MAX_PER_PROJECT {
        return Err(invalid(&format!("a project has at most {MAX_PER_PROJECT} views; delete some")));
    }
    refuse_taken(db, project, &name, None)?;
    let id = Uuid::new_v4();
    db.execute(
        "INSERT INTO views (id, project, name, query, created_ns, modified_ns) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
        params![blob(id), project, name, query, transaction.received_ns],
    )?;
    find(db, id)?.context("the view was written just now")
}

/// Changes what is given.
pub fn update(transaction: &mut Transaction, id: Uuid, change: ViewWrite) -> Result<SavedView> {
    let db = transaction.db;
    let project: Option<i64> =
        db.query_row("SELECT project FROM views WHERE id = ?1", [blob(id)], |row| row.get(0)).optional()?;
    let project = project.ok_or_else(|| no_view(id))?;
    let name = change.name.as_deref().map(checked_name).transpose()?;
    let query = change.query.map(checked_query).transpose()?;
    if let Some(name) = &name {
        refuse_taken(db, project, name, Some(id))?;
    }
    db.execute(
        "UPDATE views SET name = coalesce(?2, name), query = coalesce(?3, query), modified_ns = ?4 WHERE id = ?1",
        params![blob(id), name, query, transaction.received_ns],
    )?;
    find(db, id)?.context("the view was written just now")
}

pub fn delete(transaction: &mut Transaction, id: Uuid) -> Result<()> {
    match transaction.db.execute("DELETE FROM views WHERE id = ?1", [blob(id)])? {
        0 => Err(no_view(id).into()),
        _ => Ok(()),
    }
}

fn find(db: &Connection, id: Uuid) -> Result<Option<SavedView>> {
    Ok(db.query_row(&format!("{SELECT} WHERE v.id = ?1"), [blob(id)], from_row).optional()?)
}

fn from_row(row: &Row) -> rusqlite::Result<SavedView> {
    Ok(SavedView {
        id: Uuid::from_bytes(row.get(0)?),
        project_id: ProjectId(Uuid::from_bytes(row.get(1)?)),
        name: row.get(2)?,
        query: row.get(3)?,
        created_at: Timestamp(row.get(4)?),
        modified_at: Timestamp(row.get(5)?),
    })
}

fn refuse_taken(db: &Connection, project: i64, name: &str, except: Option<Uuid>) -> Result<()> {
    let holder: Option<[u8; 16]> = db
        .query_row("SELECT id FROM views WHERE project = ?1 AND name = ?2", params![project, name], |row| row.get(0))
        .optional()?;
    if holder.is_some_and(|holder| Some(Uuid::from_bytes(holder)) != except) {
        return Err(StoreError::Conflict(format!("a view named {name:?} already exists")).into());
    }
    Ok(())
}

fn checked_name(name: &str) -> Result<String> {
    let name = name.trim();
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS {
        return Err(invalid(&format!("a view's name has 1 to {MAX_NAME_CHARS} characters")));
    }
    Ok(name.to_owned())
}

fn checked_query(query: String) -> Result<String> {
    if query.len() > MAX_QUERY_BYTES {
        return Err(invalid(&format!("a view's query has at most {MAX_QUERY_BYTES} bytes")));
    }
    Ok(query)
}

fn invalid(message: &str) -> anyhow::Error {
    StoreError::Invalid(message.to_owned()).into()
}

fn no_view(id: Uuid) -> StoreError {
    StoreError::NotFound(format!("there is no view {id}"))
}
