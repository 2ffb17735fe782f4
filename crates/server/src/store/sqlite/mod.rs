//! The store in one SQLite file.
//!
//! [`open`] claims the data directory, [`schema`] brings it up to date. One thread writes ([`mod@write`]), fed by a bounded
//! [`queue`]; a few connections read ([`read`]). Payloads are kept apart from the narrow rows ([`payload`]).

mod codes;
mod feedback;
mod open;
mod payload;
mod projects;
mod queue;
mod read;
mod rejections;
mod schema;
mod write;

pub use open::{DATABASE_FILE, OpenError};
pub use queue::QueueLimits;

use self::payload::blocks::BlockCache;
use self::queue::{Queue, Refused};
use self::read::pool::ReadPool;
use self::read::{export, query, skeleton};
use self::write::project::DEFAULT_PROJECT;
use self::write::thread::{Job, Writer, now_ns};
use self::write::transaction::Transaction;
use crate::model::Batch;
use crate::pricing::PriceList;
use crate::store::{AttachmentBody, FeedbackFilter, ProjectFilter, RejectionRecord, Store, StoreError, StoreResult};
use anyhow::{Context, anyhow};
use async_trait::async_trait;
use bytes::Bytes;
use fanlight_wire::feedback::{Feedback, FeedbackUpdate};
use fanlight_wire::live::Change;
use fanlight_wire::project::{Project, ProjectCreate, ProjectUpdate};
use fanlight_wire::run_query::{RunPage, RunQuery};
use fanlight_wire::skeleton::TraceSkeleton;
use fanlight_wire::{FeedbackId, ProjectId, Run, RunId, TenantId, TraceId};
use rusqlite::{Connection, OptionalExtension};
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use tokio::sync::{broadcast, mpsc, oneshot};
use uuid::Uuid;

/// Sizes. The defaults suit a small machine.
#[derive(Clone, Copy, Debug)]
pub struct SqliteOptions {
    pub queue: QueueLimits,
    pub n_readers: u32,
    /// Pages that the writer keeps in memory.
    pub writer_cache_kib: u32,
    /// Pages that each reader keeps in memory.
    pub reader_cache_kib: u32,
    /// Decompressed payloads kept for all readers together.
    pub block_cache_bytes: usize,
    /// Changes a slow watcher may fall behind before it is told so.
    pub n_buffered_changes: usize,
}

impl Default for SqliteOptions {
    fn default() -> Self {
        SqliteOptions {
            queue: QueueLimits { max_jobs: 1024, max_bytes: 32 * 1024 * 1024 },
            n_readers: 4,
            writer_cache_kib: 16 * 1024,
            reader_cache_kib: 4 * 1024,
            block_cache_bytes: 8 * 1024 * 1024,
            n_buffered_changes: 256,
        }
    }
}

/// How long a client should wait when the queue is full: it empties in much less.
const RETRY_AFTER_S: u32 = 1;

/// Runs, projects and feedback in a directory of this process alone. Dropping it stores what was queued.
pub struct SqliteStore {
    tenant_id: TenantId,
    queue: Arc<Queue<Job>>,
    changes: broadcast::Sender<Change>,
    readers: ReadPool,
    n_readers: u32,
    blocks: Arc<BlockCache>,
    writer: Mutex<Option<JoinHandle<()>>>,
    _lock: open::DirectoryLock,
}

impl SqliteStore {
    /// Opens the store in `data_dir`, creating both when they are missing.
    pub fn open(data_dir: &Path, options: SqliteOptions) -> Result<SqliteStore, OpenError> {
        let lock = open::claim_directory(data_dir)?;
        let path = data_dir.join(DATABASE_FILE);
        let db = open::open_writer(&path, options.writer_cache_kib)?;
        let failed = |error: anyhow::Error| OpenError::Start { path: path.clone(), reason: format!("{error:#}") };
        let tenant_id = first_rows(&db).map_err(failed)?;
        let (changes, _) = broadcast::channel(options.n_buffered_changes);
        let queue = Arc::new(Queue::new(options.queue));
        let writer = Writer::new(db, Arc::new(PriceList::built_in()), changes.clone()).map_err(failed)?;
        let writer = std::thread::Builder::new()
            .name("store-writer".to_owned())
            .spawn({
                let queue = Arc::clone(&queue);
                move || writer.run(&queue)
            })
            .context("cannot start the writer")
            .map_err(failed)?;
        Ok(SqliteStore {
            tenant_id,
            queue,
            changes,
            readers: ReadPool::new(&path, options.n_readers as usize, options.reader_cache_kib),
            n_readers: options.n_readers,
            blocks: Arc::new(BlockCache::new(options.block_cache_bytes)),
            writer: Mutex::new(Some(writer)),
            _lock: lock,
        })
    }

    fn push(&self, n_bytes: usize, job: Job) -> StoreResult<()> {
        self.queue.push(n_bytes, job).map_err(|refused| match refused {
            Refused::Full => StoreError::Busy { retry_after_s: RETRY_AFTER_S },
            Refused::Closed => StoreError::Unexpected(anyhow!("the store is closed")),
        })
    }

    /// Runs `work` in a transaction of its own; errors that are [`StoreError`]s come back as such.
    async fn change<T, F>(&self, work: F) -> StoreResult<T>
    where
        T: Send + 'static,
        F: FnOnce(&mut Transaction) -> anyhow::Result<T> + Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job = move |writer: &mut Writer| {
            let done = writer.transact(work).map_err(|error| match error.downcast::<StoreError>() {
                Ok(error) => error,
                Err(error) => StoreError::Unexpected(error),
            });
            // Whoever asked may have gone; the change is stored all the same.
            let _ = reply.send(done);
        };
        self.push(0, Job::Other(Box::new(job)))?;
        answer.await.unwrap_or_else(|_| Err(writer_gone()))
    }

    fn stop_writer(&self) {
        self.queue.close();
        let writer = self.writer.lock().expect("no code that holds this lock panics").take();
        if let Some(writer) = writer
            && writer.join().is_err()
        {
            tracing::error!("the writer ended in a panic");
        }
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.stop_writer();
    }
}

fn writer_gone() -> StoreError {
    StoreError::Unexpected(anyhow!("the writer is gone"))
}

/// The tenant and the default project exist from the first moment: SDKs look for both.
fn first_rows(db: &Connection) -> anyhow::Result<TenantId> {
    let known = db.query_row("SELECT tenant_id FROM server", [], |row| row.get(0)).optional()?;
    let tenant_id = match known {
        Some(bytes) => Uuid::from_bytes(bytes),
        None => {
            let made = Uuid::new_v4();
            db.execute("INSERT INTO server (tenant_id) VALUES (?1)", [codes::blob(made)])?;
            made
        }
    };
    write::project::find_or_create(db, DEFAULT_PROJECT, now_ns())?;
    Ok(TenantId(tenant_id))
}

/// Roughly what a batch occupies while it waits.
fn size_of(batch: &Batch) -> usize {
    let json = |value: &Option<fanlight_wire::RawJson>| value.as_ref().map_or(0, |value| value.get().len());
    let runs = batch.runs.iter().map(|run| {
        let payload = &run.payload;
        let parts = [&payload.inputs, &payload.outputs, &payload.events, &payload.extra, &payload.serialized];
        size_of_val(run) + parts.into_iter().map(json).sum::<usize>() + payload.error.as_ref().map_or(0, String::len)
    });
    let attachments = batch.attachments.iter().map(|upload| upload.data.len());
    runs.chain(attachments).sum()
}

#[async_trait]
impl Store for SqliteStore {
    fn tenant_id(&self) -> TenantId {
        self.tenant_id
    }

    async fn write(&self, batch: Batch) -> StoreResult<()> {
        let (reply, answer) = oneshot::channel();
        self.push(size_of(&batch), Job::Write { batch, reply })?;
        answer.await.unwrap_or_else(|_| Err(writer_gone()))
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    async fn query_runs(&self, query: RunQuery) -> StoreResult<RunPage> {
        let (blocks, tenant_id) = (Arc::clone(&self.blocks), self.tenant_id);
        self.readers.read(move |db| query::query_runs(db, &blocks, tenant_id, &query)).await
    }

    async fn export_runs(&self, project: ProjectId, on_page: mpsc::Sender<Vec<Run>>) -> StoreResult<()> {
        export::export_runs(&self.readers, &self.blocks, self.tenant_id, project, on_page).await
    }

    async fn find_run(&self, run: RunId) -> StoreResult<Option<Run>> {
        let (blocks, tenant_id) = (Arc::clone(&self.blocks), self.tenant_id);
        self.readers.read(move |db| query::find_run(db, &blocks, tenant_id, run)).await
    }

    async fn find_skeleton(&self, trace: TraceId) -> StoreResult<Option<TraceSkeleton>> {
        self.readers.read(move |db| Ok(skeleton::find_skeleton(db, trace)?)).await
    }

    async fn find_attachment(&self, run: RunId, name: String) -> StoreResult<Option<AttachmentBody>> {
        let find = move |db: &Connection| {
            let mut statement =
                db.prepare_cached("SELECT mime_type, data FROM attachments WHERE run_id = ?1 AND name = ?2")?;
            let found = statement.query_row(rusqlite::params![codes::blob(run.0), name], |row| {
                Ok(AttachmentBody { mime_type: row.get(0)?, data: Bytes::from(row.get::<_, Vec<u8>>(1)?) })
            });
            Ok(found.optional()?)
        };
        self.readers.read(find).await
    }

    async fn list_projects(&self, filter: ProjectFilter) -> StoreResult<Vec<Project>> {
        let tenant_id = self.tenant_id;
        self.readers.read(move |db| projects::list(db, tenant_id, &filter)).await
    }

    async fn find_project(&self, project: ProjectId, with_stats: bool) -> StoreResult<Option<Project>> {
        let tenant_id = self.tenant_id;
        self.readers.read(move |db| projects::find(db, tenant_id, project, with_stats)).await
    }

    async fn create_project(&self, project: ProjectCreate, is_upsert: bool) -> StoreResult<Project> {
        let tenant_id = self.tenant_id;
        let create = move |transaction: &mut Transaction| {
            let id = transaction.create_project(project, is_upsert)?;
            projects::find(transaction.db, tenant_id, id, false)?.context("the project was written just now")
        };
        self.change(create).await
    }

    async fn update_project(&self, project: ProjectId, update: ProjectUpdate) -> StoreResult<Project> {
        let tenant_id = self.tenant_id;
        let change = move |transaction: &mut Transaction| {
            transaction.update_project(project, update)?;
            projects::find(transaction.db, tenant_id, project, false)?.context("the project was written just now")
        };
        self.change(change).await
    }

    async fn delete_project(&self, project: ProjectId) -> StoreResult<()> {
        let delete = move |transaction: &mut Transaction| {
            let not_found = || StoreError::NotFound(format!("there is no project {project}"));
            let pk = write::project::find_by_id(transaction.db, project)?.ok_or_else(not_found)?;
            transaction.delete_project(pk)?;
            Ok(())
        };
        self.change(delete).await
    }

    async fn list_feedback(&self, filter: FeedbackFilter) -> StoreResult<Vec<Feedback>> {
        self.readers.read(move |db| feedback::list(db, &filter)).await
    }

    async fn find_feedback(&self, id: FeedbackId) -> StoreResult<Option<Feedback>> {
        self.readers.read(move |db| feedback::find(db, id)).await
    }

    async fn update_feedback(&self, id: FeedbackId, update: FeedbackUpdate) -> StoreResult<Feedback> {
        let change = move |transaction: &mut Transaction| {
            transaction.update_feedback(id, update)?;
            feedback::find(transaction.db, id)?.context("the feedback was written just now")
        };
        self.change(change).await
    }

    async fn delete_feedback(&self, id: FeedbackId) -> StoreResult<()> {
        self.change(move |transaction| transaction.delete_feedback(id)).await
    }

    async fn list_rejections(&self, limit: usize) -> StoreResult<Vec<RejectionRecord>> {
        self.readers.read(move |db| Ok(rejections::list(db, limit)?)).await
    }

    async fn close(&self) {
        // Readers first: the log cannot be emptied while they hold snapshots.
        self.readers.close(self.n_readers).await;
        // The writer works on what is queued; waiting for it here would block others on this thread.
        self.queue.close();
        let writer = self.writer.lock().expect("no code that holds this lock panics").take();
        if let Some(writer) = writer {
            let joined = tokio::task::spawn_blocking(move || writer.join().is_ok()).await;
            if !joined.unwrap_or(false) {
                tracing::error!("the writer ended in a panic");
            }
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Unexpected(error.into())
    }
}
