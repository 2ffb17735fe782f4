//! The error body of Fanlight's own endpoints.

use serde::{Deserialize, Serialize};

/// What went wrong, for endpoints under `/api/fanlight/v1/`. Foreign contracts keep their own shapes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Error {
    /// A stable word to match on, such as `not_found`.
    pub code: String,
    /// A sentence for people.
    pub message: String,
    /// The id under which the server logged the request.
    pub request_id: String,
}
