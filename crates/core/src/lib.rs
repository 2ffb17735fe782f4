//! The pure cores of the dashboard: what its screens decide, lay out and say, apart from how it is fetched and drawn.
//!
//! Nothing here knows a browser; the compiler sees to it, since this crate does not depend on one. Begin with
//! [`model`], the trace that the views draw, and [`waterfall`], how it is laid out in rows and time. What a run's
//! payloads mean is read in [`messages`], [`documents`], [`json_view`] and [`markdown`], what a whole trace said in
//! [`conversation`]; two of a kind are set side by side in [`diff`] (texts, JSON) and [`compare`] (traces).
//! [`prompt`] is what the prompt editor knows of templates, and [`statistics`] says which of two versions is better.
//! [`lanes`], [`aggregate`] and [`graph`] are other views of a trace, [`charts`] draw many traces over time,
//! [`prices`] is about what models cost, [`paged_rows`] are lists longer than memory. [`mod@format`] turns values into
//! words, and [`keys`] key presses into commands.

pub mod aggregate;
pub mod charts;
pub mod compare;
pub mod conversation;
pub mod cost_words;
pub mod diff;
pub mod documents;
pub mod format;
pub mod graph;
pub mod heights;
pub mod json_view;
pub mod keys;
pub mod lanes;
pub mod markdown;
pub mod messages;
pub mod model;
pub mod monitor;
pub mod paged_rows;
pub mod prices;
pub mod prompt;
pub mod recent;
pub mod statistics;
pub mod trace_view;
pub mod versions;
pub mod waterfall;
