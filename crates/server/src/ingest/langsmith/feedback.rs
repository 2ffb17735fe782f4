//! One piece of feedback as sent → [`FeedbackCreate`].

use crate::ingest::json::text_from_bytes;
use fanlight_wire::FeedbackId;
use fanlight_wire::feedback::FeedbackCreate;

/// Characters in a key, as in the real service.
const MAX_KEY_CHARS: usize = 180;

/// Why feedback was refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadFeedback {
    #[error("the body is not JSON: {0}")]
    Malformed(String),
    /// The field and what is wrong with it.
    #[error("{0}: {1}")]
    Field(&'static str, String),
}

/// Decodes one object. `known_id` is the id in a part name, and wins. Unknown runs are no error: they may yet arrive.
pub fn decode_feedback(body: &[u8], known_id: Option<FeedbackId>) -> Result<FeedbackCreate, BadFeedback> {
    let text = text_from_bytes(body).map_err(BadFeedback::Malformed)?;
    let mut feedback: FeedbackCreate = serde_json::from_str(&text).map_err(|e| match e.classify() {
        serde_json::error::Category::Data => BadFeedback::Field("feedback", e.to_string()),
        _ => BadFeedback::Malformed(e.to_string()),
    })?;
    let key = feedback.key.as_deref().map(str::trim).unwrap_or_default();
    if key.is_empty() {
        return Err(BadFeedback::Field("key", "is missing".into()));
    }
    if key.chars().count() > MAX_KEY_CHARS {
        return Err(BadFeedback::Field("key", format!("has more than {MAX_KEY_CHARS} characters")));
    }
    feedback.run_id = feedback.run_id.or(feedback.trace_id.map(Into::into));
    if feedback.run_id.is_none() && feedback.project_id.is_none() {
        return Err(BadFeedback::Field("run_id", "or session_id must say what the feedback is on".into()));
    }
    feedback.id = known_id.or(feedback.id);
    if let Some(source) = &mut feedback.source {
        source.kind = source_kind(&source.kind);
    }
    Ok(feedback)
}

/// `FeedbackSourceType.API` (how Python prints its enum) and `API` mean `api`.
pub fn source_kind(text: &str) -> String {
    text.rsplit('.').next().unwrap_or(text).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(body: &str, expected: Result<&str, &str>) {
        let decoded = decode_feedback(body.as_bytes(), None).map(|f| serde_json::to_string(&f).unwrap());
        assert_eq!(decoded.as_deref().map_err(|e| e.to_string()), expected.map_err(str::to_owned));
    }

    const RUN: &str = r#""run_id":"00000000-0000-4000-8000-000000000001""#;

    #[test]
    fn nulls_are_absent_and_booleans_are_scores() {
        check(
            &format!(
                r#"{{"key":"ok","score":true,"value":null,"comment":null,"feedbackConfig":null,"start_time":null,{RUN}}}"#
            ),
            Ok(r#"{"key":"ok","run_id":"00000000-0000-4000-8000-000000000001","score":1.0}"#),
        );
    }

    #[test]
    fn pythons_enum_is_understood() {
        check(
            &format!(r#"{{"key":"k","feedback_source":{{"type":"FeedbackSourceType.MODEL"}},{RUN}}}"#),
            Ok(
                r#"{"key":"k","run_id":"00000000-0000-4000-8000-000000000001","feedback_source":{"type":"model","metadata":null,"user_id":null,"user_name":null}}"#,
            ),
        );
    }

    #[test]
    fn what_cannot_be_kept_is_refused_with_its_field() {
        check("{}", Err("key: is missing"));
        check(r#"{"key":"k"}"#, Err("run_id: or session_id must say what the feedback is on"));
        check(&format!(r#"{{"key":"{}",{RUN}}}"#, "k".repeat(181)), Err("key: has more than 180 characters"));
    }
}
