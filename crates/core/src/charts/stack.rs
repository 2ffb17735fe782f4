//! Layers on top of each other, and the largest of many groups with the rest as one.

/// From where to where each layer reaches, bucket by bucket: `layers[layer][bucket]`, the first layer lowest.
///
/// A missing or negative value is a layer without height. A bucket in which no layer has a value is a gap: `None` in all.
pub fn stacked(layers: &[Vec<Option<f64>>], n_buckets: usize) -> Vec<Vec<Option<(f64, f64)>>> {
    let mut base = vec![0.0; n_buckets];
    let value = |layer: &[Option<f64>], bucket: usize| layer.get(bucket).copied().flatten().filter(|it| it.is_finite());
    let is_gap: Vec<bool> =
        (0..n_buckets).map(|bucket| !layers.iter().any(|layer| value(layer, bucket).is_some())).collect();
    layers
        .iter()
        .map(|layer| {
            (0..n_buckets)
                .map(|bucket| {
                    if is_gap[bucket] {
                        return None;
                    }
                    let from = base[bucket];
                    base[bucket] += value(layer, bucket).unwrap_or(0.0).max(0.0);
                    Some((from, base[bucket]))
                })
                .collect()
        })
        .collect()
}

/// Where each run of consecutive values begins and ends: `[start, end)`.
pub fn stretches<T>(values: &[Option<T>]) -> Vec<(usize, usize)> {
    let mut found = Vec::new();
    let mut start = None;
    for (idx, value) in values.iter().enumerate() {
        match (value, start) {
            (Some(_), None) => start = Some(idx),
            (None, Some(from)) => {
                found.push((from, idx));
                start = None;
            }
            _ => {}
        }
    }
    found.extend(start.map(|from| (from, values.len())));
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_missing_layer_has_no_height_and_a_bucket_of_none_is_a_gap() {
        let layers = [vec![Some(1.0), None, None], vec![Some(2.0), Some(3.0), None]];
        assert_eq!(
            stacked(&layers, 3),
            [vec![Some((0.0, 1.0)), Some((0.0, 0.0)), None], vec![Some((1.0, 3.0)), Some((0.0, 3.0)), None]]
        );
    }

    #[test]
    fn stretches_end_at_gaps() {
        assert_eq!(stretches(&[None, Some(1), Some(2), None, Some(3)]), [(1, 3), (4, 5)]);
        assert_eq!(stretches::<i32>(&[]), []);
    }

    proptest! {
        #[test]
        fn layers_touch_and_begin_at_zero(layers in prop::collection::vec(prop::collection::vec(prop::option::of(-5.0..100.0f64), 6), 1..5)) {
            let stacked = stacked(&layers, 6);
            for bucket in 0..6 {
                let mut base = 0.0;
                for layer in &stacked {
                    if let Some((from, to)) = layer[bucket] {
                        prop_assert!(from == base && to >= from);
                        base = to;
                    }
                }
            }
        }
    }
}
