//! Where a mean really lies.

/// Two-sided 95 % of the normal distribution.
const Z: f64 = 1.959_964;

/// The 95 % interval of a mean of `n` scores, whose squared distances from it add up to `squares`. `None` for fewer than
/// two scores, of which nothing can be said.
pub fn of_mean(mean: f64, n: u64, squares: f64) -> Option<(f64, f64)> {
    if n < 2 || !mean.is_finite() || !squares.is_finite() {
        return None;
    }
    let variance = squares.max(0.0) / (n - 1) as f64;
    let half = Z * (variance / n as f64).sqrt();
    Some((mean - half, mean + half))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_scores_make_it_narrower() {
        let width = |n: u64| of_mean(0.5, n, 0.25 * n as f64).map(|(low, high)| high - low).unwrap();
        assert!(width(10) > width(100) && width(100) > width(1000));
        // 100 coins: half, give or take a tenth.
        assert!((width(100) - 0.197).abs() < 0.001);
    }

    #[test]
    fn one_score_says_nothing() {
        assert_eq!(of_mean(1.0, 1, 0.0), None);
        assert_eq!(of_mean(1.0, 0, 0.0), None);
        assert_eq!(of_mean(1.0, 2, 0.0), Some((1.0, 1.0)));
    }
}
