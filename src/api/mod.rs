//! The HTTP client: one file per resource of the API, all methods on [`ApiClient`]. Only this folder talks HTTP.
//!
//! Every method is a plain `async fn`; dropping its future aborts the request.

mod client;
mod error;
mod feedback;
mod info;
mod projects;
mod runs;

pub use client::ApiClient;
pub use error::ApiError;
