//! What Fanlight's server and dashboard must agree on: the JSON of the LangSmith API, the additions under
//! `/api/fanlight/v1/`, ids, times and money. No I/O and no clock: this crate parses, prints and checks its own values.
//!
//! Start with [`run`]; `docs/api.md` says which endpoint carries which type.

pub mod board;
pub mod civil;
pub mod cost;
pub mod digest;
pub mod error;
pub mod feedback;
pub mod filter;
pub mod ids;
pub mod info;
pub mod live;
pub mod money;
pub mod monitor;
pub mod price;
pub mod project;
pub mod prompt;
pub mod run;
pub mod run_query;
pub mod run_stats;
pub mod shape;
pub mod skeleton;
pub mod storage;
pub mod thread;
pub mod time;
pub mod version_stats;
pub mod view;

pub use error::Error;
pub use ids::{FeedbackId, ProjectId, RunId, TenantId, TraceId};
pub use money::Usd;
pub use run::{Run, RunStatus, RunType};
pub use time::Timestamp;

/// JSON exactly as it was sent: never parsed unless somebody looks inside.
pub type RawJson = Box<serde_json::value::RawValue>;
