//! The query keys of the page that compares two versions of a prompt. Pure.

/// The query key of the change that is looked at; from 1.
pub const QUERY_CHANGE: &str = "c";

/// The query key that leaves changes of space out: `space=ignored`.
pub const QUERY_SPACE: &str = "space";

/// The query key of the time that production is looked at over.
pub const QUERY_PERIOD: &str = "t";

/// The query key of what is measured in production: `of=llm` for LLM calls.
pub const QUERY_UNIT: &str = "of";
