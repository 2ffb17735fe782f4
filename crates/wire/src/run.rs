//! One run as the API returns it (LangSmith `/runs/query`, `/runs/{id}`), and its small enums.

use crate::feedback::FeedbackStats;
use crate::shape::TraceShape;
use crate::{ProjectId, RawJson, RunId, Timestamp, TraceId, Usd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;

macro_rules! word_enum {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        pub enum $name {
            $($(#[$variant_doc])* #[serde(rename = $word)] $variant),+
        }

        impl $name {
            pub const ALL: &[$name] = &[$($name::$variant),+];

            /// The word used on the wire.
            pub fn as_str(self) -> &'static str {
                match self { $($name::$variant => $word),+ }
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(self.as_str())
            }
        }

        impl FromStr for $name {
            type Err = UnknownWord;
            /// Case-insensitive.
            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                $(if text.eq_ignore_ascii_case($word) { return Ok($name::$variant); })+
                Err(UnknownWord { word: text.chars().take(64).collect(), known: &[$($word),+] })
            }
        }
    };
}

/// A word that is not one of those an enum knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    pub word: String,
    pub known: &'static [&'static str],
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is not one of {}", self.word, self.known.join(", "))
    }
}

impl std::error::Error for UnknownWord {}

word_enum! {
    /// What kind of work a run is. Any other word is refused with 422.
    RunType {
        Chain = "chain",
        Llm = "llm",
        Tool = "tool",
        Retriever = "retriever",
        Embedding = "embedding",
        Prompt = "prompt",
        Parser = "parser",
    }
}

word_enum! {
    /// How a run ended, or that it has not.
    RunStatus {
        Pending = "pending",
        Success = "success",
        Error = "error",
        /// Cancelled from outside; sent explicitly by LangGraph and the JS SDK.
        Interrupted = "interrupted",
    }
}

/// A run. What a query did not select is `None` and left out of the JSON, the required fields apart.
///
/// Tokens and costs are those of the run and everything below it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Run {
    pub id: RunId,
    pub trace_id: TraceId,
    #[serde(rename = "session_id")]
    pub project_id: ProjectId,
    pub name: String,
    pub run_type: RunType,
    pub status: RunStatus,
    pub start_time: Timestamp,
    pub end_time: Option<Timestamp>,
    /// On a run with LLM calls below it: the earliest first token among them.
    pub first_token_time: Option<Timestamp>,
    pub parent_run_id: Option<RunId>,
    /// From the root to the direct parent; empty for a root.
    #[serde(default)]
    pub parent_run_ids: Vec<RunId>,
    /// Ancestors and self, `time + id` each, joined by dots: sorts a trace in display order.
    pub dotted_order: String,
    /// Where the dashboard shows this run, relative to the server's address.
    pub app_path: String,
    /// The first line of the error where `error` itself was not selected is in `error_preview`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error_preview: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs: Option<RawJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs: Option<RawJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inputs_preview: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outputs_preview: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub events: Option<RawJson>,
    /// An object; always has `metadata`, an object.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub extra: Option<RawJson>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub serialized: Option<RawJson>,
    pub tags: Option<Vec<String>>,
    #[serde(default)]
    pub total_tokens: i64,
    #[serde(default)]
    pub prompt_tokens: i64,
    #[serde(default)]
    pub completion_tokens: i64,
    #[serde(default)]
    pub prompt_token_details: Option<BTreeMap<String, i64>>,
    #[serde(default)]
    pub completion_token_details: Option<BTreeMap<String, i64>>,
    #[serde(default)]
    pub total_cost: Option<Usd>,
    #[serde(default)]
    pub prompt_cost: Option<Usd>,
    #[serde(default)]
    pub completion_cost: Option<Usd>,
    #[serde(default)]
    pub prompt_cost_details: Option<BTreeMap<String, Usd>>,
    #[serde(default)]
    pub completion_cost_details: Option<BTreeMap<String, Usd>>,
    /// The model that an LLM run named, as it named it. Fanlight's addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub model: Option<String>,
    #[serde(default)]
    pub feedback_stats: Option<FeedbackStats>,
    #[serde(rename = "s3_urls", default)]
    pub attachments: Option<BTreeMap<String, Attachment>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub child_run_ids: Option<Vec<RunId>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub direct_child_run_ids: Option<Vec<RunId>>,
    #[serde(default)]
    pub reference_example_id: Option<uuid::Uuid>,
    #[serde(default)]
    pub reference_dataset_id: Option<uuid::Uuid>,
    #[serde(default)]
    pub thread_id: Option<String>,
    #[serde(default)]
    pub in_dataset: Option<bool>,
    #[serde(default)]
    pub share_token: Option<uuid::Uuid>,
    /// Where a searched word was found, when `snippet` was selected and the filter searches. Fanlight's addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub snippet: Option<Snippet>,
    /// Of a trace's root, when `shape` was selected. Fanlight's addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<TraceShape>,
    /// `extra.metadata` alone, when `metadata` was selected without `extra`. Fanlight's addition.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub metadata: Option<RawJson>,
}

/// A piece of a run's text around the first matches.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Snippet {
    /// `name`, `inputs`, `outputs`, `error`, `tags` or `metadata`.
    pub part: String,
    /// One line of plain text.
    pub text: String,
    /// Bytes of `text` that match, first to one past the last; ascending, on character boundaries.
    pub matches: Vec<(usize, usize)>,
}

/// A file sent with a run; its key in [`Run::attachments`] is `attachment.NAME`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attachment {
    /// Fetched with a plain GET and no credentials.
    pub presigned_url: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub mime_type: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub size_bytes: Option<u64>,
}
