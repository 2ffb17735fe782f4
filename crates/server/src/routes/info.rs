//! `/info`, `/ok` and health: what this server is, and whether it works. No credentials, ever.

use crate::app::App;
use crate::error::AppResult;
use crate::store::ProjectFilter;
use axum::Json;
use axum::extract::State;
use fanlight_wire::info::{BatchIngestConfig, Fanlight, Info};
use serde_json::{Value, json};

/// The version of LangSmith's API that is spoken. The SDKs compare it to decide what they may use.
const CONTRACT_VERSION: &str = "0.18.3";

/// What the SDKs ask before their first request. Every key of `batch_ingest_config` is read unguarded by Python.
pub async fn find_info() -> Json<Info> {
    let flags = [
        "zstd_compression_enabled",
        "gzip_body_enabled",
        // Both query backends: v1 stays in use, and run links come from `GET /api/v2/runs/{id}/url`.
        "ch_query_enabled",
        "sdb_query_enabled",
        "dataset_examples_multipart_enabled",
        "examples_multipart_enabled",
    ];
    Json(Info {
        version: CONTRACT_VERSION.into(),
        batch_ingest_config: BatchIngestConfig {
            use_multipart_endpoint: true,
            scale_up_qsize_trigger: 1000,
            scale_up_nthreads_limit: 16,
            scale_down_nempty_trigger: 4,
            size_limit: 100,
            size_limit_bytes: 20 * 1024 * 1024,
        },
        instance_flags: flags.map(|flag| (flag.to_owned(), true)).into(),
        fanlight: Some(Fanlight {
            version: env!("CARGO_PKG_VERSION").into(),
            live: true,
            skeleton: true,
            skeleton_media_type: fanlight_wire::skeleton::MEDIA_TYPE.into(),
            cost: true,
            digests: true,
            explore: true,
            export: true,
            views: true,
            storage: true,
            monitor: true,
            boards: true,
            prices: true,
            prompts: true,
        }),
    })
}

/// The process answers.
pub async fn is_ok() -> Json<Value> {
    Json(json!({"ok": true}))
}

/// The store answers too.
pub async fn is_ready(State(app): State<App>) -> AppResult<Json<Value>> {
    app.store.list_projects(ProjectFilter { limit: 1, ..ProjectFilter::default() }).await?;
    Ok(Json(json!({"ok": true})))
}
