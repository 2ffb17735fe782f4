//! What may be sent: the shape of names, and how much of everything.

use crate::error::{AppError, AppResult};
use fanlight_wire::RawJson;
use fanlight_wire::prompt::{PromptCreate, PromptUpdate, TagWrite, manifest};
use serde_json::Value;

const MAX_NAME_CHARS: usize = 100;
const MAX_DESCRIPTION_CHARS: usize = 4000;
const MAX_README_BYTES: usize = 64 * 1024;
const MAX_TAGS: usize = 50;
const MAX_MANIFEST_BYTES: usize = 1024 * 1024;
/// As the SDK's documentation has it.
const MAX_COMMIT_DESCRIPTION_CHARS: usize = 1000;

/// A letter, then letters, digits, `-` and `_`, in lower case: names are parts of addresses and of `name:version`.
pub fn prompt_name(name: &str) -> AppResult<()> {
    let is_known = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '-' | '_');
    let is_good = name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(is_known)
        && name.len() <= MAX_NAME_CHARS;
    if is_good {
        return Ok(());
    }
    let rule = format!("begins with a letter and has at most {MAX_NAME_CHARS} letters, digits, - and _, in lower case");
    Err(AppError::invalid("body", "repo_handle", rule))
}

pub fn new_prompt(prompt: &PromptCreate) -> AppResult<()> {
    prompt_name(&prompt.name)?;
    if prompt.kind.as_deref().is_some_and(|kind| kind != "prompt") {
        return Err(AppError::invalid("body", "repo_type", "only prompts are kept by this version of Fanlight"));
    }
    about(prompt.description.as_deref(), prompt.readme.as_deref(), prompt.tags.as_deref())
}

pub fn prompt_update(update: &PromptUpdate) -> AppResult<()> {
    about(update.description.as_deref(), update.readme.as_deref(), update.tags.as_deref())
}

fn about(description: Option<&str>, readme: Option<&str>, tags: Option<&[String]>) -> AppResult<()> {
    chars("description", description, MAX_DESCRIPTION_CHARS)?;
    if readme.is_some_and(|readme| readme.len() > MAX_README_BYTES) {
        return Err(AppError::invalid("body", "readme", format!("has at most {MAX_README_BYTES} bytes")));
    }
    let tags = tags.unwrap_or_default();
    if tags.len() > MAX_TAGS {
        return Err(AppError::invalid("body", "tags", format!("at most {MAX_TAGS}")));
    }
    tags.iter().try_for_each(|tag| chars("tags", Some(tag), MAX_NAME_CHARS))
}

/// 400, in the words that the SDKs' users look for, for what is no prompt.
pub fn new_manifest(raw: &RawJson) -> AppResult<()> {
    if raw.get().len() > MAX_MANIFEST_BYTES {
        return Err(AppError::invalid("body", "manifest", format!("has at most {MAX_MANIFEST_BYTES} bytes")));
    }
    let parsed: Value = serde_json::from_str(raw.get()).map_err(|error| AppError::malformed(error.to_string()))?;
    if !parsed.is_object() {
        return Err(AppError::invalid("body", "manifest", "an object was expected"));
    }
    manifest::check(&parsed).map_err(|error| AppError::malformed(error.to_string()))
}

pub fn commit_description(description: Option<&str>) -> AppResult<()> {
    chars("description", description, MAX_COMMIT_DESCRIPTION_CHARS)
}

pub fn author(author: Option<&str>) -> AppResult<()> {
    chars("author", author, MAX_NAME_CHARS)
}

pub fn tag(tag: &TagWrite) -> AppResult<()> {
    if let Some(name) = &tag.name {
        tag_name(name)?;
    }
    author(tag.author.as_deref())
}

/// Letters, digits, `.`, `_` and `-`: tags are parts of addresses and of `name:tag`, where `latest` is taken.
fn tag_name(name: &str) -> AppResult<()> {
    let is_known = |char: char| char.is_alphanumeric() || matches!(char, '.' | '_' | '-');
    if name == "latest" {
        return Err(AppError::invalid("body", "tag_name", "latest always means the newest version"));
    }
    if name.is_empty() || name.chars().count() > MAX_NAME_CHARS || !name.chars().all(is_known) {
        let rule = format!("has 1 to {MAX_NAME_CHARS} letters, digits, ., _ and -");
        return Err(AppError::invalid("body", "tag_name", rule));
    }
    Ok(())
}

fn chars(field: &str, text: Option<&str>, max: usize) -> AppResult<()> {
    if text.is_some_and(|text| text.chars().count() > max) {
        return Err(AppError::invalid("body", field, format!("has at most {max} characters")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_into_addresses() {
        for good in ["a", "refund-agent_2", &"x".repeat(100)] {
            assert!(prompt_name(good).is_ok(), "{good}");
        }
        for bad in ["", "2fast", "-a", "Refund", "a b", "a/b", "a:b", "é", &"x".repeat(101)] {
            assert!(prompt_name(bad).is_err(), "{bad}");
        }
        for good in ["production", "v1.2", "Été-2026", "本番"] {
            assert!(tag_name(good).is_ok(), "{good}");
        }
        for bad in ["", "latest", "a b", "a/b", "a:b", "a?b", &"x".repeat(101)] {
            assert!(tag_name(bad).is_err(), "{bad}");
        }
    }
}
