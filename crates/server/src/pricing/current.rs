//! The prices that count now: replaced as a whole when somebody changes one, so that each sum is made of one list.

use super::PriceList;
use std::sync::{Arc, RwLock};

/// Shared by whoever prices and whoever explains.
#[derive(Debug)]
pub struct CurrentPrices(RwLock<Arc<PriceList>>);

impl CurrentPrices {
    pub fn new(prices: PriceList) -> Self {
        CurrentPrices(RwLock::new(Arc::new(prices)))
    }

    pub fn get(&self) -> Arc<PriceList> {
        Arc::clone(&self.0.read().expect("no code that holds this lock panics"))
    }

    pub fn set(&self, prices: PriceList) {
        *self.0.write().expect("no code that holds this lock panics") = Arc::new(prices);
    }
}
