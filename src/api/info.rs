//! `GET /info`: what the server can do.

use super::{ApiClient, ApiError};
use fanlight_wire::info::Info;

impl ApiClient {
    pub async fn find_info(&self) -> Result<Info, ApiError> {
        self.get("/api/v1/info").await
    }
}
