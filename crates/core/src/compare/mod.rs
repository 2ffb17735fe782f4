//! Two traces side by side: which run of one is which of the other, what differs, and where they part.
//!
//! [`side`] is one of the traces; [`pairs`] makes one tree of two; [`difference`] says what differs in each pair and
//! finds the first divergence; [`measure`] compares times, tokens and costs, [`contributors`] where the difference comes
//! from. [`rows`] and [`walk`] say what is shown and where the keys lead, [`row_text`] and [`layout`] what a row says and
//! looks like.

pub mod baseline;
pub mod contributors;
pub mod difference;
pub mod keys;
pub mod layout;
pub mod measure;
mod names;
pub mod pairs;
pub mod row_text;
pub mod rows;
pub mod side;
pub mod walk;

pub use difference::Difference;
pub use measure::{Change, Measure};
pub use pairs::{Comparison, Pair, PairIdx};
pub use side::Side;

#[cfg(test)]
pub(crate) mod fixtures;
