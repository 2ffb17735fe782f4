//! The sums: tokens times prices, each token priced once.

use crate::model::{Cost, Usage};
use chrono::NaiveTime;
use fanlight_wire::{Timestamp, Usd};
use std::collections::BTreeMap;

/// Picodollars per million tokens.
type Rate = i128;

/// Prices by kind of token; a kind without one has the price of its side.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Rates {
    pub input: Option<Rate>,
    pub output: Option<Rate>,
    pub cache_read: Option<Rate>,
    pub cache_write: Option<Rate>,
    /// Cached for an hour instead of five minutes.
    pub cache_write_1h: Option<Rate>,
    pub input_audio: Option<Rate>,
    pub output_audio: Option<Rate>,
}

impl Rates {
    /// Where this says nothing, `other` does.
    pub fn or(self, other: Rates) -> Rates {
        Rates {
            input: self.input.or(other.input),
            output: self.output.or(other.output),
            cache_read: self.cache_read.or(other.cache_read),
            cache_write: self.cache_write.or(other.cache_write),
            cache_write_1h: self.cache_write_1h.or(other.cache_write_1h),
            input_audio: self.input_audio.or(other.input_audio),
            output_audio: self.output_audio.or(other.output_audio),
        }
    }

    fn of_prompt_kind(&self, kind: &str) -> Option<Rate> {
        match kind {
            "cache_read" => self.cache_read,
            "cache_creation" | "cache_write" | "ephemeral_5m_input_tokens" => self.cache_write,
            "ephemeral_1h_input_tokens" => self.cache_write_1h.or(self.cache_write),
            "audio" => self.input_audio,
            _ => None,
        }
    }

    fn of_completion_kind(&self, kind: &str) -> Option<Rate> {
        match kind {
            "audio" => self.output_audio,
            _ => None,
        }
    }
}

/// A number that scales prices, in units of 10⁻¹².
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Factor(i128);

const ONE: i128 = 1_000_000_000_000;
const TOKENS_PER_RATE: i128 = 1_000_000;

impl Factor {
    pub fn from_pico(pico: i128) -> Self {
        Factor(pico)
    }

    fn times(self, other: Factor) -> Factor {
        Factor(self.0 * other.0 / ONE)
    }
}

impl Default for Factor {
    fn default() -> Self {
        Factor(ONE)
    }
}

/// Hours in which prices are scaled. A range may reach over midnight.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Peak {
    pub hours_utc: Vec<(NaiveTime, NaiveTime)>,
    pub factor: Factor,
}

impl Peak {
    fn covers(&self, time: NaiveTime) -> bool {
        self.hours_utc.iter().any(
            |&(from, to)| {
                if from <= to { from <= time && time < to } else { time >= from || time < to }
            },
        )
    }
}

/// One model's prices.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ModelPrice {
    pub base: Rates,
    /// Prices of requests with more prompt tokens than the first number; smallest first.
    pub tiers: Vec<(i64, Rates)>,
    pub peak: Option<Peak>,
}

impl ModelPrice {
    /// `None` without token counts by side: a total alone cannot be priced.
    pub fn cost(&self, usage: &Usage, factor: Factor, start: Timestamp) -> Option<Cost> {
        let prompt_tokens = usage.prompt_tokens.unwrap_or(0);
        let rates =
            self.tiers.iter().rev().find(|(above, _)| prompt_tokens > *above).map_or(&self.base, |(_, rates)| rates);
        let factor = match &self.peak {
            Some(peak) if peak.covers(start.to_utc().time()) => factor.times(peak.factor),
            _ => factor,
        };
        let prompt_kinds = without_overlap(&usage.prompt_token_details);
        let (prompt, prompt_details) =
            side(usage.prompt_tokens, &prompt_kinds, rates.input, |kind| rates.of_prompt_kind(kind), factor);
        let (completion, completion_details) = side(
            usage.completion_tokens,
            &usage.completion_token_details,
            rates.output,
            |kind| rates.of_completion_kind(kind),
            factor,
        );
        let is_known = prompt.is_some() || completion.is_some();
        is_known.then_some(Cost { prompt, completion, prompt_details, completion_details })
    }
}

/// LangChain reports cache writes as a sum and again by duration; only what the durations leave is kept of the sum.
fn without_overlap(kinds: &BTreeMap<String, i64>) -> BTreeMap<String, i64> {
    let mut kinds = kinds.clone();
    let by_duration: i64 =
        ["ephemeral_5m_input_tokens", "ephemeral_1h_input_tokens"].iter().filter_map(|kind| kinds.get(*kind)).sum();
    if let Some(sum) = kinds.get_mut("cache_creation") {
        *sum = (*sum - by_duration).max(0);
    }
    kinds
}

/// Kinds with a price of their own at that price, the rest at the side's.
fn side(
    tokens: Option<i64>,
    kinds: &BTreeMap<String, i64>,
    base: Option<Rate>,
    rate_of: impl Fn(&str) -> Option<Rate>,
    factor: Factor,
) -> (Option<Usd>, BTreeMap<String, Usd>) {
    let (Some(tokens), Some(base)) = (tokens, base) else { return (None, BTreeMap::new()) };
    let mut details = BTreeMap::new();
    let mut rest = i128::from(tokens);
    // Tokens × rate, summed before rounding.
    let mut sum = 0i128;
    for (kind, &n) in kinds {
        // More tokens of a kind than there are in all cannot be: count no token twice.
        let n = i128::from(n).clamp(0, rest.max(0));
        if let Some(rate) = rate_of(kind).filter(|_| n > 0) {
            rest -= n;
            sum += n * rate;
            details.insert(kind.clone(), rounded(n * rate, factor));
        }
    }
    sum += rest.max(0) * base;
    (Some(rounded(sum, factor)), details)
}

/// Half a picodollar is rounded up. Saturates far beyond any real bill.
fn rounded(tokens_times_rate: i128, factor: Factor) -> Usd {
    let unit = TOKENS_PER_RATE * ONE;
    let pico = tokens_times_rate.saturating_mul(factor.0).saturating_add(unit / 2).div_euclid(unit);
    Usd::from_pico(i64::try_from(pico).unwrap_or(i64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::PriceList;

    /// One model named `m` at 2 $ in, 3 $ out and 1 $ cache reads per million.
    const CONTRACT_EXAMPLE: &str =
        r#"{"models":[{"id":"m","match":"^m$","in":"2","out":"3","cache_read":"1","cache_write":"2.5"}]}"#;

    /// `tokens` is `prompt/completion kind=n …`; kinds of the completion side start with `>`.
    fn usage(tokens: &str) -> Usage {
        let mut words = tokens.split(' ');
        let (prompt, completion) = words.next().unwrap().split_once('/').unwrap();
        let mut usage = Usage {
            prompt_tokens: prompt.parse().ok(),
            completion_tokens: completion.parse().ok(),
            ..Usage::default()
        };
        for word in words {
            let (kind, n) = word.split_once('=').unwrap();
            match kind.strip_prefix('>') {
                Some(kind) => usage.completion_token_details.insert(kind.into(), n.parse().unwrap()),
                None => usage.prompt_token_details.insert(kind.into(), n.parse().unwrap()),
            };
        }
        usage
    }

    #[track_caller]
    fn check_in(prices: &PriceList, model: &str, tokens: &str, start: &str, expected: &str) {
        let cost = prices.cost(model, &usage(tokens), start.parse().unwrap());
        let show = |usd: Option<Usd>| usd.map_or("-".into(), |usd| usd.to_string());
        let shown = cost.map_or("unknown".into(), |cost| format!("{} {}", show(cost.prompt), show(cost.completion)));
        assert_eq!(shown, expected);
    }

    #[track_caller]
    fn check(model: &str, tokens: &str, expected: &str) {
        check_in(&PriceList::built_in(), model, tokens, "2026-11-23T12:00:00Z", expected);
    }

    #[test]
    fn the_contracts_example_comes_out_exactly() {
        let prices = PriceList::from_json(CONTRACT_EXAMPLE).unwrap();
        check_in(&prices, "m", "20/10 cache_read=5", "2026-11-23", "0.000035 0.00003");
    }

    #[test]
    fn kinds_without_a_price_of_their_own_are_not_added_to_the_rest() {
        let prices = PriceList::from_json(CONTRACT_EXAMPLE).unwrap();
        check_in(&prices, "m", "20/10 foo=5 >reasoning=9", "2026-11-23", "0.00004 0.00003");
    }

    #[test]
    fn no_token_is_priced_twice() {
        let prices = PriceList::from_json(CONTRACT_EXAMPLE).unwrap();
        // More cached tokens than tokens: all 20 are cached, none is left for the base price.
        check_in(&prices, "m", "20/0 cache_read=50", "2026-11-23", "0.00002 0");
        // A sum of cache writes and its parts: 10 × 2.5 + 10 × 2.
        check_in(&prices, "m", "20/0 cache_creation=10 ephemeral_5m_input_tokens=10", "2026-11-23", "0.000045 0");
    }

    #[test]
    fn a_side_without_tokens_is_unknown() {
        check("gpt-4o-2024-05-13", "-/1000", "- 0.015");
        check("gpt-4o-2024-05-13", "-/-", "unknown");
    }

    #[test]
    fn an_unknown_model_has_no_price() {
        check("my-own-llama", "10/10", "unknown");
        check("", "10/10", "unknown");
    }

    #[test]
    fn big_prompts_cost_the_tiers_price_whole() {
        check("gpt-6-sol", "272000/0", "0.544 0");
        check("gpt-6-sol", "272001/1000", "1.088004 0.015");
        check("gpt-6-sol", "272001/0 cache_read=272001", "0.1088004 0");
    }

    #[test]
    fn regional_names_are_scaled() {
        check("azure/gpt-6-sol", "1000/1000", "0.002 0.01");
        check("azure/us/gpt-6-sol", "1000/1000", "0.0022 0.011");
        check("azure/eu/gpt-6-sol", "1000/1000", "0.0024 0.012");
    }

    #[test]
    fn peak_hours_cost_more() {
        let prices = PriceList::built_in();
        check_in(&prices, "deepseek-v4-pro", "1000000/0", "2026-11-23T00:59:59Z", "0.66 0");
        check_in(&prices, "deepseek-v4-pro", "1000000/0", "2026-11-23T01:00:00Z", "1.32 0");
        check_in(&prices, "deepseek-v4-pro", "1000000/0", "2026-11-23T10:00:00Z", "0.66 0");
    }

    #[test]
    fn hour_long_caching_has_its_own_price() {
        check("claude-fable-5-1", "1000000/0 ephemeral_1h_input_tokens=1000000", "20 0");
        check("claude-fable-5-1", "1000000/0 cache_creation=1000000", "12.5 0");
    }

    #[test]
    fn absurd_counts_saturate() {
        check("gpt-4o-2024-05-13", &format!("{}/0", i64::MAX), "9223372.036854775807 0");
        check("gpt-4o-2024-05-13", "-5/0", "0 0");
    }
}
