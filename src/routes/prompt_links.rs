//! Addresses of prompts and their versions.

use super::Page;

/// All prompts.
pub fn prompts() -> String {
    "/prompts".into()
}

/// One prompt at its newest version.
pub fn prompt(name: &str) -> String {
    format!("/prompts/{name}")
}

/// One prompt at a version: a hash, the beginning of one, or a tag.
pub fn prompt_version(name: &str, version: &str) -> String {
    format!("/prompts/{name}/{version}")
}

/// Two versions of a prompt side by side.
pub fn prompt_compare(name: &str, a: &str, b: &str) -> String {
    format!("/prompts/{name}/compare/{a}..{b}")
}

/// The page of prompts that `path` leads to.
pub fn page_at(path: &str) -> Option<Page> {
    match path.trim_matches('/').split('/').collect::<Vec<_>>().as_slice() {
        ["prompts"] => Some(Page::Prompts),
        ["prompts", _] | ["prompts", _, _] => Some(Page::Prompt),
        ["prompts", _, "compare", _] => Some(Page::PromptDiff),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_address_is_read_back_as_its_page() {
        for (path, page) in [
            (prompts(), Some(Page::Prompts)),
            (prompt("refund"), Some(Page::Prompt)),
            (prompt_version("refund", "production"), Some(Page::Prompt)),
            (prompt_compare("refund", "a", "b"), Some(Page::PromptDiff)),
            ("/promptsx".to_owned(), None),
        ] {
            assert_eq!(page_at(&path), page, "{path}");
        }
    }
}
