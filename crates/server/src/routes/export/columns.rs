//! What a column is called, and what stands in it.

use super::cell::Cell;
use crate::error::{AppError, AppResult};
use crate::routes::v2::seconds_between;
use fanlight_wire::{RawJson, Run};
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::collections::BTreeMap;
use std::fmt;

/// Most columns of one table, and the longest name of one.
const MAX_COLUMNS: usize = 200;
const MAX_NAME_BYTES: usize = 512;

/// One column.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    Field(&'static str),
    Metadata(String),
    Feedback(String),
}

/// The fields of a run that can be columns.
const FIELDS: [&str; 35] = [
    "id",
    "trace_id",
    "parent_run_id",
    "session_id",
    "project",
    "name",
    "run_type",
    "status",
    "start_time",
    "end_time",
    "first_token_time",
    "latency",
    "first_token_latency",
    "total_tokens",
    "prompt_tokens",
    "completion_tokens",
    "total_cost",
    "prompt_cost",
    "completion_cost",
    "model",
    "tags",
    "thread_id",
    "reference_example_id",
    "error",
    "error_preview",
    "inputs_preview",
    "outputs_preview",
    "inputs",
    "outputs",
    "events",
    "extra",
    "metadata",
    "feedback",
    "dotted_order",
    "app_path",
];

/// What a table has when nobody says.
const USUAL: [&str; 19] = [
    "start_time",
    "name",
    "run_type",
    "status",
    "latency",
    "first_token_latency",
    "total_tokens",
    "prompt_tokens",
    "completion_tokens",
    "total_cost",
    "model",
    "tags",
    "thread_id",
    "error",
    "inputs_preview",
    "outputs_preview",
    "project",
    "trace_id",
    "id",
];

/// Fails with 422 for a name that is no column.
pub fn read(names: &[String]) -> AppResult<Vec<Column>> {
    if names.is_empty() || names.len() > MAX_COLUMNS {
        let message = format!("{} columns; at least 1 and at most {MAX_COLUMNS}", names.len());
        return Err(AppError::invalid("body", "columns", message));
    }
    let column = |name: &String| {
        let known = FIELDS.iter().find(|field| *field == name).map(|field| Column::Field(field));
        let keyed = |prefix: &str| name.strip_prefix(prefix).filter(|key| !key.is_empty()).map(str::to_owned);
        known
            .or_else(|| keyed("metadata.").map(Column::Metadata))
            .or_else(|| keyed("feedback.").map(Column::Feedback))
            .filter(|_| name.len() <= MAX_NAME_BYTES)
            .ok_or_else(|| {
                let name: String = name.chars().take(64).collect();
                AppError::invalid("body", "columns", format!("{name:?} is not a column"))
            })
    };
    names.iter().map(column).collect()
}

pub fn usual() -> Vec<Column> {
    USUAL.map(Column::Field).into()
}

/// What the store has to select for them.
pub fn store_names(columns: &[Column]) -> Vec<String> {
    let name = |column: &Column| match column {
        Column::Field(
            name @ ("inputs" | "outputs" | "events" | "extra" | "error" | "metadata" | "inputs_preview"
            | "outputs_preview"),
        ) => Some(*name),
        Column::Metadata(_) => Some("metadata"),
        Column::Field(_) | Column::Feedback(_) => None,
    };
    let mut names: Vec<String> = columns.iter().filter_map(name).map(str::to_owned).collect();
    names.sort_unstable();
    names.dedup();
    names
}

impl fmt::Display for Column {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Column::Field(name) => f.write_str(name),
            Column::Metadata(key) => write!(f, "metadata.{key}"),
            Column::Feedback(key) => write!(f, "feedback.{key}"),
        }
    }
}

/// A run, its metadata taken apart.
pub struct Row<'a> {
    run: &'a Run,
    project: &'a str,
    metadata: BTreeMap<String, RawJson>,
}

impl<'a> Row<'a> {
    pub fn new(run: &'a Run, project: &'a str) -> Self {
        let inside_extra = || -> Option<BTreeMap<String, RawJson>> {
            let mut extra: BTreeMap<String, RawJson> = serde_json::from_str(run.extra.as_ref()?.get()).ok()?;
            serde_json::from_str(extra.remove("metadata")?.get()).ok()
        };
        let alone = run.metadata.as_ref().and_then(|metadata| serde_json::from_str(metadata.get()).ok());
        Row { run, project, metadata: alone.or_else(inside_extra).unwrap_or_default() }
    }

    pub fn cell(&self, column: &Column) -> Cell<'_> {
        match column {
            Column::Metadata(key) => Cell::json(self.metadata.get(key).map(|value| &**value)),
            Column::Feedback(key) => self.feedback(key),
            Column::Field(name) => self.field(name),
        }
    }

    /// Only these columns, as one JSON object.
    pub fn object<'b>(&'b self, columns: &'b [Column]) -> impl Serialize + 'b {
        RowObject { row: self, columns }
    }

    /// The mean of the scores, or else the categories that were given.
    fn feedback(&self, key: &str) -> Cell<'_> {
        let Some(stat) = self.run.feedback_stats.as_ref().and_then(|stats| stats.get(key)) else {
            return Cell::Nothing;
        };
        match stat.avg {
            Some(avg) => Cell::plain(Some(avg)),
            None => {
                let values: Vec<&str> = stat.values.keys().map(String::as_str).collect();
                Cell::text((!values.is_empty()).then(|| values.join("; ")))
            }
        }
    }

    fn field(&self, name: &str) -> Cell<'_> {
        let run = self.run;
        match name {
            "id" => Cell::text(Some(run.id.to_string())),
            "trace_id" => Cell::text(Some(run.trace_id.to_string())),
            "parent_run_id" => Cell::text(run.parent_run_id.map(|id| id.to_string())),
            "session_id" => Cell::text(Some(run.project_id.to_string())),
            "project" => Cell::text(Some(self.project)),
            "name" => Cell::text(Some(run.name.as_str())),
            "run_type" => Cell::text(Some(run.run_type.as_str())),
            "status" => Cell::text(Some(run.status.as_str())),
            "start_time" => Cell::text(Some(run.start_time.to_string())),
            "end_time" => Cell::text(run.end_time.map(|time| time.to_string())),
            "first_token_time" => Cell::text(run.first_token_time.map(|time| time.to_string())),
            "latency" => Cell::plain(seconds_between(run.start_time, run.end_time)),
            "first_token_latency" => Cell::plain(seconds_between(run.start_time, run.first_token_time)),
            "total_tokens" => Cell::plain(Some(run.total_tokens)),
            "prompt_tokens" => Cell::plain(Some(run.prompt_tokens)),
            "completion_tokens" => Cell::plain(Some(run.completion_tokens)),
            "total_cost" => Cell::plain(run.total_cost),
            "prompt_cost" => Cell::plain(run.prompt_cost),
            "completion_cost" => Cell::plain(run.completion_cost),
            "model" => Cell::text(run.model.as_deref()),
            "tags" => Cell::text(run.tags.as_ref().filter(|tags| !tags.is_empty()).map(|tags| tags.join("; "))),
            "thread_id" => Cell::text(run.thread_id.as_deref()),
            "reference_example_id" => Cell::text(run.reference_example_id.map(|id| id.to_string())),
            "error" => Cell::text(run.error.as_deref()),
            "error_preview" => Cell::text(run.error_preview.as_deref()),
            "inputs_preview" => Cell::text(run.inputs_preview.as_deref()),
            "outputs_preview" => Cell::text(run.outputs_preview.as_deref()),
            "inputs" => Cell::json(run.inputs.as_deref()),
            "outputs" => Cell::json(run.outputs.as_deref()),
            "events" => Cell::json(run.events.as_deref()),
            "extra" => Cell::json(run.extra.as_deref()),
            "metadata" => Cell::made(Some(&self.metadata)),
            "feedback" => Cell::made(run.feedback_stats.as_ref()),
            "dotted_order" => Cell::text(Some(run.dotted_order.as_str())),
            "app_path" => Cell::text(Some(run.app_path.as_str())),
            _ => Cell::Nothing,
        }
    }
}

struct RowObject<'a> {
    row: &'a Row<'a>,
    columns: &'a [Column],
}

impl Serialize for RowObject<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.columns.len()))?;
        for column in self.columns {
            map.serialize_entry(&column.to_string(), &self.row.cell(column))?;
        }
        map.end()
    }
}
