//! What a filter can see of a run.

use super::scalar::ScalarRef;
use crate::filter::ast::{Field, Literal};
use crate::{RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use serde_json::{Map, Value};
use std::cmp::Ordering;
use uuid::Uuid;

/// One run, with all that filters ask about.
#[derive(Clone, Debug, PartialEq)]
pub struct RunFacts {
    pub id: RunId,
    pub trace_id: TraceId,
    pub parent_run_id: Option<RunId>,
    pub reference_example_id: Option<Uuid>,
    pub name: String,
    pub run_type: RunType,
    pub status: RunStatus,
    pub error: Option<String>,
    pub start_time: Timestamp,
    pub end_time: Option<Timestamp>,
    pub first_token_time: Option<Timestamp>,
    pub is_root: bool,
    pub tags: Vec<String>,
    pub thread_id: Option<String>,
    pub model: Option<String>,
    pub provider: Option<String>,
    pub total_tokens: i64,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub total_cost: Option<Usd>,
    pub prompt_cost: Option<Usd>,
    pub completion_cost: Option<Usd>,
    /// `extra.metadata`.
    pub metadata: Map<String, Value>,
    pub inputs: Option<Value>,
    pub outputs: Option<Value>,
    pub feedback: Vec<FeedbackFacts>,
}

/// One piece of feedback on the run.
#[derive(Clone, Debug, PartialEq)]
pub struct FeedbackFacts {
    pub key: String,
    pub score: Option<f64>,
    pub value: Option<Value>,
    pub comment: Option<String>,
    pub source: String,
}

/// A field's value, when it has one.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum FieldValue<'a> {
    Text(&'a str),
    Count(i64),
    Duration(i64),
    Time(Timestamp),
    Money(Usd),
    Id(Uuid),
    RunType(RunType),
    Status(RunStatus),
    Bool(bool),
}

impl FieldValue<'_> {
    /// How it compares to a literal of its kind; nothing for one of another kind.
    pub(super) fn compare(&self, literal: &Literal) -> Option<Ordering> {
        Some(match (self, literal) {
            (FieldValue::Text(value), Literal::Text(other)) => (*value).cmp(other),
            (FieldValue::Count(value), Literal::Count(other)) => value.cmp(other),
            (FieldValue::Duration(value), Literal::Duration(other)) => value.cmp(other),
            (FieldValue::Time(value), Literal::Time(other)) => value.cmp(other),
            (FieldValue::Money(value), Literal::Money(other)) => value.cmp(other),
            (FieldValue::Id(value), Literal::Id(other)) => value.cmp(other),
            (FieldValue::RunType(value), Literal::RunType(other)) => value.cmp(other),
            (FieldValue::Status(value), Literal::Status(other)) => value.cmp(other),
            (FieldValue::Bool(value), Literal::Bool(other)) => value.cmp(other),
            _ => return None,
        })
    }
}

impl RunFacts {
    /// Null is `None`. Tags are no single value and have none here.
    pub(super) fn value(&self, field: Field) -> Option<FieldValue<'_>> {
        Some(match field {
            Field::Id => FieldValue::Id(self.id.0),
            Field::TraceId => FieldValue::Id(self.trace_id.0),
            Field::ParentRunId => FieldValue::Id(self.parent_run_id?.0),
            Field::ReferenceExampleId => FieldValue::Id(self.reference_example_id?),
            Field::Name => FieldValue::Text(&self.name),
            Field::RunType => FieldValue::RunType(self.run_type),
            Field::Status => FieldValue::Status(self.status),
            Field::Error => FieldValue::Text(self.error.as_deref()?),
            Field::ErrorKind => FieldValue::Text(super::error_kind(self.error.as_deref()?)?),
            Field::StartTime => FieldValue::Time(self.start_time),
            Field::EndTime => FieldValue::Time(self.end_time?),
            Field::FirstTokenTime => FieldValue::Time(self.first_token_time?),
            Field::Latency => FieldValue::Duration(self.end_time?.since(self.start_time).max(0)),
            Field::FirstTokenLatency => FieldValue::Duration(self.first_token_time?.since(self.start_time).max(0)),
            Field::IsRoot => FieldValue::Bool(self.is_root),
            Field::Tags => return None,
            Field::ThreadId => FieldValue::Text(self.thread_id.as_deref()?),
            Field::Model => FieldValue::Text(self.model.as_deref()?),
            Field::Provider => FieldValue::Text(self.provider.as_deref()?),
            Field::TotalTokens => FieldValue::Count(self.total_tokens),
            Field::PromptTokens => FieldValue::Count(self.prompt_tokens),
            Field::CompletionTokens => FieldValue::Count(self.completion_tokens),
            Field::TotalCost => FieldValue::Money(self.total_cost?),
            Field::PromptCost => FieldValue::Money(self.prompt_cost?),
            Field::CompletionCost => FieldValue::Money(self.completion_cost?),
            Field::OfProject(_) => return None,
        })
    }
}

impl FeedbackFacts {
    pub(super) fn score(&self) -> ScalarRef<'_> {
        self.score.map_or(ScalarRef::Null, ScalarRef::Float)
    }

    pub(super) fn value(&self) -> ScalarRef<'_> {
        self.value.as_ref().map_or(ScalarRef::Null, ScalarRef::from)
    }

    pub(super) fn comment(&self) -> ScalarRef<'_> {
        self.comment.as_deref().map_or(ScalarRef::Null, ScalarRef::Text)
    }
}
