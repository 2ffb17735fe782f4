//! The Fanlight server: decodes what SDKs send, keeps it in a store, answers the LangSmith API and serves the dashboard.
//!
//! Data flows one way: `routes` → `ingest` (foreign shapes become [`model`] operations) → `store`. Only `store` contains
//! SQL, only `routes` and `http` know status codes. [`app::App`] ties them together; `cli` starts it.

pub mod app;
pub mod cli;
pub mod config;
pub mod dashboard;
pub mod demo;
pub mod error;
pub mod http;
pub mod ingest;
pub mod model;
pub mod pricing;
pub mod routes;
pub mod store;
