//! The filter language, once for both sides: the server finds runs with it, the dashboard edits and explains it.
//!
//! [`ast`] is what a filter means. It is written in two ways that mean the same: LangSmith's calls
//! (`and(eq(run_type, "llm"), gt(latency, "5s"))`; [`parse()`], [`print()`]) and the short form that people type
//! (`type:llm latency:>5s`). [`fields`] is the table of what can be asked, [`words`] how text is searched.

pub mod ast;
mod build;
mod checks;
pub mod complete;
pub mod edit;
mod error;
pub mod eval;
pub mod fields;
mod functions;
mod lex;
mod parse;
mod print;
pub mod short;
#[cfg(any(test, feature = "testing"))]
pub mod testing;
mod value;
pub mod words;

pub use ast::{
    Comparison, Field, Filter, Literal, Pair, PairPart, PairRows, PairTest, ProjectNumber, TestKind, TextPart,
};
pub use checks::{MAX_BYTES, MAX_CONDITIONS, MAX_DEPTH};
pub use error::FilterError;
pub use functions::{FUNCTIONS, FunctionInfo};
pub use parse::{parse, parse_of_projects};
pub use print::print;

#[cfg(test)]
mod tests;
