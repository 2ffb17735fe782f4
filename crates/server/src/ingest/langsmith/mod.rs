//! LangSmith's ingest contract: JSON and multipart bodies become a [`Batch`](crate::model::Batch).
//!
//! Begin with [`run`], which reads one run; [`batch`] and [`multipart`] find the runs in a body.

pub mod batch;
pub mod dotted_order;
pub mod events;
pub mod extra;
pub mod feedback;
pub mod multipart;
pub mod run;
pub mod run_fields;
pub mod usage;
