//! The price table: which entry fits a model name.

use super::cost::{Bill, Factor, ModelPrice};
use crate::model::{Cost, Usage};
use chrono::NaiveTime;
use fanlight_wire::cost::{PriceFactor, PriceRow};
use fanlight_wire::{Timestamp, Usd};
use regex_lite::Regex;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::Mutex;

/// Why a price table cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum PriceTableError {
    #[error("the price table is not the JSON it should be: {0}")]
    Json(#[from] serde_json::Error),
    #[error("the price table's entry {entry} has a bad pattern: {source}")]
    Pattern { entry: String, source: regex_lite::Error },
    #[error("the price table's entry {entry} has a bad number or time: {text:?}")]
    Value { entry: String, text: String },
}

/// Prices of all known models. Looking one up is cheap after the first time.
#[derive(Debug)]
pub struct PriceList {
    models: Vec<Entry<ModelPrice>>,
    multipliers: Vec<Entry<Factor>>,
    /// When the table was made, and from what.
    as_of: String,
    sources: Vec<String>,
    known: Mutex<HashMap<String, Option<Found>>>,
}

/// What fits a model name: positions in `models` and `multipliers`.
type Found = (usize, Option<usize>);

#[derive(Debug)]
struct Entry<T> {
    about: About,
    pattern: Regex,
    value: T,
}

/// What an entry says about itself.
#[derive(Debug)]
struct About {
    id: String,
    provider: String,
    note: Option<String>,
}

/// How a cost comes about: the entries that fit, and the sum line by line.
#[derive(Debug)]
pub struct Explanation {
    pub price: PriceRow,
    pub bill: Bill,
}

/// Names come from outside: without a limit they would fill the memory.
const MAX_KNOWN: usize = 10_000;

impl PriceList {
    /// The table that this program was built with.
    pub fn built_in() -> Self {
        Self::from_json(include_str!("../../data/model_prices.json")).expect("a test reads the built-in table")
    }

    pub fn from_json(json: &str) -> Result<Self, PriceTableError> {
        let table: TableJson = serde_json::from_str(json)?;
        let models = table.models.iter().map(ModelJson::entry).collect::<Result<_, _>>()?;
        let multipliers = table.multipliers.iter().map(MultiplierJson::entry).collect::<Result<_, _>>()?;
        let (as_of, sources) = (table.as_of, table.sources);
        Ok(PriceList { models, multipliers, as_of, sources, known: Mutex::default() })
    }

    /// What `usage` of `model` at `start` cost; `None` for an unknown model or without token counts.
    pub fn cost(&self, model: &str, usage: &Usage, start: Timestamp) -> Option<Cost> {
        let (price, multiplier) = self.find(model)?;
        self.models[price].value.cost(usage, self.factor(multiplier), start)
    }

    /// The same with where it comes from, when there is an entry for the model; the sum only with token counts by side.
    pub fn explain(&self, model: &str, usage: &Usage, start: Timestamp) -> Option<Explanation> {
        let (price, multiplier) = self.find(model)?;
        let entry = &self.models[price];
        let bill = entry.value.bill(usage, self.factor(multiplier), start)?;
        let mut factors = Vec::new();
        if let Some(multiplier) = multiplier.map(|idx| &self.multipliers[idx]) {
            let reason = multiplier.about.note.clone().unwrap_or_else(|| multiplier.pattern.to_string());
            factors.push(PriceFactor { factor: decimal(multiplier.value), reason });
        }
        if let (Some(factor), Some(peak)) = (bill.peak, &entry.value.peak) {
            let hour = |time: &NaiveTime| time.format("%H:%M").to_string();
            let hours: Vec<String> =
                peak.hours_utc.iter().map(|(from, to)| format!("{}–{}", hour(from), hour(to))).collect();
            factors
                .push(PriceFactor { factor: decimal(factor), reason: format!("peak hours, {} UTC", hours.join(", ")) });
        }
        let price = PriceRow {
            model: model.to_owned(),
            id: entry.about.id.clone(),
            provider: entry.about.provider.clone(),
            pattern: entry.pattern.to_string(),
            as_of: self.as_of.clone(),
            sources: self.sources.clone(),
            note: entry.about.note.clone(),
            tier_above: bill.tier_above,
            factors,
        };
        Some(Explanation { price, bill })
    }

    /// Whether any entry fits the model.
    pub fn knows(&self, model: &str) -> bool {
        self.find(model).is_some()
    }

    fn factor(&self, multiplier: Option<usize>) -> Factor {
        multiplier.map_or_else(Factor::default, |idx| self.multipliers[idx].value)
    }

    /// The first entry whose pattern matches, and the first multiplier.
    fn find(&self, model: &str) -> Option<Found> {
        let mut known = self.known.lock().expect("no code that holds this lock panics");
        if let Some(found) = known.get(model) {
            return *found;
        }
        let price = self.models.iter().position(|entry| entry.pattern.is_match(model));
        let multiplier = self.multipliers.iter().position(|entry| entry.pattern.is_match(model));
        let found = price.map(|price| (price, multiplier));
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(model.to_owned(), found);
        found
    }
}

#[derive(Deserialize)]
struct TableJson {
    #[serde(default)]
    as_of: String,
    #[serde(default)]
    sources: Vec<String>,
    #[serde(default)]
    multipliers: Vec<MultiplierJson>,
    models: Vec<ModelJson>,
}

#[derive(Deserialize)]
struct MultiplierJson {
    #[serde(rename = "match")]
    pattern: String,
    factor: String,
    note: Option<String>,
}

impl MultiplierJson {
    fn entry(&self) -> Result<Entry<Factor>, PriceTableError> {
        let about = About { id: "multiplier".into(), provider: String::new(), note: self.note.clone() };
        let value = factor("multiplier", &self.factor)?;
        Ok(Entry { about, pattern: pattern("multiplier", &self.pattern)?, value })
    }
}

#[derive(Deserialize)]
struct ModelJson {
    id: String,
    #[serde(default)]
    provider: String,
    note: Option<String>,
    #[serde(rename = "match")]
    pattern: String,
    #[serde(flatten)]
    rates: RatesJson,
    #[serde(default)]
    tiers: Vec<TierJson>,
    peak: Option<PeakJson>,
}

#[derive(Deserialize)]
struct TierJson {
    above: i64,
    #[serde(flatten)]
    rates: RatesJson,
}

#[derive(Deserialize)]
struct PeakJson {
    utc: Vec<String>,
    factor: String,
}

#[derive(Deserialize)]
struct RatesJson {
    #[serde(rename = "in")]
    input: Option<String>,
    #[serde(rename = "out")]
    output: Option<String>,
    cache_read: Option<String>,
    cache_write: Option<String>,
    cache_write_1h: Option<String>,
    in_audio: Option<String>,
    out_audio: Option<String>,
}

impl ModelJson {
    fn entry(&self) -> Result<Entry<ModelPrice>, PriceTableError> {
        let base = self.rates.rates(&self.id)?;
        let mut tiers = Vec::new();
        for tier in &self.tiers {
            tiers.push((tier.above, tier.rates.rates(&self.id)?.or(base)));
        }
        tiers.sort_by_key(|(above, _)| *above);
        let peak = self.peak.as_ref().map(|peak| peak.read(&self.id)).transpose()?;
        let price = ModelPrice { base, tiers, peak };
        let about = About { id: self.id.clone(), provider: self.provider.clone(), note: self.note.clone() };
        Ok(Entry { about, pattern: pattern(&self.id, &self.pattern)?, value: price })
    }
}

impl RatesJson {
    fn rates(&self, entry: &str) -> Result<super::cost::Rates, PriceTableError> {
        let rate = |text: &Option<String>| text.as_deref().map(|text| usd(entry, text)).transpose();
        Ok(super::cost::Rates {
            input: rate(&self.input)?,
            output: rate(&self.output)?,
            cache_read: rate(&self.cache_read)?,
            cache_write: rate(&self.cache_write)?,
            cache_write_1h: rate(&self.cache_write_1h)?,
            input_audio: rate(&self.in_audio)?,
            output_audio: rate(&self.out_audio)?,
        })
    }
}

impl PeakJson {
    fn read(&self, entry: &str) -> Result<super::cost::Peak, PriceTableError> {
        let bad = |text: &str| PriceTableError::Value { entry: entry.to_owned(), text: text.to_owned() };
        let time = |text: &str| NaiveTime::parse_from_str(text, "%H:%M").map_err(|_| bad(text));
        let hours = self.utc.iter().map(|range| {
            let (from, to) = range.split_once('-').ok_or_else(|| bad(range))?;
            Ok((time(from)?, time(to)?))
        });
        Ok(super::cost::Peak {
            hours_utc: hours.collect::<Result<_, PriceTableError>>()?,
            factor: factor(entry, &self.factor)?,
        })
    }
}

fn pattern(entry: &str, text: &str) -> Result<Regex, PriceTableError> {
    Regex::new(text).map_err(|source| PriceTableError::Pattern { entry: entry.to_owned(), source })
}

fn usd(entry: &str, text: &str) -> Result<i128, PriceTableError> {
    let bad = |_| PriceTableError::Value { entry: entry.to_owned(), text: text.to_owned() };
    text.parse::<Usd>().map(|usd| usd.picodollars.into()).map_err(bad)
}

fn factor(entry: &str, text: &str) -> Result<Factor, PriceTableError> {
    usd(entry, text).map(Factor::from_pico)
}

/// A factor as a decimal without needless zeros: `1.1`.
fn decimal(factor: Factor) -> String {
    i64::try_from(factor.pico()).map_or_else(|_| factor.pico().to_string(), |pico| Usd::from_pico(pico).to_string())
}
