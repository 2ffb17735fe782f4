//! What passes between the doors (`ingest/`) and the store: operations on runs, and usage. No HTTP, no SQL.

pub mod batch;
pub mod metadata;
pub mod usage;

pub use batch::{AttachmentUpload, Batch, OpKind, Payload, ProjectRef, Rejection, RunOp};
pub use metadata::Metadata;
pub use usage::{Cost, OwnUsage, Totals, Usage};
