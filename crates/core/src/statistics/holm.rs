//! Many questions to the same runs: one of them looks like a difference by chance sooner or later.

/// Holm's correction: with each p multiplied by how many are at least as large, claiming those at most α errs in any
/// claim at all with a chance of at most α, however the measures depend on each other. In the order of `ps`.
pub fn corrected(ps: &[f64]) -> Vec<f64> {
    let mut order: Vec<usize> = (0..ps.len()).collect();
    order.sort_by(|&a, &b| ps[a].total_cmp(&ps[b]));
    let mut corrected = vec![1.0; ps.len()];
    let mut largest: f64 = 0.0;
    for (rank, idx) in order.into_iter().enumerate() {
        largest = largest.max(ps[idx] * (ps.len() - rank) as f64).min(1.0);
        corrected[idx] = largest;
    }
    corrected
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn the_smallest_counts_most_and_none_overtakes_another() {
        assert_eq!(corrected(&[0.01, 0.04, 0.03, 0.005]), [0.03, 0.06, 0.06, 0.02]);
        assert_eq!(corrected(&[0.9, 0.8]), [1.0, 1.0]);
        assert!(corrected(&[]).is_empty());
    }

    proptest! {
        #[test]
        fn correcting_never_makes_anything_likelier_to_be_claimed(ps in prop::collection::vec(0.0f64..=1.0, 0..12)) {
            for (p, corrected) in ps.iter().zip(corrected(&ps)) {
                prop_assert!(corrected >= *p && corrected <= 1.0);
            }
        }
    }
}
