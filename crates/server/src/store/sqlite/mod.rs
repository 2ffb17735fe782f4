//! The store in one SQLite file.
//!
//! [`open`] claims the data directory, [`schema`] brings it up to date. One thread writes ([`mod@write`]), fed by a bounded
//! [`queue`]; a few connections read ([`read`]), led by an [`index`] in memory. Payloads are kept apart from the narrow
//! rows ([`payload`]); their words are in a [`search`] index.

mod attachments;
mod boards;
mod changed_rows;
mod codes;
mod feedback;
pub mod index;
mod monitor;
mod open;
mod options;
mod payload;
mod prices;
mod projects;
mod prompts;
mod queue;
mod read;
mod rejections;
mod schema;
mod search;
mod storage;
mod threads;
mod views;
mod write;

pub use open::{DATABASE_FILE, OpenError};
pub use options::SqliteOptions;
pub use queue::QueueLimits;

use self::changed_rows::ChangedRows;
use self::index::RunIndex;
use self::payload::blocks::BlockCache;
use self::prompts::uses::PromptUses;
use self::queue::{Queue, Refused};
use self::read::pool::ReadPool;
use self::read::threads::query_threads;
use self::read::{Reader, Reading, cost, digests, export, query, skeleton, summary, versions};
use self::search::{indexer::Indexer, pace::Pace, recent::Recent, to_writer::ToWriter};
use self::threads::Threads;
use self::write::project::DEFAULT_PROJECT;
use self::write::thread::{Job, Told, Writer, now_ns};
use self::write::transaction::Transaction;
use crate::model::Batch;
use crate::pricing::{CurrentPrices, PriceList};
use crate::store::skeleton::{Skeleton, SkeletonQuery};
use crate::store::{AttachmentBody, FeedbackFilter, ProjectFilter, RejectionRecord, Store, StoreError, StoreResult};
use anyhow::{Context, anyhow};
use async_trait::async_trait;
use fanlight_wire::cost::CostExplanation;
use fanlight_wire::digest::TraceDigests;
use fanlight_wire::feedback::{Feedback, FeedbackUpdate};
use fanlight_wire::live::Change;
use fanlight_wire::project::{Project, ProjectCreate, ProjectUpdate};
use fanlight_wire::run_query::{RunPage, RunQuery};
use fanlight_wire::run_stats::{
    FacetQuery, FacetValue, Facets, GroupBy, Histogram, HistogramQuery, StatsAnswer, SuggestQuery,
};
use fanlight_wire::storage::{Retention, StorageReport};
use fanlight_wire::thread::{ThreadPage, ThreadQuery};
use fanlight_wire::version_stats::{VersionsAnswer, VersionsQuery};
use fanlight_wire::view::{SavedView, ViewWrite};
use fanlight_wire::{FeedbackId, ProjectId, Run, RunId, TenantId, TraceId};
use rusqlite::{Connection, OptionalExtension};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use tokio::sync::{broadcast, mpsc, oneshot};
use uuid::Uuid;

/// How long a client should wait when the queue is full: it empties in much less.
const RETRY_AFTER_S: u32 = 1;

/// Runs, projects and feedback in a directory of this process alone. Dropping it stores what was queued.
pub struct SqliteStore {
    tenant_id: TenantId,
    queue: Arc<Queue<Job>>,
    changes: broadcast::Sender<Change>,
    skeletons: skeleton::Measure,
    reader: Reader,
    prices: Arc<CurrentPrices>,
    n_readers: u32,
    path: PathBuf,
    threads: Arc<Threads>,
    prompt_uses: Arc<PromptUses>,
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
        write::error_texts::fill_in(&db).map_err(failed)?;
        let index = Arc::new(RunIndex::load(&db).map_err(failed)?);
        let own_prices = prices::with_stored(&PriceList::built_in(), &db).map_err(failed)?;
        let prices = Arc::new(CurrentPrices::new(own_prices));
        let pace = Arc::new(Pace::default());
        let changed_rows = Arc::new(ChangedRows::new(now_ns()));
        let told = Told { changes: changes.clone(), changed_rows: Arc::clone(&changed_rows) };
        let writer =
            Writer::new(db, Arc::clone(&prices), Arc::clone(&index), Arc::clone(&pace), told).map_err(failed)?;
        let recent = Arc::new(Recent::default());
        let indexer = Indexer {
            path: path.clone(),
            recent: Arc::clone(&recent),
            to_writer: ToWriter { queue: Arc::clone(&queue), pace },
            runs_per_segment: options.runs_per_segment,
        };
        let threads = Arc::new(Threads::start(writer, indexer).map_err(failed)?);
        Ok(SqliteStore {
            tenant_id,
            queue,
            changes,
            skeletons: skeleton::Measure {
                changed_rows,
                max_whole_trace: options.max_whole_trace,
                max_partial_trace: options.max_partial_trace,
            },
            reader: Reader {
                pool: ReadPool::new(&path, options.n_readers as usize, options.reader_cache_kib),
                blocks: Arc::new(BlockCache::new(options.block_cache_bytes)),
                index,
                recent,
                max_unindexed_read: options.max_unindexed_read,
                tenant_id,
            },
            prices,
            n_readers: options.n_readers,
            path,
            threads,
            prompt_uses: Arc::default(),
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
            let done = writer.transact(work).map_err(StoreError::from_any);
            // Whoever asked may have gone; the change is stored all the same.
            let _ = reply.send(done);
        };
        self.push(0, Job::Other(Box::new(job)))?;
        answer.await.unwrap_or_else(|_| Err(writer_gone()))
    }
}

impl Drop for SqliteStore {
    fn drop(&mut self) {
        self.threads.stop();
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

    async fn write(&self, mut batch: Batch) -> StoreResult<()> {
        batch.prepare();
        let (reply, answer) = oneshot::channel();
        self.push(size_of(&batch), Job::Write { batch, reply })?;
        answer.await.unwrap_or_else(|_| Err(writer_gone()))
    }

    fn changes(&self) -> broadcast::Receiver<Change> {
        self.changes.subscribe()
    }

    async fn query_runs(&self, query: RunQuery) -> StoreResult<RunPage> {
        self.reader.read(move |reading| query::query_runs(reading, &query)).await
    }

    async fn export_runs(&self, query: RunQuery, on_page: mpsc::Sender<Vec<Run>>) -> StoreResult<()> {
        export::export_runs(&self.reader, query, on_page).await
    }

    async fn run_stats(&self, query: RunQuery, group_by: Option<GroupBy>) -> StoreResult<StatsAnswer> {
        self.reader.read(move |reading| summary::run_stats(reading, &query, group_by.as_ref())).await
    }

    async fn facets(&self, query: FacetQuery) -> StoreResult<Facets> {
        self.reader.read(move |reading| summary::facets(reading, &query)).await
    }

    async fn histogram(&self, query: HistogramQuery) -> StoreResult<Histogram> {
        self.reader.read(move |reading| summary::histogram(reading, &query)).await
    }

    async fn suggest(&self, query: SuggestQuery) -> StoreResult<Vec<FacetValue>> {
        self.reader.read(move |reading| summary::suggest(reading, &query)).await
    }

    async fn version_stats(&self, query: VersionsQuery) -> StoreResult<VersionsAnswer> {
        self.reader.read(move |reading| versions::version_stats(reading, &query)).await
    }

    async fn query_threads(&self, query: ThreadQuery) -> StoreResult<ThreadPage> {
        self.reader.read(move |reading| query_threads(reading, &query)).await
    }

    async fn find_run(&self, run: RunId) -> StoreResult<Option<Run>> {
        self.reader.read(move |reading| query::find_run(reading, run)).await
    }

    async fn find_skeleton(&self, trace: TraceId, query: SkeletonQuery) -> StoreResult<Option<Skeleton>> {
        let measure = self.skeletons.clone();
        // Before the read begins: what is committed meanwhile is told again next time, and never left out.
        let version = measure.changed_rows.version();
        self.reader.read(move |reading| Ok(skeleton::find_skeleton(reading, trace, query, &measure, version)?)).await
    }

    async fn explain_cost(&self, run: RunId) -> StoreResult<Option<CostExplanation>> {
        let prices = self.prices.get();
        self.reader.read(move |reading| Ok(cost::explain(reading.db, &prices, run)?)).await
    }

    async fn find_digests(&self, trace: TraceId) -> StoreResult<Option<TraceDigests>> {
        self.reader.read(move |reading| Ok(digests::find_digests(reading, trace)?)).await
    }

    async fn find_attachment(&self, run: RunId, name: String) -> StoreResult<Option<AttachmentBody>> {
        self.reader.read(move |reading| attachments::find(reading.db, run, &name)).await
    }

    async fn list_projects(&self, filter: ProjectFilter) -> StoreResult<Vec<Project>> {
        self.reader.read(move |reading| projects::list(reading, &filter)).await
    }

    async fn find_project(&self, project: ProjectId, with_stats: bool) -> StoreResult<Option<Project>> {
        let find = move |reading: &Reading| {
            let index = with_stats.then_some(reading.index);
            projects::find(reading.db, reading.tenant_id, project, index)
        };
        self.reader.read(find).await
    }

    async fn create_project(&self, project: ProjectCreate, is_upsert: bool) -> StoreResult<Project> {
        let tenant_id = self.tenant_id;
        let create = move |transaction: &mut Transaction| {
            let id = transaction.create_project(project, is_upsert)?;
            projects::find(transaction.db, tenant_id, id, None)?.context("the project was written just now")
        };
        self.change(create).await
    }

    async fn update_project(&self, project: ProjectId, update: ProjectUpdate) -> StoreResult<Project> {
        let tenant_id = self.tenant_id;
        let change = move |transaction: &mut Transaction| {
            transaction.update_project(project, update)?;
            projects::find(transaction.db, tenant_id, project, None)?.context("the project was written just now")
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
        self.reader.read(move |reading| feedback::list(reading.db, &filter)).await
    }

    async fn find_feedback(&self, id: FeedbackId) -> StoreResult<Option<Feedback>> {
        self.reader.read(move |reading| feedback::find(reading.db, id)).await
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

    async fn list_views(&self, project: ProjectId) -> StoreResult<Vec<SavedView>> {
        self.reader.read(move |reading| views::list(reading.db, project)).await
    }

    async fn create_view(&self, view: ViewWrite) -> StoreResult<SavedView> {
        self.change(move |transaction| views::create(transaction, view)).await
    }

    async fn update_view(&self, view: Uuid, change: ViewWrite) -> StoreResult<SavedView> {
        self.change(move |transaction| views::update(transaction, view, change)).await
    }

    async fn delete_view(&self, view: Uuid) -> StoreResult<()> {
        self.change(move |transaction| views::delete(transaction, view)).await
    }

    async fn storage_report(&self) -> StoreResult<StorageReport> {
        let path = self.path.clone();
        self.reader.read(move |reading| storage::report(reading.db, reading.recent, &path, now_ns())).await
    }

    async fn set_retention(&self, project: ProjectId, retention: Retention) -> StoreResult<Retention> {
        self.change(move |transaction| storage::set_retention(transaction, project, retention)).await
    }

    async fn delete_traces(&self, project: ProjectId, traces: Vec<TraceId>) -> StoreResult<u64> {
        let traces = Arc::new(traces);
        let mut n_deleted = 0;
        loop {
            let traces = Arc::clone(&traces);
            // A transaction each, so that batches are stored in between.
            let n = self.change(move |transaction| transaction.delete_some_of_traces(project, &traces)).await?;
            if n == 0 {
                return Ok(n_deleted);
            }
            n_deleted += n;
        }
    }

    async fn list_rejections(&self, limit: usize) -> StoreResult<Vec<RejectionRecord>> {
        self.reader.read(move |reading| Ok(rejections::list(reading.db, limit)?)).await
    }

    async fn close(&self) {
        // Readers first: the log cannot be emptied while they hold snapshots.
        self.reader.pool.close(self.n_readers).await;
        // What is queued is still worked on; waiting for it here would block others on this thread. Should this be
        // abandoned, dropping the store waits.
        let threads = Arc::clone(&self.threads);
        let joined = tokio::task::spawn_blocking(move || threads.stop());
        if joined.await.is_err() {
            tracing::error!("the store's threads cannot be waited for");
        }
    }
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        StoreError::Unexpected(error.into())
    }
}
