//! The Fanlight dashboard: a window onto LLM applications.
//!
//! Read in this order: [`app`] puts the page together, [`routes`] says which addresses exist, [`pages`] are what
//! stands behind them, [`api`] is where data comes from. What a run's payloads mean is read in [`messages`],
//! [`documents`], [`json_view`], [`markdown`] and [`feedback`]. [`mod@format`], [`keys`] and [`model`] are plain Rust without a
//! browser, and so is most of [`waterfall`].

pub mod api;
pub mod app;
pub mod components;
pub mod documents;
pub mod feedback;
pub mod format;
pub mod json_view;
pub mod keys;
pub mod live;
pub mod markdown;
pub mod messages;
pub mod model;
pub mod pages;
pub mod preferences;
pub mod prefetch;
pub mod project_list;
pub mod routes;
pub mod shell;
pub mod theme;
pub mod waterfall;
