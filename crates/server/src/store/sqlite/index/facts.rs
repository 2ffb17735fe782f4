//! What the index keeps of a run's row: as the writer saved it, or as it is read when the store opens.

use crate::model::usage::KnownSum;
use crate::store::sqlite::codes::{run_type_from_code, status_from_code};
use crate::store::sqlite::write::row::RunRow;
use fanlight_wire::{RunStatus, RunType};
use rusqlite::Row;
use serde::Deserialize;
use std::borrow::Cow;
use std::collections::BTreeMap;

type Text<'a> = Option<Cow<'a, str>>;

/// One run as it is in the database now.
#[derive(Clone, Debug, PartialEq)]
pub struct FactRow<'a> {
    pub pk: i64,
    pub project: i64,
    pub trace: i64,
    pub start_ns: i64,
    pub end_ns: Option<i64>,
    pub first_token_ns: Option<i64>,
    pub status: RunStatus,
    pub run_type: RunType,
    pub is_root: bool,
    /// Somebody sent an error text, whatever the status.
    pub has_error_text: bool,
    pub has_example: bool,
    pub name: Text<'a>,
    pub model: Text<'a>,
    pub provider: Text<'a>,
    pub thread_id: Text<'a>,
    pub error_kind: Text<'a>,
    /// Row of `error_texts`.
    pub error_text: Option<i64>,
    /// A JSON array of strings.
    pub tags: Text<'a>,
    /// Row of `metadata_sets`.
    pub metadata_set: Option<i64>,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub total_tokens: i64,
    /// Of the prompt's tokens, those from a cache; of the completion's, those that nobody sees.
    pub cache_read_tokens: i64,
    pub reasoning_tokens: i64,
    /// Picodollars, where a price was known.
    pub prompt_cost: Option<i64>,
    pub completion_cost: Option<i64>,
    pub total_cost: Option<i64>,
}

/// The columns that [`FactRow::read`] expects.
pub const COLUMNS: &str = "pk, project, trace, start_ns, end_ns, first_token_ns, status, run_type, \
     parent_pk IS NULL AND waiting_parent IS NULL, error_preview IS NOT NULL, reference_example_id IS NOT NULL, \
     name, model, provider, thread_id, error_kind, tags, metadata_set, prompt_tokens, completion_tokens, total_tokens, \
     prompt_cost, completion_cost, total_cost, n_prompt_costs, n_completion_costs, n_total_costs, error_text, usage_details";

impl<'a> FactRow<'a> {
    /// `row` has [`COLUMNS`]; texts are borrowed from it.
    pub fn read(row: &'a Row) -> rusqlite::Result<FactRow<'a>> {
        let text =
            |idx: usize| -> rusqlite::Result<Text<'a>> { Ok(row.get_ref(idx)?.as_str_or_null()?.map(Cow::Borrowed)) };
        let number = |idx: usize| -> rusqlite::Result<i64> { Ok(row.get::<_, Option<i64>>(idx)?.unwrap_or(0)) };
        let cost = |amount: usize, n_known: usize| -> rusqlite::Result<Option<i64>> {
            Ok((number(n_known)? > 0).then_some(number(amount)?))
        };
        let details = TokenDetails::read(row.get_ref(28)?.as_str_or_null()?);
        Ok(FactRow {
            pk: row.get(0)?,
            project: row.get(1)?,
            trace: row.get(2)?,
            start_ns: row.get(3)?,
            end_ns: row.get(4)?,
            first_token_ns: row.get(5)?,
            status: status_from_code(row.get(6)?),
            run_type: run_type_from_code(row.get(7)?),
            is_root: row.get(8)?,
            has_error_text: row.get(9)?,
            has_example: row.get(10)?,
            name: text(11)?,
            model: text(12)?,
            provider: text(13)?,
            thread_id: text(14)?,
            error_kind: text(15)?,
            tags: text(16)?,
            metadata_set: row.get(17)?,
            prompt_tokens: number(18)?,
            completion_tokens: number(19)?,
            total_tokens: number(20)?,
            cache_read_tokens: details.prompt.cache_read,
            reasoning_tokens: details.completion.reasoning,
            prompt_cost: cost(21, 24)?,
            completion_cost: cost(22, 25)?,
            total_cost: cost(23, 26)?,
            error_text: row.get(27)?,
        })
    }
}

impl FactRow<'static> {
    /// Of a row that is being saved.
    pub fn of(row: &RunRow) -> FactRow<'static> {
        let text = |text: &Option<String>| text.clone().map(Cow::Owned);
        let cost = |sum: KnownSum| (sum.n_known > 0).then_some(sum.picodollars);
        let totals = &row.totals;
        FactRow {
            pk: row.pk,
            project: row.project,
            trace: row.trace,
            start_ns: row.start_ns,
            end_ns: row.end_ns,
            first_token_ns: row.first_token_ns,
            status: row.status,
            run_type: row.run_type(),
            is_root: row.is_root(),
            has_error_text: row.error_preview.is_some(),
            has_example: row.reference_example_id.is_some(),
            name: text(&row.name),
            model: text(&row.model),
            provider: text(&row.provider),
            thread_id: text(&row.thread_id),
            error_kind: text(&row.error_kind),
            error_text: row.error_text,
            tags: text(&row.tags),
            metadata_set: row.metadata_set,
            prompt_tokens: totals.prompt_tokens,
            completion_tokens: totals.completion_tokens,
            total_tokens: totals.total_tokens,
            cache_read_tokens: totals.details.prompt_tokens.get("cache_read").copied().unwrap_or(0),
            reasoning_tokens: totals.details.completion_tokens.get("reasoning").copied().unwrap_or(0),
            prompt_cost: cost(totals.prompt_cost),
            completion_cost: cost(totals.completion_cost),
            total_cost: cost(totals.total_cost),
        }
    }
}

/// The kinds of tokens that are kept, of the column `usage_details`.
#[derive(Default, Deserialize)]
#[serde(default)]
struct TokenDetails {
    #[serde(rename = "p")]
    prompt: PromptKinds,
    #[serde(rename = "c")]
    completion: CompletionKinds,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct PromptKinds {
    cache_read: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct CompletionKinds {
    reasoning: i64,
}

impl TokenDetails {
    /// Most runs have none.
    fn read(json: Option<&str>) -> Self {
        json.and_then(|json| serde_json::from_str(json).ok()).unwrap_or_default()
    }
}

/// What one commit changed.
#[derive(Debug, Default)]
pub struct Publication {
    rows: BTreeMap<i64, FactRow<'static>>,
    removed_runs: Vec<i64>,
    removed_projects: Vec<i64>,
    metadata_sets: Vec<(i64, String)>,
    /// Runs that the search index has to read.
    pub n_new_texts: usize,
}

impl Publication {
    /// A row was saved. When it is saved again in the same transaction, the last state counts.
    pub fn save_run(&mut self, row: FactRow<'static>) {
        self.rows.insert(row.pk, row);
    }

    pub fn remove_run(&mut self, pk: i64) {
        self.rows.remove(&pk);
        self.removed_runs.push(pk);
    }

    pub fn remove_project(&mut self, pk: i64) {
        self.removed_projects.push(pk);
    }

    /// A JSON object that rows of this publication may be the first to have.
    pub fn add_metadata(&mut self, pk: i64, json: String) {
        self.metadata_sets.push((pk, json));
    }

    pub fn is_empty(&self) -> bool {
        self.rows.is_empty()
            && self.removed_runs.is_empty()
            && self.removed_projects.is_empty()
            && self.metadata_sets.is_empty()
    }

    /// By row.
    pub fn rows(&self) -> impl Iterator<Item = &FactRow<'static>> {
        self.rows.values()
    }

    pub fn removed_runs(&self) -> &[i64] {
        &self.removed_runs
    }

    pub fn removed_projects(&self) -> &[i64] {
        &self.removed_projects
    }

    pub fn metadata_sets(&self) -> &[(i64, String)] {
        &self.metadata_sets
    }
}
