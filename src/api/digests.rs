//! What two traces are compared by.

use super::{ApiClient, ApiError};
use fanlight_wire::TraceId;
use fanlight_wire::digest::TraceDigests;

impl ApiClient {
    /// 64 bits for each payload of a trace. A Fanlight server has them when `/info` says `fanlight.digests`.
    pub async fn find_digests(&self, trace: TraceId) -> Result<TraceDigests, ApiError> {
        let digests: TraceDigests = self.get(&format!("/api/fanlight/v1/traces/{trace}/digests")).await?;
        if digests.is_consistent() { Ok(digests) } else { Err(ApiError::Decode("columns differ in length".into())) }
    }
}
