//! Opening the data directory: whose it is, whether somebody else has it open, and the connections' settings.

use super::schema;
use rusqlite::{Connection, OpenFlags};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// The database's file name in the data directory.
pub const DATABASE_FILE: &str = "fanlight.db";
const LOCK_FILE: &str = "fanlight.lock";

/// Why a data directory cannot be used. Each message is a sentence for the person who started the server.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    #[error("cannot write to the data directory {}: {source}", path.display())]
    Unwritable { path: PathBuf, source: std::io::Error },
    #[error(
        "{} holds other files and no Fanlight database; choose an empty or a new directory with --data",
        path.display()
    )]
    ForeignDirectory { path: PathBuf },
    #[error("{} is not a Fanlight database; choose another directory with --data", path.display())]
    ForeignFile { path: PathBuf },
    #[error(
        "{} was written by a newer Fanlight (schema {found}, this program knows {known}); use that version or another \
         directory",
        path.display()
    )]
    NewerSchema { path: PathBuf, found: i32, known: i32 },
    #[error("the data directory {} is in use by another Fanlight process", path.display())]
    InUse { path: PathBuf },
    #[error("cannot open {}: {source}", path.display())]
    Database { path: PathBuf, source: rusqlite::Error },
    #[error("cannot start with {}: {reason}", path.display())]
    Start { path: PathBuf, reason: String },
}

/// Holds the data directory for this process; released when dropped, or when the process dies.
#[derive(Debug)]
pub struct DirectoryLock {
    _file: File,
}

/// Creates the directory when it is missing, makes sure that it is ours and takes its lock.
pub fn claim_directory(data_dir: &Path) -> Result<DirectoryLock, OpenError> {
    let unwritable = |source| OpenError::Unwritable { path: data_dir.to_owned(), source };
    std::fs::create_dir_all(data_dir).map_err(unwritable)?;
    let mut is_ours = false;
    let mut is_empty = true;
    for entry in std::fs::read_dir(data_dir).map_err(unwritable)? {
        let name = entry.map_err(unwritable)?.file_name();
        is_ours |= name == DATABASE_FILE || name == LOCK_FILE;
        // File systems and desktops leave such files in directories that people call empty.
        is_empty &= name.to_string_lossy().starts_with('.') || name == "lost+found";
    }
    if !is_ours && !is_empty {
        return Err(OpenError::ForeignDirectory { path: data_dir.to_owned() });
    }
    let lock_path = data_dir.join(LOCK_FILE);
    let file = File::options().create(true).truncate(false).write(true).open(lock_path).map_err(unwritable)?;
    match file.try_lock() {
        Ok(()) => Ok(DirectoryLock { _file: file }),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { path: data_dir.to_owned() }),
        Err(TryLockError::Error(source)) => Err(unwritable(source)),
    }
}

/// The one connection that writes, its schema up to date.
pub fn open_writer(path: &Path, cache_kib: u32) -> Result<Connection, OpenError> {
    let failed = |source: rusqlite::Error| match source.sqlite_error_code() {
        Some(rusqlite::ErrorCode::NotADatabase) => OpenError::ForeignFile { path: path.to_owned() },
        _ => OpenError::Database { path: path.to_owned(), source },
    };
    let mut db = Connection::open(path).map_err(failed)?;
    let application_id: i32 = db.query_row("PRAGMA application_id", [], |row| row.get(0)).map_err(failed)?;
    let n_tables: i64 = db.query_row("SELECT count(*) FROM sqlite_master", [], |row| row.get(0)).map_err(failed)?;
    let is_new = application_id == 0 && n_tables == 0;
    if application_id != schema::APPLICATION_ID && !is_new {
        return Err(OpenError::ForeignFile { path: path.to_owned() });
    }
    let (found, known) = (schema::version(&db).map_err(failed)?, schema::newest_version());
    if found > known {
        return Err(OpenError::NewerSchema { path: path.to_owned(), found, known });
    }
    configure_writer(&db, cache_kib).map_err(failed)?;
    schema::migrate(&mut db).map_err(failed)?;
    Ok(db)
}

fn configure_writer(db: &Connection, cache_kib: u32) -> rusqlite::Result<()> {
    // Must precede the first table: space freed by deleted projects can be given back to the file system.
    db.execute_batch("PRAGMA auto_vacuum = INCREMENTAL")?;
    db.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
    db.execute_batch(&format!(
        "PRAGMA synchronous = FULL;
         PRAGMA cache_size = -{cache_kib};
         PRAGMA temp_store = MEMORY;
         PRAGMA wal_autocheckpoint = 2000;
         PRAGMA journal_size_limit = 16777216;
         PRAGMA trusted_schema = OFF;"
    ))?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(())
}

/// A connection that only reads.
pub fn open_reader(path: &Path, cache_kib: u32) -> rusqlite::Result<Connection> {
    let db = Connection::open_with_flags(path, OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX)?;
    db.busy_timeout(std::time::Duration::from_secs(5))?;
    db.execute_batch(&format!(
        "PRAGMA cache_size = -{cache_kib}; PRAGMA temp_store = MEMORY; PRAGMA trusted_schema = OFF;"
    ))?;
    db.set_prepared_statement_cache_capacity(64);
    Ok(db)
}
