//! What feedback says and what a form about it means. Pure.
//!
//! [`draft`] is what a reader is typing and whether it can be sent; [`list`] is the list on screen while requests are
//! under way; [`summary`] what the feedback on many runs amounts to.

pub mod draft;
pub mod list;
pub mod summary;

pub use draft::{Draft, Problems};
pub use list::FeedbackList;

use fanlight_wire::feedback::Feedback;

/// The key under which the thumbs of this dashboard are kept: 1 is up, 0 is down.
pub const THUMBS_KEY: &str = "user_rating";

/// A thumb.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thumb {
    Up,
    Down,
}

impl Thumb {
    pub fn score(self) -> f64 {
        match self {
            Thumb::Up => 1.0,
            Thumb::Down => 0.0,
        }
    }

    /// What a score under [`THUMBS_KEY`] shows as.
    pub fn from_score(score: f64) -> Option<Thumb> {
        if score == 1.0 {
            Some(Thumb::Up)
        } else if score == 0.0 {
            Some(Thumb::Down)
        } else {
            None
        }
    }
}

/// The thumb given from this dashboard, the newest if there are several.
pub fn own_thumb(list: &[Feedback]) -> Option<&Feedback> {
    list.iter().find(|feedback| feedback.key == THUMBS_KEY && is_from_app(feedback))
}

/// Given here, rather than by an evaluator or through the API.
pub fn is_from_app(feedback: &Feedback) -> bool {
    feedback.source.as_ref().is_some_and(|source| source.kind == "app")
}

/// A score as people write it: at most four decimals, no trailing zeros.
pub fn score_text(score: f64) -> String {
    let text = format!("{score:.4}");
    let trimmed = text.trim_end_matches('0').trim_end_matches('.');
    if trimmed == "-0" { "0".into() } else { trimmed.into() }
}

/// JSON as shown in a line and typed in a field: the text of a string, anything else as it is.
pub fn json_text(json: &str) -> String {
    crate::json_view::Json::parse(json).and_then(|json| json.str()).unwrap_or_else(|| json.to_owned())
}

/// Who gave it, in words.
pub fn source_label(feedback: &Feedback) -> String {
    let Some(source) = &feedback.source else { return "through the API".into() };
    let by = match source.kind.as_str() {
        "app" => "in Fanlight",
        "api" => "through the API",
        "model" | "auto_eval" => "by an evaluator",
        "presigned" => "through a link",
        other => other,
    };
    match &source.user_name {
        Some(name) if !name.is_empty() => format!("{name}, {by}"),
        _ => by.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_read_as_people_write_them() {
        for (score, text) in
            [(1.0, "1"), (0.5, "0.5"), (0.123456, "0.1235"), (-0.0, "0"), (100.0, "100"), (-2.5, "-2.5")]
        {
            assert_eq!(score_text(score), text);
        }
    }

    #[test]
    fn a_thumb_is_exactly_one_or_zero() {
        assert_eq!([1.0, 0.0, 0.5].map(Thumb::from_score), [Some(Thumb::Up), Some(Thumb::Down), None]);
    }

    #[test]
    fn strings_lose_their_quotes_and_other_json_stays() {
        assert_eq!(json_text("\"wrong\\ninfo\""), "wrong\ninfo");
        assert_eq!(json_text("{\"a\":1}"), "{\"a\":1}");
    }
}
