//! Boards: charts of one's own.

use super::{ApiClient, ApiError};
use fanlight_wire::ProjectId;
use fanlight_wire::board::{Board, BoardWrite};
use gloo_net::http::Method;
use uuid::Uuid;

impl ApiClient {
    /// The boards of a project, by name.
    pub async fn list_boards(&self, project: ProjectId) -> Result<Vec<Board>, ApiError> {
        self.get(&format!("/api/fanlight/v1/boards?session_id={project}")).await
    }

    pub async fn find_board(&self, id: Uuid) -> Result<Board, ApiError> {
        self.get(&format!("/api/fanlight/v1/boards/{id}")).await
    }

    pub async fn create_board(&self, board: &BoardWrite) -> Result<Board, ApiError> {
        self.send(Method::POST, "/api/fanlight/v1/boards", board).await
    }

    /// Changes what is given; with a revision, only that one.
    pub async fn update_board(&self, id: Uuid, change: &BoardWrite) -> Result<Board, ApiError> {
        self.send(Method::PATCH, &format!("/api/fanlight/v1/boards/{id}"), change).await
    }

    pub async fn delete_board(&self, id: Uuid) -> Result<(), ApiError> {
        self.delete(&format!("/api/fanlight/v1/boards/{id}")).await
    }
}
