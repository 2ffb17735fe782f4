//! `POST /runs/multipart`: parts named `post.ID`, `patch.ID`, `post.ID.inputs`, `attachment.ID.NAME`, `feedback.ID`.

use super::feedback::{BadFeedback, decode_feedback};
use super::run::{item_name, op_from_fields};
use super::run_fields::RunFields;
use crate::ingest::json::text_from_bytes;
use crate::ingest::multipart::{Part, split};
use crate::model::{AttachmentUpload, Batch, OpKind, Rejection};
use bytes::Bytes;
use fanlight_wire::{FeedbackId, RunId};
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::{HashMap, HashSet};

/// Decodes a whole body. What cannot be understood becomes a rejection; the rest is kept.
pub fn decode_multipart(body: &Bytes, boundary: &str) -> Batch {
    let mut batch = Batch::default();
    let parts: Vec<Part> = split(body, boundary)
        .into_iter()
        .filter_map(|part| part.map_err(|error| batch.rejections.push(reject("body", error.to_string(), 400))).ok())
        .collect();
    let mut run_parts = Vec::new();
    for part in &parts {
        if let Err(rejection) = sort_part(part, &mut run_parts, &mut batch) {
            batch.rejections.push(rejection);
        }
    }
    let bad_runs = decode_runs(&run_parts, &mut batch);
    let stored: HashSet<RunId> = batch.runs.iter().map(|op| op.id).collect();
    // A refused run takes its files along; files of a run that is not in this body belong to an earlier one.
    batch.attachments.retain(|file| !bad_runs.contains(&file.run_id) || stored.contains(&file.run_id));
    batch
}

/// A part that holds a run, or one of its fields.
struct RunPart<'a> {
    kind: OpKind,
    id: RunId,
    field: Option<&'a str>,
    name: &'a str,
    text: Cow<'a, str>,
}

fn sort_part<'a>(part: &'a Part, run_parts: &mut Vec<RunPart<'a>>, batch: &mut Batch) -> Result<(), Rejection> {
    // An attachment's name may contain dots: only the first two divide.
    let mut words = part.name.splitn(3, '.');
    let (kind, id, rest) = (words.next().unwrap_or_default(), words.next().unwrap_or_default(), words.next());
    let bad_id = |_| reject(&part.name, "the id in the part's name is not a UUID".into(), 422);
    match kind {
        "post" | "patch" => {
            let id = id.parse().map_err(bad_id)?;
            let kind = if kind == "post" { OpKind::Post } else { OpKind::Patch };
            let text = text_from_bytes(&part.data).map_err(|reason| reject(&part.name, reason, 400))?;
            run_parts.push(RunPart { kind, id, field: rest, name: &part.name, text });
        }
        "attachment" => {
            let run_id = id.parse().map_err(bad_id)?;
            let name = rest.filter(|name| !name.is_empty());
            let name = name.ok_or_else(|| reject(&part.name, "the attachment has no name".into(), 422))?.to_owned();
            let mime_type = mime_type(part.content_type.as_deref());
            batch.attachments.push(AttachmentUpload { run_id, name, mime_type, data: part.data.clone() });
        }
        "feedback" => {
            let id: FeedbackId = id.parse().map_err(bad_id)?;
            let feedback = decode_feedback(&part.data, Some(id)).map_err(|error| {
                reject(
                    &part.name,
                    error.to_string(),
                    if matches!(error, BadFeedback::Malformed(_)) { 400 } else { 422 },
                )
            })?;
            batch.feedback.push(feedback);
        }
        _ => {
            return Err(reject(
                &part.name,
                "parts are named post, patch, attachment or feedback, then an id".into(),
                422,
            ));
        }
    }
    Ok(())
}

/// One operation in the making: a core part and its field parts, in whatever order they came.
struct Group<'a> {
    kind: OpKind,
    id: RunId,
    has_core: bool,
    fields: RunFields<'a>,
}

/// Joins field parts with their cores and decodes the runs; returns the ids of those refused.
fn decode_runs(run_parts: &[RunPart<'_>], batch: &mut Batch) -> HashSet<RunId> {
    let mut bad_runs = HashSet::new();
    let mut groups: Vec<Group<'_>> = Vec::new();
    let mut latest: HashMap<(bool, RunId), usize> = HashMap::new();
    for part in run_parts {
        let key = (part.kind == OpKind::Post, part.id);
        let open = latest.get(&key).copied().filter(|&idx| part.field.is_some() || !groups[idx].has_core);
        let idx = open.unwrap_or_else(|| {
            groups.push(Group { kind: part.kind, id: part.id, has_core: false, fields: RunFields::default() });
            groups.len() - 1
        });
        latest.insert(key, idx);
        if let Err((reason, status)) = add_part(&mut groups[idx], part) {
            if part.field.is_none() {
                bad_runs.insert(part.id);
            }
            batch.rejections.push(reject(part.name, reason, status));
        }
    }
    for group in groups {
        if !group.has_core && bad_runs.contains(&group.id) {
            continue;
        }
        // Without a core, the parts complete a run that came, or comes, in another request.
        let kind = if group.has_core { group.kind } else { OpKind::Patch };
        match op_from_fields(&group.fields, kind, Some(group.id)) {
            Ok(op) => batch.runs.push(op),
            Err(rejection) => {
                bad_runs.insert(group.id);
                batch.rejections.push(Rejection { item: item_name(group.kind, &group.id), ..rejection });
            }
        }
    }
    bad_runs
}

fn add_part<'a>(group: &mut Group<'a>, part: &'a RunPart<'_>) -> Result<(), (String, u16)> {
    let malformed = |e: serde_json::Error| (format!("the part is not JSON: {e}"), 400);
    match part.field {
        None => {
            let core: RunFields<'_> = serde_json::from_str(&part.text).map_err(malformed)?;
            group.has_core = true;
            group.fields.fill_from(core);
        }
        Some(field) => {
            let value: &RawValue = serde_json::from_str(&part.text).map_err(malformed)?;
            if !group.fields.set(field, value) {
                return Err(("a run has no such field".into(), 422));
            }
        }
    }
    Ok(())
}

/// The media type without parameters: `text/plain; length=2` is `text/plain`.
fn mime_type(content_type: Option<&str>) -> String {
    let essence = content_type.and_then(|text| text.split(';').next()).map(str::trim).unwrap_or_default();
    let is_plausible = essence.split_once('/').is_some_and(|(kind, subtype)| {
        let is_token = |word: &str| {
            !word.is_empty() && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b))
        };
        is_token(kind) && is_token(subtype)
    });
    if is_plausible { essence.to_ascii_lowercase() } else { "application/octet-stream".into() }
}

fn reject(item: &str, reason: String, status: u16) -> Rejection {
    Rejection { item: item.chars().take(200).collect(), reason, status }
}

#[cfg(test)]
#[path = "multipart_tests.rs"]
mod tests;
