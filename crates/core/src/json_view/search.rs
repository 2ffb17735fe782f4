//! Finds text inside JSON text, because the browser's own search sees only the rows on screen.

use super::strings;
use memchr::memchr2;
use std::ops::Range;

/// Byte positions at which `wanted` occurs, at most `limit`, without overlaps; letters A to Z match in either case.
///
/// `wanted` is what a person reads: a quote or line break in it is found where JSON escapes it.
pub fn find(text: &str, wanted: &str, limit: usize) -> Vec<usize> {
    let mut finder = Finder::new(wanted, limit);
    finder.step(text, usize::MAX);
    finder.found
}

/// The same in text as it is read, with where each match ends.
pub fn find_plain(text: &str, wanted: &str, limit: usize) -> Vec<Range<usize>> {
    let mut finder = Finder { needle: wanted.into(), limit, at: 0, found: Vec::new() };
    finder.step(text, usize::MAX);
    finder.found.into_iter().map(|at| at..at + wanted.len()).collect()
}

/// A search that is done a step at a time, so that a large text does not hold the page up.
#[derive(Clone, Debug)]
pub struct Finder {
    needle: Vec<u8>,
    limit: usize,
    /// Where to look next.
    at: usize,
    pub found: Vec<usize>,
}

impl Finder {
    pub fn new(wanted: &str, limit: usize) -> Self {
        Finder { needle: strings::escape(wanted).into_bytes(), limit, at: 0, found: Vec::new() }
    }

    /// Looks at the next `n_bytes` of `text`, which is the same each time; returns whether that was the last step.
    pub fn step(&mut self, text: &str, n_bytes: usize) -> bool {
        let (needle, haystack) = (self.needle.as_slice(), text.as_bytes());
        let Some(&first) = needle.first() else { return true };
        let (lower, upper) = (first.to_ascii_lowercase(), first.to_ascii_uppercase());
        let until = self.at.saturating_add(n_bytes).min(haystack.len());
        while self.found.len() < self.limit && self.at < until {
            let Some(step) = memchr2(lower, upper, &haystack[self.at..until]) else {
                self.at = until;
                break;
            };
            self.at += step;
            let window = haystack.get(self.at..self.at + needle.len());
            if window.is_some_and(|window| window.eq_ignore_ascii_case(needle)) {
                self.found.push(self.at);
                self.at += needle.len();
            } else {
                self.at += 1;
            }
        }
        self.at >= haystack.len() || self.found.len() >= self.limit
    }
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
    fn plain_text_is_searched_as_it_reads() {
        assert_eq!(find_plain("Say \"hi\"\nHI", "hi", 10), [5..7, 9..11]);
        assert_eq!(find_plain("größe GRÖßE größer", "größe", 10), [0..7, 16..23]);
    }

    #[test]
    fn steps_of_any_size_find_the_same() {
        let text = "abcab-ABC".repeat(50);
        let whole = find(&text, "abc", 1000);
        for size in [1, 2, 7, 64] {
            let mut finder = Finder::new("abc", 1000);
            while !finder.step(&text, size) {}
            assert_eq!(finder.found, whole);
        }
    }

    #[test]
    fn it_stops_at_the_limit() {
        assert_eq!(find("aaaaaa", "a", 3).len(), 3);
    }
}
