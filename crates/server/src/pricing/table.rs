//! The price table: which entry fits a model name.

use super::cost::{Factor, ModelPrice};
use crate::model::{Cost, Usage};
use chrono::NaiveTime;
use fanlight_wire::{Timestamp, Usd};
use regex_lite::Regex;
use serde::Deserialize;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};

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
    models: Vec<Entry<Arc<ModelPrice>>>,
    multipliers: Vec<Entry<Factor>>,
    known: Mutex<HashMap<String, Option<Found>>>,
}

/// What fits a model name.
type Found = (Arc<ModelPrice>, Factor);

#[derive(Debug)]
struct Entry<T> {
    pattern: Regex,
    value: T,
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
        Ok(PriceList { models, multipliers, known: Mutex::default() })
    }

    /// What `usage` of `model` at `start` cost; `None` for an unknown model or without token counts.
    pub fn cost(&self, model: &str, usage: &Usage, start: Timestamp) -> Option<Cost> {
        let (price, factor) = self.find(model)?;
        price.cost(usage, factor, start)
    }

    /// The first entry whose pattern matches, and the first multiplier.
    fn find(&self, model: &str) -> Option<Found> {
        let mut known = self.known.lock().expect("no code that holds this lock panics");
        if let Some(found) = known.get(model) {
            return found.clone();
        }
        let price = self.models.iter().find(|entry| entry.pattern.is_match(model)).map(|entry| entry.value.clone());
        let factor = self.multipliers.iter().find(|entry| entry.pattern.is_match(model)).map(|entry| entry.value);
        let found = price.map(|price| (price, factor.unwrap_or_default()));
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(model.to_owned(), found.clone());
        found
    }
}

#[derive(Deserialize)]
struct TableJson {
    #[serde(default)]
    multipliers: Vec<MultiplierJson>,
    models: Vec<ModelJson>,
}

#[derive(Deserialize)]
struct MultiplierJson {
    #[serde(rename = "match")]
    pattern: String,
    factor: String,
}

impl MultiplierJson {
    fn entry(&self) -> Result<Entry<Factor>, PriceTableError> {
        Ok(Entry { pattern: pattern("multiplier", &self.pattern)?, value: factor("multiplier", &self.factor)? })
    }
}

#[derive(Deserialize)]
struct ModelJson {
    id: String,
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
    fn entry(&self) -> Result<Entry<Arc<ModelPrice>>, PriceTableError> {
        let base = self.rates.rates(&self.id)?;
        let mut tiers = Vec::new();
        for tier in &self.tiers {
            tiers.push((tier.above, tier.rates.rates(&self.id)?.or(base)));
        }
        tiers.sort_by_key(|(above, _)| *above);
        let peak = self.peak.as_ref().map(|peak| peak.read(&self.id)).transpose()?;
        let price = ModelPrice { base, tiers, peak };
        Ok(Entry { pattern: pattern(&self.id, &self.pattern)?, value: Arc::new(price) })
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
