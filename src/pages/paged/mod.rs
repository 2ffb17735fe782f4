//! A list that is fetched page by page, of which only what is near is kept: the list of traces and that of threads.
//!
//! [`list`] fetches pages and live changes, `place` keeps the reader's place while rows come and go; which rows there
//! are is said in [`crate::paged_rows`].

pub mod list;
mod place;

pub use place::restore;
