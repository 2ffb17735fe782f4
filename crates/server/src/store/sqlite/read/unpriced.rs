//! Models that runs used and that nobody knows the price of.

use super::Reading;
use super::question::Question;
use crate::pricing::PriceList;
use crate::store::StoreResult;
use crate::store::sqlite::index::dictionary::NONE;
use crate::store::sqlite::index::monitor::measures::is_unpriced;
use crate::store::sqlite::index::predicate::Predicate;
use fanlight_wire::Timestamp;
use fanlight_wire::price::{UnpricedModel, UnpricedModels};
use fanlight_wire::run_query::RunQuery;
use std::cmp::Reverse;
use std::collections::HashMap;

const MAX_MODELS: usize = 100;

/// What the runs of one model without a cost come to.
#[derive(Default)]
struct Sum {
    n_runs: u64,
    total_tokens: i64,
    last_start_ns: i64,
}

/// Looks at every run. Those without a model, or with nothing but a sum of tokens, no price could help.
pub fn unpriced(reading: &Reading, prices: &PriceList) -> StoreResult<UnpricedModels> {
    let scope = Question::of(reading, &RunQuery::default())?.scope;
    let index = reading.index.read();
    let columns = &index.columns;
    let mut by_model: HashMap<u32, Sum> = HashMap::new();
    scope.for_each(&index, &Predicate::Always(true), |slot| {
        let idx = slot as usize;
        let has_sides = columns.prompt_tokens[idx] > 0 || columns.completion_tokens[idx] > 0;
        if columns.model[idx] != NONE && has_sides && is_unpriced(columns, slot) {
            let sum = by_model.entry(columns.model[idx]).or_default();
            sum.n_runs += 1;
            sum.total_tokens = sum.total_tokens.saturating_add(columns.total_tokens[idx]);
            sum.last_start_ns = sum.last_start_ns.max(columns.start_ns[idx]);
        }
    });
    let mut models: Vec<UnpricedModel> = by_model
        .into_iter()
        .map(|(model, sum)| {
            let (model, last_start_time) = (index.models.text(model).to_owned(), Timestamp(sum.last_start_ns));
            UnpricedModel {
                has_price: prices.has_price(&model, last_start_time),
                model,
                n_runs: sum.n_runs,
                total_tokens: sum.total_tokens,
                last_start_time,
            }
        })
        .collect();
    models.sort_by(|a, b| Reverse(a.n_runs).cmp(&Reverse(b.n_runs)).then_with(|| a.model.cmp(&b.model)));
    let n_models = models.len() as u64;
    models.truncate(MAX_MODELS);
    Ok(UnpricedModels { n_models, models })
}
