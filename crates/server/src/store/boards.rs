//! Boards of charts: the part of a [`super::Store`] that keeps them.

use super::StoreResult;
use async_trait::async_trait;
use fanlight_wire::ProjectId;
use fanlight_wire::board::{Board, BoardWrite};
use uuid::Uuid;

#[async_trait]
pub trait BoardStore {
    /// Those of a project, by name.
    async fn list_boards(&self, project: ProjectId) -> StoreResult<Vec<Board>>;
    async fn find_board(&self, board: Uuid) -> StoreResult<Option<Board>>;
    /// `Conflict` when the project has a board of that name, `Invalid` without project or name, or beyond limits.
    async fn create_board(&self, board: BoardWrite) -> StoreResult<Board>;
    /// Changes what is given; the project stays. `Conflict` when somebody else changed it since the revision given.
    async fn update_board(&self, board: Uuid, change: BoardWrite) -> StoreResult<Board>;
    async fn delete_board(&self, board: Uuid) -> StoreResult<()>;
}
