//! Values turned into words, the same way everywhere: durations, tokens, money, sizes, times. Pure.
//!
//! Three significant digits, units that a reader knows, and an en dash for what is not there ([`NOTHING`]).

pub mod bytes;
pub mod cost;
pub mod digits;
pub mod duration;
pub mod local_time;
pub mod run_type;
pub mod time;
pub mod tokens;
pub mod visible;

/// Stands where a value is missing.
pub const NOTHING: &str = "–";
