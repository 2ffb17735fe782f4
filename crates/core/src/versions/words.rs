//! What a comparison says, in words and numbers.

use super::{Measure, Production, Row};
use crate::format::cost::cost;
use crate::format::digits::{grouped, percent, three_digits};
use crate::format::duration::duration_from_seconds;
use crate::format::tokens::tokens;
use crate::statistics::judge::LEAST_RUNS;
use crate::statistics::{Estimate, Judged, Outcome, Verdict};
use fanlight_wire::Usd;

/// How a verdict is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Better,
    Worse,
    Unclear,
}

/// One row of the table. Empty texts where there is nothing to say.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    pub a: String,
    pub b: String,
    /// The interval of each, and the runs that it was estimated from: for whoever wants to know.
    pub a_hint: String,
    pub b_hint: String,
    /// `+0.24 s (+18 %)`.
    pub change: String,
    /// `+0.11 … +0.37 s`.
    pub interval: String,
    pub verdict: String,
    pub tone: Tone,
}

pub fn words(row: &Row) -> Words {
    let Row { measure, judged } = row;
    let side = |estimate: Option<Estimate>| estimate.map_or("–".to_owned(), |it| amount(measure, it.value));
    let hint = |estimate: Option<Estimate>| estimate.map_or(String::new(), |it| interval_of(measure, it));
    let change = judged.difference.map(|it| it.value).or_else(|| Some(judged.b?.value - judged.a?.value));
    let relative = judged
        .change()
        .filter(|share| *share != 0.0 && !is_share(row))
        .map(|share| format!(" ({})", signed(share, percent)));
    Words {
        a: side(judged.a),
        b: side(judged.b),
        a_hint: hint(judged.a),
        b_hint: hint(judged.b),
        change: change.map_or(String::new(), |change| {
            format!("{}{}", signed_amount(measure, change), relative.unwrap_or_default())
        }),
        interval: judged.difference.map_or(String::new(), |it| {
            format!("{} to {}", signed_amount(measure, it.low), signed_amount(measure, it.high))
        }),
        verdict: verdict(judged),
        tone: match judged.verdict {
            Verdict::Better => Tone::Better,
            Verdict::Worse => Tone::Worse,
            _ => Tone::Unclear,
        },
    }
}

/// Shares change in percentage points.
fn is_share(row: &Row) -> bool {
    row.measure == Measure::ErrorRate
}

fn verdict(judged: &Judged) -> String {
    let n = judged.a.map_or(0, |it| it.n).min(judged.b.map_or(0, |it| it.n));
    let is_close = judged.difference.is_some_and(|it| it.p <= 0.05);
    match judged.verdict {
        Verdict::Better => "Better".into(),
        Verdict::Worse => "Worse".into(),
        Verdict::TooFew if n < LEAST_RUNS => format!("Too few: needs {LEAST_RUNS} of each"),
        Verdict::TooFew if judged.a.zip(judged.b).is_some_and(|(a, b)| a.value == b.value) => "No difference".into(),
        Verdict::TooFew if [judged.a, judged.b].iter().flatten().any(|it| it.low.is_none() || it.high.is_none()) => {
            "Too few for an interval".into()
        }
        Verdict::TooFew => "Cannot be told".into(),
        Verdict::Noise { more_runs: Some(n) } => {
            let what = if is_close { "Noise among so many measures" } else { "Could be noise" };
            format!("{what}; {} more of each would tell", rounded(n))
        }
        Verdict::Noise { more_runs: None } => "No difference".into(),
    }
}

/// What all of it comes to, in a sentence. `a` and `b` are the names of the versions.
pub fn summary(production: &Production, a: &str, b: &str) -> String {
    let listed = |verdict: Verdict| {
        let rows = production.rows.iter().filter(|row| row.judged.verdict == verdict);
        let labels: Vec<String> = rows.map(|row| in_sentence(&row.measure)).collect();
        match labels.split_last() {
            Some((last, [])) => last.clone(),
            Some((last, rest)) => format!("{} and {last}", rest.join(", ")),
            None => String::new(),
        }
    };
    match production.outcome {
        Outcome::BWins => format!("{b} wins: better in {}, worse in nothing.", listed(Verdict::Better)),
        Outcome::AWins => format!("{a} wins: {b} is worse in {}, better in nothing.", listed(Verdict::Worse)),
        Outcome::TradeOff => {
            format!("A trade-off: {b} is better in {}, worse in {}.", listed(Verdict::Better), listed(Verdict::Worse))
        }
        Outcome::Even => format!("No winner: what differs between {a} and {b} could be noise."),
        Outcome::TooFew => format!("Too early to say: it takes {LEAST_RUNS} runs of each version."),
    }
}

fn in_sentence(measure: &Measure) -> String {
    match measure {
        Measure::ErrorRate => "errors".into(),
        Measure::Tokens => "tokens".into(),
        Measure::Cost => "cost".into(),
        other => other.label(),
    }
}

/// Two significant digits: more would be a promise.
fn rounded(n: u64) -> String {
    let digits = n.checked_ilog10().unwrap_or(0);
    let unit = 10u64.pow(digits.saturating_sub(1));
    let rounded = n.div_ceil(unit).saturating_mul(unit);
    let about = if unit == 1 { "" } else { "about " };
    format!("{about}{}", grouped(i64::try_from(rounded).unwrap_or(i64::MAX)))
}

fn amount(measure: &Measure, value: f64) -> String {
    match measure {
        Measure::ErrorRate => percent(value),
        Measure::LatencyP50 | Measure::LatencyP95 => duration_from_seconds(value),
        Measure::Tokens => tokens(value.round() as i64),
        Measure::Cost => cost(Usd::from_pico((value * 1e12).round() as i64)),
        Measure::Score(_) if value.abs() < 1000.0 => {
            format!("{}{}", if value < 0.0 { "−" } else { "" }, three_digits(value.abs()))
        }
        Measure::Score(_) => grouped(value.round() as i64),
    }
}

fn signed_amount(measure: &Measure, value: f64) -> String {
    signed(value, |value| match measure {
        // The difference of two shares is no share.
        Measure::ErrorRate => percent(value).replace(" %", " pp"),
        _ => amount(measure, value),
    })
}

fn signed(value: f64, print: impl Fn(f64) -> String) -> String {
    match value.abs() {
        0.0 => "±0".into(),
        size if value < 0.0 => format!("−{}", print(size)),
        size => format!("+{}", print(size)),
    }
}

fn interval_of(measure: &Measure, estimate: Estimate) -> String {
    let n = grouped(i64::try_from(estimate.n).unwrap_or(i64::MAX));
    match (estimate.low, estimate.high) {
        (Some(low), Some(high)) => format!("{} to {}, 95 % sure, of {n}", amount(measure, low), amount(measure, high)),
        _ => format!("of {n}; too few for an interval"),
    }
}
