//! What the Monitor page shows of an answer about many runs: which charts, which cards, what was chosen in them.
//!
//! [`panel`] says what is asked and what becomes of it, [`answer`] turns the columns of an answer into the series of a
//! chart, [`cards`] are the numbers on top, [`budget`] is about what a month may cost. [`content`] is what one figure holds, lines or cells, and [`selection`] the
//! time and latencies that were chosen in it.

pub mod answer;
pub mod budget;
pub mod cards;
pub mod content;
pub mod panel;
pub mod selection;
