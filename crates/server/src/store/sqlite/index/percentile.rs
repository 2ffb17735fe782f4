//! Exact percentiles without sorting everything.

/// The value at `rank` (0 to 1), between the neighbours where it falls between two. Reorders `values`.
pub fn percentile(values: &mut [i64], rank: f64) -> Option<f64> {
    let last_idx = values.len().checked_sub(1)?;
    let position = rank * last_idx as f64;
    let below_idx = position.floor() as usize;
    let (_, below, rest) = values.select_nth_unstable(below_idx);
    let below = *below as f64;
    let above = rest.iter().min().map_or(below, |above| *above as f64);
    Some(below + (above - below) * position.fract())
}

/// The same in seconds, of nanoseconds.
pub fn percentile_s(values_ns: &mut [i64], rank: f64) -> Option<f64> {
    percentile(values_ns, rank).map(|ns| ns / 1e9)
}

/// The same as a whole number.
pub fn percentile_count(values: &mut [i64], rank: f64) -> Option<i64> {
    percentile(values, rank).map(|value| value.round() as i64)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(values: &[i64], rank: f64, expected: Option<f64>) {
        let mut reversed: Vec<i64> = values.iter().rev().copied().collect();
        assert_eq!(percentile(&mut reversed, rank), expected);
    }

    #[test]
    fn percentiles_fall_on_or_between_values() {
        check(&[], 0.5, None);
        check(&[3], 0.99, Some(3.0));
        check(&[1, 2, 3], 0.5, Some(2.0));
        check(&[1, 2], 0.5, Some(1.5));
        check(&(0..=100).collect::<Vec<_>>(), 0.99, Some(99.0));
        check(&[5, 5, 5, 9], 1.0, Some(9.0));
    }

    #[test]
    fn seconds_and_counts_are_made_of_them() {
        assert_eq!(percentile_s(&mut [1_000_000_000, 2_000_000_000], 0.5), Some(1.5));
        assert_eq!(percentile_count(&mut [10, 15], 0.5), Some(13));
    }
}
