//! What models cost. Prices come from `data/model_prices.json` and from people; [`table`] reads the one, [`own`] the other,
//! [`current`] says which count now. [`cost`] does the sums, [`explain`] tells how they came about.
//!
//! Exact: prices are picodollars per million tokens, products are `i128`, and only a finished amount is rounded.

pub mod cost;
pub mod current;
pub mod explain;
pub mod own;
mod shipped;
pub mod table;

pub use current::CurrentPrices;
pub use own::OwnPrice;
pub use table::{PriceList, PriceTableError};
