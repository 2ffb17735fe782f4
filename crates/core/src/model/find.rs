//! Finding runs in a loaded trace by what its columns hold: name, model, type, status.

use super::run_tree::{RunIdx, RunTree};

/// Runs whose name, model, type or status contains each word of `query`, whatever its case, in display order.
///
/// A word `type:X` or `status:X` looks there only; `err` and `error` alone mean failed runs. Nothing for a blank query.
pub fn find_runs(tree: &RunTree, query: &str) -> Vec<RunIdx> {
    let query = query.to_lowercase();
    let words: Vec<Word> = query.split_whitespace().map(|word| Word::read(tree, word)).collect();
    if words.is_empty() {
        return Vec::new();
    }
    (0..tree.n_runs() as RunIdx).filter(|&run| words.iter().all(|word| word.matches(tree, run))).collect()
}

enum Word<'q> {
    Type(&'q str),
    Status(&'q str),
    Failed,
    /// Per distinct string of the trace whether it contains the text: each is looked at once, not once per run.
    Text {
        text: &'q str,
        in_string: Vec<bool>,
    },
}

impl<'q> Word<'q> {
    fn read(tree: &RunTree, word: &'q str) -> Self {
        match word.split_once(':') {
            Some(("type" | "kind", text)) => return Word::Type(text),
            Some(("status", text)) => return Word::Status(text),
            _ if matches!(word, "err" | "error") => return Word::Failed,
            _ => {}
        }
        let in_string = tree.strings().iter().map(|string| string.to_lowercase().contains(word)).collect();
        Word::Text { text: word, in_string }
    }

    fn matches(&self, tree: &RunTree, run: RunIdx) -> bool {
        match self {
            Word::Type(text) => tree.run_type(run).as_str().contains(text),
            Word::Status(text) => tree.status(run).as_str().contains(text),
            Word::Failed => tree.has_error(run),
            Word::Text { text, in_string } => {
                tree.string_indices(run).into_iter().flatten().any(|idx| in_string[idx])
                    || tree.run_type(run).as_str() == *text
                    || tree.status(run).as_str() == *text
            }
        }
    }
}

/// The match to go to from `current`, wrapping round: the next one, or the one before.
pub fn neighbour(matches: &[RunIdx], current: Option<RunIdx>, is_forward: bool) -> Option<RunIdx> {
    let Some(current) = current else {
        return if is_forward { matches.first().copied() } else { matches.last().copied() };
    };
    if is_forward {
        let next = matches.partition_point(|&run| run <= current);
        matches.get(next).or(matches.first()).copied()
    } else {
        let here = matches.partition_point(|&run| run < current);
        here.checked_sub(1).and_then(|before| matches.get(before)).or(matches.last()).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::trace_from_text;
    use super::*;

    const TRACE: &str = "agent 0..100
        ChatOpenAI:llm 10..60 model=gpt-4o
        web_search:tool 20..90 error
        ChatOpenAI:llm 30..40 model=gpt-4o-mini";

    #[track_caller]
    fn check(query: &str, expected: &[RunIdx]) {
        assert_eq!(find_runs(&trace_from_text(TRACE), query), expected);
    }

    #[test]
    fn names_and_models_are_found_in_any_case() {
        check("chatopen", &[1, 3]);
        check("MINI", &[3]);
        check("Search", &[2]);
    }

    #[test]
    fn every_word_must_match() {
        check("chat mini", &[3]);
        check("chat search", &[]);
    }

    #[test]
    fn types_status_and_errors_have_words() {
        check("type:tool", &[2]);
        check("err", &[2]);
        check("status:success type:llm", &[1, 3]);
        check("llm", &[1, 3]);
    }

    #[test]
    fn a_blank_query_finds_nothing() {
        check("  ", &[]);
    }

    #[test]
    fn going_on_from_the_last_match_starts_again() {
        assert_eq!(neighbour(&[2, 5, 9], Some(5), true), Some(9));
        assert_eq!(neighbour(&[2, 5, 9], Some(9), true), Some(2));
        assert_eq!(neighbour(&[2, 5, 9], Some(2), false), Some(9));
        assert_eq!(neighbour(&[2, 5, 9], Some(6), false), Some(5));
        assert_eq!(neighbour(&[2, 5, 9], None, false), Some(9));
        assert_eq!(neighbour(&[], Some(1), true), None);
    }
}
