//! The language as a whole.

mod calls;
mod docs;
mod properties;
