//! Which of two versions is better, and whether that is more than noise.
//!
//! [`share`], [`mean`] and [`quantile`] say what is known of a number and what two versions of it differ by;
//! [`mod@judge`] asks this of all measures at once, corrected for their number ([`holm`]), and says how many runs would
//! tell ([`power`]). The numbers are those of SciPy and statsmodels: see `tests/statistics.rs`.

pub mod difference;
pub mod distributions;
pub mod holm;
pub mod judge;
pub mod mean;
pub mod power;
pub mod quantile;
pub mod share;

pub use difference::{Difference, Estimate};
pub use judge::{Aim, Judged, Measured, Outcome, Verdict, judge, outcome};
pub use mean::Mean;
pub use share::Share;
