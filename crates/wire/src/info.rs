//! `GET /info`: what this server is and can do. SDKs read it before their first request.

use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Answered without credentials. The SDKs compare `version` with LangSmith's, so it names the contract spoken,
/// while [`Fanlight::version`] is our own.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Info {
    pub version: String,
    pub batch_ingest_config: BatchIngestConfig,
    pub instance_flags: BTreeMap<String, bool>,
    /// Absent when another LangSmith-compatible API answers.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fanlight: Option<Fanlight>,
}

/// Every key is read unguarded by the Python SDK: all must be there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BatchIngestConfig {
    pub use_multipart_endpoint: bool,
    pub scale_up_qsize_trigger: u32,
    pub scale_up_nthreads_limit: u32,
    pub scale_down_nempty_trigger: u32,
    /// Most runs in one request.
    pub size_limit: u32,
    /// Most bytes that a client assembles for one request.
    pub size_limit_bytes: u64,
}

/// What this server offers beyond LangSmith's API. The dashboard does without what is missing.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct Fanlight {
    pub version: String,
    /// `GET /api/fanlight/v1/live`.
    pub live: bool,
    /// `GET /api/fanlight/v1/traces/{trace_id}/skeleton`.
    pub skeleton: bool,
    /// What to name in `Accept` for its binary form, which is smaller, arrives in blocks and can be asked for changes.
    pub skeleton_media_type: String,
    /// `GET /api/fanlight/v1/runs/{run_id}/cost`.
    pub cost: bool,
    /// `GET /api/fanlight/v1/traces/{trace_id}/digests`.
    pub digests: bool,
    /// `POST /api/fanlight/v1/runs/facets`, `…/histogram`, `…/suggest`, and the whole filter language.
    pub explore: bool,
    /// `POST /api/fanlight/v1/runs/export`.
    pub export: bool,
    /// `/api/fanlight/v1/views`.
    pub views: bool,
    /// `/api/fanlight/v1/storage`, `/api/fanlight/v1/projects/{project_id}/retention`.
    pub storage: bool,
    /// `POST /api/fanlight/v1/monitor/…`, `GET …/projects/{project_id}/spend`, `PUT …/budget`.
    pub monitor: bool,
    /// `/api/fanlight/v1/boards`.
    pub boards: bool,
    /// `/model-price-map`, `/api/fanlight/v1/prices/…`.
    pub prices: bool,
    /// `/api/fanlight/v1/prompts/{name}/tag-moves`.
    pub prompts: bool,
}
