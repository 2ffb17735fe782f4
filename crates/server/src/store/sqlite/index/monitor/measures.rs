//! Metrics of cells: what is looked up in columns for them, once each, and the numbers made of it.

use super::cells::{Cells, Sums, Values};
use crate::store::sqlite::index::columns::{ABSENT, Columns};
use crate::store::sqlite::index::percentile::percentile;
use crate::store::sqlite::index::predicate::Measure;
use fanlight_wire::monitor::Metric;
use fanlight_wire::monitor::series::{Column, Total};
use fanlight_wire::{RunType, Usd};
use std::collections::HashMap;
use std::ops::Range;

const NS_PER_SECOND: f64 = 1e9;

/// A sum, or a count, that metrics are made of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Part {
    Runs,
    Errors,
    Llm,
    Streamed,
    /// Model runs with tokens and without a cost.
    Unpriced,
    /// Nanoseconds.
    Latency,
    /// Tokens and nanoseconds of runs that have both.
    TimedTokens,
    TimeOfTokens,
    TotalTokens,
    PromptTokens,
    CompletionTokens,
    CacheRead,
    Reasoning,
    /// Picodollars.
    Cost,
    PromptCost,
    CompletionCost,
}

impl Part {
    /// [`ABSENT`] adds nothing and is not counted.
    fn of(self, columns: &Columns, slot: u32) -> i64 {
        let idx = slot as usize;
        let counted = |yes: bool| if yes { 1 } else { ABSENT };
        let is_llm = columns.run_type[idx] == RunType::Llm as u8;
        match self {
            Part::Runs => 1,
            Part::Errors => counted(columns.has_error(slot)),
            Part::Llm => counted(is_llm),
            Part::Streamed => counted(is_llm && columns.first_token_ns[idx] != ABSENT),
            Part::Unpriced => counted(is_unpriced(columns, slot)),
            Part::Latency => columns.latency_ns(slot),
            Part::TimedTokens | Part::TimeOfTokens => {
                let (tokens, latency_ns) = (columns.completion_tokens[idx], columns.latency_ns(slot));
                match (tokens > 0 && latency_ns > 0, self) {
                    (false, _) => ABSENT,
                    (true, Part::TimedTokens) => tokens,
                    (true, _) => latency_ns,
                }
            }
            Part::TotalTokens => columns.total_tokens[idx],
            Part::PromptTokens => columns.prompt_tokens[idx],
            Part::CompletionTokens => columns.completion_tokens[idx],
            Part::CacheRead => columns.cache_read_tokens[idx].into(),
            Part::Reasoning => columns.reasoning_tokens[idx].into(),
            Part::Cost => columns.total_cost[idx],
            Part::PromptCost => columns.prompt_cost[idx],
            Part::CompletionCost => columns.completion_cost[idx],
        }
    }
}

/// Whether a run used a model, and nobody knows what that cost.
pub fn is_unpriced(columns: &Columns, slot: u32) -> bool {
    let idx = slot as usize;
    is_model_run(columns, slot) && columns.total_tokens[idx] > 0 && columns.total_cost[idx] == ABSENT
}

pub fn is_model_run(columns: &Columns, slot: u32) -> bool {
    let run_type = columns.run_type[slot as usize];
    run_type == RunType::Llm as u8 || run_type == RunType::Embedding as u8
}

/// What a metric is made of.
enum Recipe {
    /// In units of the number, of which so many are one.
    Sum(Part, f64),
    Money(Part),
    /// The first by the second; null where the second is nothing.
    Ratio(Part, Part, f64),
    Percentile(Measure, f64, f64),
    MoneyPercentile(f64),
    Scores,
}

/// The largest is the last percentile.
fn recipe(metric: &Metric) -> Recipe {
    use Metric as M;
    use Recipe::{Money, MoneyPercentile, Percentile, Ratio, Scores, Sum};
    let seconds = |measure: Measure, rank: f64| Percentile(measure, rank, NS_PER_SECOND);
    match metric {
        M::Count => Sum(Part::Runs, 1.0),
        M::ErrorCount => Sum(Part::Errors, 1.0),
        M::ErrorRate => Ratio(Part::Errors, Part::Runs, 1.0),
        M::LatencyP50 => seconds(Measure::Latency, 0.5),
        M::LatencyP95 => seconds(Measure::Latency, 0.95),
        M::LatencyP99 => seconds(Measure::Latency, 0.99),
        M::LatencyMax => seconds(Measure::Latency, 1.0),
        M::LatencyMean => Ratio(Part::Latency, Part::Latency, 1.0 / NS_PER_SECOND),
        M::FirstTokenP50 => seconds(Measure::FirstTokenLatency, 0.5),
        M::FirstTokenP95 => seconds(Measure::FirstTokenLatency, 0.95),
        M::FirstTokenP99 => seconds(Measure::FirstTokenLatency, 0.99),
        M::TotalTokens => Sum(Part::TotalTokens, 1.0),
        M::PromptTokens => Sum(Part::PromptTokens, 1.0),
        M::CompletionTokens => Sum(Part::CompletionTokens, 1.0),
        M::CacheReadTokens => Sum(Part::CacheRead, 1.0),
        M::CacheReadShare => Ratio(Part::CacheRead, Part::PromptTokens, 1.0),
        M::ReasoningTokens => Sum(Part::Reasoning, 1.0),
        M::TokensPerSecond => Ratio(Part::TimedTokens, Part::TimeOfTokens, NS_PER_SECOND),
        M::Cost => Money(Part::Cost),
        M::PromptCost => Money(Part::PromptCost),
        M::CompletionCost => Money(Part::CompletionCost),
        M::CostP50 => MoneyPercentile(0.5),
        M::CostP99 => MoneyPercentile(0.99),
        M::UnpricedCount => Sum(Part::Unpriced, 1.0),
        M::StreamingRate => Ratio(Part::Streamed, Part::Llm, 1.0),
        M::Feedback(_) => Scores,
    }
}

/// Scores under one key: how many, their mean, and the sum of their squared distances from it (Welford).
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Scores {
    pub n: u32,
    pub mean: f64,
    pub squares: f64,
}

impl Scores {
    pub fn add(&mut self, score: f64) {
        self.n += 1;
        let delta = score - self.mean;
        self.mean += delta / f64::from(self.n);
        self.squares += delta * (score - self.mean);
    }

    /// Of both together (Chan).
    pub fn merge(self, other: Scores) -> Scores {
        if self.n == 0 || other.n == 0 {
            return if self.n == 0 { other } else { self };
        }
        let (n, delta) = (self.n + other.n, other.mean - self.mean);
        let share = f64::from(other.n) / f64::from(n);
        Scores {
            n,
            mean: self.mean + delta * share,
            squares: self.squares + other.squares + delta * delta * f64::from(self.n) * share,
        }
    }
}

/// Scores per cell, by feedback key.
pub type ScoresByKey = HashMap<String, Vec<Scores>>;

/// Everything that the metrics asked for are made of. Looking it up needs the index; the rest takes longer, and does not.
#[derive(Default)]
pub struct Measured {
    parts: HashMap<Part, Sums>,
    values: HashMap<Measure, Values>,
    scores: ScoresByKey,
}

impl Measured {
    pub fn of(columns: &Columns, cells: &Cells, metrics: &[Metric], scores: ScoresByKey) -> Measured {
        let mut measured = Measured { scores, ..Measured::default() };
        for metric in metrics {
            let (parts, measure) = match recipe(metric) {
                Recipe::Sum(part, _) => (vec![part], None),
                // Where no cost is known, it matters whether there are runs.
                Recipe::Money(part) => (vec![part, Part::Runs], None),
                Recipe::Ratio(part, of, _) => (vec![part, of], None),
                Recipe::Percentile(measure, ..) => (vec![], Some(measure)),
                Recipe::MoneyPercentile(_) => (vec![], Some(Measure::TotalCost)),
                Recipe::Scores => (vec![], None),
            };
            for part in parts {
                measured.parts.entry(part).or_insert_with(|| cells.sums(|slot| part.of(columns, slot)));
            }
            if let Some(measure) = measure {
                let values = || cells.values(|slot| measure.of(columns, slot));
                measured.values.entry(measure).or_insert_with(values);
            }
        }
        measured
    }

    /// The metric in each of the cells, and over all of them together.
    pub fn column(&mut self, metric: &Metric, cells: Range<usize>) -> Column {
        let empty = Column {
            metric: metric.clone(),
            values: Vec::with_capacity(cells.len()),
            n: Vec::with_capacity(cells.len()),
            exact: Vec::new(),
            squares: Vec::new(),
            total: Total::default(),
        };
        match recipe(metric) {
            Recipe::Sum(part, unit) => self.sum_column(empty, part, unit, cells),
            Recipe::Money(part) => self.money_column(empty, part, cells),
            Recipe::Ratio(part, of, factor) => self.ratio_column(empty, part, of, factor, cells),
            Recipe::Percentile(measure, rank, unit) => self.percentile_column(empty, measure, rank, unit, cells),
            Recipe::MoneyPercentile(rank) => {
                let mut column = self.percentile_column(empty, Measure::TotalCost, rank, 1.0, cells);
                let exact = |pico: &mut Option<f64>| {
                    let usd = pico.map(|pico| Usd::from_pico(pico.round() as i64));
                    *pico = usd.map(Usd::to_f64);
                    usd
                };
                column.exact = column.values.iter_mut().map(exact).collect();
                column.total.exact = exact(&mut column.total.value);
                column
            }
            Recipe::Scores => self.scores_column(empty, cells),
        }
    }

    fn sum_column(&self, mut column: Column, part: Part, unit: f64, cells: Range<usize>) -> Column {
        let sums = &self.parts[&part];
        let value = |sum: i128| Some(sum as f64 / unit);
        column.values.extend(sums.sum[cells.clone()].iter().map(|sum| value(*sum)));
        column.n.extend_from_slice(&sums.n[cells.clone()]);
        let (sum, n) = sums.total(cells);
        column.total = Total { value: value(sum), n, ..Total::default() };
        column
    }

    fn money_column(&self, mut column: Column, part: Part, cells: Range<usize>) -> Column {
        let (sums, runs) = (&self.parts[&part], &self.parts[&Part::Runs]);
        let usd = |sum: i128, n: u64, n_runs: u64| {
            let is_known = n > 0 || n_runs == 0;
            is_known.then(|| Usd::from_pico(sum.clamp(i64::MIN.into(), i64::MAX.into()) as i64))
        };
        for cell in cells.clone() {
            let exact = usd(sums.sum[cell], sums.n[cell].into(), runs.n[cell].into());
            column.values.push(exact.map(Usd::to_f64));
            column.exact.push(exact);
            column.n.push(sums.n[cell]);
        }
        let ((sum, n), (_, n_runs)) = (sums.total(cells.clone()), runs.total(cells));
        let exact = usd(sum, n, n_runs);
        column.total = Total { value: exact.map(Usd::to_f64), n, exact, squares: None };
        column
    }

    /// A mean has the same part twice: the sum by how many there are.
    fn ratio_column(&self, mut column: Column, part: Part, of: Part, factor: f64, cells: Range<usize>) -> Column {
        let (sums, whole) = (&self.parts[&part], &self.parts[&of]);
        let ratio = |sum: i128, whole: i128, n: u64| {
            let whole = if part == of { i128::from(n) } else { whole };
            (whole != 0).then(|| sum as f64 / whole as f64 * factor)
        };
        for cell in cells.clone() {
            column.values.push(ratio(sums.sum[cell], whole.sum[cell], whole.n[cell].into()));
            column.n.push(whole.n[cell]);
        }
        let ((sum, _), (whole, n)) = (sums.total(cells.clone()), whole.total(cells));
        column.total = Total { value: ratio(sum, whole, n), n, ..Total::default() };
        column
    }

    fn percentile_column(
        &mut self,
        mut column: Column,
        measure: Measure,
        rank: f64,
        unit: f64,
        cells: Range<usize>,
    ) -> Column {
        let values = self.values.get_mut(&measure).expect("was looked up for the metric");
        for cell in cells.clone() {
            let of_cell = values.of(cell..cell + 1);
            column.values.push(percentile(of_cell, rank).map(|value| value / unit));
            column.n.push(of_cell.len() as u32);
        }
        // Of a copy: values must stay in their cells, for the next metric.
        let mut all = values.of(cells).to_vec();
        let n = all.len() as u64;
        column.total = Total { value: percentile(&mut all, rank).map(|value| value / unit), n, ..Total::default() };
        column
    }

    fn scores_column(&self, mut column: Column, cells: Range<usize>) -> Column {
        let Metric::Feedback(key) = &column.metric else { return column };
        let none = vec![Scores::default(); cells.len()];
        let scores = self.scores.get(key).map_or(none.as_slice(), |scores| &scores[cells]);
        let mean = |scores: &Scores| (scores.n > 0).then_some(scores.mean);
        column.values.extend(scores.iter().map(mean));
        column.n.extend(scores.iter().map(|scores| scores.n));
        column.squares.extend(scores.iter().map(|scores| scores.squares));
        let all = scores.iter().copied().fold(Scores::default(), Scores::merge);
        column.total =
            Total { value: mean(&all), n: all.n.into(), exact: None, squares: (all.n > 0).then_some(all.squares) };
        column
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn scores_merged_are_scores_added_one_by_one(all in prop::collection::vec(-10.0f64..10.0, 0..30), cut: prop::sample::Index) {
            let of = |scores: &[f64]| {
                let mut sum = Scores::default();
                scores.iter().for_each(|score| sum.add(*score));
                sum
            };
            let (left, right) = all.split_at(cut.index(all.len() + 1));
            let (merged, whole) = (of(left).merge(of(right)), of(&all));
            prop_assert_eq!(merged.n, whole.n);
            prop_assert!((merged.mean - whole.mean).abs() < 1e-9 && (merged.squares - whole.squares).abs() < 1e-6);
        }
    }
}
