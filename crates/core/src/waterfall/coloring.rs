//! What the colour of a bar stands for, and what the legend says about it.

use super::link::choices::ColorBy;
use super::marks::Fill;
use crate::format::cost::cost;
use crate::format::run_type::run_type_label;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::{RunStatus, RunType, Usd};

/// Names share these: an eighth would change the style once too often in a frame.
const N_SHARED: u8 = 7;
/// Lines of a legend; more cannot be told apart anyway.
const MOST_ENTRIES: usize = 8;

/// The colours of one tree's runs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Coloring {
    by: ColorBy,
    /// Of each distinct string of the tree, where colours stand for names or models.
    of_string: Vec<Fill>,
    /// The largest cost of any run.
    most_pico: i64,
}

impl Coloring {
    pub fn new(tree: &RunTree, by: ColorBy) -> Self {
        let of_string = match by {
            ColorBy::Model | ColorBy::Name => shared_out(tree.strings(), by),
            _ => Vec::new(),
        };
        let most_pico = match by {
            ColorBy::Cost => (0..tree.n_runs() as RunIdx).filter_map(|run| pico(tree, run)).max().unwrap_or(0),
            _ => 0,
        };
        Coloring { by, of_string, most_pico }
    }

    pub fn by(&self) -> ColorBy {
        self.by
    }

    /// The colour of a run's bar. [`Fill::NEUTRAL`] bars are outlines.
    pub fn fill(&self, tree: &RunTree, run: RunIdx) -> Fill {
        let of_string = |idx: Option<usize>| idx.and_then(|idx| self.of_string.get(idx).copied());
        match self.by {
            ColorBy::Kind => fill_of_type(tree.run_type(run)),
            ColorBy::Name => of_string(tree.string_indices(run)[0]).unwrap_or(Fill::NEUTRAL),
            ColorBy::Model => of_string(tree.string_indices(run)[1]).unwrap_or(Fill::NEUTRAL),
            ColorBy::Status => match tree.status(run) {
                RunStatus::Success => Fill::series(0),
                RunStatus::Interrupted => Fill::series(5),
                RunStatus::Pending => Fill::NEUTRAL,
                RunStatus::Error => Fill::ERROR,
            },
            ColorBy::Cost => pico(tree, run).map_or(Fill::NEUTRAL, |pico| self.step(pico)),
        }
    }

    // By square root: a tenth of the largest cost is a third of the way up.
    fn step(&self, pico: i64) -> Fill {
        let share = (pico.max(0) as f64 / self.most_pico.max(1) as f64).sqrt();
        Fill::scale((share * f64::from(Fill::N_SCALE)) as u8)
    }

    /// What the colours mean, the most frequent first where there are more than fit; and how many there are in all.
    pub fn legend(&self, tree: &RunTree) -> (Vec<(Fill, String)>, usize) {
        let mut entries: Vec<(Fill, String, usize)> = Vec::new();
        match self.by {
            ColorBy::Cost => {
                let at = |step: u8| {
                    let share = f64::from(step) / f64::from(Fill::N_SCALE);
                    let from = Usd::from_pico((self.most_pico as f64 * share * share) as i64);
                    (Fill::scale(step), format!("from {}", cost(from)), 1)
                };
                entries.extend((0..Fill::N_SCALE).filter(|_| self.most_pico > 0).map(at));
                entries.push((Fill::NEUTRAL, "no price known".to_owned(), 1));
            }
            ColorBy::Kind => {
                let mut n_of = [0; RunType::ALL.len()];
                (0..tree.n_runs() as RunIdx).for_each(|run| n_of[tree.run_type(run) as usize] += 1);
                let entry = |&run_type: &RunType| {
                    (fill_of_type(run_type), run_type_label(run_type).to_owned(), n_of[run_type as usize])
                };
                entries.extend(RunType::ALL.iter().map(entry).filter(|entry| entry.2 > 0));
            }
            ColorBy::Status => {
                let mut n_of = [0; 4];
                let statuses = [RunStatus::Success, RunStatus::Error, RunStatus::Pending, RunStatus::Interrupted];
                let fills = [Fill::series(0), Fill::ERROR, Fill::NEUTRAL, Fill::series(5)];
                let words = ["Succeeded", "Failed", "Running", "Interrupted"];
                for run in 0..tree.n_runs() as RunIdx {
                    n_of[statuses.iter().position(|&status| status == tree.status(run)).unwrap_or(0)] += 1;
                }
                let all = fills.into_iter().zip(words).zip(n_of).map(|((fill, word), n)| (fill, word.to_owned(), n));
                entries.extend(all.filter(|entry| entry.2 > 0));
            }
            ColorBy::Model | ColorBy::Name => {
                let which = usize::from(self.by == ColorBy::Model);
                let mut n_of = vec![0usize; tree.strings().len()];
                for run in 0..tree.n_runs() as RunIdx {
                    if let Some(idx) = tree.string_indices(run)[which] {
                        n_of[idx] += 1;
                    }
                }
                let found = n_of.iter().enumerate().filter(|&(_, &n)| n > 0);
                entries.extend(found.map(|(idx, &n)| (self.of_string[idx], tree.strings()[idx].clone(), n)));
                entries.sort_by(|one, other| other.2.cmp(&one.2).then_with(|| one.1.cmp(&other.1)));
            }
        }
        let n_entries = entries.len();
        entries.truncate(MOST_ENTRIES);
        (entries.into_iter().map(|(fill, text, _)| (fill, text)).collect(), n_entries)
    }
}

fn pico(tree: &RunTree, run: RunIdx) -> Option<i64> {
    tree.cost(run).map(|cost| cost.picodollars)
}

/// The colour that stands for a kind of run.
pub fn fill_of_type(run_type: RunType) -> Fill {
    match run_type {
        RunType::Chain => Fill::NEUTRAL,
        RunType::Llm => Fill::series(0),
        RunType::Tool => Fill::series(1),
        RunType::Retriever => Fill::series(2),
        RunType::Embedding => Fill::series(3),
        RunType::Prompt => Fill::series(4),
        RunType::Parser => Fill::series(5),
    }
}

/// A colour for each string: the same in every trace, unless another of this trace had it first. Names that differ in
/// digits only (`step 1`, `step 2`) are one name; models are not.
fn shared_out(strings: &[String], by: ColorBy) -> Vec<Fill> {
    let key = |text: &str| -> String {
        if by == ColorBy::Model {
            text.to_owned()
        } else {
            text.chars().filter(|char| !char.is_ascii_digit()).collect()
        }
    };
    let keys: Vec<String> = strings.iter().map(|text| key(text)).collect();
    let mut distinct: Vec<&String> = keys.iter().collect();
    distinct.sort_unstable();
    distinct.dedup();
    let mut is_taken = [false; N_SHARED as usize];
    let fills: Vec<Fill> = distinct
        .iter()
        .map(|key| {
            let wanted = (hash(key) % u64::from(N_SHARED)) as u8;
            let near = (0..N_SHARED).map(|offset| (wanted + offset) % N_SHARED);
            let free = near.into_iter().find(|&idx| !is_taken[idx as usize]).unwrap_or(wanted);
            is_taken[free as usize] = true;
            Fill::series(free)
        })
        .collect();
    keys.iter().map(|key| fills[distinct.binary_search(&key).unwrap_or(0)]).collect()
}

/// FNV-1a: the same on every machine and in every version, which the standard library's is not.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;

    const TRACE: &str = "agent 0..100
        step1:llm 0..10 model=gpt-4o cost=0.09
        step2:llm 10..20 model=gpt-4o-mini cost=0.01
        search:tool 20..30 error
        step3:llm 30..40 model=gpt-4o";

    fn fills(by: ColorBy) -> Vec<String> {
        let tree = trace_from_text(TRACE);
        let coloring = Coloring::new(&tree, by);
        (0..5).map(|run| coloring.fill(&tree, run).token()).collect()
    }

    fn legend(by: ColorBy) -> Vec<String> {
        let tree = trace_from_text(TRACE);
        let (entries, _) = Coloring::new(&tree, by).legend(&tree);
        entries.into_iter().map(|(fill, text)| format!("{} {text}", fill.token())).collect()
    }

    #[test]
    fn kinds_have_their_colours_and_chains_are_neutral() {
        assert_eq!(fills(ColorBy::Kind), ["run-chain", "series-1", "series-1", "series-2", "series-1"]);
        assert_eq!(legend(ColorBy::Kind), ["run-chain Chain", "series-1 LLM", "series-2 Tool"]);
    }

    #[test]
    fn names_that_differ_in_digits_only_share_a_colour() {
        let fills = fills(ColorBy::Name);
        assert!(fills[1] == fills[2] && fills[1] == fills[4]);
        assert!(fills[1] != fills[3] && fills[0] != fills[1]);
    }

    #[test]
    fn models_that_differ_in_digits_do_not() {
        let fills = fills(ColorBy::Model);
        assert_eq!((&fills[0], &fills[3]), (&"run-chain".to_owned(), &"run-chain".to_owned()));
        assert!(fills[1] == fills[4] && fills[1] != fills[2]);
        assert_eq!(legend(ColorBy::Model).len(), 2);
    }

    #[test]
    fn failures_are_red_when_colours_mean_status() {
        assert_eq!(fills(ColorBy::Status), ["series-1", "series-1", "series-1", "error", "series-1"]);
        assert_eq!(legend(ColorBy::Status), ["series-1 Succeeded", "error Failed"]);
    }

    #[test]
    fn costs_climb_a_scale_and_an_unknown_price_is_not_nothing() {
        assert_eq!(fills(ColorBy::Cost), ["run-chain", "scale-6", "scale-3", "run-chain", "run-chain"]);
        assert_eq!(legend(ColorBy::Cost).first().map(String::as_str), Some("scale-1 from $0"));
    }

    #[test]
    fn a_legend_of_many_names_says_how_many_there_are() {
        let lines: String = ('a'..='z').map(|letter| format!("\n {letter} 0..1")).collect();
        let tree = trace_from_text(&format!("root 0..1{lines}"));
        let (entries, n) = Coloring::new(&tree, ColorBy::Name).legend(&tree);
        assert_eq!((entries.len(), n), (8, 27));
    }
}
