//! How many runs would tell.

use super::difference::Difference;
use super::distributions::normal_quantile;

/// A difference that is there should be found this often.
const POWER: f64 = 0.8;

/// More runs than this are no plan.
const MOST: f64 = 1e12;

/// Runs of each version with which a difference as large as the one seen would be found in 8 of 10 comparisons that
/// claim at most `alpha` by chance. `None` when none was seen.
pub fn runs_needed(difference: &Difference, alpha: f64) -> Option<u64> {
    if difference.value == 0.0 {
        return None;
    }
    let reach = normal_quantile(1.0 - alpha / 2.0) + normal_quantile(POWER);
    let needed = (reach * difference.spread / difference.value).powi(2).ceil();
    (needed <= MOST).then_some(needed as u64)
}

#[cfg(test)]
mod tests {
    use super::super::mean::{self, Mean};
    use super::*;

    #[test]
    fn a_difference_of_half_a_deviation_needs_sixty_three_runs_a_side() {
        let side = |mean| Mean { n: 20, mean, variance: 1.0 };
        let half = mean::difference(side(0.0), side(0.5)).unwrap();
        assert_eq!(runs_needed(&half, 0.05), Some(63));
        assert_eq!(runs_needed(&half, 0.01), Some(94));
    }

    #[test]
    fn no_difference_is_never_found() {
        let side = Mean { n: 20, mean: 1.0, variance: 1.0 };
        assert_eq!(runs_needed(&mean::difference(side, side).unwrap(), 0.05), None);
    }
}
