//! Prompts: [`repos`] has them, [`commits`] their versions, [`tags`] the names that move between those, [`uses`] how often
//! they were read.

mod commits;
mod repos;
mod tags;
pub mod uses;

use super::SqliteStore;
use super::write::thread::{Job, Writer};
use crate::store::prompts::{CommitFilter, NewCommit, PromptFilter, PromptStore, PromptUse, VersionRef};
use crate::store::{StoreError, StoreResult};
use async_trait::async_trait;
use fanlight_wire::prompt::{
    CommitPage, Prompt, PromptCommit, PromptCreate, PromptPage, PromptTag, PromptUpdate, TagMove, TagWrite,
};
use rusqlite::Connection;
use std::sync::Arc;
use uuid::Uuid;

#[async_trait]
impl PromptStore for SqliteStore {
    async fn list_prompts(&self, filter: PromptFilter) -> StoreResult<PromptPage> {
        self.reader.read(move |reading| Ok(repos::list(reading, &filter)?)).await
    }

    async fn find_prompt(&self, name: String) -> StoreResult<Option<Prompt>> {
        self.reader.read(move |reading| Ok(repos::find(reading.db, reading.tenant_id, &name)?)).await
    }

    async fn count_prompt_tags(&self) -> StoreResult<Vec<(String, u64)>> {
        self.reader.read(move |reading| Ok(repos::count_tags(reading.db)?)).await
    }

    async fn create_prompt(&self, prompt: PromptCreate) -> StoreResult<Prompt> {
        let tenant_id = self.tenant_id;
        self.change(move |transaction| repos::create(transaction, tenant_id, prompt)).await
    }

    async fn update_prompt(&self, name: String, update: PromptUpdate) -> StoreResult<Prompt> {
        let tenant_id = self.tenant_id;
        self.change(move |transaction| repos::update(transaction, tenant_id, &name, update)).await
    }

    async fn delete_prompt(&self, name: String) -> StoreResult<()> {
        self.change(move |transaction| repos::delete(transaction.db, pk_of(transaction.db, &name)?)).await
    }

    async fn delete_prompts(&self, ids: Vec<Uuid>) -> StoreResult<()> {
        self.change(move |transaction| repos::delete_by_ids(transaction.db, &ids)).await
    }

    async fn like_prompt(&self, name: String, is_liked: bool) -> StoreResult<u64> {
        self.change(move |transaction| repos::like(transaction.db, &name, is_liked)).await
    }

    async fn list_commits(&self, name: String, filter: CommitFilter) -> StoreResult<CommitPage> {
        self.reader.read(move |reading| as_store_result(commits::list(reading.db, &name, &filter))).await
    }

    async fn find_commit(&self, name: String, version: VersionRef) -> StoreResult<PromptCommit> {
        self.reader.read(move |reading| as_store_result(commits::find(reading.db, &name, &version))).await
    }

    async fn create_commit(&self, name: String, commit: NewCommit) -> StoreResult<PromptCommit> {
        self.change(move |transaction| commits::create(transaction, &name, commit)).await
    }

    fn count_use(&self, commit: Uuid, use_: PromptUse) {
        if !self.prompt_uses.note(commit, use_) {
            return;
        }
        let uses = Arc::clone(&self.prompt_uses);
        let save = move |writer: &mut Writer| uses.save(writer);
        if self.push(0, Job::Other(Box::new(save))).is_err() {
            self.prompt_uses.is_not_queued();
        }
    }

    async fn list_prompt_tags(&self, name: String) -> StoreResult<Vec<PromptTag>> {
        self.reader.read(move |reading| as_store_result(tags::list(reading.db, &name))).await
    }

    async fn put_prompt_tag(
        &self,
        name: String,
        tag: TagWrite,
        client: Option<String>,
        must_exist: bool,
    ) -> StoreResult<PromptTag> {
        self.change(move |transaction| tags::put(transaction, &name, tag, client, must_exist)).await
    }

    async fn delete_prompt_tag(
        &self,
        name: String,
        tag: String,
        author: Option<String>,
        client: Option<String>,
    ) -> StoreResult<()> {
        self.change(move |transaction| tags::delete(transaction, &name, &tag, author, client)).await
    }

    async fn list_tag_moves(&self, name: String, tag: Option<String>, limit: usize) -> StoreResult<Vec<TagMove>> {
        self.reader.read(move |reading| as_store_result(tags::moves(reading.db, &name, tag.as_deref(), limit))).await
    }
}

/// The row of a prompt; `NotFound` without one.
fn pk_of(db: &Connection, name: &str) -> anyhow::Result<i64> {
    repos::find_pk(db, name)?.ok_or_else(|| StoreError::NotFound(format!("there is no prompt {name:?}")).into())
}

fn as_store_result<T>(result: anyhow::Result<T>) -> StoreResult<T> {
    result.map_err(|error| error.downcast().unwrap_or_else(StoreError::Unexpected))
}

/// How a column's list of texts or ids is read back.
fn list_from<T: serde::de::DeserializeOwned>(json: &str) -> anyhow::Result<Vec<T>> {
    Ok(serde_json::from_str(json)?)
}
