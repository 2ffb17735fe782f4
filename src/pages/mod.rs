//! What stands behind each address. A page decides what to fetch and how it is arranged.

pub mod compare;
mod fetched;
pub mod monitor;
pub mod not_found;
mod paged;
pub mod prices;
pub mod projects;
pub mod prompt;
pub mod prompt_diff;
pub mod prompts;
pub mod sdk_link;
pub mod storage;
pub mod thread;
pub mod threads;
pub mod trace;
pub mod traces;
