//! What the Monitor page shows of an answer about many runs: which charts, which cards, what was chosen in them.
//!
//! [`panel`] says what is asked and what becomes of it, [`answer`] turns the columns of an answer into the series of a
//! chart, [`cards`] are the numbers on top, [`budget`] is about what a month may cost. [`content`] is what one figure
//! holds, lines or cells, and [`selection`] the time and latencies that were chosen in it; [`rules`] are the versions on
//! all of them. Charts of one's own are asked and drawn as [`board`] says, made and changed as [`board_draft`] and
//! [`board_change`] say.

pub mod answer;
pub mod board;
pub mod board_change;
pub mod board_draft;
pub mod budget;
pub mod cards;
pub mod content;
pub mod metric_words;
pub mod panel;
pub mod rules;
pub mod selection;
