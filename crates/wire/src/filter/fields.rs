//! The fields that filters know: one table for both parsers, the printers, completion and the documentation.

use super::ast::{Field, PairPart, PairRows, ProjectNumber, TextPart};
use crate::run_stats::FacetKey;

/// What a condition is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subject {
    Field(Field),
    /// One part of a row of metadata, inputs, outputs or feedback.
    Row(PairRows, PairPart),
}

/// What values a field has, which decides how they are written and compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Id,
    Text,
    RunType,
    Status,
    Time,
    Duration,
    Bool,
    Tags,
    Count,
    Money,
    /// The key of a row: a text that is never null.
    Key,
    /// The score of feedback: a number.
    Score,
    /// The value of a row: text, number, boolean or null.
    Any,
}

impl Kind {
    /// Whether `>` means something.
    pub fn is_ordered(self) -> bool {
        matches!(self, Kind::Time | Kind::Duration | Kind::Count | Kind::Money | Kind::Score | Kind::Any)
    }

    /// Whether `like` means something.
    pub fn is_text(self) -> bool {
        matches!(self, Kind::Text | Kind::Tags | Kind::Key | Kind::Any)
    }
}

/// A field as people and programs write it.
#[derive(Debug)]
pub struct FieldInfo {
    pub subject: Subject,
    pub kind: Kind,
    /// In calls.
    pub name: &'static str,
    /// In the short form.
    pub short: &'static str,
    /// Understood in both.
    pub aliases: &'static [&'static str],
    /// One line.
    pub help: &'static str,
    /// In the short form.
    pub example: &'static str,
}

impl FieldInfo {
    /// Names in both forms and aliases.
    pub fn names(&self) -> impl Iterator<Item = &'static str> {
        let short = (self.short != self.name).then_some(self.short);
        std::iter::once(self.name).chain(short).chain(self.aliases.iter().copied())
    }

    /// Whose values the server can suggest.
    pub fn facet(&self) -> Option<FacetKey> {
        Some(match self.subject {
            Subject::Field(Field::Name) => FacetKey::Name,
            Subject::Field(Field::RunType) => FacetKey::RunType,
            Subject::Field(Field::Status) => FacetKey::Status,
            Subject::Field(Field::ErrorKind) => FacetKey::ErrorKind,
            Subject::Field(Field::Model) => FacetKey::Model,
            Subject::Field(Field::Provider) => FacetKey::Provider,
            Subject::Field(Field::Tags) => FacetKey::Tag,
            Subject::Row(PairRows::Metadata, PairPart::Key) => FacetKey::MetadataKeys,
            Subject::Row(PairRows::Feedback, PairPart::Key) => FacetKey::Feedback,
            _ => return None,
        })
    }

    /// Whose values are the keys of its rows.
    pub fn key_facet(&self) -> Option<FacetKey> {
        match self.subject {
            Subject::Row(PairRows::Metadata, _) => Some(FacetKey::MetadataKeys),
            Subject::Row(PairRows::Feedback, _) => Some(FacetKey::Feedback),
            _ => None,
        }
    }
}

/// The field of that name, in either form or by an alias; letters' case does not matter.
pub fn find(name: &str) -> Option<&'static FieldInfo> {
    find_in(&FIELDS, name)
}

/// The same in one table.
pub(super) fn find_in(fields: &'static [FieldInfo], name: &str) -> Option<&'static FieldInfo> {
    fields.iter().find(|info| info.names().any(|known| known.eq_ignore_ascii_case(name)))
}

/// The entry of a subject.
pub fn info(subject: Subject) -> &'static FieldInfo {
    FIELDS.iter().chain(&PROJECT_FIELDS).find(|info| info.subject == subject).unwrap_or(&FIELDS[0])
}

const fn field(
    field: Field,
    kind: Kind,
    [name, short]: [&'static str; 2],
    aliases: &'static [&'static str],
    help: &'static str,
    example: &'static str,
) -> FieldInfo {
    FieldInfo { subject: Subject::Field(field), kind, name, short, aliases, help, example }
}

const fn row(
    (rows, part, kind): (PairRows, PairPart, Kind),
    [name, short]: [&'static str; 2],
    aliases: &'static [&'static str],
    help: &'static str,
    example: &'static str,
) -> FieldInfo {
    FieldInfo { subject: Subject::Row(rows, part), kind, name, short, aliases, help, example }
}

/// In the order that completion offers them: what is asked for most comes first.
#[rustfmt::skip]
pub static FIELDS: [FieldInfo; 36] = [
    field(Field::Status, Kind::Status, ["status", "status"], &[], "How the run ended", "status:error"),
    field(Field::RunType, Kind::RunType, ["run_type", "type"], &["kind"], "What kind of work it is", "type:llm"),
    field(Field::Name, Kind::Text, ["name", "name"], &[], "The run's name", "name:search_*"),
    field(Field::Latency, Kind::Duration, ["latency", "latency"], &["duration", "dur"], "End minus start", "latency:>2s"),
    field(Field::FirstTokenLatency, Kind::Duration, ["first_token_latency", "ttft"], &["time_to_first_token"], "Time to the first token", "ttft:>800ms"),
    field(Field::Error, Kind::Text, ["error", "error"], &[], "Words in the error text", "error:timeout"),
    field(Field::ErrorKind, Kind::Text, ["error_kind", "error_kind"], &[], "What the error is called", "error_kind:TimeoutError"),
    field(Field::Tags, Kind::Tags, ["tags", "tag"], &[], "A tag of the run", "tag:beta"),
    field(Field::Model, Kind::Text, ["model", "model"], &[], "The model that was called", "model:gpt-4*"),
    field(Field::Provider, Kind::Text, ["provider", "provider"], &[], "Whose model it is", "provider:openai"),
    field(Field::TotalTokens, Kind::Count, ["total_tokens", "tokens"], &[], "Tokens in and out, the run's and those below it", "tokens:>=1000"),
    field(Field::PromptTokens, Kind::Count, ["prompt_tokens", "prompt_tokens"], &["input_tokens"], "Tokens in", "prompt_tokens:>10k"),
    field(Field::CompletionTokens, Kind::Count, ["completion_tokens", "completion_tokens"], &["output_tokens"], "Tokens out", "completion_tokens:0"),
    field(Field::TotalCost, Kind::Money, ["total_cost", "cost"], &[], "US dollars, the run's and those below it", "cost:>0.01"),
    field(Field::PromptCost, Kind::Money, ["prompt_cost", "prompt_cost"], &["input_cost"], "US dollars for tokens in", "prompt_cost:>0.01"),
    field(Field::CompletionCost, Kind::Money, ["completion_cost", "completion_cost"], &["output_cost"], "US dollars for tokens out", "completion_cost:>0.01"),
    row((PairRows::Metadata, PairPart::Key, Kind::Key), ["metadata_key", "meta"], &["metadata"], "Metadata has this key; with a dot, its value", "meta.env:prod"),
    row((PairRows::Feedback, PairPart::Key, Kind::Key), ["feedback_key", "feedback"], &[], "Feedback was given under this key; with a dot, its value", "feedback.user_rating:good"),
    row((PairRows::Feedback, PairPart::Score, Kind::Score), ["feedback_score", "score"], &[], "A score of feedback; with a dot, of that key", "score.correctness:<0.5"),
    field(Field::StartTime, Kind::Time, ["start_time", "start"], &["started"], "When the run started", "start:>=2026-11-20"),
    field(Field::EndTime, Kind::Time, ["end_time", "end"], &["ended"], "When the run ended", "end:<2026-11-20T18:00"),
    field(Field::FirstTokenTime, Kind::Time, ["first_token_time", "first_token"], &[], "When the first token came", "first_token:*"),
    field(Field::ThreadId, Kind::Text, ["thread_id", "thread"], &[], "The conversation it belongs to", "thread:c-42"),
    field(Field::IsRoot, Kind::Bool, ["is_root", "is_root"], &["root"], "Whether nothing is above it", "is_root:true"),
    field(Field::Id, Kind::Id, ["id", "id"], &["run_id"], "The run's id", "id:01930000-0000-7000-8000-000000000000"),
    field(Field::TraceId, Kind::Id, ["trace_id", "trace"], &[], "The trace's id", "trace:01930000-0000-7000-8000-000000000000"),
    field(Field::ParentRunId, Kind::Id, ["parent_run_id", "parent"], &[], "The id of the run above", "parent:*"),
    field(Field::ReferenceExampleId, Kind::Id, ["reference_example_id", "example"], &["reference_example"], "The example it was run for", "example:*"),
    row((PairRows::Metadata, PairPart::Value, Kind::Any), ["metadata_value", "metadata_value"], &["meta_value"], "A value of metadata, under any key", "metadata_value:prod"),
    row((PairRows::Feedback, PairPart::Value, Kind::Any), ["feedback_value", "feedback_value"], &[], "A category given as feedback", "feedback_value.user_rating:good"),
    row((PairRows::Feedback, PairPart::Comment, Kind::Text), ["feedback_comment", "comment"], &[], "A comment given as feedback", "comment:*wrong*"),
    row((PairRows::Feedback, PairPart::Source, Kind::Text), ["feedback_source", "source"], &[], "Where feedback came from", "source:app"),
    row((PairRows::Inputs, PairPart::Key, Kind::Key), ["input_key", "input_key"], &[], "The inputs have this path, dots between keys", "input_key:messages.content"),
    row((PairRows::Inputs, PairPart::Value, Kind::Any), ["input_value", "input_value"], &[], "A value somewhere in the inputs", "input_value:*refund*"),
    row((PairRows::Outputs, PairPart::Key, Kind::Key), ["output_key", "output_key"], &[], "The outputs have this path", "output_key:answer"),
    row((PairRows::Outputs, PairPart::Value, Kind::Any), ["output_value", "output_value"], &[], "A value somewhere in the outputs", "output_value:*refund*"),
];

/// What filters on projects know, in calls only. A word that runs have too means the project's traces together: `latency`
/// is their median, tokens and costs are sums, feedback is the mean score, or a category, of each key.
#[rustfmt::skip]
pub static PROJECT_FIELDS: [FieldInfo; 23] = [
    field(Field::Name, Kind::Text, ["name", "name"], &[], "The project's name", "eq(name, \"checkout\")"),
    field(Field::Id, Kind::Id, ["id", "id"], &["session_id"], "The project's id", "neq(id, null)"),
    field(Field::StartTime, Kind::Time, ["start_time", "start_time"], &[], "When the project began", "gt(start_time, \"2026-11-20\")"),
    field(Field::EndTime, Kind::Time, ["end_time", "end_time"], &[], "When the experiment ended", "eq(end_time, null)"),
    of_project(ProjectNumber::LastRunStart, Kind::Time, ["last_run_start_time", "last_run_start_time"], "When its last trace began"),
    of_project(ProjectNumber::RunCount, Kind::Count, ["run_count", "runs_count"], "Traces"),
    of_project(ProjectNumber::ErrorRate, Kind::Score, ["error_rate", "error_rate"], "Share of traces that failed, 0 to 1"),
    of_project(ProjectNumber::StreamingRate, Kind::Score, ["streaming_rate", "streaming_rate"], "Share of LLM calls that streamed, 0 to 1"),
    field(Field::Latency, Kind::Duration, ["latency", "latency"], &["latency_p50"], "The median latency", "gt(latency, \"2s\")"),
    of_project(ProjectNumber::LatencyP99, Kind::Duration, ["latency_p99", "latency_p99"], "The latency that 99 of 100 traces keep"),
    field(Field::FirstTokenLatency, Kind::Duration, ["first_token_latency", "ttft"], &["first_token_p50", "time_to_first_token"], "The median time to the first token", "lt(ttft, \"800ms\")"),
    of_project(ProjectNumber::FirstTokenP99, Kind::Duration, ["first_token_p99", "first_token_p99"], "The time to the first token that 99 of 100 traces keep"),
    field(Field::TotalTokens, Kind::Count, ["total_tokens", "total_tokens"], &[], "Tokens in and out", "gt(total_tokens, 1000)"),
    field(Field::PromptTokens, Kind::Count, ["prompt_tokens", "prompt_tokens"], &["input_tokens"], "Tokens in", "gt(prompt_tokens, 1000)"),
    field(Field::CompletionTokens, Kind::Count, ["completion_tokens", "completion_tokens"], &["output_tokens"], "Tokens out", "gt(completion_tokens, 1000)"),
    field(Field::TotalCost, Kind::Money, ["total_cost", "total_cost"], &[], "US dollars", "gt(total_cost, 0.5)"),
    field(Field::PromptCost, Kind::Money, ["prompt_cost", "prompt_cost"], &["input_cost"], "US dollars for tokens in", "gt(prompt_cost, 0.5)"),
    field(Field::CompletionCost, Kind::Money, ["completion_cost", "completion_cost"], &["output_cost"], "US dollars for tokens out", "gt(completion_cost, 0.5)"),
    row((PairRows::Metadata, PairPart::Key, Kind::Key), ["metadata_key", "metadata_key"], &["metadata"], "Its metadata has this key", "exists(metadata, \"team\")"),
    row((PairRows::Metadata, PairPart::Value, Kind::Any), ["metadata_value", "metadata_value"], &[], "A value of its metadata", "eq(metadata_value, \"shop\")"),
    row((PairRows::Feedback, PairPart::Key, Kind::Key), ["feedback_key", "feedback_key"], &[], "Feedback was given under this key", "eq(feedback_key, \"correctness\")"),
    row((PairRows::Feedback, PairPart::Score, Kind::Score), ["feedback_score", "feedback_score"], &[], "The mean score of a key", "lt(feedback_score, 0.5)"),
    row((PairRows::Feedback, PairPart::Value, Kind::Any), ["feedback_value", "feedback_value"], &[], "A category that was given", "eq(feedback_value, \"good\")"),
];

const fn of_project(number: ProjectNumber, kind: Kind, names: [&'static str; 2], help: &'static str) -> FieldInfo {
    field(Field::OfProject(number), kind, names, &[], help, "")
}

/// The parts that `search` can be limited to: in calls, in the short form.
pub const TEXT_PARTS: [(TextPart, &str, &str); 4] = [
    (TextPart::Name, "name", "name"),
    (TextPart::Inputs, "inputs", "input"),
    (TextPart::Outputs, "outputs", "output"),
    (TextPart::Error, "error", "error"),
];
