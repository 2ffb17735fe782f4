//! What pages say of a prompt's history.

/// As much of a hash as names a version.
pub fn short_hash(hash: &str) -> &str {
    hash.get(..8).unwrap_or(hash)
}

/// Who saved a version or moved a tag, and with what: nobody has signed in, so both are as they were sent.
pub fn signature(author: Option<&str>, client: Option<&str>) -> String {
    let program = client.map(|client| match client.split('/').next().unwrap_or(client) {
        "langsmith-py" => "Python SDK",
        "langsmith-js" => "JavaScript SDK",
        "dashboard" => "the dashboard",
        _ => client,
    });
    match (author, program) {
        (Some(author), _) => author.to_owned(),
        (None, Some(program)) => program.to_owned(),
        (None, None) => "unknown".to_owned(),
    }
}

/// What is wrong with a name for a prompt.
pub fn name_problem(name: &str) -> Option<&'static str> {
    let is_known = |char: char| char.is_ascii_lowercase() || char.is_ascii_digit() || matches!(char, '-' | '_');
    match name {
        "" => Some("A prompt needs a name"),
        _ if !name.starts_with(|first: char| first.is_ascii_lowercase()) => Some("Names begin with a small letter"),
        _ if !name.chars().all(is_known) => Some("Only small letters, digits, - and _"),
        _ if name.len() > 100 => Some("At most 100 characters"),
        _ => None,
    }
}

/// What is wrong with a name for a tag.
pub fn tag_problem(name: &str) -> Option<&'static str> {
    let is_known = |char: char| char.is_alphanumeric() || matches!(char, '.' | '_' | '-');
    match name {
        "" => Some("A tag needs a name"),
        "latest" => Some("latest always means the newest version"),
        _ if !name.chars().all(is_known) => Some("Only letters, digits, ., _ and -"),
        _ if name.chars().count() > 100 => Some("At most 100 characters"),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_did_something_is_a_person_before_it_is_a_program() {
        assert_eq!(signature(Some("Ada"), Some("dashboard")), "Ada");
        assert_eq!(signature(None, Some("langsmith-py/0.15.0-httpx")), "Python SDK");
        assert_eq!(signature(None, Some("curl/8")), "curl/8");
        assert_eq!(signature(None, None), "unknown");
    }

    #[test]
    fn names_are_checked_before_they_are_sent() {
        for good in ["a", "refund-agent_2"] {
            assert_eq!(name_problem(good), None);
        }
        for bad in ["", "2a", "Refund", "a b"] {
            assert!(name_problem(bad).is_some(), "{bad}");
        }
        assert_eq!((tag_problem("v1.2"), tag_problem("本番")), (None, None));
        assert!(["", "latest", "a/b", "a b"].iter().all(|bad| tag_problem(bad).is_some()));
    }

    #[test]
    fn a_short_hash_is_never_cut_within_a_character() {
        assert_eq!((short_hash("0123456789"), short_hash("abc"), short_hash("ééééé")), ("01234567", "abc", "éééé"));
    }
}
