//! Where runs are kept. [`Store`] is the promise; `sqlite/` keeps it.
//!
//! Only this folder contains SQL. Everything is asked for by id or by a stable key, so that page 1 and page 10,000 cost
//! the same.

pub mod boards;
pub mod effort;
pub mod monitor;
pub mod prices;
pub mod project_filter;
pub mod prompts;
pub mod skeleton;
pub mod sqlite;

use self::boards::BoardStore;
use self::monitor::MonitorStore;
use self::prices::PriceStore;
use self::prompts::PromptStore;
use self::skeleton::{Skeleton, SkeletonQuery};
use crate::model::Batch;
use async_trait::async_trait;
use bytes::Bytes;
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
use fanlight_wire::{FeedbackId, ProjectId, RunId, TenantId, Timestamp, TraceId};
use tokio::sync::broadcast;

/// Why a store did not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The queue of writes is full: try again after `retry_after_s` seconds. Nothing was stored.
    #[error("the server is busy writing; try again in {retry_after_s} s")]
    Busy { retry_after_s: u32 },
    /// A name that must be unique is taken.
    #[error("{0}")]
    Conflict(String),
    /// The thing to change does not exist.
    #[error("{0}")]
    NotFound(String),
    /// The question itself is wrong, such as a cursor from another query.
    #[error("{0}")]
    Invalid(String),
    #[error(transparent)]
    Unexpected(#[from] anyhow::Error),
}

impl StoreError {
    /// What a transaction failed with: errors that are these already stay what they are.
    pub fn from_any(error: anyhow::Error) -> StoreError {
        error.downcast::<StoreError>().unwrap_or_else(StoreError::Unexpected)
    }
}

pub type StoreResult<T> = Result<T, StoreError>;

/// Which projects `GET /sessions` lists.
#[derive(Clone, Debug, Default)]
pub struct ProjectFilter {
    pub ids: Option<Vec<ProjectId>>,
    pub name: Option<String>,
    /// Case-insensitive.
    pub name_contains: Option<String>,
    /// `Some(true)`: only projects that are no experiments.
    pub is_reference_free: Option<bool>,
    pub reference_datasets: Option<Vec<uuid::Uuid>>,
    /// A JSON object that `extra.metadata` must contain.
    pub metadata: Option<serde_json::Map<String, serde_json::Value>>,
    pub filter: Option<project_filter::FilterOnProjects>,
    pub with_stats: bool,
    pub sort: ProjectSort,
    pub is_descending: bool,
    /// At most 100.
    pub limit: usize,
    pub offset: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum ProjectSort {
    Name,
    #[default]
    StartTime,
    LastRunStartTime,
    LatencyP50,
    LatencyP99,
    ErrorRate,
    RunCount,
}

/// Which feedback `GET /feedback` lists, newest first.
#[derive(Clone, Debug, Default)]
pub struct FeedbackFilter {
    pub runs: Option<Vec<RunId>>,
    pub keys: Option<Vec<String>>,
    pub projects: Option<Vec<ProjectId>>,
    pub sources: Option<Vec<String>>,
    pub has_comment: Option<bool>,
    pub has_score: Option<bool>,
    /// `Some(true)`: on runs; `Some(false)`: on projects.
    pub is_on_run: Option<bool>,
    pub min_created_at: Option<Timestamp>,
    pub max_created_at: Option<Timestamp>,
    /// At most 100.
    pub limit: usize,
    pub offset: usize,
}

/// A stored file.
#[derive(Clone, Debug)]
pub struct AttachmentBody {
    pub mime_type: String,
    pub data: Bytes,
}

/// One refused item, as recorded.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RejectionRecord {
    pub received_at: Timestamp,
    pub item: String,
    pub reason: String,
}

/// A place for runs, projects, feedback and prompts. Reads see every write that was acknowledged before they began.
#[async_trait]
pub trait Store: BoardStore + MonitorStore + PriceStore + PromptStore + Send + Sync + 'static {
    /// The one workspace of this server; made when the store is.
    fn tenant_id(&self) -> TenantId;

    /// Stores a batch durably: when this returns `Ok`, the batch survives `kill -9`.
    async fn write(&self, batch: Batch) -> StoreResult<()>;

    /// What commits changed, as they happen. Slow readers are told that they lag, never waited for.
    fn changes(&self) -> broadcast::Receiver<Change>;

    /// Fails with `Invalid` for a filter that cannot be read or answered, never by ignoring it.
    async fn query_runs(&self, query: RunQuery) -> StoreResult<RunPage>;
    /// Calls `on_page` with successive pages of all runs of a query, payloads included when they are selected. Limit and
    /// cursor of the query do not count.
    async fn export_runs(
        &self,
        query: RunQuery,
        on_page: tokio::sync::mpsc::Sender<Vec<fanlight_wire::Run>>,
    ) -> StoreResult<()>;
    /// What the runs of a query amount to: as a whole, or the largest groups. Limit, cursor, order and selection of the
    /// query do not count, here and below.
    async fn run_stats(&self, query: RunQuery, group_by: Option<GroupBy>) -> StoreResult<StatsAnswer>;
    async fn facets(&self, query: FacetQuery) -> StoreResult<Facets>;
    async fn histogram(&self, query: HistogramQuery) -> StoreResult<Histogram>;
    /// Values that could be typed next, with how many runs of the query have them.
    async fn suggest(&self, query: SuggestQuery) -> StoreResult<Vec<FacetValue>>;
    /// What each version of a prompt did, by the metadata of runs that name it.
    async fn version_stats(&self, query: VersionsQuery) -> StoreResult<VersionsAnswer>;
    async fn query_threads(&self, query: ThreadQuery) -> StoreResult<ThreadPage>;
    async fn find_run(&self, run: RunId) -> StoreResult<Option<fanlight_wire::Run>>;
    /// The shape of a trace; of one that is too large, the part that matters most.
    async fn find_skeleton(&self, trace: TraceId, query: SkeletonQuery) -> StoreResult<Option<Skeleton>>;
    /// How the cost of a run came about.
    async fn explain_cost(&self, run: RunId) -> StoreResult<Option<CostExplanation>>;
    /// What stands for the payloads of the trace's runs, of the earliest ones if it is large.
    async fn find_digests(&self, trace: TraceId) -> StoreResult<Option<TraceDigests>>;
    async fn find_attachment(&self, run: RunId, name: String) -> StoreResult<Option<AttachmentBody>>;

    async fn list_projects(&self, filter: ProjectFilter) -> StoreResult<Vec<Project>>;
    async fn find_project(&self, project: ProjectId, with_stats: bool) -> StoreResult<Option<Project>>;
    /// `Conflict` when the name is taken, unless `is_upsert`: then the existing project is updated and returned.
    async fn create_project(&self, project: ProjectCreate, is_upsert: bool) -> StoreResult<Project>;
    async fn update_project(&self, project: ProjectId, update: ProjectUpdate) -> StoreResult<Project>;
    /// Deletes a project with its runs, payloads, attachments and feedback.
    async fn delete_project(&self, project: ProjectId) -> StoreResult<()>;

    async fn list_feedback(&self, filter: FeedbackFilter) -> StoreResult<Vec<Feedback>>;
    async fn find_feedback(&self, feedback: FeedbackId) -> StoreResult<Option<Feedback>>;
    async fn update_feedback(&self, feedback: FeedbackId, update: FeedbackUpdate) -> StoreResult<Feedback>;
    async fn delete_feedback(&self, feedback: FeedbackId) -> StoreResult<()>;

    /// Views saved for a project, by name.
    async fn list_views(&self, project: ProjectId) -> StoreResult<Vec<SavedView>>;
    /// `Conflict` when the project has a view of that name, `Invalid` without project, name or query, or beyond limits.
    async fn create_view(&self, view: ViewWrite) -> StoreResult<SavedView>;
    /// Changes what is given; the project stays.
    async fn update_view(&self, view: uuid::Uuid, change: ViewWrite) -> StoreResult<SavedView>;
    async fn delete_view(&self, view: uuid::Uuid) -> StoreResult<()>;

    /// What the data takes. Bytes per project are estimated from samples of their runs.
    async fn storage_report(&self) -> StoreResult<StorageReport>;
    /// Traces whose root started before the limit are deleted from now on, bit by bit.
    async fn set_retention(&self, project: ProjectId, retention: Retention) -> StoreResult<Retention>;
    /// Deletes traces with all their runs, as far as they are in the project; returns how many runs went. When this
    /// returns they are gone for every reader.
    async fn delete_traces(&self, project: ProjectId, traces: Vec<TraceId>) -> StoreResult<u64>;

    /// The newest refused items, newest first.
    async fn list_rejections(&self, limit: usize) -> StoreResult<Vec<RejectionRecord>>;

    /// Waits for queued writes and closes the files.
    async fn close(&self);
}
