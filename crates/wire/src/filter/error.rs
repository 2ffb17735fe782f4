//! What is wrong with a filter's text, and where: shown under the bar, sent in the 400.

use std::fmt;
use std::ops::Range;

/// A filter that cannot be read. The message is a sentence for the person who typed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FilterError {
    /// The bytes at fault, on character boundaries; empty at the end of the text when something is missing there.
    pub span: Range<usize>,
    pub message: String,
}

impl FilterError {
    pub(super) fn new(span: Range<usize>, message: impl Into<String>) -> Self {
        FilterError { span, message: message.into() }
    }
}

impl fmt::Display for FilterError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for FilterError {}

/// ` Did you mean …?` for the candidate that `word` is a slip away from, or nothing.
pub(super) fn suggestion<'a>(word: &str, candidates: impl Iterator<Item = &'a str>) -> String {
    let word = word.to_ascii_lowercase();
    let allowed = match word.len() {
        0..=2 => 0,
        3..=5 => 1,
        6..=40 => 2,
        // Nobody mistypes a name into this; and the distance takes time.
        _ => 0,
    };
    let nearest = candidates.map(|name| (distance(&word, name), name)).min_by_key(|(distance, _)| *distance);
    match nearest {
        Some((distance, name)) if distance <= allowed && allowed > 0 => format!(" Did you mean {name}?"),
        _ => String::new(),
    }
}

/// Letters to add, drop, replace or swap with their neighbour.
fn distance(left: &str, right: &str) -> usize {
    let (left, right) = (left.as_bytes(), right.as_bytes());
    if left.len().abs_diff(right.len()) > 2 {
        return usize::MAX;
    }
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=right.len()).collect();
    for i in 0..left.len() {
        let mut row = vec![i + 1];
        for j in 0..right.len() {
            let replaced = last[j] + usize::from(left[i] != right[j]);
            let mut best = replaced.min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && left[i] == right[j - 1] && left[i - 1] == right[j] {
                best = best.min(before_last[j - 1] + 1);
            }
            row.push(best);
        }
        before_last = std::mem::replace(&mut last, row);
    }
    last[right.len()]
}

/// The text as a message quotes it: short, whatever was typed.
pub(super) fn quote(text: &str) -> String {
    match text.char_indices().nth(40) {
        Some((end, _)) => format!("“{}…”", &text[..end]),
        None => format!("“{text}”"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_of_the_finger_finds_its_word() {
        let fields = || ["latency", "status", "tags", "id"].into_iter();
        assert_eq!(suggestion("latecny", fields()), " Did you mean latency?");
        assert_eq!(suggestion("Stats", fields()), " Did you mean status?");
        assert_eq!(suggestion("it", fields()), "");
        assert_eq!(suggestion("weather", fields()), "");
    }
}
