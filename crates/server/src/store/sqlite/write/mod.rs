//! Applying batches: everything that happens inside the writer's transaction.
//!
//! [`transaction`] holds the rows being worked on, [`apply`] merges one operation into its row, [`family`] keeps parents and
//! traces right whatever order runs come in, [`rollup`] carries usage up the tree, [`error_texts`] keeps each text once,
//! [`reprice`] prices past runs again, [`traces`] and [`news`] sum up what changed. [`thread`] runs it all, many requests per commit.

pub mod apply;
pub mod error_texts;
pub mod expire;
pub mod extras;
pub mod family;
pub mod metadata_sets;
pub mod news;
pub mod pending;
pub mod project;
pub mod purge;
pub mod ranks;
pub mod reprice;
pub mod rollup;
pub mod row;
pub mod thread;
pub mod traces;
pub mod transaction;
