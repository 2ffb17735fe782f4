//! Feedback on runs: list, give, change, take back.

use super::{ApiClient, ApiError};
use fanlight_wire::feedback::{Feedback, FeedbackCreate, FeedbackUpdate};
use fanlight_wire::{FeedbackId, RunId};
use gloo_net::http::Method;

impl ApiClient {
    /// All feedback on one run, the newest first.
    pub async fn list_feedback(&self, run: RunId) -> Result<Vec<Feedback>, ApiError> {
        self.get(&format!("/api/v1/feedback?run={run}&limit=100")).await
    }

    pub async fn create_feedback(&self, feedback: &FeedbackCreate) -> Result<Feedback, ApiError> {
        self.send(Method::POST, "/api/v1/feedback", feedback).await
    }

    pub async fn update_feedback(&self, id: FeedbackId, update: &FeedbackUpdate) -> Result<Feedback, ApiError> {
        self.send(Method::PATCH, &format!("/api/v1/feedback/{id}"), update).await
    }

    pub async fn delete_feedback(&self, id: FeedbackId) -> Result<(), ApiError> {
        self.delete(&format!("/api/v1/feedback/{id}")).await
    }
}
