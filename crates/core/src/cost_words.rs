//! What the explanation of a cost says, line by line. Pure.

use crate::format::digits::grouped;
use fanlight_wire::Usd;
use fanlight_wire::cost::{CostPart, NoPrice, PriceRow, Side};

/// An amount in full: an explanation must add up to the last digit.
pub fn exact(amount: Usd) -> String {
    match amount.to_string().strip_prefix('-') {
        Some(amount) => format!("−${amount}"),
        None => format!("${amount}"),
    }
}

/// `Cached input`, `Reasoning`, `Output`: kinds as libraries name them, in words where we know them.
pub fn kind_words(side: Side, kind: Option<&str>) -> String {
    let word = match (side, kind) {
        (Side::Prompt, None) => "Input",
        (Side::Completion, None) => "Output",
        (_, Some("cache_read")) => "Cached input",
        (_, Some("cache_creation" | "cache_write")) => "Written to cache",
        (_, Some("ephemeral_5m_input_tokens")) => "Written to cache for 5 minutes",
        (_, Some("ephemeral_1h_input_tokens")) => "Written to cache for an hour",
        (Side::Prompt, Some("audio")) => "Audio input",
        (Side::Completion, Some("audio")) => "Audio output",
        (_, Some("reasoning")) => "Reasoning",
        (Side::Prompt, Some(other)) => return format!("Input, {}", other.replace('_', " ")),
        (Side::Completion, Some(other)) => return format!("Output, {}", other.replace('_', " ")),
    };
    word.to_owned()
}

/// `1,200 × $0.20 per million`, with the factors that scale it.
pub fn formula(part: &CostPart, price: &PriceRow) -> String {
    let factors: Vec<String> = price.factors.iter().map(|factor| format!(" × {}", factor.factor)).collect();
    let rate = exact(part.usd_per_million);
    format!("{} × {rate} per million{}", grouped(part.tokens), factors.concat())
}

/// What else there is to say about a price: the tier, the factors, kinds without a price of their own, the note.
pub fn remarks(parts: &[CostPart], price: &PriceRow) -> Vec<String> {
    let mut remarks = Vec::new();
    if let Some(above) = price.tier_above {
        remarks.push(format!("Prices of requests with more than {} input tokens", grouped(above)));
    }
    remarks.extend(price.factors.iter().map(|factor| format!("× {}: {}", factor.factor, factor.reason)));
    for part in parts.iter().filter(|part| !part.has_own_price) {
        if let Some(kind) = &part.kind {
            let side = match part.side {
                Side::Prompt => "input",
                Side::Completion => "output",
            };
            remarks.push(format!(
                "{} has no price of its own: it costs what {side} does",
                kind_words(part.side, Some(kind))
            ));
        }
    }
    remarks.extend(price.note.clone().map(|note| format!("The table notes: {note}")));
    remarks
}

/// Why there is no price.
pub fn no_price(reason: &NoPrice) -> String {
    match reason {
        NoPrice::NoModel => "No price: the run names no model".into(),
        NoPrice::UnknownModel { model } => format!("No price for model {model}"),
        NoPrice::NoneThen { model } => {
            format!("The price table had no price for {model} when the run was stored. It has one now, for new runs")
        }
        NoPrice::OnlyTotal { total_tokens } => format!(
            "Only the sum of tokens was sent ({}): input and output have different prices",
            grouped(*total_tokens)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::cost::PriceFactor;

    fn part(side: Side, kind: Option<&str>, has_own_price: bool) -> CostPart {
        let usd = |text: &str| text.parse().unwrap();
        let (tokens, usd_per_million, cost) = (12_400, usd("0.2"), usd("0.00248"));
        CostPart { side, kind: kind.map(Into::into), tokens, usd_per_million, has_own_price, cost }
    }

    fn price() -> PriceRow {
        PriceRow {
            model: "azure/us/gpt-6-sol".into(),
            id: "gpt-6-sol".into(),
            own_id: None,
            provider: "openai".into(),
            pattern: "gpt-6-sol".into(),
            as_of: "2026-11-23".into(),
            sources: vec![],
            note: None,
            tier_above: Some(272_000),
            factors: vec![PriceFactor { factor: "1.1".into(), reason: "Azure data zone".into() }],
        }
    }

    #[test]
    fn a_formula_names_tokens_price_and_factors() {
        let part = part(Side::Prompt, Some("cache_read"), true);
        assert_eq!(formula(&part, &price()), "12,400 × $0.2 per million × 1.1");
        assert_eq!(exact(Usd::from_pico(-500_000_000_000)), "−$0.5");
    }

    #[test]
    fn kinds_have_words_and_unknown_ones_keep_their_name() {
        let words = |side, kind| kind_words(side, Some(kind));
        assert_eq!(words(Side::Prompt, "cache_read"), "Cached input");
        assert_eq!(words(Side::Completion, "reasoning"), "Reasoning");
        assert_eq!(words(Side::Prompt, "image_tokens"), "Input, image tokens");
        assert_eq!(kind_words(Side::Completion, None), "Output");
    }

    #[test]
    fn remarks_name_what_the_formula_cannot() {
        let parts = [part(Side::Completion, Some("reasoning"), false), part(Side::Completion, None, false)];
        assert_eq!(
            remarks(&parts, &price()),
            [
                "Prices of requests with more than 272,000 input tokens",
                "× 1.1: Azure data zone",
                "Reasoning has no price of its own: it costs what output does",
            ]
        );
    }

    #[test]
    fn a_missing_price_is_said() {
        assert_eq!(no_price(&NoPrice::UnknownModel { model: "llama".into() }), "No price for model llama");
        assert!(no_price(&NoPrice::OnlyTotal { total_tokens: 1500 }).contains("1,500"));
    }
}
