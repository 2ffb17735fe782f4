//! A price as a line of a table, be it one's own or one that Fanlight comes with.

use super::draft::per_million;
use crate::format::digits::grouped;
use fanlight_wire::Usd;
use fanlight_wire::price::{Price, PriceTier, PriceWrite, ShippedPrice};
use uuid::Uuid;

/// What a line shows. `price` is what a copy of it starts with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceLine {
    /// Names the price in an address: the id of one's own, the name of another.
    pub key: String,
    /// Set for a price of one's own.
    pub own: Option<Uuid>,
    pub price: PriceWrite,
    /// The day, for one that did not always count.
    pub from: Option<String>,
    /// What the columns have no room for, in sentences.
    pub remarks: Vec<String>,
}

impl PriceLine {
    pub fn of_own(own: &Price) -> PriceLine {
        PriceLine { own: Some(own.id), ..line(own.id.to_string(), own.price.clone()) }
    }

    pub fn of_shipped(shipped: &ShippedPrice) -> PriceLine {
        let mut line = line(shipped.price.name.clone(), shipped.price.clone());
        line.remarks.extend(shipped.peak.as_ref().map(|peak| format!("× {} in {}", peak.factor, peak.reason)));
        line.remarks.extend(shipped.note.clone());
        line
    }

    /// Per million tokens; in the order of [`COLUMNS`].
    pub fn amounts(&self) -> [Option<String>; 4] {
        let price = &self.price;
        [price.prompt_cost, kind(price, "cache_read"), kind(price, "cache_creation"), price.completion_cost]
            .map(|amount| amount.map(|amount| dollars(Some(amount))))
    }

    /// Whether every word of `sought` occurs in the name, the provider or the pattern, in any case.
    pub fn matches(&self, sought: &str) -> bool {
        let price = &self.price;
        let text = format!("{} {} {}", price.name, price.provider.as_deref().unwrap_or_default(), price.match_pattern);
        let text = text.to_lowercase();
        sought.to_lowercase().split_whitespace().all(|word| text.contains(word))
    }
}

/// What the amounts of a line are for.
pub const COLUMNS: [&str; 4] = ["Input", "Cached input", "Cache write", "Output"];

fn line(key: String, price: PriceWrite) -> PriceLine {
    let from = price.start_time.map(|start| start.to_string().chars().take(10).collect());
    let mut remarks: Vec<String> = price.tiers.iter().map(tier_words).collect();
    let others = |side: &str, kinds: &Option<std::collections::BTreeMap<String, Usd>>| {
        let shown = |kind: &str| side == "input" && (kind == "cache_read" || kind == "cache_creation");
        let kinds = kinds.iter().flatten().filter(|(kind, _)| !shown(kind));
        kinds
            .map(|(kind, cost)| format!("{} of {side}: {}", kind_words(kind), dollars(Some(*cost))))
            .collect::<Vec<_>>()
    };
    remarks.extend(others("input", &price.prompt_cost_details));
    remarks.extend(others("output", &price.completion_cost_details));
    PriceLine { key, own: None, price, from, remarks }
}

fn kind(price: &PriceWrite, kind: &str) -> Option<Usd> {
    price.prompt_cost_details.as_ref()?.get(kind).copied()
}

fn kind_words(kind: &str) -> String {
    match kind {
        "ephemeral_1h_input_tokens" => "Tokens cached for an hour".to_owned(),
        other => {
            let mut words = other.replace('_', " ");
            words.get_mut(..1).map(str::make_ascii_uppercase);
            words
        }
    }
}

/// `Above 272,000 input tokens: input $4, output $15, cached input $0.4`.
fn tier_words(tier: &PriceTier) -> String {
    let amounts = [
        ("input", tier.prompt_cost),
        ("output", tier.completion_cost),
        ("cached input", tier.cache_read_cost),
        ("cache write", tier.cache_write_cost),
    ];
    let amounts = amounts.iter().filter(|(_, amount)| amount.is_some());
    let amounts: Vec<String> = amounts.map(|(what, amount)| format!("{what} {}", dollars(*amount))).collect();
    format!("Above {} input tokens: {}", grouped(tier.above), amounts.join(", "))
}

fn dollars(per_token: Option<Usd>) -> String {
    format!("${}", per_million(per_token))
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::cost::PriceFactor;

    fn usd(text: &str) -> Option<Usd> {
        Some(text.parse().unwrap())
    }

    fn shipped() -> ShippedPrice {
        let details = [("cache_read", "0.0000002"), ("ephemeral_1h_input_tokens", "0.000004")];
        let price = PriceWrite {
            name: "gpt-6-sol".into(),
            match_pattern: "gpt-6-sol$".into(),
            provider: Some("openai".into()),
            prompt_cost: usd("0.000002"),
            completion_cost: usd("0.00001"),
            prompt_cost_details: Some(details.map(|(kind, cost)| (kind.to_owned(), cost.parse().unwrap())).into()),
            completion_cost_details: Some([("audio".to_owned(), "0.00002".parse().unwrap())].into()),
            tiers: vec![PriceTier { above: 272_000, prompt_cost: usd("0.000004"), ..PriceTier::default() }],
            ..PriceWrite::default()
        };
        let peak = PriceFactor { factor: "2".into(), reason: "peak hours, 01:00–04:00 UTC".into() };
        ShippedPrice { price, note: Some("retired".into()), peak: Some(peak) }
    }

    #[test]
    fn a_line_says_all_that_the_price_says() {
        let line = PriceLine::of_shipped(&shipped());
        assert_eq!(line.key, "gpt-6-sol");
        assert_eq!(line.amounts(), [Some("$2".into()), Some("$0.2".into()), None, Some("$10".into())]);
        assert_eq!(
            line.remarks,
            [
                "Above 272,000 input tokens: input $4",
                "Tokens cached for an hour of input: $4",
                "Audio of output: $20",
                "× 2 in peak hours, 01:00–04:00 UTC",
                "retired",
            ]
        );
    }

    #[test]
    fn a_price_of_ones_own_is_named_by_its_id_and_its_day() {
        let start_time = Some("2026-06-01T00:00:00Z".parse().unwrap());
        let (id, time) = (Uuid::from_u128(7), fanlight_wire::Timestamp(0));
        let price = PriceWrite { start_time, ..shipped().price };
        let line = PriceLine::of_own(&Price { id, price, created_at: time, modified_at: time });
        assert_eq!((line.key, line.own, line.from.as_deref()), (id.to_string(), Some(id), Some("2026-06-01")));
    }

    #[test]
    fn a_line_is_found_by_words_of_name_and_provider() {
        let line = PriceLine::of_shipped(&shipped());
        assert!(line.matches("") && line.matches("OpenAI sol") && !line.matches("anthropic sol"));
    }
}
