//! What a row of the comparison says, to eyes and to screen readers.

use super::baseline::{Baseline, Place, percentile_words};
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
    /// "same", "≈ 80 %", "differs", or nothing; against a baseline "p97".
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
        // What failed in the typical trace of a baseline says nothing of others.
        let judged = if comparison.baseline().is_some() { &sides[1..] } else { &sides[..] };
        let has_error = judged.iter().any(|(side, run)| run.is_some_and(|run| side.tree.has_error(run)));
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
            output: match comparison.baseline() {
                Some(baseline) => placed(comparison, baseline, measure, pair).map(|it| percentile_words(it.percentile)),
                None => output(comparison, pair),
            }
            .unwrap_or_default(),
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

/// Where the run of B stands among its counterparts.
fn placed(comparison: &Comparison, baseline: &Baseline, measure: Measure, pair: Pair) -> Option<Place> {
    let run = pair.b?;
    baseline.place(run, measure, measure.of(&comparison.b, run)?)
}

fn output(comparison: &Comparison, pair: Pair) -> Option<String> {
    Some(match output_likeness(&comparison.a, &comparison.b, pair) {
        OutputLikeness::Unknown => return None,
        OutputLikeness::Same => "same".into(),
        OutputLikeness::Alike(share) => format!("≈ {:.0} %", tenths(share) * 10.0),
        OutputLikeness::Different => "differs".into(),
    })
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

/// "search tool, A 310 ms, B 1.2 s, slower by 890 ms, output differs"; against a baseline "search tool, usually 310 ms,
/// here 1.2 s, slower by 890 ms, percentile 97 of 24, time is unusual".
fn spoken(comparison: &Comparison, measure: Measure, idx: PairIdx) -> String {
    let pair = comparison.pair(idx);
    let kind = match either(comparison, pair, |side, run| side.tree.run_type(run)) {
        RunType::Llm => "LLM".to_owned(),
        other => run_type_label(other).to_lowercase(),
    };
    let mut parts = vec![format!("{} {kind}", both(comparison, pair, name))];
    let amounts = comparison.amounts(idx, measure);
    let unit = if measure == Measure::Tokens { " tokens" } else { "" };
    let words = if comparison.baseline().is_some() { ["usually", "here"] } else { ["A", "B"] };
    for (word, side, run, amount) in
        [(words[0], &comparison.a, pair.a, amounts.a), (words[1], &comparison.b, pair.b, amounts.b)]
    {
        match (amount, run) {
            (Some(amount), _) => parts.push(format!("{word} {}{unit}", measure.text(amount))),
            (None, Some(run)) if side.tree.status(run) == RunStatus::Pending => parts.push(format!("{word} running")),
            (None, Some(_)) => parts.push(format!("{word} unknown")),
            (None, None) => {}
        }
        if run.is_some_and(|run| side.tree.has_error(run)) && word != "usually" {
            parts.push(format!("{word} failed"));
        }
    }
    if let (Some(a), Some(b)) = (amounts.a, amounts.b) {
        parts.extend(measure.spoken(a, b));
    }
    let differences: Differences = comparison.differences(idx);
    let is_equal = comparison.is_equal_throughout(idx);
    let first = match comparison.baseline() {
        Some(baseline) => {
            let place = placed(comparison, baseline, measure, pair);
            parts.extend(place.map(|it| format!("percentile {} of {}", &percentile_words(it.percentile)[1..], it.n)));
            if pair.b.is_none() {
                parts.push("not in this trace".into());
            } else if differences.is_empty() {
                parts.push(if is_equal { "nothing unusual".into() } else { "unusual below".into() });
            }
            "first that is unusual"
        }
        None => {
            if differences.is_empty() {
                parts.push(if is_equal { "equal".into() } else { "differs below".into() });
            }
            "first divergence"
        }
    };
    parts.extend(differences.iter().map(|difference| comparison.sentence(difference).to_owned()));
    if comparison.first_divergence() == Some(idx) {
        parts.push(first.into());
    }
    parts.join(", ")
}

impl Comparison {
    /// What a difference means here, in words.
    pub fn sentence(&self, difference: Difference) -> &'static str {
        match (self.baseline(), difference) {
            (Some(_), Difference::OnlyB) => "most traces have no such run",
            (Some(_), Difference::Tokens) => "tokens are unusual",
            _ => difference.sentence(),
        }
    }

    /// The same as a badge on a row.
    pub fn word(&self, difference: Difference) -> &'static str {
        match (self.baseline(), difference) {
            (Some(_), Difference::OnlyB) => "rare",
            _ => difference.word(),
        }
    }
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
    use crate::model::fixtures::trace_from_text;
    use expect_test::expect;

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
    fn against_a_baseline_a_row_says_what_is_usual_and_where_it_stands() {
        let agent = |search_ms: i64, rest: &str| {
            let (end, chat_end) = (search_ms + 800, search_ms + 100);
            let text = format!("agent 0..{end}\n search:tool 0..{search_ms}\n chat:llm {search_ms}..{chat_end}{rest}");
            Side::new(trace_from_text(&text).into(), None)
        };
        let (subject, typical) = (agent(1200, "\n retry:tool 1700..1720"), agent(300, ""));
        let mut baseline = Baseline::new(&subject);
        (0..10).for_each(|nth| baseline.add(&subject, &agent(290 + 2 * nth, "")));
        let comparison = Comparison::new(typical, subject).against(baseline.into());
        let spoken: Vec<String> = (0..4).map(|idx| row(&comparison, idx).spoken).collect();
        expect![[r#"
            agent chain, usually 1.10 s, here 2.00 s, slower by 901 ms, percentile 99 of 10, time is unusual
            search tool, usually 299 ms, here 1.20 s, slower by 901 ms, percentile 99 of 10, time is unusual, first that is unusual
            chat LLM, usually 100 ms, here 100 ms, percentile 50 of 10, nothing unusual
            retry tool, here 20 ms, most traces have no such run"#]]
        .assert_eq(&spoken.join("\n"));
        assert_eq!((row(&comparison, 1).output.as_str(), row(&comparison, 1).a.as_str()), ("p99", "299 ms"));
        assert_eq!(comparison.contributors(Measure::Time, 5).first().map(|it| it.pair), Some(1));
    }

    #[test]
    fn that_the_typical_trace_has_a_failed_run_makes_one_without_it_not_unusual() {
        let failed = Side::new(trace_from_text("agent 0..10\n chat:llm 0..5 error").into(), None);
        let subject = Side::new(trace_from_text("agent 0..10\n chat:llm 0..5").into(), None);
        let comparison = Comparison::new(failed, subject.clone()).against(Baseline::new(&subject).into());
        let text = row(&comparison, 1);
        assert_eq!(
            (text.has_error, text.spoken.contains("failed"), text.spoken.contains("status")),
            (false, false, false)
        );
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
