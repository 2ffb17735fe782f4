//! What differs between two runs that correspond.

use super::baseline::Baseline;
use super::measure::Measure;
use super::pairs::Pair;
use super::side::Side;
use crate::model::RunIdx;
use fanlight_wire::digest::similarity;

/// One way in which two runs differ. Times, tokens and costs are compared apart; see [`super::measure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Difference {
    /// There is no such run in B.
    OnlyA,
    /// There is no such run in A.
    OnlyB,
    /// Another name or kind; only roots are compared that differ so much.
    Name,
    Model,
    Inputs,
    Outputs,
    Error,
    Status,
    /// The counts of tokens, which stand in for payloads that could not be compared; against a baseline: they are unusual.
    Tokens,
    /// The time is unusual; only against a baseline.
    Time,
    /// The cost is unusual; only against a baseline.
    Cost,
}

impl Difference {
    pub const ALL: [Difference; 11] = [
        Difference::OnlyA,
        Difference::OnlyB,
        Difference::Name,
        Difference::Model,
        Difference::Inputs,
        Difference::Outputs,
        Difference::Error,
        Difference::Status,
        Difference::Tokens,
        Difference::Time,
        Difference::Cost,
    ];

    /// As in "output differs".
    pub fn sentence(self) -> &'static str {
        match self {
            Difference::OnlyA => "only in A",
            Difference::OnlyB => "only in B",
            Difference::Name => "name differs",
            Difference::Model => "model differs",
            Difference::Inputs => "input differs",
            Difference::Outputs => "output differs",
            Difference::Error => "error differs",
            Difference::Status => "status differs",
            Difference::Tokens => "tokens differ",
            Difference::Time => "time is unusual",
            Difference::Cost => "cost is unusual",
        }
    }

    /// As a badge on a row.
    pub fn word(self) -> &'static str {
        match self {
            Difference::OnlyA => "only A",
            Difference::OnlyB => "only B",
            Difference::Name => "name",
            Difference::Model => "model",
            Difference::Inputs => "input",
            Difference::Outputs => "output",
            Difference::Error => "error",
            Difference::Status => "status",
            Difference::Tokens => "tokens",
            Difference::Time => "time",
            Difference::Cost => "cost",
        }
    }
}

/// All that differs in a pair.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Differences(u16);

impl Differences {
    pub(super) fn of(a: &Side, b: &Side, pair: Pair) -> Self {
        let mut found = Differences::default();
        match (pair.a, pair.b) {
            (Some(one), Some(other)) => found.compare((a, one), (b, other)),
            (_, None) => found.add(Difference::OnlyA, true),
            (None, _) => found.add(Difference::OnlyB, true),
        }
        found
    }

    /// What is unusual about a run of B. Payloads are expected to differ, and a run that only one trace of the baseline has
    /// is no loss; what most of them have and B has not is not among its runs.
    pub(super) fn from_usual(baseline: &Baseline, a: &Side, b: &Side, pair: Pair) -> Self {
        let mut found = Differences::default();
        let Some(run) = pair.b else { return found };
        found.add(Difference::OnlyB, baseline.is_rare(run));
        if let Some(usual) = pair.a {
            found.add(Difference::Model, a.tree.model(usual) != b.tree.model(run));
            // That the typical trace has failed runs makes no other unusual for having none.
            found.add(Difference::Status, b.tree.has_error(run) && !a.tree.has_error(usual));
        }
        let measures = [
            (Measure::Time, Difference::Time),
            (Measure::Tokens, Difference::Tokens),
            (Measure::Cost, Difference::Cost),
        ];
        for (measure, difference) in measures {
            let is_unusual = measure.of(b, run).is_some_and(|amount| baseline.is_unusual(run, measure, amount));
            found.add(difference, is_unusual);
        }
        found
    }

    fn compare(&mut self, (a, one): (&Side, RunIdx), (b, other): (&Side, RunIdx)) {
        let (one_tree, other_tree) = (&a.tree, &b.tree);
        let is_other_kind = one_tree.run_type(one) != other_tree.run_type(other);
        self.add(Difference::Name, is_other_kind || a.name(one) != b.name(other));
        self.add(Difference::Model, one_tree.model(one) != other_tree.model(other));
        self.add(Difference::Status, one_tree.status(one) != other_tree.status(other));
        match (a.digests(one), b.digests(other)) {
            (Some(left), Some(right)) => {
                self.add(Difference::Inputs, left.inputs != right.inputs);
                self.add(Difference::Outputs, left.outputs != right.outputs);
                self.add(Difference::Error, left.error != right.error);
            }
            _ => self.add(Difference::Tokens, one_tree.tokens(one) != other_tree.tokens(other)),
        }
    }

    fn add(&mut self, difference: Difference, is_there: bool) {
        self.0 |= u16::from(is_there) << difference as u16;
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn contains(self, difference: Difference) -> bool {
        self.0 >> difference as u16 & 1 == 1
    }

    /// In the order of [`Difference::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Difference> {
        Difference::ALL.into_iter().filter(move |difference| self.contains(*difference))
    }
}

/// How alike what two runs returned is.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum OutputLikeness {
    /// Nothing is known of it, or there is nothing to compare.
    Unknown,
    Same,
    /// From 0 to 1, roughly: a guess from 64 bits of each.
    Alike(f64),
    /// It differs, and has no words to be alike in.
    Different,
}

/// How alike the outputs of a pair are.
pub fn output_likeness(a: &Side, b: &Side, pair: Pair) -> OutputLikeness {
    let digests = |side: &Side, run: Option<RunIdx>| run.and_then(|run| side.digests(run));
    let (Some(one), Some(other)) = (digests(a, pair.a), digests(b, pair.b)) else { return OutputLikeness::Unknown };
    match (one.outputs, other.outputs) {
        (None, None) => OutputLikeness::Unknown,
        (left, right) if left == right => OutputLikeness::Same,
        _ => match one.sketch.zip(other.sketch) {
            Some((left, right)) => OutputLikeness::Alike(similarity(left, right)),
            None => OutputLikeness::Different,
        },
    }
}
