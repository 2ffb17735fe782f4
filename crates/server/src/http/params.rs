//! Query parameters, in all the spellings that the SDKs use.

use crate::error::{AppError, AppResult};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use fanlight_wire::Timestamp;
use std::convert::Infallible;
use std::str::FromStr;

/// Decoded pairs in the order sent; names may repeat.
pub struct Params(Vec<(String, String)>);

impl<S: Sync> FromRequestParts<S> for Params {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Infallible> {
        Ok(Params::parse(parts.uri.query().unwrap_or_default()))
    }
}

impl Params {
    pub fn parse(query: &str) -> Self {
        Params(form_urlencoded::parse(query.as_bytes()).into_owned().collect())
    }

    /// The last value that is not empty. `None` and `null` are how some clients spell absence.
    pub fn text(&self, name: &str) -> Option<&str> {
        self.texts(name).last().copied()
    }

    pub fn texts(&self, name: &str) -> Vec<&str> {
        let is_said = |value: &&str| !value.is_empty() && *value != "None" && *value != "null";
        self.0.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).filter(is_said).collect()
    }

    /// `true`, `True`, `1` and their opposites.
    pub fn flag(&self, name: &str) -> AppResult<Option<bool>> {
        let Some(text) = self.text(name) else { return Ok(None) };
        match text.to_ascii_lowercase().as_str() {
            "true" | "1" => Ok(Some(true)),
            "false" | "0" => Ok(Some(false)),
            _ => Err(AppError::invalid("query", name, format!("not a boolean: {text}"))),
        }
    }

    /// Ids in any spelling; `None` when there are none.
    pub fn ids<T: FromStr<Err = uuid::Error>>(&self, name: &str) -> AppResult<Option<Vec<T>>> {
        let texts = self.texts(name);
        if texts.is_empty() {
            return Ok(None);
        }
        let parse =
            |text: &&str| text.parse().map_err(|_| AppError::invalid("query", name, format!("not a UUID: {text}")));
        texts.iter().map(parse).collect::<AppResult<Vec<T>>>().map(Some)
    }

    pub fn id<T: FromStr<Err = uuid::Error>>(&self, name: &str) -> AppResult<Option<T>> {
        Ok(self.ids(name)?.and_then(|ids| ids.into_iter().last()))
    }

    pub fn time(&self, name: &str) -> AppResult<Option<Timestamp>> {
        let parse = |text: &str| text.parse().map_err(|e| AppError::invalid("query", name, format!("{e}")));
        self.text(name).map(parse).transpose()
    }

    /// A page's size: 100 unless said, at most 100.
    pub fn limit(&self) -> AppResult<usize> {
        Ok(self.count("limit")?.map_or(100, |limit| limit.clamp(1, 100)))
    }

    pub fn offset(&self) -> AppResult<usize> {
        Ok(self.count("offset")?.unwrap_or(0))
    }

    fn count(&self, name: &str) -> AppResult<Option<usize>> {
        let parse =
            |text: &str| text.parse().map_err(|_| AppError::invalid("query", name, format!("not a count: {text}")));
        self.text(name).map(parse).transpose()
    }

    /// Fails when one of `names` is given: it would change the result, and is not supported.
    pub fn refuse(&self, names: &[&str]) -> AppResult<()> {
        match names.iter().find(|name| self.text(name).is_some()) {
            Some(name) => Err(AppError::invalid("query", name, "not supported by this version of Fanlight")),
            None => Ok(()),
        }
    }
}

/// An id from the path.
pub fn path_id<T: FromStr<Err = uuid::Error>>(name: &str, text: &str) -> AppResult<T> {
    text.parse().map_err(|_| {
        AppError::invalid("path", name, format!("not a UUID: {}", text.chars().take(64).collect::<String>()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::RunId;

    #[test]
    fn booleans_are_read_in_python_and_in_javascript() {
        let params = Params::parse("a=True&b=false&c=&d=maybe");
        let flag = |name| params.flag(name).map_err(|e| e.message);
        assert_eq!([flag("a"), flag("b"), flag("c")], [Ok(Some(true)), Ok(Some(false)), Ok(None)]);
        assert_eq!(flag("d"), Err("not a boolean: maybe".into()));
    }

    #[test]
    fn repeated_ids_without_dashes_are_read() {
        let params = Params::parse("id=00000000000040008000000000000001&id=00000000-0000-4000-8000-00000000000A");
        assert_eq!(params.ids::<RunId>("id").unwrap().unwrap().len(), 2);
        assert!(params.ids::<RunId>("other").unwrap().is_none());
    }

    #[test]
    fn a_raw_plus_in_a_time_is_understood() {
        let params = Params::parse("t=2026-08-21+10:00:00.5+00:00");
        assert_eq!(params.time("t").unwrap().unwrap().to_string(), "2026-08-21T10:00:00.500000Z");
    }

    #[test]
    fn limits_are_clamped() {
        assert_eq!(Params::parse("limit=1000").limit().unwrap(), 100);
        assert_eq!(Params::parse("limit=0").limit().unwrap(), 1);
        assert!(Params::parse("limit=many").limit().is_err());
    }
}
