//! Finding runs in a loaded trace: by what its columns hold at once, by what is in payloads once the server has answered.
//!
//! [`Find::read`] understands what is typed ([`token`] by token), [`Find::runs`] looks through the columns, each distinct
//! string once. Payloads are not in the browser: [`Find::words`] says what to ask the server for.

mod amount;
mod matcher;
mod token;

pub use token::BadToken;

use super::run_set::RunSet;
use super::run_tree::{RunIdx, RunTree};
use matcher::Matcher;
use token::{Condition, Test};

/// What to look for: every condition must hold.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Find {
    conditions: Vec<Condition>,
}

/// Runs that were found, in display order, and how many of them only because of their payloads.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    pub runs: Vec<RunIdx>,
    pub n_by_payload: usize,
}

impl Find {
    /// Reads words and `field:value` tokens. The first that cannot be understood is an error: to leave it out would find
    /// what was not asked for.
    pub fn read(text: &str) -> Result<Self, BadToken> {
        Ok(Find { conditions: token::read_all(text)? })
    }

    /// Nothing is looked for.
    pub fn is_blank(&self) -> bool {
        self.conditions.is_empty()
    }

    /// Texts that may be in payloads, too; empty where only columns are asked about.
    pub fn words(&self) -> Vec<&str> {
        let texts = self.conditions.iter().filter(|condition| !condition.is_negated);
        texts
            .filter_map(|condition| match &condition.test {
                Test::Text(text) => Some(text.as_str()),
                _ => None,
            })
            .collect()
    }

    /// The filter that has a server find the runs with all [`Find::words`] in them, as calls; nothing where there is
    /// nothing to search for. A word there begins with what was typed; several in quotes are a phrase.
    pub fn payload_filter(&self) -> Option<String> {
        let of_word = |word: &str| {
            // Signs separate words for the server, too, and some would end the text.
            let text: String = word.chars().map(|c| if c.is_alphanumeric() { c } else { ' ' }).collect();
            match text.split_whitespace().collect::<Vec<_>>().as_slice() {
                [] => None,
                [word] => Some(format!("search(\"{word}*\")")),
                // Several stand side by side, as they do in a name.
                words => Some(format!(r#"search("\"{}\"")"#, words.join(" "))),
            }
        };
        let searches: Vec<String> = self.words().into_iter().filter_map(of_word).collect();
        match searches.as_slice() {
            [] => None,
            [search] => Some(search.clone()),
            searches => Some(format!("and({})", searches.join(", "))),
        }
    }

    /// Runs whose columns match, and those of `by_payload`, runs that hold all [`Find::words`], whose other columns do.
    pub fn runs(&self, tree: &RunTree, by_payload: &RunSet) -> Found {
        let mut found = Found::default();
        if self.is_blank() {
            return found;
        }
        let (texts, others): (Vec<_>, Vec<_>) = self
            .conditions
            .iter()
            .partition(|condition| matches!(condition.test, Test::Text(_)) && !condition.is_negated);
        let (texts, others) = (matchers(tree, texts), matchers(tree, others));
        for run in 0..tree.n_runs() as RunIdx {
            if !others.iter().all(|matcher| matcher.matches(tree, run)) {
                continue;
            }
            if texts.iter().all(|matcher| matcher.matches(tree, run)) {
                found.runs.push(run);
            } else if by_payload.contains(run) {
                found.runs.push(run);
                found.n_by_payload += 1;
            }
        }
        found
    }
}

fn matchers<'c>(tree: &RunTree, conditions: Vec<&'c Condition>) -> Vec<Matcher<'c>> {
    conditions.into_iter().map(|condition| Matcher::new(tree, condition)).collect()
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

    const TRACE: &str = "agent 0..9000
        ChatOpenAI:llm 10..60 model=gpt-4o first=30 cost=0.02
        web_search:tool 20..4000 error
        ChatOpenAI:llm 30..1500 model=gpt-4o-mini cost=0.001
        notes:retriever 30..";

    #[track_caller]
    fn check(query: &str, expected: &[RunIdx]) {
        let find = Find::read(query).expect("can be read");
        assert_eq!(find.runs(&trace_from_text(TRACE), &RunSet::default()).runs, expected, "{query}");
    }

    #[test]
    fn names_and_models_are_found_in_any_case() {
        check("chatopen", &[1, 3]);
        check("MINI", &[3]);
        check("Search", &[2]);
        check("name:SEARCH", &[2]);
        check("name:chat*", &[1, 3]);
        check("name:*notes,agent", &[0, 4]);
        check("model:mini", &[3]);
    }

    #[test]
    fn every_word_must_match() {
        check("chat mini", &[3]);
        check("chat search", &[]);
        check("chat -mini", &[1]);
        check("\"chat mini\"", &[]);
    }

    #[test]
    fn types_status_and_errors_have_words() {
        check("type:tool", &[2]);
        check("kind:tool,llm", &[1, 2, 3]);
        check("kind:retr", &[4]);
        check("err", &[2]);
        check("error", &[2]);
        check("status:success type:llm", &[1, 3]);
        check("-status:success", &[2, 4]);
        check("llm", &[1, 3]);
    }

    #[test]
    fn figures_are_compared() {
        check("dur:>1s", &[0, 2, 3]);
        check("latency:1s..2s", &[3]);
        check("latency:<=50ms", &[1]);
        check("-latency:<=50ms", &[0, 2, 3, 4]);
        check("cost:>0.01", &[1]);
        check("cost:$0.001..", &[1, 3]);
        check("ttft:>=20ms", &[1]);
        check("start:>25ms", &[3, 4]);
        check("has:cost", &[1, 3]);
        check("has:children", &[0]);
    }

    #[test]
    fn an_id_is_found() {
        check("00000000-0000-0000-0000-000000000003", &[2]);
    }

    #[test]
    fn a_blank_query_finds_nothing() {
        check("  ", &[]);
    }

    #[test]
    fn what_payloads_hold_is_merged_and_counted_but_other_conditions_stay() {
        let find = Find::read("refund kind:llm -mini").expect("can be read");
        assert_eq!(find.words(), ["refund"]);
        let found = find.runs(&trace_from_text(TRACE), &[1, 2, 3].into_iter().collect());
        assert_eq!(found, Found { runs: vec![1], n_by_payload: 1 });
        // Without words there is nothing to ask payloads for.
        assert_eq!(Find::read("kind:llm -mini").map(|find| find.words().len()), Ok(0));
    }

    #[test]
    fn the_server_is_asked_for_words_only_and_what_is_typed_stays_text() {
        let filter = |text: &str| Find::read(text).expect("can be read").payload_filter();
        assert_eq!(filter("refund").as_deref(), Some("search(\"refund*\")"));
        assert_eq!(
            filter("Late kind:llm -x \"re-fund\"").as_deref(),
            Some(r#"and(search("late*"), search("\"re fund\""))"#)
        );
        assert_eq!(filter("kind:llm --"), None);
        for text in ["a\") or (\"", "\\\"", "x\\"] {
            let filter = filter(text).unwrap_or_default();
            assert!(filter.is_empty() || fanlight_wire::filter::parse(&filter).is_ok(), "{filter}");
        }
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
