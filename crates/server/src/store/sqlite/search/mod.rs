//! Full-text search: which runs have which words.
//!
//! Words of finished runs are collected by the [`indexer`], a thread of its own, in a [`memory`] index; every few thousand
//! runs it becomes a segment in the database: words in order, each with the numbers of its runs, in compressed blocks
//! ([`postings`]). [`segment`]s are written once and merged into bigger ones ([`merge`]). [`find`] asks them all, and
//! reads the payloads of runs that are in none yet, so that what was acknowledged is found. [`text`] says what of a run is
//! searched, [`snippet`] shows where.
//!
//! Nothing here is waited for by whoever sends runs: `text_pending` says what is still to be done, also after a crash.

pub mod find;
pub mod indexer;
pub mod memory;
pub mod merge;
pub mod pace;
pub mod postings;
pub mod recent;
pub mod segment;
pub mod snippet;
pub mod source;
pub mod sweep;
pub mod text;
pub mod to_writer;
