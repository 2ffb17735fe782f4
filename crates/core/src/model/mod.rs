//! What screens think in, apart from how it is fetched and drawn: plain values in, plain values out.
//!
//! Begin with [`run_tree`], the trace that the waterfall draws.

pub mod find;
pub mod repairs;
pub mod run_set;
pub mod run_tree;
pub mod run_tree_builder;
mod run_tree_changes;
pub mod skeleton_from_runs;
mod sparse;
pub mod time_went;
mod tree_order;

#[cfg(any(test, feature = "testing"))]
pub mod fixtures;

pub use run_tree::{RunIdx, RunTree};
pub use run_tree_builder::RunTreeBuilder;
