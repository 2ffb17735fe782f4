//! The short form that people type: `status:error latency:>2s -tag:beta "refund"`.
//!
//! Conditions stand side by side and all must hold; `OR` and brackets say otherwise. Words on their own are searched for.
//! A text that starts like a call is read as one, so that one bar takes both forms.

mod condition;
mod names;
mod parse;
mod print;
mod scan;

pub use names::{KEYWORDS, Keyword};
pub use parse::parse;
pub use print::print;

pub(super) use names::{Name, find as find_name, keyed};
pub(super) use print::{bare, push_text, range_spec};
pub(super) use scan::{Head, Operator, is_call, scan_head, scan_operator};

#[cfg(test)]
mod tests;
