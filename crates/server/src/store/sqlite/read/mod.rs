//! Answering questions: several read-only connections, each question in one consistent snapshot.
//!
//! [`query`] finds rows of runs, [`run`] makes API runs of them, [`skeleton`] reads a whole trace without payloads.

pub mod cursor;
pub mod export;
pub mod family;
pub mod pool;
pub mod query;
pub mod run;
pub mod select;
pub mod skeleton;
