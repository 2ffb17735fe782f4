//! What the store promises about prompts. A prompt is asked for by its name, a version by [`VersionRef`].

use super::StoreResult;
use async_trait::async_trait;
use fanlight_wire::RawJson;
use fanlight_wire::prompt::{
    CommitPage, Prompt, PromptCommit, PromptCreate, PromptPage, PromptTag, PromptUpdate, TagMove, TagWrite,
};
use uuid::Uuid;

/// The one workspace, as prompts name their owner.
pub const OWNER: &str = "fanlight";

/// Which prompts `GET /repos` lists, and in which order.
#[derive(Clone, Debug, Default)]
pub struct PromptFilter {
    /// Words, each of which begins a word of the name, the description or a tag.
    pub query: Option<String>,
    pub is_public: Option<bool>,
    /// `None`: whether or not.
    pub is_archived: Option<bool>,
    /// All of these.
    pub tags: Vec<String>,
    pub has_commits: Option<bool>,
    pub sort: PromptSort,
    pub is_ascending: bool,
    pub with_latest_manifest: bool,
    /// At most 100.
    pub limit: usize,
    pub offset: usize,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum PromptSort {
    #[default]
    UpdatedAt,
    Likes,
    Downloads,
    Views,
    /// Names that begin with the query first, then as `UpdatedAt`.
    Relevance,
    /// Fanlight's addition.
    Name,
}

/// How a version is named: by hash, by the beginning of one, by tag, or as the newest.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum VersionRef {
    Latest,
    /// Eight characters or more mean a hash or its beginning before they mean a tag; fewer are a tag.
    Named(String),
}

impl VersionRef {
    pub fn parse(text: &str) -> VersionRef {
        if text.is_empty() || text == "latest" { VersionRef::Latest } else { VersionRef::Named(text.to_owned()) }
    }
}

/// A page of a prompt's history.
#[derive(Clone, Debug, Default)]
pub struct CommitFilter {
    /// Only the version that has this tag.
    pub tag: Option<String>,
    pub with_manifests: bool,
    /// Manifests as they were sent; otherwise without the model.
    pub with_model: bool,
    /// At most 100.
    pub limit: usize,
    pub offset: usize,
}

/// A version to be stored: its manifest is sound.
#[derive(Clone, Debug)]
pub struct NewCommit {
    pub manifest: RawJson,
    /// `None`: based on whatever is newest.
    pub parent: Option<String>,
    pub description: Option<String>,
    pub author: Option<String>,
    pub client: Option<String>,
    pub example_run_ids: Vec<Uuid>,
}

/// What a version was read for; each is counted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PromptUse {
    Download,
    View,
}

/// A place for prompts. Changes are durable when they return, and reads see them; counts of use may come a moment later.
#[async_trait]
pub trait PromptStore {
    async fn list_prompts(&self, filter: PromptFilter) -> StoreResult<PromptPage>;
    async fn find_prompt(&self, name: String) -> StoreResult<Option<Prompt>>;
    /// Tags of prompts, with how many prompts have each, most frequent first.
    async fn count_prompt_tags(&self) -> StoreResult<Vec<(String, u64)>>;
    /// `Conflict` when the name is taken.
    async fn create_prompt(&self, prompt: PromptCreate) -> StoreResult<Prompt>;
    async fn update_prompt(&self, name: String, update: PromptUpdate) -> StoreResult<Prompt>;
    /// Deletes a prompt with its versions and tags.
    async fn delete_prompt(&self, name: String) -> StoreResult<()>;
    /// Deletes those of the ids that exist.
    async fn delete_prompts(&self, ids: Vec<Uuid>) -> StoreResult<()>;
    /// Returns how many like the prompt now. There is one user.
    async fn like_prompt(&self, name: String, is_liked: bool) -> StoreResult<u64>;

    /// `NotFound` without such a prompt.
    async fn list_commits(&self, name: String, filter: CommitFilter) -> StoreResult<CommitPage>;
    /// With its manifest. `NotFound` without such a prompt or version, `Invalid` when several begin like this.
    async fn find_commit(&self, name: String, version: VersionRef) -> StoreResult<PromptCommit>;
    /// `Conflict` when the parent is no longer the newest, or when nothing would change.
    async fn create_commit(&self, name: String, commit: NewCommit) -> StoreResult<PromptCommit>;
    /// Returns at once. Counts may be lost when the process dies.
    fn count_use(&self, commit: Uuid, use_: PromptUse);

    /// By name.
    async fn list_prompt_tags(&self, name: String) -> StoreResult<Vec<PromptTag>>;
    /// Puts a tag on a version. `must_exist`: `NotFound` for a tag that is new.
    async fn put_prompt_tag(
        &self,
        name: String,
        tag: TagWrite,
        client: Option<String>,
        must_exist: bool,
    ) -> StoreResult<PromptTag>;
    async fn delete_prompt_tag(
        &self,
        name: String,
        tag: String,
        author: Option<String>,
        client: Option<String>,
    ) -> StoreResult<()>;
    /// Who put which tag where, newest first: of one tag, or of all.
    async fn list_tag_moves(&self, name: String, tag: Option<String>, limit: usize) -> StoreResult<Vec<TagMove>>;
}
