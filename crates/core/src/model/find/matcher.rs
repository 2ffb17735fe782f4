//! One condition, prepared for one trace: each distinct string is looked at once, not once per run.

use super::token::{Condition, Figure, Test};
use crate::model::{RunIdx, RunTree};

pub struct Matcher<'c> {
    condition: &'c Condition,
    /// Per distinct string of the trace whether it matches; empty where no strings are asked about.
    in_string: Vec<bool>,
}

impl<'c> Matcher<'c> {
    pub fn new(tree: &RunTree, condition: &'c Condition) -> Self {
        let strings = |is_match: &dyn Fn(&str) -> bool| -> Vec<bool> {
            tree.strings().iter().map(|string| is_match(&string.to_lowercase())).collect()
        };
        let in_string = match &condition.test {
            Test::Text(text) => strings(&|string| string.contains(text.as_str())),
            Test::Name(patterns) | Test::Model(patterns) => {
                strings(&|string| patterns.iter().any(|pattern| fits(pattern, string)))
            }
            _ => Vec::new(),
        };
        Matcher { condition, in_string }
    }

    pub fn matches(&self, tree: &RunTree, run: RunIdx) -> bool {
        self.holds(tree, run) != self.condition.is_negated
    }

    fn holds(&self, tree: &RunTree, run: RunIdx) -> bool {
        let [name, model] = tree.string_indices(run);
        let is_in = |idx: Option<usize>| idx.is_some_and(|idx| self.in_string[idx]);
        match &self.condition.test {
            Test::Text(text) => {
                let (run_type, status) = (tree.run_type(run).as_str(), tree.status(run).as_str());
                is_in(name) || is_in(model) || run_type == text || status == text
            }
            Test::Name(_) => is_in(name),
            Test::Model(_) => is_in(model),
            Test::Type(types) => types.contains(&tree.run_type(run)),
            Test::Status(statuses) => statuses.contains(&tree.status(run)),
            Test::Amount(figure, range) => amount(tree, run, *figure).is_some_and(|amount| range.contains(amount)),
            Test::Has(figure) => amount(tree, run, *figure).is_some_and(|amount| amount > 0.0),
            Test::Id(id) => tree.id(run) == *id,
        }
    }
}

/// Nanoseconds, dollars or pieces; nothing where the run has none, as a run under way has no latency.
fn amount(tree: &RunTree, run: RunIdx, figure: Figure) -> Option<f64> {
    let start = tree.start_ns(run);
    let (prompt, completion) = tree.tokens(run);
    Some(match figure {
        Figure::Latency => (tree.end_ns(run)? - start) as f64,
        Figure::FirstToken => (tree.first_token_ns(run)? - start) as f64,
        Figure::Start => start as f64,
        Figure::Tokens => f64::from(prompt) + f64::from(completion),
        Figure::PromptTokens => prompt.into(),
        Figure::CompletionTokens => completion.into(),
        Figure::Cost => tree.cost(run)?.picodollars as f64 / 1e12,
        Figure::Children => tree.n_children(run).into(),
        Figure::Feedback => tree.n_feedback(run).into(),
    })
}

/// Whether `pattern` is in `string`; with stars it must be all of it, each star standing for any text.
fn fits(pattern: &str, string: &str) -> bool {
    let Some((first, rest)) = pattern.split_once('*') else { return string.contains(pattern) };
    let Some(mut string) = string.strip_prefix(first) else { return false };
    let mut parts: Vec<&str> = rest.split('*').collect();
    let last = parts.pop().unwrap_or_default();
    for part in parts {
        let Some(at) = string.find(part) else { return false };
        string = &string[at + part.len()..];
    }
    string.ends_with(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stars_stand_for_any_text() {
        for (pattern, string, expected) in [
            ("chat", "my chat model", true),
            ("chat*", "chat model", true),
            ("chat*", "my chat", false),
            ("*chat", "my chat", true),
            ("a*b*c", "a-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("*", "", true),
            ("ab*b", "ab", false),
        ] {
            assert_eq!(fits(pattern, string), expected, "{pattern} {string}");
        }
    }
}
