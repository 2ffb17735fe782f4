//! Feedback: scores, values, comments and corrections on runs, from people and evaluators.

use crate::{FeedbackId, ProjectId, RawJson, RunId, Timestamp, TraceId};
use serde::{Deserialize, Deserializer, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

/// One piece of feedback, as `GET /feedback` returns it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Feedback {
    pub id: FeedbackId,
    pub key: String,
    pub created_at: Timestamp,
    pub modified_at: Timestamp,
    pub run_id: Option<RunId>,
    pub trace_id: Option<TraceId>,
    #[serde(rename = "session_id", default)]
    pub project_id: Option<ProjectId>,
    #[serde(default)]
    pub start_time: Option<Timestamp>,
    #[serde(default)]
    pub score: Option<f64>,
    /// A category, or any JSON an evaluator sent.
    #[serde(default)]
    pub value: Option<RawJson>,
    #[serde(default)]
    pub comment: Option<String>,
    /// What the answer should have been: an object or a string.
    #[serde(default)]
    pub correction: Option<RawJson>,
    #[serde(rename = "feedback_source", default)]
    pub source: Option<FeedbackSource>,
    #[serde(rename = "feedback_group_id", default)]
    pub group_id: Option<Uuid>,
    #[serde(default)]
    pub comparative_experiment_id: Option<Uuid>,
    #[serde(default)]
    pub is_root: bool,
    #[serde(default)]
    pub extra: Option<RawJson>,
}

/// Who gave it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FeedbackSource {
    /// `api`, `model` (an evaluator), `app` (this dashboard), `auto_eval`, …; others are kept as sent.
    #[serde(rename = "type", default = "source_api")]
    pub kind: String,
    #[serde(default)]
    pub metadata: Option<RawJson>,
    #[serde(default)]
    pub user_id: Option<Uuid>,
    #[serde(default)]
    pub user_name: Option<String>,
}

fn source_api() -> String {
    "api".into()
}

/// The body of `POST /feedback`. The same id twice replaces: clients retry.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedbackCreate {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<FeedbackId>,
    pub key: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub run_id: Option<RunId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub trace_id: Option<TraceId>,
    #[serde(rename = "session_id", skip_serializing_if = "Option::is_none")]
    pub project_id: Option<ProjectId>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_time: Option<Timestamp>,
    /// Booleans count as 1 and 0.
    #[serde(deserialize_with = "score", skip_serializing_if = "Option::is_none")]
    pub score: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub value: Option<RawJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub correction: Option<RawJson>,
    #[serde(rename = "feedback_source", skip_serializing_if = "Option::is_none")]
    pub source: Option<FeedbackSource>,
    #[serde(rename = "feedback_group_id", skip_serializing_if = "Option::is_none")]
    pub group_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub comparative_experiment_id: Option<Uuid>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extra: Option<RawJson>,
    /// The evaluator itself failed.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub modified_at: Option<Timestamp>,
}

/// The body of `PATCH /feedback/{id}`: only what is given changes; an explicit null clears.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedbackUpdate {
    #[serde(deserialize_with = "given_score", skip_serializing_if = "Option::is_none")]
    pub score: Option<Option<f64>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub value: Option<Option<RawJson>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub comment: Option<Option<String>>,
    #[serde(deserialize_with = "given", skip_serializing_if = "Option::is_none")]
    pub correction: Option<Option<RawJson>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum ScoreOnWire {
    Bool(bool),
    Number(f64),
}

fn score<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<f64>, D::Error> {
    Ok(Option::<ScoreOnWire>::deserialize(deserializer)?.map(|score| match score {
        ScoreOnWire::Bool(yes) => f64::from(u8::from(yes)),
        ScoreOnWire::Number(number) => number,
    }))
}

fn given_score<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<f64>>, D::Error> {
    score(deserializer).map(Some)
}

fn given<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Option<T>>, D::Error> {
    Option::<T>::deserialize(deserializer).map(Some)
}

/// By key, over the feedback of one run, project or result set.
pub type FeedbackStats = BTreeMap<String, FeedbackStat>;

/// A summary of the feedback under one key.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct FeedbackStat {
    pub n: i64,
    /// Null for keys that carry categories only.
    pub avg: Option<f64>,
    /// How often each category was given.
    pub values: BTreeMap<String, i64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub comments: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub min: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max: Option<f64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stdev: Option<f64>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub sources: Vec<String>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_boolean_score_counts_as_a_number() {
        let feedback: FeedbackCreate = serde_json::from_str(r#"{"key":"ok","score":true}"#).unwrap();
        assert_eq!(feedback.score, Some(1.0));
    }

    #[test]
    fn an_update_tells_absent_from_null() {
        let update: FeedbackUpdate = serde_json::from_str(r#"{"comment":null,"score":0.5}"#).unwrap();
        assert_eq!((update.comment, update.score), (Some(None), Some(Some(0.5))));
        assert!(update.correction.is_none());
    }

    #[test]
    fn nulls_on_create_mean_absent() {
        let feedback: FeedbackCreate =
            serde_json::from_str(r#"{"key":"k","score":null,"value":null,"comment":null,"start_time":null}"#).unwrap();
        assert!(feedback.score.is_none() && feedback.value.is_none() && feedback.start_time.is_none());
    }
}
