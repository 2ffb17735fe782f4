//! The Fanlight dashboard: a window onto LLM applications.
//!
//! Read in this order: [`app`] puts the page together, [`routes`] says which addresses exist, [`pages`] are what
//! stands behind them, [`api`] is where data comes from. [`format`] and [`keys`] are plain Rust without a browser.

pub mod api;
pub mod app;
pub mod components;
pub mod format;
pub mod keys;
pub mod live;
pub mod pages;
pub mod preferences;
pub mod project_list;
pub mod routes;
pub mod shell;
pub mod theme;
