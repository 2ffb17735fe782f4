//! Tokens and money of a run: as sent ([`Usage`]), as it counts ([`OwnUsage`]), and summed over a tree ([`Totals`]).
//!
//! Tokens count where a model ran: on LLM and embedding runs. SDKs copy the usage of an LLM call to the runs around it, so
//! other runs count only with a cost that somebody set on them, and only while no model run below them has usage.

use fanlight_wire::{RunType, Usd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Tokens and costs by kind. `None` is unknown, which is not zero.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Usage {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_tokens: Option<i64>,
    /// As sent, or the sum of the two above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_tokens: Option<i64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub prompt_cost: Option<Usd>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub completion_cost: Option<Usd>,
    /// As sent, or the sum of the two above.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_cost: Option<Usd>,
    /// Parts of `prompt_tokens`: `cache_read`, `cache_creation`, `audio`, or any other name as sent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub prompt_token_details: BTreeMap<String, i64>,
    /// Parts of `completion_tokens`: `reasoning`, `audio`, or any other name as sent.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub completion_token_details: BTreeMap<String, i64>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub prompt_cost_details: BTreeMap<String, Usd>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub completion_cost_details: BTreeMap<String, Usd>,
}

impl Usage {
    /// Somebody set a cost: prices do not apply.
    pub fn has_cost(&self) -> bool {
        self.prompt_cost.is_some() || self.completion_cost.is_some() || self.total_cost.is_some()
    }

    pub fn has_tokens(&self) -> bool {
        self.prompt_tokens.is_some() || self.completion_tokens.is_some() || self.total_tokens.is_some()
    }
}

/// What a price list makes of a [`Usage`]. `None` is a side without tokens or price.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Cost {
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    pub prompt: Option<Usd>,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    pub completion: Option<Usd>,
    /// The parts with a price of their own.
    #[serde(rename = "pd", skip_serializing_if = "BTreeMap::is_empty")]
    pub prompt_details: BTreeMap<String, Usd>,
    #[serde(rename = "cd", skip_serializing_if = "BTreeMap::is_empty")]
    pub completion_details: BTreeMap<String, Usd>,
}

/// The usage of one run without what is below it. Prices are looked up once, when the run is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OwnUsage {
    pub sent: Usage,
    pub priced: Option<Cost>,
}

impl OwnUsage {
    /// Whether this is a model run whose tokens or costs are known.
    pub fn is_model_usage(&self, run_type: RunType) -> bool {
        matches!(run_type, RunType::Llm | RunType::Embedding) && (self.sent.has_tokens() || self.sent.has_cost())
    }

    /// What the run adds to its tree whatever is below it.
    pub fn unconditional(&self, run_type: RunType) -> Totals {
        if !self.is_model_usage(run_type) {
            return Totals::default();
        }
        let (prompt_tokens, completion_tokens) =
            (self.sent.prompt_tokens.unwrap_or(0), self.sent.completion_tokens.unwrap_or(0));
        let mut totals = self.cost();
        totals.prompt_tokens = prompt_tokens;
        totals.completion_tokens = completion_tokens;
        totals.total_tokens = self.sent.total_tokens.unwrap_or(prompt_tokens.saturating_add(completion_tokens));
        totals.n_model_runs = 1;
        totals.details.prompt_tokens = self.sent.prompt_token_details.clone();
        totals.details.completion_tokens = self.sent.completion_token_details.clone();
        totals
    }

    /// What the run adds while no model run in its tree has usage: a cost set on a tool call, for example.
    pub fn conditional(&self, run_type: RunType) -> Totals {
        if matches!(run_type, RunType::Llm | RunType::Embedding) || !self.sent.has_cost() {
            return Totals::default();
        }
        self.cost()
    }

    fn cost(&self) -> Totals {
        let sent = &self.sent;
        let none = Cost::default();
        let (prompt, completion, total, details) = if sent.has_cost() {
            let cost = &none;
            (sent.prompt_cost, sent.completion_cost, sent.total_cost, cost)
        } else {
            let cost = self.priced.as_ref().unwrap_or(&none);
            (cost.prompt, cost.completion, None, cost)
        };
        let total = total.or_else(|| match (prompt, completion) {
            (None, None) => None,
            (prompt, completion) => Some(prompt.unwrap_or_default() + completion.unwrap_or_default()),
        });
        let or_sent = |sent: &BTreeMap<String, Usd>, priced: &BTreeMap<String, Usd>| -> BTreeMap<String, i64> {
            let source = if sent.is_empty() { priced } else { sent };
            source.iter().map(|(kind, usd)| (kind.clone(), usd.picodollars)).collect()
        };
        Totals {
            prompt_cost: KnownSum::of(prompt),
            completion_cost: KnownSum::of(completion),
            total_cost: KnownSum::of(total),
            details: Details {
                prompt_costs: or_sent(&sent.prompt_cost_details, &details.prompt_details),
                completion_costs: or_sent(&sent.completion_cost_details, &details.completion_details),
                ..Details::default()
            },
            ..Totals::default()
        }
    }
}

/// A sum of amounts of which some are unknown; without a known one the sum itself is unknown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KnownSum {
    pub picodollars: i64,
    pub n_known: i64,
}

impl KnownSum {
    pub fn of(amount: Option<Usd>) -> Self {
        amount.map_or(KnownSum::default(), |usd| KnownSum { picodollars: usd.picodollars, n_known: 1 })
    }

    pub fn value(self) -> Option<Usd> {
        (self.n_known > 0).then_some(Usd::from_pico(self.picodollars))
    }

    fn add(&mut self, other: KnownSum, sign: i64) {
        self.picodollars = self.picodollars.saturating_add(other.picodollars.saturating_mul(sign));
        self.n_known += other.n_known * sign;
    }
}

/// Tokens and costs by kind, summed; costs in picodollars.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Details {
    #[serde(rename = "p", skip_serializing_if = "BTreeMap::is_empty")]
    pub prompt_tokens: BTreeMap<String, i64>,
    #[serde(rename = "c", skip_serializing_if = "BTreeMap::is_empty")]
    pub completion_tokens: BTreeMap<String, i64>,
    #[serde(rename = "pc", skip_serializing_if = "BTreeMap::is_empty")]
    pub prompt_costs: BTreeMap<String, i64>,
    #[serde(rename = "cc", skip_serializing_if = "BTreeMap::is_empty")]
    pub completion_costs: BTreeMap<String, i64>,
}

impl Details {
    pub fn is_empty(&self) -> bool {
        self.maps().into_iter().all(BTreeMap::is_empty)
    }

    fn maps(&self) -> [&BTreeMap<String, i64>; 4] {
        [&self.prompt_tokens, &self.completion_tokens, &self.prompt_costs, &self.completion_costs]
    }

    fn add(&mut self, other: &Details, sign: i64) {
        let mine =
            [&mut self.prompt_tokens, &mut self.completion_tokens, &mut self.prompt_costs, &mut self.completion_costs];
        for (mine, theirs) in mine.into_iter().zip(other.maps()) {
            for (kind, amount) in theirs {
                let signed = amount.saturating_mul(sign);
                match mine.get_mut(kind) {
                    Some(sum) => *sum = sum.saturating_add(signed),
                    None => {
                        mine.insert(kind.clone(), signed);
                    }
                }
            }
        }
    }
}

/// Tokens and costs of a run and everything below it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    pub total_tokens: i64,
    pub prompt_cost: KnownSum,
    pub completion_cost: KnownSum,
    pub total_cost: KnownSum,
    /// Model runs with usage.
    pub n_model_runs: i64,
    /// A kind whose contributions were taken back stays with 0: absent and 0 mean the same here.
    pub details: Details,
}

impl Totals {
    pub fn add(&mut self, other: &Totals) {
        self.accumulate(other, 1);
    }

    pub fn subtract(&mut self, other: &Totals) {
        self.accumulate(other, -1);
    }

    fn accumulate(&mut self, other: &Totals, sign: i64) {
        let sum = |mine: &mut i64, theirs: i64| *mine = mine.saturating_add(theirs.saturating_mul(sign));
        sum(&mut self.prompt_tokens, other.prompt_tokens);
        sum(&mut self.completion_tokens, other.completion_tokens);
        sum(&mut self.total_tokens, other.total_tokens);
        sum(&mut self.n_model_runs, other.n_model_runs);
        self.prompt_cost.add(other.prompt_cost, sign);
        self.completion_cost.add(other.completion_cost, sign);
        self.total_cost.add(other.total_cost, sign);
        self.details.add(&other.details, sign);
    }

    /// Adds what a change below the run amounts to, and returns what that changes for its parent: a conditional cost of
    /// the run itself stops counting with the first model run below, and counts again without any.
    pub fn apply_below(&mut self, change: &Totals, conditional: &Totals) -> Totals {
        let was_counted = self.n_model_runs == 0;
        let mut outgoing = change.clone();
        self.add(change);
        let is_counted = self.n_model_runs == 0;
        if was_counted && !is_counted {
            self.subtract(conditional);
            outgoing.subtract(conditional);
        } else if !was_counted && is_counted {
            self.add(conditional);
            outgoing.add(conditional);
        }
        outgoing
    }

    /// Nothing to add: neither numbers nor kinds.
    pub fn is_zero(&self) -> bool {
        let has_amounts = |map: &BTreeMap<String, i64>| map.values().any(|&amount| amount != 0);
        let Totals { prompt_tokens, completion_tokens, total_tokens, prompt_cost, completion_cost, total_cost, .. } =
            self;
        [*prompt_tokens, *completion_tokens, *total_tokens, self.n_model_runs].iter().all(|&n| n == 0)
            && [prompt_cost, completion_cost, total_cost].iter().all(|&&sum| sum == KnownSum::default())
            && !self.details.maps().into_iter().any(has_amounts)
    }
}
