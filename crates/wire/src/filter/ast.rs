//! What a filter means: typed when it is read, so that everything that executes it agrees.

use crate::{RunStatus, RunType, Timestamp, Usd};
use uuid::Uuid;

/// A condition on one run.
///
/// Absent values (a run without an end has no latency) equal only null: `eq` and the orderings are false for them, `neq`
/// is true. `Not` is plain negation.
#[derive(Clone, Debug, PartialEq)]
pub enum Filter {
    /// All hold; `And([])` holds for every run.
    And(Vec<Filter>),
    /// One holds; `Or([])` holds for none.
    Or(Vec<Filter>),
    Not(Box<Filter>),
    Compare {
        field: Field,
        comparison: Comparison,
        value: Literal,
    },
    /// The field is one of `values`; of tags, any.
    In {
        field: Field,
        values: Vec<Literal>,
    },
    /// SQL's `LIKE`, ignoring case: `%` any text, `_` any one character, no escapes.
    Like {
        field: Field,
        pattern: String,
    },
    /// The metadata contains this object: each key is there with an equal value.
    MetadataContains(serde_json::Map<String, serde_json::Value>),
    /// A row of metadata, of flattened inputs or outputs, or of feedback passes every test.
    Pair(Pair),
    /// Every word of `text` occurs in one part, or in any part when none is named; see [`TextPart`]. Words between quotes
    /// stand side by side; see [`words`](super::words).
    Search {
        within: Option<TextPart>,
        text: String,
    },
    /// The root run of the run's trace passes. LangSmith's `trace_filter`.
    RootRun(Box<Filter>),
    /// Some run of the run's trace passes. LangSmith's `tree_filter`.
    AnyRun(Box<Filter>),
}

impl Filter {
    pub const ALL: Filter = Filter::And(Vec::new());

    /// Both hold; conjunctions are joined, not nested.
    pub fn and(self, other: Filter) -> Filter {
        match (self, other) {
            (Filter::And(mut left), Filter::And(right)) => {
                left.extend(right);
                Filter::And(left)
            }
            (Filter::And(mut all), one) => {
                all.push(one);
                Filter::And(all)
            }
            (one, Filter::And(mut all)) => {
                all.insert(0, one);
                Filter::And(all)
            }
            (left, right) => Filter::And(vec![left, right]),
        }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Comparison {
    Eq,
    Neq,
    Gt,
    Gte,
    Lt,
    Lte,
}

/// A value, of the kind that its field has: whoever reads a filter refuses anything else, and null where only `eq` and
/// `neq` make sense of it.
#[derive(Clone, Debug, PartialEq)]
pub enum Literal {
    Null,
    Bool(bool),
    /// Of metadata, inputs, outputs and feedback, where values are compared as what they are.
    Number(f64),
    Text(String),
    /// Tokens.
    Count(i64),
    /// Nanoseconds.
    Duration(i64),
    Time(Timestamp),
    Money(Usd),
    Id(Uuid),
    RunType(RunType),
    Status(RunStatus),
}

/// What every run has once, or has not. Tags are a set: `eq` means contains, `neq` does not contain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Field {
    Id,
    TraceId,
    ParentRunId,
    ReferenceExampleId,
    Name,
    RunType,
    Status,
    /// The whole error text; null without error.
    Error,
    /// What the error is called: the word before the first `(` or `:` of its first line. Fanlight's addition.
    ErrorKind,
    StartTime,
    EndTime,
    FirstTokenTime,
    /// End minus start, never less than nothing; null while running.
    Latency,
    /// First token minus start, never less than nothing.
    FirstTokenLatency,
    IsRoot,
    Tags,
    ThreadId,
    Model,
    Provider,
    /// Tokens and costs are those of the run and everything below it; a token count is never null.
    TotalTokens,
    PromptTokens,
    CompletionTokens,
    /// Null when no price was known.
    TotalCost,
    PromptCost,
    CompletionCost,
    /// Null for every run: only filters on projects know it.
    OfProject(ProjectNumber),
}

/// What is counted over a project's traces, and has no name among the fields of runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum ProjectNumber {
    RunCount,
    /// Shares, 0 to 1.
    ErrorRate,
    StreamingRate,
    LatencyP99,
    FirstTokenP99,
    LastRunStart,
}

/// Text that can be searched. Without a part, tags, metadata values and the model's name are searched too.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum TextPart {
    Name,
    Inputs,
    Outputs,
    Error,
}

/// Tests on the parts of one row: "there is a feedback row with this key and a score below that".
#[derive(Clone, Debug, PartialEq)]
pub struct Pair {
    pub rows: PairRows,
    /// No row passes, instead of some row.
    pub is_negated: bool,
    /// Never empty.
    pub tests: Vec<PairTest>,
}

/// Which rows a [`Pair`] looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PairRows {
    /// The entries of `extra.metadata`.
    Metadata,
    /// Scalars of `inputs` by their path, dots between keys, positions in arrays left out: `messages.content`.
    Inputs,
    Outputs,
    Feedback,
}

#[derive(Clone, Debug, PartialEq)]
pub struct PairTest {
    pub part: PairPart,
    pub test: TestKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PairPart {
    Key,
    /// Of feedback: its `value`, a category.
    Value,
    /// The others are feedback's.
    Score,
    Comment,
    /// `api`, `app`, `model`, `auto_eval`.
    Source,
}

/// A test on one value. Numbers and booleans compare with numbers and booleans; a text compares with the text of any
/// scalar, so that `"1"` equals 1.
#[derive(Clone, Debug, PartialEq)]
pub enum TestKind {
    Compare(Comparison, Literal),
    In(Vec<Literal>),
    Like(String),
}
