//! Shares of runs: errors, thumbs up.

use super::difference::{Difference, Estimate, Z};
use super::distributions::{ln_gamma, normal_above};

/// How many of some runs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Share {
    pub n_yes: u64,
    pub n: u64,
}

impl Share {
    fn value(self) -> f64 {
        self.n_yes as f64 / self.n as f64
    }

    /// The share and Wilson's score interval of it, which stays within 0 to 1 and holds for few runs as well.
    pub fn estimate(self) -> Option<Estimate> {
        if self.n == 0 {
            return None;
        }
        let (n, share) = (self.n as f64, self.value());
        let middle = (share + Z * Z / (2.0 * n)) / (1.0 + Z * Z / n);
        let half = Z / (1.0 + Z * Z / n) * (share * (1.0 - share) / n + Z * Z / (4.0 * n * n)).sqrt();
        let (low, high) = ((middle - half).max(0.0), (middle + half).min(1.0));
        Some(Estimate { value: share, low: Some(low), high: Some(high), n: self.n })
    }
}

/// Newcombe's interval of the difference, made of both score intervals. The test is Pearson's where at least 5 runs of
/// each kind are expected on each side, and Fisher's exact one where not.
pub fn difference(a: Share, b: Share) -> Option<Difference> {
    let (one, other) = (a.estimate()?, b.estimate()?);
    let value = other.value - one.value;
    let away = |from: f64, to: Option<f64>| to.map_or(0.0, |to| (from - to).powi(2));
    let low = value - (away(other.value, other.low) + away(one.value, one.high)).sqrt();
    let high = value + (away(other.value, other.high) + away(one.value, one.low)).sqrt();
    let pooled = (a.n_yes + b.n_yes) as f64 / (a.n + b.n) as f64;
    let least_expected = a.n.min(b.n) as f64 * pooled.min(1.0 - pooled);
    let p = if least_expected >= 5.0 {
        let error = (pooled * (1.0 - pooled) * (1.0 / a.n as f64 + 1.0 / b.n as f64)).sqrt();
        2.0 * normal_above((value / error).abs())
    } else {
        fisher(a, b)
    };
    let variance = |share: f64| share * (1.0 - share);
    Some(Difference { value, low, high, p, spread: (variance(one.value) + variance(other.value)).sqrt() })
}

/// Fisher's exact test, two-sided: all tables with these sums that are no likelier than the one there is.
fn fisher(a: Share, b: Share) -> f64 {
    let (n_a, n_b, n_yes) = (a.n, b.n, a.n_yes + b.n_yes);
    let ln_choose = |n: u64, k: u64| {
        let ln_factorial = |n: u64| ln_gamma(n as f64 + 1.0);
        ln_factorial(n) - ln_factorial(k) - ln_factorial(n - k)
    };
    let ln_all = ln_choose(n_a + n_b, n_yes);
    let likelihood = |yes_of_a: u64| (ln_choose(n_a, yes_of_a) + ln_choose(n_b, n_yes - yes_of_a) - ln_all).exp();
    // Equal tables must not be told apart by rounding.
    let most = likelihood(a.n_yes) * (1.0 + 1e-7);
    let tables = n_yes.saturating_sub(n_b)..=n_yes.min(n_a);
    tables.map(likelihood).filter(|table| *table <= most).sum::<f64>().min(1.0)
}
