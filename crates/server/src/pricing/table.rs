//! The price table: which entry fits a model name.

use super::cost::{Bill, Factor, ModelPrice};
use super::own::OwnPrice;
use super::shipped::shipped_price;
use crate::model::{Cost, Usage};
use chrono::NaiveTime;
use fanlight_wire::cost::{PriceFactor, PriceRow};
use fanlight_wire::price::ShippedPrices;
use fanlight_wire::{Timestamp, Usd};
use regex_lite::Regex;
use serde::Deserialize;
use std::cmp::Reverse;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use uuid::Uuid;

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

/// Prices of all known models: those that people set, then those that Fanlight comes with. Looking one up is cheap after
/// the first time.
#[derive(Debug)]
pub struct PriceList {
    /// The one that takes effect last comes first, of equals the newest.
    own: Vec<OwnPrice>,
    shipped: Arc<Shipped>,
    known: Mutex<HashMap<String, Arc<Found>>>,
}

/// The table that this program was built with.
#[derive(Debug)]
struct Shipped {
    models: Vec<Entry<ModelPrice>>,
    multipliers: Vec<Entry<Factor>>,
    /// When the table was made, and from what.
    as_of: String,
    sources: Vec<String>,
}

/// What fits a model name, as positions.
#[derive(Debug, Default)]
struct Found {
    own: Vec<usize>,
    /// In `models`.
    shipped: Option<usize>,
    /// In `multipliers`.
    multiplier: Option<usize>,
}

/// The price of a run.
struct Hit<'a> {
    entry: &'a Entry<ModelPrice>,
    multiplier: Option<&'a Entry<Factor>>,
    own: Option<&'a OwnPrice>,
}

impl Hit<'_> {
    fn factor(&self) -> Factor {
        self.multiplier.map_or_else(Factor::default, |entry| entry.value)
    }
}

#[derive(Clone, Debug)]
pub(super) struct Entry<T> {
    pub about: About,
    pub pattern: Regex,
    pub value: T,
}

/// What an entry says about itself.
#[derive(Clone, Debug)]
pub(super) struct About {
    pub id: String,
    pub provider: String,
    pub note: Option<String>,
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
        let shipped = Arc::new(Shipped { models, multipliers, as_of, sources });
        Ok(PriceList { own: Vec::new(), shipped, known: Mutex::default() })
    }

    /// The same table under these prices of one's own.
    pub fn with_own(&self, mut own: Vec<OwnPrice>) -> PriceList {
        own.sort_by_key(|price| Reverse((price.from_ns, price.created_ns)));
        PriceList { own, shipped: Arc::clone(&self.shipped), known: Mutex::default() }
    }

    /// The same prices with one more, or another under the same id.
    pub fn with_draft(&self, draft: OwnPrice) -> PriceList {
        let others = self.own.iter().filter(|price| price.id != draft.id).cloned();
        self.with_own(others.chain([draft.clone()]).collect())
    }

    /// What `usage` of `model` at `start` cost; `None` for an unknown model or without token counts.
    pub fn cost(&self, model: &str, usage: &Usage, start: Timestamp) -> Option<Cost> {
        let hit = self.find(model, start)?;
        hit.entry.value.cost(usage, hit.factor(), start)
    }

    /// Which price of one's own counts for `model` at `start`, if any.
    pub fn own_price(&self, model: &str, start: Timestamp) -> Option<Uuid> {
        Some(self.find(model, start)?.own?.id)
    }

    /// The same with where it comes from, when there is an entry for the model; the sum only with token counts by side.
    pub fn explain(&self, model: &str, usage: &Usage, start: Timestamp) -> Option<Explanation> {
        let hit = self.find(model, start)?;
        let entry = hit.entry;
        let bill = entry.value.bill(usage, hit.factor(), start)?;
        let mut factors = Vec::new();
        if let Some(multiplier) = hit.multiplier {
            let reason = multiplier.about.note.clone().unwrap_or_else(|| multiplier.pattern.to_string());
            factors.push(PriceFactor { factor: decimal(multiplier.value), reason });
        }
        if let (Some(factor), Some(peak)) = (bill.peak, &entry.value.peak) {
            factors.push(PriceFactor { factor: decimal(factor), reason: peak.words() });
        }
        let (as_of, sources) = match hit.own {
            Some(own) => (own.as_of(), Vec::new()),
            None => (self.shipped.as_of.clone(), self.shipped.sources.clone()),
        };
        let price = PriceRow {
            model: model.to_owned(),
            id: entry.about.id.clone(),
            own_id: hit.own.map(|own| own.id),
            provider: entry.about.provider.clone(),
            pattern: entry.pattern.to_string(),
            as_of,
            sources,
            note: entry.about.note.clone(),
            tier_above: bill.tier_above,
            factors,
        };
        Some(Explanation { price, bill })
    }

    /// The prices that this program comes with, in the order in which they are tried.
    pub fn shipped(&self) -> ShippedPrices {
        let Shipped { models, as_of, sources, .. } = &*self.shipped;
        ShippedPrices {
            as_of: as_of.clone(),
            sources: sources.clone(),
            prices: models.iter().map(shipped_price).collect(),
        }
    }

    /// Whether there is a price for `model` at `start`.
    pub fn has_price(&self, model: &str, start: Timestamp) -> bool {
        self.find(model, start).is_some()
    }

    /// Whether any entry fits the model, whatever the time.
    pub fn knows(&self, model: &str) -> bool {
        let found = self.fitting(model);
        found.shipped.is_some() || !found.own.is_empty()
    }

    /// The first of one's own that had taken effect, or else what comes with Fanlight, scaled by the first multiplier.
    fn find(&self, model: &str, start: Timestamp) -> Option<Hit<'_>> {
        let found = self.fitting(model);
        let own = found.own.iter().map(|&idx| &self.own[idx]).find(|price| price.from_ns <= start.0);
        if let Some(own) = own {
            return Some(Hit { entry: &own.entry, multiplier: None, own: Some(own) });
        }
        let entry = &self.shipped.models[found.shipped?];
        let multiplier = found.multiplier.map(|idx| &self.shipped.multipliers[idx]);
        Some(Hit { entry, multiplier, own: None })
    }

    fn fitting(&self, model: &str) -> Arc<Found> {
        let mut known = self.known.lock().expect("no code that holds this lock panics");
        if let Some(found) = known.get(model) {
            return Arc::clone(found);
        }
        let own = self.own.iter().enumerate().filter(|(_, price)| price.entry.pattern.is_match(model));
        let found = Arc::new(Found {
            own: own.map(|(idx, _)| idx).collect(),
            shipped: self.shipped.models.iter().position(|entry| entry.pattern.is_match(model)),
            multiplier: self.shipped.multipliers.iter().position(|entry| entry.pattern.is_match(model)),
        });
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(model.to_owned(), Arc::clone(&found));
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
        let price = ModelPrice { base, tiers, peak, ..ModelPrice::default() };
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

pub(super) fn pattern(entry: &str, text: &str) -> Result<Regex, PriceTableError> {
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
pub(super) fn decimal(factor: Factor) -> String {
    i64::try_from(factor.pico()).map_or_else(|_| factor.pico().to_string(), |pico| Usd::from_pico(pico).to_string())
}
