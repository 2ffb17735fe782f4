//! A price that somebody set, ready to be looked up.

use super::PriceTableError;
use super::cost::{KindRates, ModelPrice, Rate, Rates};
use super::table::{About, Entry, pattern};
use fanlight_wire::price::{PriceTier, PriceWrite};
use fanlight_wire::{Timestamp, Usd};
use std::collections::BTreeMap;
use uuid::Uuid;

/// Tokens that prices of the table are per.
const TOKENS_PER_RATE: i128 = 1_000_000;

#[derive(Clone, Debug)]
pub struct OwnPrice {
    pub id: Uuid,
    /// The least number there is, for a price that always counted.
    pub(super) from_ns: i64,
    pub(super) created_ns: i64,
    pub(super) entry: Entry<ModelPrice>,
}

impl OwnPrice {
    /// Fails when the pattern is none.
    pub fn new(id: Uuid, price: &PriceWrite, created: Timestamp) -> Result<OwnPrice, PriceTableError> {
        let about = About {
            id: price.name.clone(),
            provider: price.provider.clone().unwrap_or_default(),
            note: Some("a price of your own".to_owned()),
        };
        Ok(OwnPrice {
            id,
            from_ns: price.start_time.map_or(i64::MIN, |start| start.0),
            created_ns: created.0,
            entry: Entry { about, pattern: pattern(&price.name, &price.match_pattern)?, value: model_price(price) },
        })
    }

    /// Whether some part of the name fits.
    pub fn fits(&self, model: &str) -> bool {
        self.entry.pattern.is_match(model)
    }

    /// The day that it took effect, or else that it was set.
    pub(super) fn as_of(&self) -> String {
        let since = if self.from_ns == i64::MIN { self.created_ns } else { self.from_ns };
        Timestamp(since).to_string().chars().take(10).collect()
    }
}

fn rate(per_token: Usd) -> Rate {
    i128::from(per_token.picodollars) * TOKENS_PER_RATE
}

fn model_price(price: &PriceWrite) -> ModelPrice {
    let mut base =
        Rates { input: price.prompt_cost.map(rate), output: price.completion_cost.map(rate), ..Rates::default() };
    let mut kinds = KindRates::default();
    let none = BTreeMap::new();
    for (kind, cost) in price.prompt_cost_details.as_ref().unwrap_or(&none) {
        match base.prompt_kind_mut(kind) {
            Some(place) => *place = Some(rate(*cost)),
            None => {
                kinds.prompt.insert(kind.clone(), rate(*cost));
            }
        }
    }
    for (kind, cost) in price.completion_cost_details.as_ref().unwrap_or(&none) {
        match base.completion_kind_mut(kind) {
            Some(place) => *place = Some(rate(*cost)),
            None => {
                kinds.completion.insert(kind.clone(), rate(*cost));
            }
        }
    }
    let mut tiers: Vec<(i64, Rates)> = price.tiers.iter().map(|tier| (tier.above, tier_rates(tier).or(base))).collect();
    tiers.sort_by_key(|(above, _)| *above);
    ModelPrice { base, kinds, tiers, peak: None }
}

fn tier_rates(tier: &PriceTier) -> Rates {
    Rates {
        input: tier.prompt_cost.map(rate),
        output: tier.completion_cost.map(rate),
        cache_read: tier.cache_read_cost.map(rate),
        cache_write: tier.cache_write_cost.map(rate),
        cache_write_1h: tier.cache_write_1h_cost.map(rate),
        ..Rates::default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Usage;
    use crate::pricing::PriceList;

    fn usd(text: &str) -> Option<Usd> {
        Some(text.parse().unwrap())
    }

    /// `from` is a day, or nothing for always.
    fn own(n: u128, pattern: &str, from: &str, prompt_cost: &str) -> OwnPrice {
        let price = PriceWrite {
            name: format!("price {n}"),
            match_pattern: pattern.to_owned(),
            start_time: from.parse().ok(),
            prompt_cost: usd(prompt_cost),
            completion_cost: usd("0.000002"),
            prompt_cost_details: Some(
                [("cache_read", "0.0000005"), ("image", "0.000007")]
                    .map(|(kind, cost)| (kind.to_owned(), cost.parse().unwrap()))
                    .into(),
            ),
            tiers: vec![PriceTier { above: 1_000, prompt_cost: usd("0.00001"), ..PriceTier::default() }],
            ..PriceWrite::default()
        };
        OwnPrice::new(Uuid::from_u128(n), &price, Timestamp(n as i64)).unwrap()
    }

    #[track_caller]
    fn check(prices: &PriceList, model: &str, usage: &Usage, day: &str, expected: &str) {
        let cost = prices.cost(model, usage, day.parse().unwrap());
        let shown = cost.and_then(|cost| cost.prompt).map_or("unknown".into(), |usd| usd.to_string());
        assert_eq!(shown, expected);
    }

    fn prompt(tokens: i64, kinds: &[(&str, i64)]) -> Usage {
        let kinds = kinds.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect();
        Usage { prompt_tokens: Some(tokens), prompt_token_details: kinds, ..Usage::default() }
    }

    #[test]
    fn of_several_prices_the_one_that_took_effect_last_counts() {
        let own = vec![
            own(1, "^my-llama", "", "0.000001"),
            own(2, "^my-llama", "2026-06-01", "0.000003"),
            own(3, "^my-llama", "2026-06-01", "0.000004"),
        ];
        let prices = PriceList::built_in().with_own(own);
        let usage = prompt(10, &[]);
        check(&prices, "my-llama-7b", &usage, "2026-05-31", "0.00001");
        check(&prices, "my-llama-7b", &usage, "2026-06-01", "0.00004");
        check(&prices, "their-llama", &usage, "2026-06-01", "unknown");
        assert_eq!(prices.own_price("my-llama-7b", "2026-05-31".parse().unwrap()), Some(Uuid::from_u128(1)));
    }

    #[test]
    fn own_prices_stand_before_those_that_come_with_the_program() {
        let usage = prompt(1_000_000, &[]);
        let shipped = PriceList::built_in();
        check(&shipped, "gpt-6-sol", &prompt(1_000, &[]), "2026-11-23", "0.002");
        let prices = shipped.with_own(vec![own(1, "gpt-6-sol", "2026-11-01", "0.000001")]);
        check(&prices, "gpt-6-sol", &prompt(1_000, &[]), "2026-11-23", "0.001");
        check(&prices, "azure/us/gpt-6-sol", &prompt(1_000, &[]), "2026-11-23", "0.001");
        check(&prices, "gpt-6-sol", &prompt(1_000, &[]), "2026-10-31", "0.002");
        check(&prices, "gpt-6-sol", &usage, "2026-11-23", "10");
    }

    #[test]
    fn kinds_of_tokens_have_their_own_prices_known_or_not() {
        let prices = PriceList::built_in().with_own(vec![own(1, "m", "", "0.000001")]);
        check(&prices, "m", &prompt(100, &[("cache_read", 40), ("image", 10)]), "2026-11-23", "0.00014");
    }

    #[test]
    fn a_pattern_that_is_none_is_refused() {
        let price = PriceWrite { name: "broken".into(), match_pattern: "(".into(), ..PriceWrite::default() };
        assert!(OwnPrice::new(Uuid::nil(), &price, Timestamp(0)).unwrap_err().to_string().contains("broken"));
    }
}
