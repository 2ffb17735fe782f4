//! One value of a table, and how it is written in each format.

use serde::{Serialize, Serializer};
use serde_json::value::RawValue;
use std::borrow::Cow;

/// What stands in a column of a run.
#[derive(Debug)]
pub enum Cell<'a> {
    Nothing,
    Text(Cow<'a, str>),
    /// A number, `true` or `false`, as JSON spells it.
    Plain(String),
    /// A list or an object.
    Json(Cow<'a, RawValue>),
}

impl<'a> Cell<'a> {
    pub fn text(text: Option<impl Into<Cow<'a, str>>>) -> Self {
        text.map_or(Cell::Nothing, |text| Cell::Text(text.into()))
    }

    pub fn plain(value: Option<impl ToString>) -> Self {
        value.map_or(Cell::Nothing, |value| Cell::Plain(value.to_string()))
    }

    /// Whatever JSON it is: a text becomes a text, a number a number.
    pub fn json(raw: Option<&'a RawValue>) -> Self {
        let Some(raw) = raw else { return Cell::Nothing };
        match raw.get().trim_start().as_bytes().first() {
            Some(b'"') => serde_json::from_str(raw.get()).map_or(Cell::Nothing, |text: String| Cell::Text(text.into())),
            Some(b'{' | b'[') => Cell::Json(Cow::Borrowed(raw)),
            Some(b'n') | None => Cell::Nothing,
            Some(_) => Cell::Plain(raw.get().trim().to_owned()),
        }
    }

    /// A list or an object that is yet to be printed.
    pub fn made(value: Option<&impl Serialize>) -> Self {
        let printed = value.and_then(|value| serde_json::value::to_raw_value(value).ok());
        printed.map_or(Cell::Nothing, |raw| Cell::Json(Cow::Owned(raw)))
    }

    /// The text for a table. Text that a spreadsheet would take for a formula gets an apostrophe before it: traces hold
    /// what strangers wrote.
    pub fn into_csv(self) -> String {
        match self {
            Cell::Nothing => String::new(),
            Cell::Text(text) if is_formula(&text) => format!("'{text}"),
            Cell::Text(text) => text.into_owned(),
            Cell::Plain(value) => value,
            Cell::Json(raw) => raw.get().to_owned(),
        }
    }
}

/// <https://owasp.org/www-community/attacks/CSV_Injection>, and the full-width signs that some programs fold.
fn is_formula(text: &str) -> bool {
    let begins = |text: &str| text.starts_with(['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠']);
    begins(text) || begins(text.trim_start())
}

impl Serialize for Cell<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Nothing => serializer.serialize_none(),
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Plain(value) => {
                let raw = RawValue::from_string(value.clone()).map_err(serde::ser::Error::custom)?;
                raw.serialize(serializer)
            }
            Cell::Json(raw) => raw.serialize(serializer),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(json: &str, csv: &str) {
        let raw: &RawValue = serde_json::from_str(json).unwrap();
        assert_eq!(Cell::json(Some(raw)).into_csv(), csv);
    }

    #[test]
    fn what_a_spreadsheet_would_run_is_only_text() {
        for formula in ["=1+1", "+1", "-cmd|' /C calc'!A0", "@SUM(A1)", "\t=1", " =1", "＝1"] {
            assert_eq!(Cell::text(Some(formula)).into_csv(), format!("'{formula}"));
        }
        check("\"=1\"", "'=1");
    }

    #[test]
    fn numbers_stay_numbers_even_below_zero() {
        check("-1.5", "-1.5");
        check("true", "true");
        check("null", "");
        check("[ \"=1\"]", "[ \"=1\"]");
    }

    #[test]
    fn json_lines_keep_the_kind_of_a_value() {
        let cells = [Cell::text(Some("=1")), Cell::plain(Some(0.5)), Cell::Nothing];
        assert_eq!(serde_json::to_string(&cells).unwrap(), r#"["=1",0.5,null]"#);
    }
}
