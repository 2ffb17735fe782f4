//! Finds text inside JSON text, because the browser's own search sees only the rows on screen.

use super::strings;
use memchr::memchr2;

/// Byte positions at which `wanted` occurs, at most `limit`, without overlaps; letters A to Z match in either case.
///
/// `wanted` is what a person reads: a quote or line break in it is found where JSON escapes it.
pub fn find(text: &str, wanted: &str, limit: usize) -> Vec<usize> {
    let needle = strings::escape(wanted);
    let (needle, haystack) = (needle.as_bytes(), text.as_bytes());
    let Some(&first) = needle.first() else { return Vec::new() };
    let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
    let (mut found, mut at) = (Vec::new(), 0);
    while found.len() < limit {
        let Some(step) = haystack.get(at..).and_then(|rest| memchr2(lower, upper, rest)) else { break };
        at += step;
        if haystack.get(at..at + needle.len()).is_some_and(|window| window.eq_ignore_ascii_case(needle)) {
            found.push(at);
            at += needle.len();
        } else {
            at += 1;
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, wanted: &str, expected: &[usize]) {
        assert_eq!(find(text, wanted, 100), expected);
    }

    #[test]
    fn case_does_not_matter_and_matches_do_not_overlap() {
        check(r#"["Refund","refund"]"#, "rEFUND", &[2, 11]);
        check("aaaa", "aa", &[0, 2]);
        check("abc", "", &[]);
        check("ab", "abc", &[]);
    }

    #[test]
    fn quotes_and_line_breaks_are_found_where_json_escapes_them() {
        check(r#"["say \"hi\"\nbye"]"#, "\"hi\"\nbye", &[6]);
        check("[\"größe\"]", "größe", &[2]);
    }

    #[test]
    fn it_stops_at_the_limit() {
        assert_eq!(find("aaaaaa", "a", 3).len(), 3);
    }
}
