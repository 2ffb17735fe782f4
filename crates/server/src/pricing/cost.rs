//! The sums: tokens times prices, each token priced once.

use crate::model::{Cost, Usage};
use chrono::{DateTime, NaiveTime};
use fanlight_wire::{Timestamp, Usd};
use std::collections::BTreeMap;

/// Picodollars per million tokens.
pub type Rate = i128;

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

    /// Where the price of a kind of prompt tokens is kept; `None` for kinds without a place.
    pub fn prompt_kind_mut(&mut self, kind: &str) -> Option<&mut Option<Rate>> {
        match kind {
            "cache_read" => Some(&mut self.cache_read),
            "cache_creation" | "cache_write" | "ephemeral_5m_input_tokens" => Some(&mut self.cache_write),
            "ephemeral_1h_input_tokens" => Some(&mut self.cache_write_1h),
            "audio" => Some(&mut self.input_audio),
            _ => None,
        }
    }

    pub fn completion_kind_mut(&mut self, kind: &str) -> Option<&mut Option<Rate>> {
        match kind {
            "audio" => Some(&mut self.output_audio),
            _ => None,
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

    /// In units of 10⁻¹².
    pub fn pico(self) -> i128 {
        self.0
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
    /// `peak hours, 01:00–04:00, 06:00–10:00 UTC`.
    pub fn words(&self) -> String {
        let hour = |time: &NaiveTime| time.format("%H:%M").to_string();
        let hours: Vec<String> =
            self.hours_utc.iter().map(|(from, to)| format!("{}–{}", hour(from), hour(to))).collect();
        format!("peak hours, {} UTC", hours.join(", "))
    }

    fn covers(&self, time: NaiveTime) -> bool {
        self.hours_utc.iter().any(
            |&(from, to)| {
                if from <= to { from <= time && time < to } else { time >= from || time < to }
            },
        )
    }
}

/// Prices of kinds of tokens that [`Rates`] has no name for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KindRates {
    pub prompt: BTreeMap<String, Rate>,
    pub completion: BTreeMap<String, Rate>,
}

/// One model's prices.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ModelPrice {
    pub base: Rates,
    /// The same in every tier.
    pub kinds: KindRates,
    /// Prices of requests with more prompt tokens than the first number; smallest first.
    pub tiers: Vec<(i64, Rates)>,
    pub peak: Option<Peak>,
}

impl ModelPrice {
    /// `None` without token counts by side: a total alone cannot be priced.
    pub fn cost(&self, usage: &Usage, factor: Factor, start: Timestamp) -> Option<Cost> {
        Some(self.bill(usage, factor, start)?.cost())
    }

    /// The same, line by line.
    pub fn bill(&self, usage: &Usage, factor: Factor, start: Timestamp) -> Option<Bill> {
        let prompt_tokens = usage.prompt_tokens.unwrap_or(0);
        let tier = self.tiers.iter().rev().find(|(above, _)| prompt_tokens > *above);
        let rates = tier.map_or(&self.base, |(_, rates)| rates);
        let peak = self
            .peak
            .as_ref()
            .filter(|peak| peak.covers(DateTime::from_timestamp_nanos(start.0).time()))
            .map(|peak| peak.factor);
        let factor = peak.map_or(factor, |peak| factor.times(peak));
        let prompt_kinds = without_overlap(&usage.prompt_token_details);
        let prompt_rate = |kind: &str| self.kinds.prompt.get(kind).copied().or_else(|| rates.of_prompt_kind(kind));
        let completion_rate =
            |kind: &str| self.kinds.completion.get(kind).copied().or_else(|| rates.of_completion_kind(kind));
        let prompt = side(usage.prompt_tokens, &prompt_kinds, rates.input, prompt_rate, factor);
        let completion =
            side(usage.completion_tokens, &usage.completion_token_details, rates.output, completion_rate, factor);
        let is_known = prompt.is_some() || completion.is_some();
        is_known.then(|| Bill { prompt, completion, tier_above: tier.map(|(above, _)| *above), peak })
    }
}

/// What the tokens of one run cost, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Bill {
    /// `None` is a side without tokens or price.
    pub prompt: Option<Vec<Line>>,
    pub completion: Option<Vec<Line>>,
    /// The tier whose prices these are.
    pub tier_above: Option<i64>,
    /// What peak hours scaled the prices by.
    pub peak: Option<Factor>,
}

/// Tokens of one kind at one price.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// `None` for the tokens that are of no kind named.
    pub kind: Option<String>,
    pub tokens: i64,
    /// Picodollars per million tokens, before factors.
    pub rate: i128,
    pub has_own_price: bool,
    /// The lines of a side sum to the side exactly: what rounding leaves of one is in the next.
    pub cost: Usd,
}

impl Bill {
    pub fn cost(&self) -> Cost {
        let sum = |lines: &Option<Vec<Line>>| lines.as_ref().map(|lines| lines.iter().map(|line| line.cost).sum());
        let details = |lines: &Option<Vec<Line>>| {
            let own = lines.iter().flatten().filter(|line| line.has_own_price);
            own.filter_map(|line| Some((line.kind.clone()?, line.cost))).collect()
        };
        Cost {
            prompt: sum(&self.prompt),
            completion: sum(&self.completion),
            prompt_details: details(&self.prompt),
            completion_details: details(&self.completion),
        }
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

/// Kinds with a price of their own at that price, then the others and the rest at the side's.
fn side(
    tokens: Option<i64>,
    kinds: &BTreeMap<String, i64>,
    base: Option<Rate>,
    rate_of: impl Fn(&str) -> Option<Rate>,
    factor: Factor,
) -> Option<Vec<Line>> {
    let (tokens, base) = (tokens?, base?);
    let mut rest = tokens.max(0);
    let mut amounts: Vec<(Option<&String>, i64, Option<Rate>)> = Vec::new();
    for has_own_price in [true, false] {
        for (kind, &n) in kinds {
            let own = rate_of(kind);
            // More tokens of a kind than there are in all cannot be: count no token twice.
            let n = n.clamp(0, rest);
            if n > 0 && own.is_some() == has_own_price {
                rest -= n;
                amounts.push((Some(kind), n, own));
            }
        }
    }
    if rest > 0 || amounts.is_empty() {
        amounts.push((None, rest, None));
    }
    // Tokens × rate are summed before rounding.
    let (mut sum, mut billed) = (0i128, Usd::ZERO);
    let lines = amounts.into_iter().map(|(kind, tokens, own)| {
        let rate = own.unwrap_or(base);
        sum += i128::from(tokens) * rate;
        let so_far = rounded(sum, factor);
        let cost = so_far - std::mem::replace(&mut billed, so_far);
        Line { kind: kind.cloned(), tokens, rate, has_own_price: own.is_some(), cost }
    });
    Some(lines.collect())
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
