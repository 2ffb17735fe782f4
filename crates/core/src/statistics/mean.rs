//! Means of what runs take or score: tokens, cost, feedback.

use super::difference::{CONFIDENCE, Difference, Estimate};
use super::distributions::{t_beyond, t_quantile};

/// A mean, and how much runs differ.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Mean {
    pub n: u64,
    pub mean: f64,
    /// The sample's, with n − 1.
    pub variance: f64,
}

impl Mean {
    /// The square of the error of the mean.
    fn error2(self) -> f64 {
        self.variance / self.n as f64
    }

    /// The mean with Student's interval; without one for fewer than two runs.
    pub fn estimate(self) -> Option<Estimate> {
        if self.n == 0 {
            return None;
        }
        let half = (self.n > 1).then(|| {
            let t = t_quantile(0.5 + CONFIDENCE / 2.0, self.n as f64 - 1.0);
            t * self.error2().sqrt()
        });
        let bound = |sign: f64| half.map(|half| self.mean + sign * half);
        Some(Estimate { value: self.mean, low: bound(-1.0), high: bound(1.0), n: self.n })
    }
}

/// Welch's: neither the spread of both sides nor their number of runs need be equal. `None` with fewer than two runs on
/// either side, and when all runs are the same on both: then there is nothing to judge chance by.
pub fn difference(a: Mean, b: Mean) -> Option<Difference> {
    let error2 = a.error2() + b.error2();
    if a.n < 2 || b.n < 2 || !(error2 > 0.0 && error2.is_finite()) {
        return None;
    }
    let (value, error) = (b.mean - a.mean, error2.sqrt());
    let own = |side: Mean| side.error2().powi(2) / (side.n as f64 - 1.0);
    let df = error2.powi(2) / (own(a) + own(b));
    let half = t_quantile(0.5 + CONFIDENCE / 2.0, df) * error;
    let p = t_beyond(value / error, df);
    Some(Difference { value, low: value - half, high: value + half, p, spread: (a.variance + b.variance).sqrt() })
}
