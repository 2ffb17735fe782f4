//! One run as sent → [`RunOp`]. Oddities in what merely describes a run are forgiven; its identity, kind and times are
//! not, because a run under a wrong id or time is worse than a refused one.

use super::extra::Extra;
use super::run_fields::RunFields;
use super::{dotted_order, events, usage};
use crate::ingest::json::one_line;
use crate::ingest::json::shallow::{self, entries, is_array, is_object, is_placeholder, scalar_text, string};
use crate::ingest::preview;
use crate::model::{OpKind, Payload, ProjectRef, Rejection, RunOp};
use fanlight_wire::{RawJson, RunId, RunType, Timestamp, TraceId};
use serde_json::value::RawValue;
use uuid::Uuid;

/// Characters of an error's first line that lists show.
const ERROR_PREVIEW_CHARS: usize = 200;

/// Reads one run. `known_id` is the id in the URL or part name; an id in the JSON must agree with it.
pub fn op_from_fields(fields: &RunFields<'_>, kind: OpKind, known_id: Option<RunId>) -> Result<RunOp, Rejection> {
    let id = read_id(fields, kind, known_id)?;
    read_run(fields, kind, id).map_err(|reason| Rejection { item: item_name(kind, &id), reason, status: 422 })
}

/// How a rejection names a run: `post.8f6c…`, like the multipart part that carries it.
pub fn item_name(kind: OpKind, id: &impl std::fmt::Display) -> String {
    match kind {
        OpKind::Post => format!("post.{id}"),
        OpKind::Patch => format!("patch.{id}"),
    }
}

fn read_id(fields: &RunFields<'_>, kind: OpKind, known_id: Option<RunId>) -> Result<RunId, Rejection> {
    let reject = |reason: String| Rejection {
        item: item_name(kind, &known_id.map_or("?".into(), |id| id.to_string())),
        reason,
        status: 422,
    };
    if fields.is_not_object {
        return Err(reject("a run must be a JSON object".into()));
    }
    let sent = read_uuid(fields.id, "id").map_err(reject)?.map(RunId);
    match (sent, known_id) {
        (Some(sent), Some(known)) if sent != known => Err(reject(format!("id {sent} does not match {known}"))),
        (Some(id), _) | (None, Some(id)) => Ok(id),
        (None, None) => Err(reject("id is missing".into())),
    }
}

fn read_run(fields: &RunFields<'_>, kind: OpKind, id: RunId) -> Result<RunOp, String> {
    let dotted_order_text = fields.dotted_order.and_then(string).filter(|text| !text.is_empty());
    let dotted_order = dotted_order_text.as_deref().and_then(dotted_order::parse);
    let parent_id =
        read_uuid(fields.parent_run_id, "parent_run_id")?.map(RunId).or(dotted_order.and_then(|d| d.parent_id));
    let trace_id = read_uuid(fields.trace_id, "trace_id")?.map(TraceId).or(dotted_order.map(|d| d.trace_id));
    // A plain `create_run` without parent names no trace: it is its own root. A patch may belong to any run.
    let is_bare_root = kind == OpKind::Post && parent_id.is_none();
    let run_type = read_run_type(fields.run_type)?;

    let inputs = wrapped(fields.inputs, "input");
    let outputs = wrapped(fields.outputs, "output");
    let input_entries = inputs.as_deref().and_then(entries);
    let output_entries = outputs.as_deref().and_then(entries);
    let extra = fields.extra.filter(|extra| is_object(extra) && !is_placeholder(extra));
    let said = extra.map(Extra::read).unwrap_or_default();
    let model_of = |entries: &Option<Vec<_>>| {
        entries.as_deref().and_then(|entries| shallow::get(entries, "model")).and_then(string).filter(|m| !m.is_empty())
    };
    // Tokens count on LLM runs only, but an update of one need not repeat the type.
    let may_use_tokens = matches!(run_type, None | Some(RunType::Llm | RunType::Embedding));
    let model = said
        .model
        .or_else(|| may_use_tokens.then(|| model_of(&input_entries).or_else(|| model_of(&output_entries))).flatten());
    let used = said.usage_metadata.and_then(usage::of_usage_metadata).or_else(|| {
        let outputs = output_entries.as_deref()?;
        match may_use_tokens {
            true => usage::of_outputs(outputs),
            // Tools and retrievers may state a cost.
            false => shallow::get(outputs, "usage_metadata").and_then(usage::of_usage_metadata),
        }
    });
    // Lists show previews of root runs; a run whose parent is known needs none.
    let may_be_root = parent_id.is_none();
    let error = fields.error.and_then(error_text);
    let events = fields.events.filter(|events| is_array(events) && !is_placeholder(events));

    Ok(RunOp {
        kind,
        id,
        trace_id: trace_id.or_else(|| is_bare_root.then(|| id.into())),
        parent_id,
        project: ProjectRef {
            id: read_uuid(fields.session_id, "session_id")?.map(fanlight_wire::ProjectId),
            name: fields
                .session_name
                .and_then(scalar_text)
                .filter(|name| !name.is_empty())
                .map(|name| name.into_owned()),
        },
        name: fields.name.and_then(scalar_text).map(|name| name.into_owned()),
        run_type,
        start: read_time(fields.start_time, "start_time")?,
        end: read_time(fields.end_time, "end_time")?,
        first_token: events.and_then(events::first_token_time),
        order: dotted_order.map(|d| d.order),
        status: fields.status.and_then(string).and_then(|status| status.parse().ok()),
        error_preview: error.as_deref().and_then(|error| one_line::first_line(error, ERROR_PREVIEW_CHARS)),
        tags: fields.tags.and_then(read_tags),
        thread_id: said.thread_id.map(|thread| thread.into_owned()),
        model: model.map(|model| model.into_owned()),
        provider: said.provider.map(|provider| provider.into_owned()),
        usage: used,
        inputs_preview: inputs
            .as_deref()
            .filter(|_| may_be_root)
            .and_then(|inputs| preview::of_inputs(inputs, input_entries.as_deref())),
        outputs_preview: outputs
            .as_deref()
            .filter(|_| may_be_root)
            .and_then(|outputs| preview::of_outputs(outputs, output_entries.as_deref())),
        reference_example_id: read_uuid(fields.reference_example_id, "reference_example_id")?,
        metadata: None,
        payload: Payload {
            dotted_order: dotted_order.and(dotted_order_text).map(|text| text.into_owned()),
            events: events.map(ToOwned::to_owned),
            extra: extra.map(ToOwned::to_owned),
            serialized: fields.serialized.filter(|s| is_object(s) && !is_placeholder(s)).map(ToOwned::to_owned),
            error,
            inputs,
            outputs,
        },
    })
}

/// A payload as an object: other values are wrapped under `key`, as the SDKs themselves do.
fn wrapped(value: Option<&RawValue>, key: &str) -> Option<RawJson> {
    let value = value.filter(|value| !is_placeholder(value))?;
    if is_object(value) {
        return Some(value.to_owned());
    }
    let object = format!("{{\"{key}\":{}}}", value.get());
    Some(RawValue::from_string(object).expect("a value under a key is an object"))
}

fn read_uuid(value: Option<&RawValue>, field: &str) -> Result<Option<Uuid>, String> {
    let Some(value) = value else { return Ok(None) };
    let text = string(value).unwrap_or_default();
    if text.is_empty() && shallow::is_string(value) {
        return Ok(None);
    }
    Uuid::try_parse(text.trim()).map(Some).map_err(|_| format!("{field} is not a UUID: {}", shortened(value)))
}

fn read_time(value: Option<&RawValue>, field: &str) -> Result<Option<Timestamp>, String> {
    let Some(value) = value else { return Ok(None) };
    serde_json::from_str(value.get()).map(Some).map_err(|_| format!("{field} is not a time: {}", shortened(value)))
}

fn read_run_type(value: Option<&RawValue>) -> Result<Option<RunType>, String> {
    let Some(value) = value else { return Ok(None) };
    let text = string(value).ok_or_else(|| format!("run_type is not a word: {}", shortened(value)))?;
    text.parse().map(Some).map_err(|unknown| format!("run_type {unknown}"))
}

fn read_tags(value: &RawValue) -> Option<Vec<String>> {
    let tags: Vec<String> = match shallow::elements(value) {
        Some(tags) => tags.into_iter().filter_map(scalar_text).map(|tag| tag.into_owned()).collect(),
        None => string(value).map(|tag| tag.into_owned()).into_iter().collect(),
    };
    (!tags.is_empty()).then_some(tags)
}

/// An error that is no string is kept as its JSON.
fn error_text(value: &RawValue) -> Option<String> {
    let text = match string(value) {
        Some(text) => text.into_owned(),
        None if is_placeholder(value) => return None,
        None => value.get().to_owned(),
    };
    (!text.is_empty()).then_some(text)
}

/// A value as it appears in a reason.
fn shortened(value: &RawValue) -> String {
    let mut line = one_line::OneLine::new(60);
    line.push_str(value.get());
    line.finish().unwrap_or_default()
}

#[cfg(test)]
#[path = "run_tests.rs"]
mod tests;
