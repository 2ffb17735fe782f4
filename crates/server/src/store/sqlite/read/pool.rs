//! Read-only connections, lent to blocking tasks.

use crate::store::sqlite::open::open_reader;
use crate::store::{StoreError, StoreResult, effort};
use anyhow::{Context, anyhow};
use rusqlite::Connection;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use tokio::sync::Semaphore;

#[derive(Clone)]
pub struct ReadPool {
    shared: Arc<Shared>,
}

struct Shared {
    path: PathBuf,
    cache_kib: u32,
    /// As many permits as there may be connections.
    permits: Arc<Semaphore>,
    idle: Mutex<Vec<Connection>>,
}

impl ReadPool {
    /// Connections are opened when first needed, at most `n_connections`.
    pub fn new(path: &Path, n_connections: usize, cache_kib: u32) -> Self {
        let permits = Arc::new(Semaphore::new(n_connections));
        ReadPool { shared: Arc::new(Shared { path: path.to_owned(), cache_kib, permits, idle: Mutex::default() }) }
    }

    /// Runs `work` on a blocking thread, in a snapshot that holds everything acknowledged before this call.
    pub async fn read<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&Connection) -> StoreResult<T> + Send + 'static,
    {
        let shared = Arc::clone(&self.shared);
        let permit = Arc::clone(&shared.permits).acquire_owned().await.map_err(|_| closed())?;
        let task = tokio::task::spawn_blocking(move || {
            let _permit = permit;
            let db = shared.connection()?;
            let transaction = db.unchecked_transaction().context("cannot begin to read")?;
            let (answer, effort) = effort::of_read(|| work(&db));
            transaction.finish().context("cannot end a read")?;
            shared.lock().push(db);
            answer.map(|answer| (answer, effort))
        });
        let (answer, effort) =
            task.await.map_err(|error| StoreError::Unexpected(anyhow!("a read failed: {error}")))??;
        effort::add_to_request(effort);
        Ok(answer)
    }

    /// Refuses further reads and closes what is idle, once those under way are done.
    pub async fn close(&self, n_connections: u32) {
        // An error only says that the pool is closed already.
        let _all = self.shared.permits.acquire_many(n_connections).await;
        self.shared.permits.close();
        self.shared.lock().clear();
    }
}

/// Ends the snapshot of a read that is under way. The next begins with the next statement, and is newer.
pub fn renew_snapshot(db: &Connection) -> rusqlite::Result<()> {
    db.execute_batch("COMMIT; BEGIN")
}

fn closed() -> StoreError {
    StoreError::Unexpected(anyhow!("the store is closed"))
}

impl Shared {
    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Connection>> {
        self.idle.lock().expect("no code that holds this lock panics")
    }

    fn connection(&self) -> anyhow::Result<Connection> {
        match self.lock().pop() {
            Some(db) => Ok(db),
            None => open_reader(&self.path, self.cache_kib).context("cannot open the database for reading"),
        }
    }
}
