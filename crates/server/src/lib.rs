//! The Fanlight server: decodes what SDKs send, keeps it in a store, answers the LangSmith API and serves the dashboard.
//!
//! Data flows one way: `routes` → `ingest` (foreign shapes become [`model`] operations) → `store`. Only `store` contains
//! SQL, only `routes` knows status codes.

pub mod demo;
pub mod model;
pub mod store;
