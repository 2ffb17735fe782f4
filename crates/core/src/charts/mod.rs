//! Charts of a project over time: what they consist of, where it is drawn, what is said about it.
//!
//! ```text
//! chart    series over buckets of time, a unit, a mark     heat   time × latency counts
//!    \                                                      /
//!     layout   shapes in a unit square, ticks beside it ---
//!        \
//!         plot   the shapes drawn by plotters on any backend: a canvas, or text in tests
//! ```
//!
//! [`brush`] chooses buckets by pointer and keys, [`legend`] says which series are shown, [`hover`] what a tooltip
//! reads; [`summary`], [`table`] and [`change`] are the same numbers in words, rows and differences. The zone of the
//! reader comes in as a function, as in [`crate::format::local_time`].

pub mod brush;
pub mod change;
pub mod chart;
pub mod color;
pub mod heat;
pub mod hover;
pub mod interval;
pub mod layout;
pub mod legend;
pub mod plot;
pub mod rule_labels;
pub mod scale;
pub mod stack;
pub mod summary;
pub mod table;
pub mod unit;
