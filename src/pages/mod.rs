//! What stands behind each address. A page decides what to fetch and how it is arranged.

pub mod compare;
pub mod not_found;
pub mod projects;
pub mod sdk_link;
pub mod storage;
pub mod thread;
pub mod threads;
pub mod trace;
pub mod traces;
