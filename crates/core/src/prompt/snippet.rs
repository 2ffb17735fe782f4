//! The line that pulls a version, to be pasted into a program.

/// A language that has an SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Language {
    Python,
    JavaScript,
}

/// How `client` pulls the prompt at `version` (a hash or a tag; `None`: the newest).
pub fn pull(language: Language, name: &str, version: Option<&str>) -> String {
    let name = match version {
        Some(version) => format!("{name}:{version}"),
        None => name.to_owned(),
    };
    match language {
        Language::Python => format!("prompt = client.pull_prompt({})", quoted(&name)),
        Language::JavaScript => format!("const prompt = await client.pullPromptCommit({});", quoted(&name)),
    }
}

fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_version_is_pinned_in_either_language() {
        assert_eq!(
            pull(Language::Python, "refund", Some("12345678")),
            r#"prompt = client.pull_prompt("refund:12345678")"#
        );
        assert_eq!(
            pull(Language::JavaScript, "refund", Some("production")),
            r#"const prompt = await client.pullPromptCommit("refund:production");"#
        );
        assert_eq!(pull(Language::Python, "refund", None), r#"prompt = client.pull_prompt("refund")"#);
    }
}
