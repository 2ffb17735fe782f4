//! The filter that finds the runs of a version.

use fanlight_wire::version_stats::Unit;

/// In the short form: what a list of traces, or of LLM calls, is narrowed by. `recorded_as` is what runs wrote as the hash;
/// it is not empty.
pub fn filter(repo: &str, recorded_as: &[String], unit: Unit) -> String {
    let of_commit = |commit: &String| {
        let own = format!("meta.lc_hub_repo:{} meta.lc_hub_commit_hash:{}", quoted(repo), quoted(commit));
        match unit {
            Unit::Trace => format!("any({own})"),
            Unit::LlmCall => own,
        }
    };
    let all: Vec<String> = recorded_as.iter().map(of_commit).collect();
    match &all[..] {
        [one] => one.clone(),
        many => format!("({})", many.iter().map(|one| format!("({one})")).collect::<Vec<_>>().join(" OR ")),
    }
}

/// Quotes what is no plain word.
fn quoted(text: &str) -> String {
    let is_plain = !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if is_plain { text.to_owned() } else { format!("\"{}\"", text.replace('\\', "\\\\").replace('"', "\\\"")) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::filter::short;

    #[track_caller]
    fn check(repo: &str, recorded_as: &[&str], unit: Unit, expected: &str) {
        let recorded_as: Vec<String> = recorded_as.iter().map(|commit| (*commit).to_owned()).collect();
        let filter = filter(repo, &recorded_as, unit);
        assert_eq!(filter, expected);
        assert!(short::parse(&filter).is_ok(), "{filter}");
    }

    #[test]
    fn a_version_is_found_by_what_its_runs_wrote() {
        check("support", &["abc123"], Unit::Trace, "any(meta.lc_hub_repo:support meta.lc_hub_commit_hash:abc123)");
        check("support", &["abc123"], Unit::LlmCall, "meta.lc_hub_repo:support meta.lc_hub_commit_hash:abc123");
        check(
            "a \"b\"",
            &["abc123", "abc1"],
            Unit::LlmCall,
            "((meta.lc_hub_repo:\"a \\\"b\\\"\" meta.lc_hub_commit_hash:abc123) OR (meta.lc_hub_repo:\"a \\\"b\\\"\" meta.lc_hub_commit_hash:abc1))",
        );
    }
}
