//! One run in the shape of v2: only the fields selected, costs as numbers, enums in capitals.

use super::fields::RunField;
use crate::routes::costs::{dollars, dollars_by_category};
use crate::routes::links;
use fanlight_wire::feedback::{FeedbackStat, FeedbackStats};
use fanlight_wire::{RawJson, Run, Timestamp, Usd};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// Prints the selected fields of a run, payloads byte for byte.
pub struct RunShape<'a> {
    pub run: &'a Run,
    pub fields: &'a [RunField],
    /// Where the caller reaches us.
    pub base_url: &'a str,
}

impl Serialize for RunShape<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let run = self.run;
        let mut map = serializer.serialize_map(None)?;
        for field in self.fields {
            match field {
                RunField::Id => map.serialize_entry("id", &run.id)?,
                RunField::Name => map.serialize_entry("name", &run.name)?,
                RunField::RunType => map.serialize_entry("run_type", &capitals(run.run_type.as_str()))?,
                RunField::Status => map.serialize_entry("status", &capitals(run.status.as_str()))?,
                RunField::StartTime => map.serialize_entry("start_time", &run.start_time)?,
                RunField::EndTime => map.serialize_entry("end_time", &run.end_time)?,
                RunField::LatencySeconds => map.serialize_entry("latency_seconds", &latency_s(run))?,
                RunField::FirstTokenTime => map.serialize_entry("first_token_time", &run.first_token_time)?,
                RunField::Error => map.serialize_entry("error", &run.error)?,
                RunField::ErrorPreview => map.serialize_entry("error_preview", &error_preview(run))?,
                RunField::Extra => map.serialize_entry("extra", &run.extra)?,
                RunField::Metadata => map.serialize_entry("metadata", &metadata(run))?,
                RunField::Events => map.serialize_entry("events", &run.events)?,
                RunField::Inputs => map.serialize_entry("inputs", &run.inputs)?,
                RunField::InputsPreview => map.serialize_entry("inputs_preview", &run.inputs_preview)?,
                RunField::Outputs => map.serialize_entry("outputs", &run.outputs)?,
                RunField::OutputsPreview => map.serialize_entry("outputs_preview", &run.outputs_preview)?,
                RunField::Manifest => map.serialize_entry("manifest", &run.serialized)?,
                RunField::ParentRunId => map.serialize_entry("parent_run_id", &run.parent_run_id)?,
                RunField::ParentRunIds => map.serialize_entry("parent_run_ids", &run.parent_run_ids)?,
                RunField::ProjectId => map.serialize_entry("project_id", &run.project_id)?,
                RunField::TraceId => map.serialize_entry("trace_id", &run.trace_id)?,
                RunField::ThreadId => map.serialize_entry("thread_id", &run.thread_id)?,
                RunField::DottedOrder => map.serialize_entry("dotted_order", &run.dotted_order)?,
                RunField::IsRoot => map.serialize_entry("is_root", &run.parent_run_id.is_none())?,
                RunField::ReferenceExampleId => {
                    map.serialize_entry("reference_example_id", &run.reference_example_id)?
                }
                RunField::ReferenceDatasetId => {
                    map.serialize_entry("reference_dataset_id", &run.reference_dataset_id)?
                }
                RunField::TotalTokens => map.serialize_entry("total_tokens", &run.total_tokens)?,
                RunField::PromptTokens => map.serialize_entry("prompt_tokens", &run.prompt_tokens)?,
                RunField::CompletionTokens => map.serialize_entry("completion_tokens", &run.completion_tokens)?,
                RunField::TotalCost => map.serialize_entry("total_cost", &dollars(run.total_cost))?,
                RunField::PromptCost => map.serialize_entry("prompt_cost", &dollars(run.prompt_cost))?,
                RunField::CompletionCost => map.serialize_entry("completion_cost", &dollars(run.completion_cost))?,
                RunField::PromptTokenDetails => {
                    map.serialize_entry("prompt_token_details", &tokens_raw(run.prompt_token_details.as_ref()))?;
                }
                RunField::CompletionTokenDetails => {
                    map.serialize_entry(
                        "completion_token_details",
                        &tokens_raw(run.completion_token_details.as_ref()),
                    )?;
                }
                RunField::PromptCostDetails => {
                    map.serialize_entry("prompt_cost_details", &costs_raw(run.prompt_cost_details.as_ref()))?;
                }
                RunField::CompletionCostDetails => {
                    map.serialize_entry("completion_cost_details", &costs_raw(run.completion_cost_details.as_ref()))?;
                }
                RunField::Tags => map.serialize_entry("tags", &run.tags)?,
                RunField::AppPath => map.serialize_entry("app_path", &run.app_path)?,
                RunField::Attachments => map.serialize_entry("attachments", &self.attachments())?,
                RunField::IsInDataset => map.serialize_entry("is_in_dataset", &run.in_dataset.unwrap_or(false))?,
                RunField::FeedbackStats => {
                    map.serialize_entry("feedback_stats", &feedback_json(run.feedback_stats.as_ref()))?
                }
                // What LangSmith knows and Fanlight has not: known to be nothing.
                RunField::PriceModelId => map.serialize_entry("price_model_id", &())?,
                RunField::ThreadEvaluationTime => map.serialize_entry("thread_evaluation_time", &())?,
                RunField::LastQueuedAt => map.serialize_entry("last_queued_at", &())?,
                // Absent on runs that are not shared, and on runs that nobody's credential traced.
                RunField::ShareUrl | RunField::LsUserId => {}
            }
        }
        map.end()
    }
}

impl RunShape<'_> {
    /// Where each file is downloaded, by name; needs no credentials.
    fn attachments(&self) -> Option<BTreeMap<&str, String>> {
        let names = self.run.attachments.as_ref()?.keys().map(|key| key.strip_prefix("attachment.").unwrap_or(key));
        Some(names.map(|name| (name, links::attachment_url(self.base_url, self.run.id, name))).collect())
    }
}

pub fn capitals(word: &str) -> String {
    word.to_ascii_uppercase()
}

/// Seconds; null while the run is running. Clocks disagree: an end before its start is no time at all.
pub fn latency_s(run: &Run) -> Option<f64> {
    seconds_between(run.start_time, run.end_time)
}

pub fn seconds_between(start: Timestamp, end: Option<Timestamp>) -> Option<f64> {
    end.map(|end| end.since(start).max(0) as f64 / 1e9)
}

/// The first line of the error, also where the store gave the whole text.
pub fn error_preview(run: &Run) -> Option<&str> {
    let first_line = || run.error.as_deref().and_then(|error| error.lines().find(|line| !line.trim().is_empty()));
    run.error_preview.as_deref().or_else(first_line)
}

fn metadata(run: &Run) -> Option<RawJson> {
    let inside = || -> Option<RawJson> {
        let mut extra: BTreeMap<String, RawJson> = serde_json::from_str(run.extra.as_ref()?.get()).ok()?;
        extra.remove("metadata")
    };
    run.metadata.clone().or_else(inside)
}

pub fn tokens_raw(details: Option<&BTreeMap<String, i64>>) -> Option<Value> {
    details.map(|details| json!({"raw": details}))
}

pub fn costs_raw(details: Option<&BTreeMap<String, Usd>>) -> Option<Value> {
    details.map(|details| json!({"raw": dollars_by_category(details)}))
}

/// Every key of the contract, whatever is known.
pub fn feedback_json(stats: Option<&FeedbackStats>) -> Option<Value> {
    let one = |stat: &FeedbackStat| {
        json!({
            "n": stat.n,
            "avg": stat.avg,
            "min": stat.min,
            "max": stat.max,
            // Of one score there is none.
            "stdev": stat.stdev.filter(|_| stat.n > 1),
            "values": stat.values,
            "comments": stat.comments,
            "sources": stat.sources,
            "errors": 0,
            "contains_thread_feedback": false,
        })
    };
    stats.map(|stats| stats.iter().map(|(key, stat)| (key.clone(), one(stat))).collect())
}
