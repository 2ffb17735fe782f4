//! Boards of charts, as they are kept.

use super::SqliteStore;
use super::codes::blob;
use super::write::project::find_by_id;
use super::write::transaction::Transaction;
use crate::store::boards::BoardStore;
use crate::store::{StoreError, StoreResult};
use anyhow::{Context, Result};
use async_trait::async_trait;
use fanlight_wire::board::{Board, BoardWrite};
use fanlight_wire::{ProjectId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use uuid::Uuid;

const MAX_PER_PROJECT: i64 = 100;

const SELECT: &str = "SELECT b.id, p.id, b.name, b.charts, b.revision, b.created_ns, b.modified_ns FROM boards b \
     JOIN projects p ON p.pk = b.project";

#[async_trait]
impl BoardStore for SqliteStore {
    async fn list_boards(&self, project: ProjectId) -> StoreResult<Vec<Board>> {
        self.reader.read(move |reading| Ok(list(reading.db, project)?)).await
    }

    async fn find_board(&self, board: Uuid) -> StoreResult<Option<Board>> {
        self.reader.read(move |reading| Ok(find(reading.db, board)?)).await
    }

    async fn create_board(&self, board: BoardWrite) -> StoreResult<Board> {
        self.change(move |transaction| create(transaction, board)).await
    }

    async fn update_board(&self, board: Uuid, change: BoardWrite) -> StoreResult<Board> {
        self.change(move |transaction| update(transaction, board, change)).await
    }

    async fn delete_board(&self, board: Uuid) -> StoreResult<()> {
        self.change(move |transaction| delete(transaction, board)).await
    }
}

fn list(db: &Connection, project: ProjectId) -> Result<Vec<Board>> {
    let mut statement = db.prepare_cached(&format!("{SELECT} WHERE p.id = ?1 ORDER BY b.name"))?;
    let mut rows = statement.query([blob(project.0)])?;
    let mut boards = Vec::new();
    while let Some(row) = rows.next()? {
        boards.push(from_row(row)?);
    }
    Ok(boards)
}

fn find(db: &Connection, id: Uuid) -> Result<Option<Board>> {
    let found = db.query_row(&format!("{SELECT} WHERE b.id = ?1"), [blob(id)], |row| Ok(from_row(row)));
    found.optional()?.transpose()
}

fn from_row(row: &Row) -> Result<Board> {
    Ok(Board {
        id: Uuid::from_bytes(row.get(0)?),
        project_id: ProjectId(Uuid::from_bytes(row.get(1)?)),
        name: row.get(2)?,
        charts: serde_json::from_str(row.get_ref(3)?.as_str()?)?,
        revision: row.get(4)?,
        created_at: Timestamp(row.get(5)?),
        modified_at: Timestamp(row.get(6)?),
    })
}

fn create(transaction: &mut Transaction, board: BoardWrite) -> Result<Board> {
    let db = transaction.db;
    let (Some(project), Some(name)) = (board.project_id, board.name) else {
        return Err(StoreError::Invalid("a board has a project and a name".to_owned()).into());
    };
    let no_project = || StoreError::NotFound(format!("there is no project {project}"));
    let project = find_by_id(db, project)?.ok_or_else(no_project)?;
    let n_boards: i64 = db.query_row("SELECT count(*) FROM boards WHERE project = ?1", [project], |row| row.get(0))?;
    if n_boards >= MAX_PER_PROJECT {
        let message = format!("a project has at most {MAX_PER_PROJECT} boards; delete some");
        return Err(StoreError::Invalid(message).into());
    }
    let name = name.trim();
    refuse_taken(db, project, name, None)?;
    let id = board.id.unwrap_or_else(Uuid::new_v4);
    if find(db, id)?.is_some() {
        return Err(StoreError::Conflict(format!("a board {id} already exists")).into());
    }
    let charts = serde_json::to_string(&board.charts.unwrap_or_default())?;
    db.execute(
        "INSERT INTO boards (id, project, name, charts, revision, created_ns, modified_ns)
         VALUES (?1, ?2, ?3, ?4, 1, ?5, ?5)",
        params![blob(id), project, name, charts, transaction.received_ns],
    )?;
    find(db, id)?.context("the board was written just now")
}

fn update(transaction: &mut Transaction, id: Uuid, change: BoardWrite) -> Result<Board> {
    let db = transaction.db;
    let found: Option<(i64, i64)> = db
        .query_row("SELECT project, revision FROM boards WHERE id = ?1", [blob(id)], |row| {
            Ok((row.get(0)?, row.get(1)?))
        })
        .optional()?;
    let (project, revision) = found.ok_or_else(|| no_board(id))?;
    if change.revision.is_some_and(|known| known != revision) {
        let message = format!("somebody else changed the board: it is at revision {revision} now");
        return Err(StoreError::Conflict(message).into());
    }
    let name = change.name.as_deref().map(str::trim);
    if let Some(name) = name {
        refuse_taken(db, project, name, Some(id))?;
    }
    let charts = change.charts.map(|charts| serde_json::to_string(&charts)).transpose()?;
    db.execute(
        "UPDATE boards SET name = coalesce(?2, name), charts = coalesce(?3, charts), revision = revision + 1,
         modified_ns = ?4 WHERE id = ?1",
        params![blob(id), name, charts, transaction.received_ns],
    )?;
    find(db, id)?.context("the board was written just now")
}

fn delete(transaction: &mut Transaction, id: Uuid) -> Result<()> {
    match transaction.db.execute("DELETE FROM boards WHERE id = ?1", [blob(id)])? {
        0 => Err(no_board(id).into()),
        _ => Ok(()),
    }
}

fn refuse_taken(db: &Connection, project: i64, name: &str, except: Option<Uuid>) -> Result<()> {
    let holder: Option<[u8; 16]> = db
        .query_row("SELECT id FROM boards WHERE project = ?1 AND name = ?2", params![project, name], |row| row.get(0))
        .optional()?;
    if holder.is_some_and(|holder| Some(Uuid::from_bytes(holder)) != except) {
        return Err(StoreError::Conflict(format!("a board named {name:?} already exists")).into());
    }
    Ok(())
}

fn no_board(id: Uuid) -> StoreError {
    StoreError::NotFound(format!("there is no board {id}"))
}
