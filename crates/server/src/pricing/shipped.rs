//! A price that Fanlight comes with, as somebody would set it.

use super::cost::{ModelPrice, Rate, Rates};
use super::table::{Entry, decimal};
use fanlight_wire::Usd;
use fanlight_wire::cost::PriceFactor;
use fanlight_wire::price::{PriceTier, PriceWrite, ShippedPrice};
use std::collections::BTreeMap;

/// Tokens that prices of the table are per.
const TOKENS_PER_RATE: Rate = 1_000_000;

pub(super) fn shipped_price(entry: &Entry<ModelPrice>) -> ShippedPrice {
    let ModelPrice { base, tiers, peak, .. } = &entry.value;
    let kinds = |kinds: &[(&str, Option<Rate>)]| {
        let known = kinds.iter().filter_map(|(kind, rate)| Some(((*kind).to_owned(), per_token(*rate)?)));
        Some(known.collect::<BTreeMap<_, _>>()).filter(|kinds| !kinds.is_empty())
    };
    let about = &entry.about;
    let price = PriceWrite {
        name: about.id.clone(),
        match_pattern: entry.pattern.to_string(),
        provider: Some(about.provider.clone()).filter(|provider| !provider.is_empty()),
        start_time: None,
        prompt_cost: per_token(base.input),
        completion_cost: per_token(base.output),
        prompt_cost_details: kinds(&[
            ("cache_read", base.cache_read),
            ("cache_creation", base.cache_write),
            ("ephemeral_1h_input_tokens", base.cache_write_1h),
            ("audio", base.input_audio),
        ]),
        completion_cost_details: kinds(&[("audio", base.output_audio)]),
        tiers: tiers.iter().map(|(above, rates)| tier(*above, rates)).collect(),
    };
    let peak = peak.as_ref().map(|peak| PriceFactor { factor: decimal(peak.factor), reason: peak.words() });
    ShippedPrice { price, note: about.note.clone(), peak }
}

fn tier(above: i64, rates: &Rates) -> PriceTier {
    PriceTier {
        above,
        prompt_cost: per_token(rates.input),
        completion_cost: per_token(rates.output),
        cache_read_cost: per_token(rates.cache_read),
        cache_write_cost: per_token(rates.cache_write),
        cache_write_1h_cost: per_token(rates.cache_write_1h),
    }
}

fn per_token(rate: Option<Rate>) -> Option<Usd> {
    let picodollars = i64::try_from(rate? / TOKENS_PER_RATE).unwrap_or(i64::MAX);
    Some(Usd::from_pico(picodollars))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pricing::{OwnPrice, PriceList};
    use fanlight_wire::Timestamp;
    use uuid::Uuid;

    #[test]
    fn a_copy_of_a_price_says_what_the_price_says() {
        let shipped = PriceList::built_in().shipped();
        assert!(shipped.prices.len() > 50 && !shipped.as_of.is_empty() && !shipped.sources.is_empty());
        assert!(shipped.prices.iter().any(|price| price.peak.is_some()));
        for price in &shipped.prices {
            let copy = OwnPrice::new(Uuid::nil(), &price.price, Timestamp(0)).unwrap();
            assert_eq!(shipped_price(&copy.entry).price, price.price);
        }
    }
}
