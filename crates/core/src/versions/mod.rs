//! Two versions of a prompt as production saw them: measure by measure, with what can be said of the difference.

mod traces;
mod words;

use crate::statistics::{Aim, Estimate, Judged, Mean, Measured, Outcome, Share, judge, outcome};
use fanlight_wire::version_stats::{MeanStat, QuantileStat, VersionStats};
use std::collections::BTreeSet;
pub use traces::filter;
pub use words::{Tone, Words, summary, words};

/// What is measured.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Measure {
    ErrorRate,
    LatencyP50,
    LatencyP95,
    Tokens,
    Cost,
    /// Of a feedback key.
    Score(String),
}

impl Measure {
    pub fn label(&self) -> String {
        match self {
            Measure::ErrorRate => "Error rate".into(),
            Measure::LatencyP50 => "p50 latency".into(),
            Measure::LatencyP95 => "p95 latency".into(),
            Measure::Tokens => "Tokens per run".into(),
            Measure::Cost => "Cost per run".into(),
            Measure::Score(key) => key.clone(),
        }
    }

    /// Scores are taken to be better when higher: nothing that is recorded says otherwise.
    fn aim(&self) -> Aim {
        match self {
            Measure::Score(_) => Aim::Higher,
            _ => Aim::Lower,
        }
    }

    fn of(&self, version: &VersionStats) -> Measured {
        match self {
            Measure::ErrorRate => Measured::Share(Share { n_yes: version.n_errors, n: version.n }),
            Measure::LatencyP50 => quantile(version.latency_p50),
            Measure::LatencyP95 => quantile(version.latency_p95),
            Measure::Tokens => mean(version.tokens),
            Measure::Cost => mean(version.cost),
            Measure::Score(key) => version.feedback.get(key).map_or(Measured::Nothing, |stat| match stat.n_ones {
                Some(n_yes) => Measured::Share(Share { n_yes, n: stat.n }),
                None => mean(*stat),
            }),
        }
    }
}

fn quantile(stat: Option<QuantileStat>) -> Measured {
    stat.map_or(Measured::Nothing, |QuantileStat { n, value, low, high }| {
        Measured::Quantile(Estimate { value, low, high, n })
    })
}

fn mean(MeanStat { n, mean, variance, .. }: MeanStat) -> Measured {
    if n == 0 { Measured::Nothing } else { Measured::Mean(Mean { n, mean, variance }) }
}

/// One measure of both versions, judged.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    pub measure: Measure,
    pub judged: Judged,
}

/// Two versions compared.
#[derive(Clone, Debug, PartialEq)]
pub struct Production {
    pub rows: Vec<Row>,
    pub outcome: Outcome,
}

/// Judges B against A by everything that is known of either. A version that no run names is one without runs.
pub fn compare(a: &VersionStats, b: &VersionStats) -> Production {
    let keys: BTreeSet<&String> = a.feedback.keys().chain(b.feedback.keys()).collect();
    let fixed =
        [Measure::ErrorRate, Measure::LatencyP50, Measure::LatencyP95, Measure::Tokens, Measure::Cost].into_iter();
    let measures: Vec<Measure> = fixed
        .chain(keys.into_iter().cloned().map(Measure::Score))
        .filter(|measure| [a, b].iter().any(|side| is_known(measure, measure.of(side))))
        .collect();
    let judged =
        judge(&measures.iter().map(|measure| (measure.aim(), measure.of(a), measure.of(b))).collect::<Vec<_>>());
    let outcome = outcome(&judged);
    let rows = measures.into_iter().zip(judged).map(|(measure, judged)| Row { measure, judged }).collect();
    Production { rows, outcome }
}

/// Runs without any model call have no tokens, which is no finding.
fn is_known(measure: &Measure, measured: Measured) -> bool {
    let is_nothing = |value: f64| *measure == Measure::Tokens && value == 0.0;
    measured.estimate().is_some_and(|estimate| estimate.n > 0 && !is_nothing(estimate.value))
}

#[cfg(test)]
mod tests;
