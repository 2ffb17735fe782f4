//! From rows and payloads to runs as the API returns them.

use super::family::{Families, Lineage, Own};
use super::select::Selection;
use crate::ingest::preview;
use crate::model::usage::Details;
use crate::model::{OwnUsage, Payload};
use crate::store::sqlite::codes::{blob, own_usage_from_column, run_type_from_code, status_from_code};
use crate::store::sqlite::feedback;
use crate::store::sqlite::payload::ahead::Ahead;
use crate::store::sqlite::payload::blocks::BlockCache;
use crate::store::sqlite::payload::locator::decode_locators;
use crate::store::sqlite::payload::merge::{RawObject, merge_payload};
use crate::store::sqlite::search::snippet::{Search, searches, snippet};
use crate::store::sqlite::search::source::RunSource;
use anyhow::Result;
use fanlight_wire::filter::Filter;
use fanlight_wire::run::Attachment;
use fanlight_wire::{ProjectId, RawJson, Run, RunId, TenantId, Timestamp, TraceId, Usd};
use rusqlite::{Connection, OptionalExtension, Row};
use serde_json::value::{RawValue, to_raw_value};
use std::collections::BTreeMap;
use uuid::Uuid;

/// The columns that [`RunReader::read`] expects.
pub const COLUMNS: &str = "r.pk, r.id, t.id, p.id, r.parent_pk, r.waiting_parent, r.dotted_prefix, r.name, r.run_type, \
     r.status, r.start_ns, r.end_ns, coalesce(r.order_us, r.start_ns / 1000), r.first_token_ns, r.error_preview, \
     r.tags, r.thread_id, r.model, r.reference_example_id, r.prompt_tokens, r.completion_tokens, r.total_tokens, \
     r.prompt_cost, r.completion_cost, r.total_cost, r.n_prompt_costs, r.n_completion_costs, r.n_total_costs, \
     r.usage_details, r.own_usage, r.fragments, r.inputs_preview, r.outputs_preview, r.metadata_set";

/// The tables they come from, `runs` first: to follow `FROM runs r`, perhaps with an index.
pub const JOINS: &str = "CROSS JOIN traces t ON t.pk = r.trace CROSS JOIN projects p ON p.pk = r.project";

/// Characters that [`url_path_segment`] leaves alone: RFC 3986, section 2.3.
const UNRESERVED: &[u8] = b"-._~";

/// Makes runs of one page or one answer.
pub struct RunReader<'a> {
    pub db: &'a Connection,
    pub blocks: &'a BlockCache,
    pub tenant_id: TenantId,
    pub selection: Selection,
    /// What snippets are of.
    searches: Vec<Search>,
    /// Payloads that need not be looked for.
    ahead: Option<&'a Ahead>,
    families: Families,
}

impl<'a> RunReader<'a> {
    pub fn new(db: &'a Connection, blocks: &'a BlockCache, tenant_id: TenantId, selection: Selection) -> Self {
        RunReader { db, blocks, tenant_id, selection, searches: Vec::new(), ahead: None, families: Families::default() }
    }

    /// Runs that `filter` found by a search show where.
    pub fn with_searches_of(mut self, filter: &Filter) -> Self {
        self.searches = if self.selection.snippet { searches(filter) } else { Vec::new() };
        self
    }

    /// Payloads that were read ahead are not read again.
    pub fn with_payloads_of(mut self, ahead: &'a Ahead) -> Self {
        self.ahead = Some(ahead);
        self
    }

    /// `row` has [`COLUMNS`].
    pub fn read(&mut self, row: &Row) -> Result<Run> {
        let pk: i64 = row.get(0)?;
        let id = Uuid::from_bytes(row.get(1)?);
        let own = Own {
            id,
            parent_pk: row.get(4)?,
            waiting_parent: row.get::<_, Option<[u8; 16]>>(5)?.map(Uuid::from_bytes),
            dotted_prefix: row.get(6)?,
            order_us: row.get(12)?,
        };
        let Lineage { ancestors, dotted_order } = self.families.lineage(self.db, own)?;
        let error_preview: Option<String> = row.get(14)?;
        let is_root = ancestors.is_empty();
        let payload = if self.selection.needs_payload(is_root, error_preview.is_some()) {
            let locators = decode_locators(row.get_ref(30)?.as_blob_or_null()?)?;
            let read_ahead = self.ahead.and_then(|ahead| ahead.get(&locators));
            Some(merge_payload(read_ahead.unwrap_or_else(|| self.blocks.read(self.db, &locators))?))
        } else {
            None
        };
        let mut run = self.narrow(row, id)?;
        run.parent_run_id = ancestors.last().copied().map(RunId);
        run.parent_run_ids = ancestors.into_iter().map(RunId).collect();
        run.dotted_order = dotted_order;
        run.error_preview = error_preview;
        if let Some(payload) = payload {
            self.fill_payload(&mut run, payload, is_root);
        }
        if self.selection.metadata && !self.selection.extra {
            run.metadata = self.metadata(row.get(33)?)?;
        }
        if !self.searches.is_empty() {
            let source = RunSource::load(self.db, self.blocks, pk)?;
            run.snippet = source.and_then(|source| snippet(&source.text(), &self.searches));
        }
        run.attachments = self.attachments(id)?;
        run.feedback_stats = Some(feedback::stats_of_run(self.db, id)?).filter(|stats| !stats.is_empty());
        self.fill_children(&mut run, pk)?;
        Ok(run)
    }

    fn narrow(&self, row: &Row, id: Uuid) -> Result<Run> {
        let trace_id = Uuid::from_bytes(row.get(2)?);
        let project_id = Uuid::from_bytes(row.get(3)?);
        let start_time = Timestamp(row.get(10)?);
        let time =
            |idx: usize| -> rusqlite::Result<Option<Timestamp>> { Ok(row.get::<_, Option<i64>>(idx)?.map(Timestamp)) };
        let tokens = |idx: usize| -> rusqlite::Result<i64> { Ok(row.get::<_, Option<i64>>(idx)?.unwrap_or(0)) };
        let cost = |amount: usize, n_known: usize| -> rusqlite::Result<Option<Usd>> {
            Ok((tokens(n_known)? > 0).then_some(Usd::from_pico(tokens(amount)?)))
        };
        let tags: Option<Vec<String>> = row.get_ref(15)?.as_str_or_null()?.map(serde_json::from_str).transpose()?;
        let details = details(row)?;
        let selection = self.selection;
        Ok(Run {
            id: RunId(id),
            trace_id: TraceId(trace_id),
            project_id: ProjectId(project_id),
            name: row.get::<_, Option<String>>(7)?.unwrap_or_else(|| "unnamed".to_owned()),
            run_type: run_type_from_code(row.get(8)?),
            status: status_from_code(row.get(9)?),
            start_time,
            end_time: time(11)?,
            first_token_time: time(13)?,
            parent_run_id: None,
            parent_run_ids: Vec::new(),
            dotted_order: String::new(),
            app_path: self.app_path(project_id, id, trace_id, start_time),
            error: None,
            error_preview: None,
            inputs: None,
            outputs: None,
            inputs_preview: row.get::<_, Option<String>>(31)?.filter(|_| selection.inputs_preview),
            outputs_preview: row.get::<_, Option<String>>(32)?.filter(|_| selection.outputs_preview),
            events: None,
            extra: None,
            serialized: None,
            tags: Some(tags.unwrap_or_default()),
            prompt_tokens: tokens(19)?,
            completion_tokens: tokens(20)?,
            total_tokens: tokens(21)?,
            prompt_token_details: amounts(details.prompt_tokens),
            completion_token_details: amounts(details.completion_tokens),
            prompt_cost: cost(22, 25)?,
            completion_cost: cost(23, 26)?,
            total_cost: cost(24, 27)?,
            prompt_cost_details: money(details.prompt_costs),
            completion_cost_details: money(details.completion_costs),
            model: row.get(17)?,
            feedback_stats: None,
            attachments: None,
            child_run_ids: None,
            direct_child_run_ids: None,
            reference_example_id: row.get::<_, Option<[u8; 16]>>(18)?.map(Uuid::from_bytes),
            reference_dataset_id: None,
            thread_id: row.get(16)?,
            in_dataset: None,
            share_token: None,
            snippet: None,
            shape: None,
            metadata: None,
        })
    }

    fn app_path(&self, project: Uuid, run: Uuid, trace: Uuid, start: Timestamp) -> String {
        format!("/o/{}/projects/p/{project}/r/{run}?trace_id={trace}&start_time={start}", self.tenant_id)
    }

    fn fill_payload(&self, run: &mut Run, payload: Payload, is_root: bool) {
        let selection = self.selection;
        if selection.inputs_preview && !is_root {
            run.inputs_preview = payload.inputs.as_deref().and_then(|inputs| preview::of_inputs(inputs, None));
        }
        if selection.outputs_preview && !is_root {
            run.outputs_preview = payload.outputs.as_deref().and_then(|outputs| preview::of_outputs(outputs, None));
        }
        if selection.inputs {
            // The Python SDK requires an object.
            run.inputs = Some(payload.inputs.unwrap_or_else(empty_object));
        }
        run.outputs = payload.outputs.filter(|_| selection.outputs);
        run.events = payload.events.filter(|_| selection.events);
        run.serialized = payload.serialized.filter(|_| selection.serialized);
        run.error = payload.error.filter(|_| selection.error);
        if selection.extra {
            run.extra = Some(with_metadata(payload.extra));
        }
    }

    fn metadata(&self, set: Option<i64>) -> Result<Option<RawJson>> {
        let json: Option<String> = self
            .db
            .prepare_cached("SELECT json FROM metadata_sets WHERE pk = ?1")?
            .query_row([set], |row| row.get(0))
            .optional()?;
        Ok(Some(json.map(RawValue::from_string).transpose()?.unwrap_or_else(empty_object)))
    }

    fn attachments(&self, id: Uuid) -> Result<Option<BTreeMap<String, Attachment>>> {
        let mut statement =
            self.db.prepare_cached("SELECT name, mime_type, size_bytes FROM attachments WHERE run_id = ?1")?;
        let mut rows = statement.query([blob(id)])?;
        let mut attachments = BTreeMap::new();
        while let Some(row) = rows.next()? {
            let name: String = row.get(0)?;
            let attachment = Attachment {
                presigned_url: format!("/api/v1/runs/{id}/attachments/{}", url_path_segment(&name)),
                mime_type: Some(row.get(1)?),
                size_bytes: Some(row.get(2)?),
            };
            attachments.insert(format!("attachment.{name}"), attachment);
        }
        Ok(Some(attachments).filter(|attachments| !attachments.is_empty()))
    }

    fn fill_children(&self, run: &mut Run, pk: i64) -> Result<()> {
        let ids = |sql: &str| -> rusqlite::Result<Vec<RunId>> {
            let mut statement = self.db.prepare_cached(sql)?;
            let ids = statement.query_map([pk], |row| Ok(RunId(Uuid::from_bytes(row.get(0)?))))?;
            ids.collect()
        };
        if self.selection.direct_child_run_ids {
            run.direct_child_run_ids =
                Some(ids("SELECT id FROM runs INDEXED BY runs_by_parent WHERE parent_pk = ?1 ORDER BY start_ns, id")?);
        }
        if self.selection.child_run_ids {
            run.child_run_ids = Some(ids("WITH RECURSIVE below (pk) AS (
                    SELECT pk FROM runs WHERE parent_pk = ?1
                    UNION ALL SELECT r.pk FROM below b CROSS JOIN runs r ON r.parent_pk = b.pk
                 ) SELECT r.id FROM below b CROSS JOIN runs r ON r.pk = b.pk ORDER BY r.start_ns, r.id")?);
        }
        Ok(())
    }
}

/// Details by kind. A kind that came to nothing is shown only when the run itself sent a zero.
fn details(row: &Row) -> Result<Details> {
    let Some(column) = row.get_ref(28)?.as_str_or_null()? else { return Ok(Details::default()) };
    let mut details: Details = serde_json::from_str(column)?;
    if column.contains(":0") {
        let own = own_usage_from_column(row.get_ref(29)?.as_str_or_null()?)?;
        drop_zeros(&mut details, &own);
    }
    Ok(details)
}

fn drop_zeros(details: &mut Details, own: &OwnUsage) {
    let sent = &own.sent;
    details.prompt_tokens.retain(|kind, n| *n != 0 || sent.prompt_token_details.contains_key(kind));
    details.completion_tokens.retain(|kind, n| *n != 0 || sent.completion_token_details.contains_key(kind));
    details.prompt_costs.retain(|kind, n| *n != 0 || sent.prompt_cost_details.contains_key(kind));
    details.completion_costs.retain(|kind, n| *n != 0 || sent.completion_cost_details.contains_key(kind));
}

fn amounts(map: BTreeMap<String, i64>) -> Option<BTreeMap<String, i64>> {
    Some(map).filter(|map| !map.is_empty())
}

fn money(map: BTreeMap<String, i64>) -> Option<BTreeMap<String, Usd>> {
    amounts(map).map(|map| map.into_iter().map(|(kind, pico)| (kind, Usd::from_pico(pico))).collect())
}

fn empty_object() -> RawJson {
    RawValue::from_string("{}".to_owned()).expect("this is JSON")
}

/// SDKs read `extra.metadata` unguarded.
fn with_metadata(extra: Option<RawJson>) -> RawJson {
    let object = extra.as_ref().and_then(|extra| serde_json::from_str::<RawObject>(extra.get()).ok());
    let Some(mut object) = object else {
        return RawValue::from_string(r#"{"metadata":{}}"#.to_owned()).expect("this is JSON");
    };
    if object.get("metadata").is_some_and(|metadata| metadata.get().starts_with('{')) {
        return extra.unwrap_or_else(empty_object);
    }
    object.0.retain(|(key, _)| key != "metadata");
    object.0.push(("metadata".to_owned(), empty_object()));
    to_raw_value(&object).unwrap_or_else(|_| empty_object())
}

fn url_path_segment(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    for &byte in name.as_bytes() {
        if byte.is_ascii_alphanumeric() || UNRESERVED.contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(extra: &str, expected: &str) {
        let extra = Some(RawValue::from_string(extra.to_owned()).unwrap());
        assert_eq!(with_metadata(extra).get(), expected);
    }

    #[test]
    fn metadata_is_always_an_object() {
        check(r#"{"metadata":{"a":1},"b":2}"#, r#"{"metadata":{"a":1},"b":2}"#);
        check(r#"{"b":2}"#, r#"{"b":2,"metadata":{}}"#);
        check(r#"{"metadata":null,"b":2}"#, r#"{"b":2,"metadata":{}}"#);
        check("[1]", r#"{"metadata":{}}"#);
        assert_eq!(with_metadata(None).get(), r#"{"metadata":{}}"#);
    }

    #[test]
    fn names_of_files_are_safe_in_urls() {
        assert_eq!(url_path_segment("a b/ü?.txt"), "a%20b%2F%C3%BC%3F.txt");
    }
}
