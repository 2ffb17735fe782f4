//! The fields that a question selects: words in capitals, whose answers are the same words in small letters.

use crate::error::{AppError, AppResult};

macro_rules! fields {
    ($(#[$doc:meta])* $name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum $name { $($variant),+ }

        impl $name {
            const WORDS: &[(&str, $name)] = &[$(($word, $name::$variant)),+];
        }

        impl Field for $name {
            fn from_word(word: &str) -> Option<Self> {
                Self::WORDS.iter().find(|(known, _)| known.eq_ignore_ascii_case(word)).map(|(_, field)| *field)
            }
        }
    };
}

/// A word that can be selected.
pub trait Field: Copy + PartialEq {
    fn from_word(word: &str) -> Option<Self>;

    /// Each once, in the order given; 422 for a word that is none.
    fn select<'a>(part: &str, name: &str, words: impl IntoIterator<Item = &'a str>) -> AppResult<Vec<Self>> {
        let mut selected = Vec::new();
        for word in words {
            let field = Self::from_word(word).ok_or_else(|| {
                let word: String = word.chars().take(64).collect();
                AppError::invalid(part, name, format!("{word:?} is not a field that can be selected"))
            })?;
            if !selected.contains(&field) {
                selected.push(field);
            }
        }
        Ok(selected)
    }
}

fields! {
    /// Of a run.
    RunField {
        Id = "ID",
        Name = "NAME",
        RunType = "RUN_TYPE",
        Status = "STATUS",
        StartTime = "START_TIME",
        EndTime = "END_TIME",
        LatencySeconds = "LATENCY_SECONDS",
        FirstTokenTime = "FIRST_TOKEN_TIME",
        Error = "ERROR",
        ErrorPreview = "ERROR_PREVIEW",
        Extra = "EXTRA",
        Metadata = "METADATA",
        Events = "EVENTS",
        Inputs = "INPUTS",
        InputsPreview = "INPUTS_PREVIEW",
        Outputs = "OUTPUTS",
        OutputsPreview = "OUTPUTS_PREVIEW",
        Manifest = "MANIFEST",
        ParentRunId = "PARENT_RUN_ID",
        ParentRunIds = "PARENT_RUN_IDS",
        ProjectId = "PROJECT_ID",
        TraceId = "TRACE_ID",
        ThreadId = "THREAD_ID",
        DottedOrder = "DOTTED_ORDER",
        IsRoot = "IS_ROOT",
        ReferenceExampleId = "REFERENCE_EXAMPLE_ID",
        ReferenceDatasetId = "REFERENCE_DATASET_ID",
        TotalTokens = "TOTAL_TOKENS",
        PromptTokens = "PROMPT_TOKENS",
        CompletionTokens = "COMPLETION_TOKENS",
        TotalCost = "TOTAL_COST",
        PromptCost = "PROMPT_COST",
        CompletionCost = "COMPLETION_COST",
        PromptTokenDetails = "PROMPT_TOKEN_DETAILS",
        CompletionTokenDetails = "COMPLETION_TOKEN_DETAILS",
        PromptCostDetails = "PROMPT_COST_DETAILS",
        CompletionCostDetails = "COMPLETION_COST_DETAILS",
        PriceModelId = "PRICE_MODEL_ID",
        Tags = "TAGS",
        AppPath = "APP_PATH",
        Attachments = "ATTACHMENTS",
        ThreadEvaluationTime = "THREAD_EVALUATION_TIME",
        IsInDataset = "IS_IN_DATASET",
        LastQueuedAt = "LAST_QUEUED_AT",
        ShareUrl = "SHARE_URL",
        FeedbackStats = "FEEDBACK_STATS",
        LsUserId = "LS_USER_ID",
    }
}

impl RunField {
    /// The names under which the store selects what these fields are made of.
    pub fn store_names(fields: &[RunField]) -> Vec<String> {
        let name = |field: &RunField| match field {
            RunField::Inputs => Some("inputs"),
            RunField::Outputs => Some("outputs"),
            RunField::Events => Some("events"),
            RunField::Extra => Some("extra"),
            RunField::Metadata => Some("metadata"),
            RunField::Manifest => Some("serialized"),
            RunField::Error => Some("error"),
            RunField::InputsPreview => Some("inputs_preview"),
            RunField::OutputsPreview => Some("outputs_preview"),
            _ => None,
        };
        fields.iter().filter_map(name).map(str::to_owned).collect()
    }
}

fields! {
    /// Of one trace of a thread.
    ThreadTraceField {
        ThreadId = "THREAD_ID",
        TraceId = "TRACE_ID",
        Op = "OP",
        PromptTokens = "PROMPT_TOKENS",
        CompletionTokens = "COMPLETION_TOKENS",
        TotalTokens = "TOTAL_TOKENS",
        StartTime = "START_TIME",
        EndTime = "END_TIME",
        Latency = "LATENCY",
        FirstTokenTime = "FIRST_TOKEN_TIME",
        InputsPreview = "INPUTS_PREVIEW",
        OutputsPreview = "OUTPUTS_PREVIEW",
        Inputs = "INPUTS",
        Outputs = "OUTPUTS",
        Error = "ERROR",
        PromptCost = "PROMPT_COST",
        CompletionCost = "COMPLETION_COST",
        TotalCost = "TOTAL_COST",
        PromptTokenDetails = "PROMPT_TOKEN_DETAILS",
        CompletionTokenDetails = "COMPLETION_TOKEN_DETAILS",
        PromptCostDetails = "PROMPT_COST_DETAILS",
        CompletionCostDetails = "COMPLETION_COST_DETAILS",
        Name = "NAME",
        ErrorPreview = "ERROR_PREVIEW",
        TurnNumber = "TURN_NUMBER",
    }
}

fields! {
    /// What one thread amounts to.
    ThreadStat {
        Turns = "TURNS",
        FirstStartTime = "FIRST_START_TIME",
        LastStartTime = "LAST_START_TIME",
        LastEndTime = "LAST_END_TIME",
        LatencyP50 = "LATENCY_P50",
        LatencyP99 = "LATENCY_P99",
        PromptTokens = "PROMPT_TOKENS",
        PromptCost = "PROMPT_COST",
        CompletionTokens = "COMPLETION_TOKENS",
        CompletionCost = "COMPLETION_COST",
        TotalTokens = "TOTAL_TOKENS",
        TotalCost = "TOTAL_COST",
        PromptTokenDetails = "PROMPT_TOKEN_DETAILS",
        CompletionTokenDetails = "COMPLETION_TOKEN_DETAILS",
        PromptCostDetails = "PROMPT_COST_DETAILS",
        CompletionCostDetails = "COMPLETION_COST_DETAILS",
        FeedbackStats = "FEEDBACK_STATS",
    }
}

fields! {
    /// What all threads of a question amount to.
    ThreadsStat {
        ThreadCount = "THREAD_COUNT",
        TraceCount = "TRACE_COUNT",
        TotalTokens = "TOTAL_TOKENS",
        TotalCost = "TOTAL_COST",
        ErrorRate = "ERROR_RATE",
        StreamingRate = "STREAMING_RATE",
        LatencyP50 = "LATENCY_P50",
        LatencyP99 = "LATENCY_P99",
        MedianTokens = "MEDIAN_TOKENS",
        FirstTokenP50 = "FIRST_TOKEN_P50",
        FirstTokenP99 = "FIRST_TOKEN_P99",
        PromptTokens = "PROMPT_TOKENS",
        CompletionTokens = "COMPLETION_TOKENS",
        PromptCost = "PROMPT_COST",
        CompletionCost = "COMPLETION_COST",
        ThreadFeedbackStats = "THREAD_FEEDBACK_STATS",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_read_in_any_case_and_once() {
        let selected = RunField::select("body", "selects", ["ID", "name", "ID"]);
        assert_eq!(selected.unwrap(), [RunField::Id, RunField::Name]);
    }

    #[test]
    fn a_word_that_is_no_field_is_named() {
        let error = ThreadStat::select("query", "selects", ["TURNS", "COLOUR"]).unwrap_err();
        assert_eq!(error.message, "\"COLOUR\" is not a field that can be selected");
    }

    #[test]
    fn only_payloads_are_selected_in_the_store() {
        let fields = [RunField::Id, RunField::Manifest, RunField::Metadata, RunField::TotalCost];
        assert_eq!(RunField::store_names(&fields), ["serialized", "metadata"]);
    }
}
