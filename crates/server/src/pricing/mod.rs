//! What models cost. Prices come from `data/model_prices.json`; [`table`] reads it, [`cost`] does the
//! sums, [`explain`] tells how they came about.
//!
//! Exact: prices are picodollars per million tokens, products are `i128`, and only a finished amount is rounded.

pub mod cost;
pub mod explain;
pub mod table;

pub use table::{PriceList, PriceTableError};
