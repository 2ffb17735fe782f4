//! The HTTP client: one file per resource of the API, all methods on [`ApiClient`]. Only this folder talks HTTP.
//!
//! Every method is a plain `async fn`; dropping its future aborts the request.

mod boards;
mod client;
mod digests;
mod error;
mod export;
mod feedback;
mod info;
mod monitor;
mod prices;
mod projects;
mod prompt_versions;
mod prompts;
mod run_stats;
mod runs;
mod skeleton;
mod storage;
mod threads;
mod views;

pub use client::ApiClient;
pub use error::ApiError;
pub use export::{Export, ExportFormat, ExportProgress};
pub use skeleton::{SkeletonStream, SkeletonWanted};
