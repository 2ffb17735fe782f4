//! The Fanlight dashboard: a window onto LLM applications.
//!
//! Read in this order: [`app`] puts the page together, [`routes`] says which addresses exist, [`pages`] are what
//! stands behind them, [`api`] is where data comes from. What needs no browser is in the crate `fanlight_core`, whose
//! modules are here under the same names.

pub mod api;
pub mod app;
pub mod charts;
pub mod components;
pub mod feedback;
pub mod live;
pub mod pages;
pub mod preferences;
pub mod prefetch;
pub mod project_list;
pub mod routes;
pub mod shell;
pub mod theme;
pub mod waterfall;

pub use fanlight_core::{
    aggregate, compare, conversation, cost_words, diff, documents, format, graph, heights, json_view, keys, lanes,
    markdown, messages, model, monitor, paged_rows, prices, prompt, recent, statistics, trace_view, versions,
};
