//! What a set of runs amounts to, as a whole or by group. Feedback is added by whoever can read it.

use super::columns::ABSENT;
use super::memory::Index;
use super::monitor::grouping::largest_by_count;
use super::percentile::{percentile_count, percentile_s};
use super::predicate::Measure;
use fanlight_wire::run_stats::{FacetKey, GroupAttribute, GroupBy, RunStats};
use fanlight_wire::{RunType, Timestamp, Usd};

const DEFAULT_GROUPS: usize = 5;
const MAX_GROUPS: usize = 100;

/// Of the runs in `slots`, without feedback.
pub fn stats(index: &Index, slots: &[u32]) -> RunStats {
    Measured::of(index, slots).into_stats()
}

/// What statistics are made of. Looking it up needs the index; the percentiles take longer, and do not.
pub struct Measured {
    n_runs: usize,
    n_errors: usize,
    n_llm: usize,
    n_streamed: usize,
    last_start_ns: Option<i64>,
    latency: Vec<i64>,
    first_token: Vec<i64>,
    total_tokens: Vec<i64>,
    prompt_tokens: Vec<i64>,
    completion_tokens: Vec<i64>,
    total_cost: Vec<i64>,
    prompt_cost: Vec<i64>,
    completion_cost: Vec<i64>,
}

impl Measured {
    pub fn of(index: &Index, slots: &[u32]) -> Measured {
        let columns = &index.columns;
        let all = |measure: Measure| -> Vec<i64> {
            let values = slots.iter().map(|&slot| measure.of(columns, slot));
            values.filter(|value| *value != ABSENT).collect()
        };
        let is_llm = |slot: u32| columns.run_type[slot as usize] == RunType::Llm as u8;
        let is_streamed = |slot: u32| is_llm(slot) && columns.first_token_ns[slot as usize] != ABSENT;
        Measured {
            n_runs: slots.len(),
            n_errors: slots.iter().filter(|&&slot| columns.has_error(slot)).count(),
            n_llm: slots.iter().filter(|&&slot| is_llm(slot)).count(),
            n_streamed: slots.iter().filter(|&&slot| is_streamed(slot)).count(),
            last_start_ns: slots.iter().map(|&slot| columns.start_ns[slot as usize]).max(),
            latency: all(Measure::Latency),
            first_token: all(Measure::FirstTokenLatency),
            total_tokens: all(Measure::TotalTokens),
            prompt_tokens: all(Measure::PromptTokens),
            completion_tokens: all(Measure::CompletionTokens),
            total_cost: all(Measure::TotalCost),
            prompt_cost: all(Measure::PromptCost),
            completion_cost: all(Measure::CompletionCost),
        }
    }

    pub fn into_stats(mut self) -> RunStats {
        let sum = |values: &[i64]| values.iter().fold(0i64, |sum, value| sum.saturating_add(*value));
        let cost = |values: &[i64]| (!values.is_empty()).then(|| Usd::from_pico(sum(values)));
        let share = |n: usize, of: usize| (of > 0).then(|| n as f64 / of as f64);
        let usd_at = |values: &mut [i64], rank| percentile_count(values, rank).map(Usd::from_pico);
        RunStats {
            run_count: self.n_runs as i64,
            latency_p50: percentile_s(&mut self.latency, 0.5),
            latency_p99: percentile_s(&mut self.latency, 0.99),
            first_token_p50: percentile_s(&mut self.first_token, 0.5),
            first_token_p99: percentile_s(&mut self.first_token, 0.99),
            total_tokens: sum(&self.total_tokens),
            prompt_tokens: sum(&self.prompt_tokens),
            completion_tokens: sum(&self.completion_tokens),
            median_tokens: percentile_count(&mut self.total_tokens, 0.5),
            completion_tokens_p50: percentile_count(&mut self.completion_tokens, 0.5),
            prompt_tokens_p50: percentile_count(&mut self.prompt_tokens, 0.5),
            tokens_p99: percentile_count(&mut self.total_tokens, 0.99),
            completion_tokens_p99: percentile_count(&mut self.completion_tokens, 0.99),
            prompt_tokens_p99: percentile_count(&mut self.prompt_tokens, 0.99),
            last_run_start_time: self.last_start_ns.map(Timestamp),
            feedback_stats: None,
            total_cost: cost(&self.total_cost),
            prompt_cost: cost(&self.prompt_cost),
            completion_cost: cost(&self.completion_cost),
            cost_p50: usd_at(&mut self.total_cost, 0.5),
            cost_p99: usd_at(&mut self.total_cost, 0.99),
            error_rate: share(self.n_errors, self.n_runs),
            streaming_rate: share(self.n_streamed, self.n_llm),
        }
    }
}

/// The largest groups by name, with their runs. A run with several tags is in several groups, one without in none.
pub fn groups(index: &Index, slots: &[u32], group_by: &GroupBy) -> Vec<(String, Vec<u32>)> {
    let key = match (group_by.attribute, &group_by.path) {
        (GroupAttribute::Name, _) => FacetKey::Name,
        (GroupAttribute::RunType, _) => FacetKey::RunType,
        (GroupAttribute::Tag, _) => FacetKey::Tag,
        (GroupAttribute::Metadata, Some(path)) => FacetKey::Metadata(path.clone()),
        (GroupAttribute::Metadata, None) => FacetKey::MetadataKeys,
    };
    let max_groups = group_by.max_groups.unwrap_or(DEFAULT_GROUPS).min(MAX_GROUPS);
    largest_by_count(index, slots, &key, max_groups)
}
