//! `GET /api/fanlight/v1/live`: server-sent events that say what changed, so that pages fetch only that.

use crate::{ProjectId, TraceId};
use serde::{Deserialize, Serialize};

/// The `data` of one event named `change`: what one commit, or several close together, changed in a project.
///
/// A page that missed events (the stream says `event: lagged`, or reconnects) fetches again from the start.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Change {
    #[serde(rename = "session_id")]
    pub project_id: ProjectId,
    /// Traces with new or changed runs or feedback, each once, at most [`Change::MAX_TRACES`].
    pub traces: Vec<TraceId>,
    /// How many root runs were seen for the first time.
    pub n_new_traces: u32,
    /// There were more changed traces than are listed.
    #[serde(default)]
    pub is_truncated: bool,
}

impl Change {
    pub const MAX_TRACES: usize = 100;
}
