//! What a row of the comparison says, to eyes and to screen readers.

use super::difference::{Difference, Differences, OutputLikeness, output_likeness};
use super::measure::{Change, Measure};
use super::pairs::{Comparison, Pair, PairIdx};
use super::rows::Folded;
use super::side::Side;
use crate::format::run_type::run_type_label;
use crate::model::RunIdx;
use fanlight_wire::{RunStatus, RunType};

/// Everything a row shows; equal texts need no change on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct PairText {
    pub pair: PairIdx,
    pub run_type: RunType,
    pub name: String,
    pub model: String,
    pub has_error: bool,
    /// What differs, in the order of [`Difference::ALL`].
    pub differences: Vec<Difference>,
    pub a: String,
    pub b: String,
    pub delta: String,
    pub change: Option<Change>,
    /// "same", "≈ 80 %", "differs", or nothing.
    pub output: String,
    pub depth: u32,
    pub position: u32,
    pub n_siblings: u32,
    /// `None` for a leaf.
    pub is_expanded: Option<bool>,
    /// Pairs hidden by the fold, and how many of them differ.
    pub n_hidden: u32,
    pub n_different_hidden: u32,
    /// The whole row in words.
    pub spoken: String,
}

impl PairText {
    pub fn new(comparison: &Comparison, folded: &Folded, measure: Measure, idx: PairIdx) -> Self {
        let pair = comparison.pair(idx);
        let amounts = comparison.amounts(idx, measure);
        let is_expanded = comparison.has_children(idx).then(|| !folded.contains(idx));
        let below = idx + 1..comparison.subtree_end(idx);
        let is_folded = is_expanded == Some(false);
        let (position, n_siblings) = comparison.sibling_position(idx);
        let text = |amount: Option<i64>| amount.map(|amount| measure.text(amount)).unwrap_or_default();
        let sides = [(&comparison.a, pair.a), (&comparison.b, pair.b)];
        let has_error = sides.iter().any(|(side, run)| run.is_some_and(|run| side.tree.has_error(run)));
        PairText {
            pair: idx,
            run_type: either(comparison, pair, |side, run| side.tree.run_type(run)),
            name: both(comparison, pair, name),
            model: both(comparison, pair, |side, run| side.tree.model(run).map(shortened).unwrap_or_default()),
            has_error,
            differences: comparison.differences(idx).iter().collect(),
            a: text(amounts.a),
            b: text(amounts.b),
            delta: amounts.delta.map(|delta| measure.signed_text(delta)).unwrap_or_default(),
            change: amounts.change(measure),
            output: match output_likeness(&comparison.a, &comparison.b, pair) {
                OutputLikeness::Unknown => String::new(),
                OutputLikeness::Same => "same".into(),
                OutputLikeness::Alike(share) => format!("≈ {:.0} %", tenths(share) * 10.0),
                OutputLikeness::Different => "differs".into(),
            },
            depth: comparison.depth(idx),
            position: position + 1,
            n_siblings,
            is_expanded,
            n_hidden: if is_folded { below.len() as u32 } else { 0 },
            n_different_hidden: if is_folded { comparison.n_different(below) } else { 0 },
            spoken: spoken(comparison, measure, idx),
        }
    }
}

/// The sketches are no more exact than that. What differs is never said to be wholly alike.
fn tenths(share: f64) -> f64 {
    (share * 10.0).round().clamp(0.0, 9.0)
}

/// Of B, which is the newer one, unless there is none.
fn either<T>(comparison: &Comparison, pair: Pair, read: impl Fn(&Side, RunIdx) -> T) -> T {
    match (pair.a, pair.b) {
        (_, Some(run)) => read(&comparison.b, run),
        (Some(run), None) => read(&comparison.a, run),
        (None, None) => unreachable!("a pair has a run"),
    }
}

/// `old → new` when they are not the same.
fn both(comparison: &Comparison, pair: Pair, read: impl Fn(&Side, RunIdx) -> String) -> String {
    match (pair.a.map(|run| read(&comparison.a, run)), pair.b.map(|run| read(&comparison.b, run))) {
        (Some(a), Some(b)) if a != b => match (a.is_empty(), b.is_empty()) {
            (true, _) => b,
            (_, true) => a,
            _ => format!("{a} → {b}"),
        },
        (a, b) => b.or(a).unwrap_or_default(),
    }
}

fn name(side: &Side, run: RunIdx) -> String {
    let name = side.tree.name(run);
    if name.is_empty() { "unnamed".into() } else { shortened(name) }
}

/// "search tool, A 310 ms, B 1.2 s, slower by 890 ms, output differs".
fn spoken(comparison: &Comparison, measure: Measure, idx: PairIdx) -> String {
    let pair = comparison.pair(idx);
    let kind = match either(comparison, pair, |side, run| side.tree.run_type(run)) {
        RunType::Llm => "LLM".to_owned(),
        other => run_type_label(other).to_lowercase(),
    };
    let mut parts = vec![format!("{} {kind}", both(comparison, pair, name))];
    let amounts = comparison.amounts(idx, measure);
    let unit = if measure == Measure::Tokens { " tokens" } else { "" };
    for (letter, side, run, amount) in
        [("A", &comparison.a, pair.a, amounts.a), ("B", &comparison.b, pair.b, amounts.b)]
    {
        let Some(run) = run else { continue };
        parts.push(match amount {
            Some(amount) => format!("{letter} {}{unit}", measure.text(amount)),
            None if side.tree.status(run) == RunStatus::Pending => format!("{letter} running"),
            None => format!("{letter} unknown"),
        });
        if side.tree.has_error(run) {
            parts.push(format!("{letter} failed"));
        }
    }
    if let (Some(a), Some(b)) = (amounts.a, amounts.b) {
        parts.extend(measure.spoken(a, b));
    }
    let differences: Differences = comparison.differences(idx);
    if differences.is_empty() {
        parts.push(if comparison.is_equal_throughout(idx) { "equal".into() } else { "differs below".into() });
    }
    parts.extend(differences.iter().map(|difference| difference.sentence().to_owned()));
    if comparison.first_divergence() == Some(idx) {
        parts.push("first divergence".into());
    }
    parts.join(", ")
}

/// Rows are one line: of a name that is a novel, the beginning will do.
fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{compared, compared_with_payloads};
    use super::*;

    fn row(comparison: &Comparison, idx: PairIdx) -> PairText {
        PairText::new(comparison, &Folded::default(), Measure::Time, idx)
    }

    #[test]
    fn a_row_says_all_that_it_shows() {
        let comparison = compared_with_payloads(
            "agent 0..1000 | q | a\n search:tool 0..310 | q | x\n chat:llm 400..600 | 1 | 1",
            "agent 0..2000 | q | a\n search:tool 0..1200 | q | y\n chat:llm 1300..1500 error | 1 | 1",
        );
        assert_eq!(
            row(&comparison, 1).spoken,
            "search tool, A 310 ms, B 1.20 s, slower by 890 ms, output differs, first divergence"
        );
        assert_eq!(row(&comparison, 0).spoken, "agent chain, A 1.00 s, B 2.00 s, slower by 1.00 s, differs below");
        assert_eq!(row(&comparison, 2).spoken, "chat LLM, A 200 ms, B 200 ms, B failed, status differs");
        let text = row(&comparison, 1);
        assert_eq!((text.a.as_str(), text.b.as_str(), text.delta.as_str()), ("310 ms", "1.20 s", "+890 ms"));
        assert_eq!((text.change, text.output.as_str()), (Some(Change::More), "differs"));
    }

    #[test]
    fn what_has_no_counterpart_says_so() {
        let comparison = compared("agent 0..10\n a:tool 0..5", "agent 0..10\n b:tool 0..5");
        assert_eq!(row(&comparison, 1).spoken, "a tool, A 5 ms, only in A, first divergence");
        assert_eq!(row(&comparison, 2).spoken, "b tool, B 5 ms, only in B");
    }

    #[test]
    fn a_fold_says_what_it_hides() {
        let comparison = compared("agent 0..9\n a 0..9\n  b 0..9", "agent 0..9\n a 0..9");
        let mut folded = Folded::default();
        folded.toggle(0);
        let text = PairText::new(&comparison, &folded, Measure::Time, 0);
        assert_eq!((text.n_hidden, text.n_different_hidden, text.is_expanded), (2, 1, Some(false)));
    }

    #[test]
    fn names_and_models_that_changed_show_both() {
        let comparison = compared("old 0..9 model=x", "new 0..9 model=y");
        let text = row(&comparison, 0);
        assert_eq!((text.name.as_str(), text.model.as_str()), ("old → new", "x → y"));
    }
}
