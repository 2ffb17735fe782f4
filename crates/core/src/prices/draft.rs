//! A price as it is typed: US dollars per million tokens, where the API has dollars per token.

use fanlight_wire::price::{PriceTier, PriceWrite};
use fanlight_wire::{Timestamp, Usd};
use std::collections::BTreeMap;

const TOKENS: i64 = 1_000_000;
/// The server takes no longer names.
const MAX_NAME_CHARS: usize = 100;
const CACHE_READ: &str = "cache_read";
const CACHE_WRITE: &str = "cache_creation";

/// What the form's fields hold.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub name: String,
    pub pattern: String,
    pub provider: String,
    /// A day, `2026-11-23`; from its first moment in UTC.
    pub from: String,
    pub input: String,
    pub output: String,
    pub cache_read: String,
    pub cache_write: String,
    pub tier_above: String,
    pub tier_input: String,
    pub tier_output: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Field {
    Name,
    Pattern,
    Provider,
    From,
    Input,
    Output,
    CacheRead,
    CacheWrite,
    TierAbove,
    TierInput,
    TierOutput,
}

/// Why the form cannot be sent yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    pub field: Field,
    pub words: String,
}

impl Draft {
    /// For changing a price.
    pub fn of(price: &PriceWrite) -> Draft {
        let kind =
            |kind: &str| per_million(price.prompt_cost_details.as_ref().and_then(|kinds| kinds.get(kind)).copied());
        let tier = price.tiers.first().filter(|_| has_one_tier_at_most(price));
        Draft {
            name: price.name.clone(),
            pattern: price.match_pattern.clone(),
            provider: price.provider.clone().unwrap_or_default(),
            from: price.start_time.map(day).unwrap_or_default(),
            input: per_million(price.prompt_cost),
            output: per_million(price.completion_cost),
            cache_read: kind(CACHE_READ),
            cache_write: kind(CACHE_WRITE),
            tier_above: tier.map(|tier| tier.above.to_string()).unwrap_or_default(),
            tier_input: tier.map(|tier| per_million(tier.prompt_cost)).unwrap_or_default(),
            tier_output: tier.map(|tier| per_million(tier.completion_cost)).unwrap_or_default(),
        }
    }

    /// For a model that has no price: its name, and a pattern that fits it and nothing else.
    pub fn for_model(model: &str) -> Draft {
        const SPECIAL: &str = r"\.+*?()|[]{}^$#&~";
        let mut pattern = String::from("^");
        for letter in model.chars() {
            if SPECIAL.contains(letter) {
                pattern.push('\\');
            }
            pattern.push(letter);
        }
        pattern.push('$');
        Draft { name: model.chars().take(MAX_NAME_CHARS).collect(), pattern, ..Draft::default() }
    }

    pub fn get(&self, field: Field) -> &str {
        match field {
            Field::Name => &self.name,
            Field::Pattern => &self.pattern,
            Field::Provider => &self.provider,
            Field::From => &self.from,
            Field::Input => &self.input,
            Field::Output => &self.output,
            Field::CacheRead => &self.cache_read,
            Field::CacheWrite => &self.cache_write,
            Field::TierAbove => &self.tier_above,
            Field::TierInput => &self.tier_input,
            Field::TierOutput => &self.tier_output,
        }
    }

    pub fn set(&mut self, field: Field, text: String) {
        let place = match field {
            Field::Name => &mut self.name,
            Field::Pattern => &mut self.pattern,
            Field::Provider => &mut self.provider,
            Field::From => &mut self.from,
            Field::Input => &mut self.input,
            Field::Output => &mut self.output,
            Field::CacheRead => &mut self.cache_read,
            Field::CacheWrite => &mut self.cache_write,
            Field::TierAbove => &mut self.tier_above,
            Field::TierInput => &mut self.tier_input,
            Field::TierOutput => &mut self.tier_output,
        };
        *place = text;
    }

    /// The price, with what the form has no field for as it is in `kept`. Fails with the first field that is wrong.
    pub fn price(&self, kept: &PriceWrite) -> Result<PriceWrite, Problem> {
        let name = said(&self.name).ok_or_else(|| problem(Field::Name, "A price has a name"))?;
        let pattern = said(&self.pattern).ok_or_else(|| problem(Field::Pattern, "Which models does it fit?"))?;
        let prompt_cost = self.cost(Field::Input)?;
        let completion_cost = self.cost(Field::Output)?;
        if prompt_cost.is_none() && completion_cost.is_none() {
            return Err(problem(Field::Input, "A price has an amount for input, output or both"));
        }
        let mut kinds = kept.prompt_cost_details.clone().unwrap_or_default();
        for (kind, field) in [(CACHE_READ, Field::CacheRead), (CACHE_WRITE, Field::CacheWrite)] {
            put(&mut kinds, kind, self.cost(field)?);
        }
        Ok(PriceWrite {
            name,
            match_pattern: pattern,
            provider: said(&self.provider),
            start_time: self.start_time(kept)?,
            prompt_cost,
            completion_cost,
            prompt_cost_details: Some(kinds).filter(|kinds| !kinds.is_empty()),
            completion_cost_details: kept.completion_cost_details.clone(),
            tiers: self.tiers(kept)?,
        })
    }

    fn start_time(&self, kept: &PriceWrite) -> Result<Option<Timestamp>, Problem> {
        let Some(text) = said(&self.from) else { return Ok(None) };
        // A time of day that was set elsewhere stays while its day does.
        match kept.start_time.filter(|start| day(*start) == text) {
            Some(start) => Ok(Some(start)),
            None => text.parse().map(Some).map_err(|_| problem(Field::From, "A day, such as 2026-11-23")),
        }
    }

    fn tiers(&self, kept: &PriceWrite) -> Result<Vec<PriceTier>, Problem> {
        if !has_one_tier_at_most(kept) {
            return Ok(kept.tiers.clone());
        }
        let (prompt_cost, completion_cost) = (self.cost(Field::TierInput)?, self.cost(Field::TierOutput)?);
        let Some(above) = said(&self.tier_above) else {
            return match prompt_cost.or(completion_cost) {
                Some(_) => Err(problem(Field::TierAbove, "From how many input tokens on?")),
                None => Ok(Vec::new()),
            };
        };
        let above: i64 = above.replace([',', ' ', '\u{202f}'], "").parse().unwrap_or(0);
        if above < 1 {
            return Err(problem(Field::TierAbove, "A number of tokens, such as 200000"));
        }
        // What is cached in large requests has no field.
        let cached = kept.tiers.first().cloned().unwrap_or_default();
        Ok(vec![PriceTier { above, prompt_cost, completion_cost, ..cached }])
    }

    /// Per token, of a field with an amount per million.
    fn cost(&self, field: Field) -> Result<Option<Usd>, Problem> {
        let Some(text) = said(self.get(field)) else { return Ok(None) };
        let amount = text.strip_prefix('$').unwrap_or(&text).trim().parse::<Usd>().ok();
        let amount = amount.filter(|amount| *amount >= Usd::ZERO);
        let amount = amount.ok_or_else(|| problem(field, "US dollars per million tokens, such as 2.50"))?;
        let per_token = (amount.picodollars + TOKENS / 2) / TOKENS;
        Ok(Some(Usd::from_pico(per_token)))
    }
}

/// More tiers than the form has fields for are set elsewhere, and stay.
pub fn has_one_tier_at_most(price: &PriceWrite) -> bool {
    price.tiers.len() <= 1
}

/// What a token costs, for a million of them: `2.5`; empty when it costs nothing that is known.
pub fn per_million(per_token: Option<Usd>) -> String {
    per_token.map(|usd| Usd::from_pico(usd.picodollars.saturating_mul(TOKENS)).to_string()).unwrap_or_default()
}

fn said(text: &str) -> Option<String> {
    Some(text.trim().to_owned()).filter(|text| !text.is_empty())
}

fn day(time: Timestamp) -> String {
    time.to_string().chars().take(10).collect()
}

fn put(kinds: &mut BTreeMap<String, Usd>, kind: &str, cost: Option<Usd>) {
    match cost {
        Some(cost) => kinds.insert(kind.to_owned(), cost),
        None => kinds.remove(kind),
    };
}

fn problem(field: Field, words: &str) -> Problem {
    Problem { field, words: words.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn usd(text: &str) -> Option<Usd> {
        Some(text.parse().unwrap())
    }

    fn typed() -> Draft {
        Draft {
            name: " Llama ".into(),
            pattern: "^my-llama".into(),
            input: "$2.50".into(),
            output: "10".into(),
            ..Draft::default()
        }
    }

    #[test]
    fn amounts_are_typed_per_million_and_kept_per_token() {
        let price = Draft { cache_read: "0.0375".into(), ..typed() }.price(&PriceWrite::default()).unwrap();
        assert_eq!(
            (price.name.as_str(), price.prompt_cost, price.completion_cost),
            ("Llama", usd("0.0000025"), usd("0.00001"))
        );
        assert_eq!(price.prompt_cost_details.unwrap()["cache_read"], usd("0.0000000375").unwrap());
    }

    #[test]
    fn what_the_form_has_no_field_for_stays() {
        let tier = |above: i64| PriceTier {
            above,
            prompt_cost: usd("0.000005"),
            cache_read_cost: usd("0.000001"),
            ..PriceTier::default()
        };
        let mut price = PriceWrite {
            start_time: Some("2026-06-01T12:30:00Z".parse().unwrap()),
            prompt_cost_details: Some([("image".to_owned(), usd("0.000007").unwrap())].into()),
            tiers: vec![tier(200_000)],
            ..typed().price(&PriceWrite::default()).unwrap()
        };
        assert_eq!(Draft::of(&price).price(&price), Ok(price.clone()));
        price.tiers.push(tier(500_000));
        assert_eq!(Draft::of(&price).price(&price), Ok(price.clone()));
        let moved = Draft { from: "2026-07-01".into(), ..Draft::of(&price) }.price(&price).unwrap();
        assert_eq!(moved.start_time, Some("2026-07-01T00:00:00Z".parse().unwrap()));
    }

    #[test]
    fn a_price_for_a_model_fits_its_name_and_nothing_else() {
        let draft = Draft::for_model("me/llama-3.1 (q4)");
        assert_eq!((draft.name.as_str(), draft.pattern.as_str()), ("me/llama-3.1 (q4)", r"^me/llama-3\.1 \(q4\)$"));
        assert_eq!(Draft::for_model(&"é".repeat(300)).name.chars().count(), MAX_NAME_CHARS);
    }

    #[test]
    fn an_emptied_field_is_gone() {
        let kept = Draft { cache_read: "1".into(), tier_above: "200,000".into(), tier_input: "5".into(), ..typed() };
        let kept = kept.price(&PriceWrite::default()).unwrap();
        assert_eq!((kept.tiers[0].above, kept.tiers[0].prompt_cost), (200_000, usd("0.000005")));
        let emptied = typed().price(&kept).unwrap();
        assert_eq!((emptied.prompt_cost_details, emptied.tiers), (None, vec![]));
    }

    #[test]
    fn the_first_field_that_is_wrong_is_named() {
        let with = |field: Field, text: &str| {
            let mut draft = typed();
            draft.set(field, text.to_owned());
            assert_eq!(draft.get(field), text);
            draft.price(&PriceWrite::default()).map_err(|problem| problem.field)
        };
        assert_eq!(with(Field::Name, " "), Err(Field::Name));
        assert_eq!(with(Field::Pattern, ""), Err(Field::Pattern));
        assert_eq!(with(Field::Input, "much"), Err(Field::Input));
        assert_eq!(with(Field::Output, "-1"), Err(Field::Output));
        assert_eq!(with(Field::From, "soon"), Err(Field::From));
        assert_eq!(with(Field::TierInput, "3"), Err(Field::TierAbove));
        assert_eq!(with(Field::TierAbove, "0"), Err(Field::TierAbove));
        let none = Draft { input: String::new(), output: String::new(), ..typed() };
        assert_eq!(none.price(&PriceWrite::default()).unwrap_err().field, Field::Input);
    }
}
