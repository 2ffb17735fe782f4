//! Payloads: what a run carries beside its narrow row.
//!
//! Every arrival becomes a *fragment* ([`fragment`]); fragments of many runs are compressed together in *blocks*
//! ([`blocks`]); a run's row holds the [`locator`]s of its fragments; reading merges them ([`merge`]). So a patch never
//! rewrites what the post brought.

pub mod ahead;
pub mod blocks;
pub mod fragment;
pub mod locator;
pub mod merge;

pub use fragment::Fragment;
pub use locator::Locator;
