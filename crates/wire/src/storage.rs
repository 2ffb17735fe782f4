//! What the data takes and how long it is kept: `/api/fanlight/v1/storage`, `/api/fanlight/v1/projects/{id}/retention`.

use crate::{ProjectId, Timestamp};
use serde::{Deserialize, Serialize};

/// Bytes on disk.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StorageReport {
    /// The database file and its write-ahead log.
    pub file_bytes: u64,
    /// Pages in the file that hold nothing any more; they are given back bit by bit.
    pub free_bytes: u64,
    /// The search index, of all projects.
    pub search_bytes: u64,
    /// Runs that the search index should have by now, and has not: those that ended, or started 30 s ago.
    pub n_unindexed_runs: u64,
    /// Runs of deleted projects and past retention that are still to be removed.
    pub n_doomed_runs: u64,
    pub projects: Vec<ProjectStorage>,
}

/// One project's part. Payloads of several projects are compressed together: their bytes are shared out by size.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ProjectStorage {
    #[serde(rename = "session_id")]
    pub project_id: ProjectId,
    pub name: String,
    pub n_runs: u64,
    pub n_traces: u64,
    pub run_bytes: u64,
    pub payload_bytes: u64,
    pub attachment_bytes: u64,
    pub first_start_time: Option<Timestamp>,
    pub last_start_time: Option<Timestamp>,
    pub retention: Retention,
}

/// How long traces are kept, counted from their root's start.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Retention {
    /// Null: for ever. At least 1.
    pub days: Option<u32>,
}
