//! Prompts: named templates with versions. LangSmith's API calls a prompt a repo, and a version of it a commit.
//!
//! [`repo`] has the prompt itself, [`commit`] its versions, [`tag`] the names that move from version to version,
//! [`manifest`] what a version holds.

pub mod commit;
pub mod manifest;
pub mod repo;
pub mod tag;

pub use commit::{CommitCreate, CommitCreated, CommitPage, PromptCommit, PulledCommit};
pub use repo::{LastCommit, Prompt, PromptCreate, PromptPage, PromptUpdate};
pub use tag::{PromptTag, TagMove, TagWrite};
