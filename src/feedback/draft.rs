//! Feedback being typed: exactly what is in the fields, and what it would say if it were sent now.

use super::json_text;
use fanlight_wire::RawJson;
use fanlight_wire::feedback::{Feedback, FeedbackCreate, FeedbackUpdate};

/// The longest key that the API takes.
const MAX_KEY_CHARS: usize = 180;

/// The fields of the form, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub key: String,
    pub score: String,
    /// A category.
    pub value: String,
    pub comment: String,
    /// Text, or JSON that begins with `{` or `[`.
    pub correction: String,
}

/// What is wrong with a draft, a sentence beside each field.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Problems {
    pub key: Option<String>,
    pub score: Option<String>,
    pub correction: Option<String>,
    /// About the whole: there is nothing to send.
    pub all: Option<String>,
}

impl Problems {
    pub fn is_empty(&self) -> bool {
        *self == Problems::default()
    }
}

/// What a draft says.
#[derive(Clone, Debug)]
struct Content {
    score: Option<f64>,
    value: Option<RawJson>,
    comment: Option<String>,
    correction: Option<RawJson>,
}

impl Draft {
    /// The form filled with feedback that exists.
    pub fn of(feedback: &Feedback) -> Draft {
        let text =
            |json: &Option<RawJson>| json.as_ref().map(|json| json_text(json.get())).filter(|text| text != "null");
        Draft {
            key: feedback.key.clone(),
            score: feedback.score.map(super::score_text).unwrap_or_default(),
            value: text(&feedback.value).unwrap_or_default(),
            comment: feedback.comment.clone().unwrap_or_default(),
            correction: text(&feedback.correction).unwrap_or_default(),
        }
    }

    /// Whether anything was typed, the key apart.
    pub fn is_blank(&self) -> bool {
        [&self.score, &self.value, &self.comment, &self.correction].iter().all(|field| field.trim().is_empty())
    }

    /// The body of a new feedback; whose it is is left to the caller.
    pub fn create(&self) -> Result<FeedbackCreate, Problems> {
        let content = self.content(true)?;
        Ok(FeedbackCreate {
            key: Some(self.key_or_default().to_owned()),
            score: content.score,
            value: content.value,
            comment: content.comment,
            correction: content.correction,
            ..FeedbackCreate::default()
        })
    }

    /// What changes `old` into this draft; fields that were emptied are cleared. `None` when nothing changes.
    ///
    /// The key stays: the API has no way to change it.
    pub fn update(&self, old: &Feedback) -> Result<Option<FeedbackUpdate>, Problems> {
        let (before, content) = (Draft::of(old), self.content(false)?);
        let changed = |new: &str, old: &str| new.trim() != old.trim();
        let update = FeedbackUpdate {
            score: changed(&self.score, &before.score).then_some(content.score),
            value: changed(&self.value, &before.value).then_some(content.value),
            comment: changed(&self.comment, &before.comment).then_some(content.comment),
            correction: changed(&self.correction, &before.correction).then_some(content.correction),
        };
        let is_same =
            update.score.is_none() && update.value.is_none() && update.comment.is_none() && update.correction.is_none();
        Ok((!is_same).then_some(update))
    }

    /// The key as typed. Left blank, a comment alone is a `note` and a correction a `correction`.
    fn key_or_default(&self) -> &str {
        let is_blank = |field: &String| field.trim().is_empty();
        match self.key.trim() {
            "" if !is_blank(&self.score) || !is_blank(&self.value) => "",
            "" if !is_blank(&self.correction) => "correction",
            "" if !is_blank(&self.comment) => "note",
            key => key,
        }
    }

    fn content(&self, is_new: bool) -> Result<Content, Problems> {
        let mut problems = Problems::default();
        let key = self.key_or_default();
        if is_new && key.is_empty() && !self.is_blank() {
            problems.key = Some("Name what you judge, such as correctness".into());
        } else if key.chars().count() > MAX_KEY_CHARS {
            problems.key = Some(format!("At most {MAX_KEY_CHARS} characters"));
        }
        let score = parse_score(&self.score).unwrap_or_else(|problem| {
            problems.score = Some(problem);
            None
        });
        let correction = parse_correction(&self.correction).unwrap_or_else(|problem| {
            problems.correction = Some(problem);
            None
        });
        if self.is_blank() {
            problems.all = Some("Give a score, a category, a comment or a correction".into());
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (value, comment) = (self.value.trim(), self.comment.trim());
        Ok(Content {
            score,
            value: (!value.is_empty()).then(|| json_string(value)),
            comment: (!comment.is_empty()).then(|| comment.to_owned()),
            correction,
        })
    }
}

/// A decimal comma counts as a point.
fn parse_score(text: &str) -> Result<Option<f64>, String> {
    let text = text.trim().replace(',', ".");
    if text.is_empty() {
        return Ok(None);
    }
    match text.parse::<f64>() {
        Ok(score) if score.is_finite() => Ok(Some(score)),
        _ => Err("A number, such as 0.8".into()),
    }
}

fn parse_correction(text: &str) -> Result<Option<RawJson>, String> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    if !text.starts_with(['{', '[']) {
        return Ok(Some(json_string(text)));
    }
    match serde_json::from_str::<RawJson>(text) {
        Ok(json) => Ok(Some(json)),
        Err(error) => Err(format!("Not valid JSON at line {}, column {}", error.line(), error.column())),
    }
}

fn json_string(text: &str) -> RawJson {
    serde_json::value::to_raw_value(text).expect("a string is always JSON")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn draft(score: &str, comment: &str, correction: &str) -> Draft {
        let [key, score, comment, correction] = ["correctness", score, comment, correction].map(str::to_owned);
        Draft { key, score, value: String::new(), comment, correction }
    }

    fn feedback(json: &str) -> Feedback {
        let common = r#""id":"6f0c7a4e-0000-4000-8000-000000000001","key":"k","created_at":0,"modified_at":0,"run_id":null,"trace_id":null"#;
        serde_json::from_str(&format!("{{{common}{json}}}")).unwrap()
    }

    #[track_caller]
    fn check_create(draft: &Draft, expected: &str) {
        let said = draft.create().map(|create| serde_json::to_string(&create).unwrap());
        assert_eq!(said.unwrap_or_else(|problems| format!("{problems:?}")), expected);
    }

    #[test]
    fn only_what_was_typed_is_sent() {
        check_create(&draft("0,5", " good ", ""), r#"{"key":"correctness","score":0.5,"comment":"good"}"#);
        check_create(&draft("", "", "It is \"14\""), r#"{"key":"correctness","correction":"It is \"14\""}"#);
        check_create(&draft("", "", r#"{"days": 30}"#), r#"{"key":"correctness","correction":{"days": 30}}"#);
    }

    #[test]
    fn what_is_wrong_is_said_beside_its_field() {
        let problems = draft("good", "", "{\"days\": }").create().unwrap_err();
        assert_eq!(problems.score.as_deref(), Some("A number, such as 0.8"));
        assert_eq!(problems.correction.as_deref(), Some("Not valid JSON at line 1, column 10"));
        let keyless = |score: &str, comment: &str| Draft { key: String::new(), ..draft(score, comment, "") }.create();
        assert!(keyless("1", "").unwrap_err().key.is_some());
        assert_eq!(keyless("", "hm").unwrap().key.as_deref(), Some("note"));
        assert!(draft("", " ", "").create().unwrap_err().all.is_some());
        assert!(draft("inf", "", "").create().unwrap_err().score.is_some());
    }

    #[test]
    fn an_edit_changes_only_what_is_different_and_clears_what_was_emptied() {
        let old = feedback(r#","score":0.25,"comment":"so so","value":"wrong_info","correction":{"a":1}"#);
        let mut draft = Draft::of(&old);
        assert!(draft.update(&old).unwrap().is_none());
        draft.comment = String::new();
        draft.score = "1".into();
        let update = draft.update(&old).unwrap().unwrap();
        assert_eq!(serde_json::to_string(&update).unwrap(), r#"{"score":1.0,"comment":null}"#);
    }

    #[test]
    fn a_form_shows_what_was_given() {
        let draft = Draft::of(&feedback(r#","score":0,"value":"a\"b","correction":{"a":1}"#));
        assert_eq!((draft.score.as_str(), draft.value.as_str(), draft.correction.as_str()), ("0", "a\"b", "{\"a\":1}"));
    }
}
