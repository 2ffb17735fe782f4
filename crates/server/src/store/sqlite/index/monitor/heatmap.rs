//! Runs by time and by a quantity, the quantity in rows of equal ratio.

use super::area::{in_units, measure};
use super::buckets::{Uncut, Wanted};
use super::series::{Cut, buckets, partial_ends, slots};
use crate::store::sqlite::index::columns::ABSENT;
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::predicate::Predicate;
use crate::store::sqlite::index::scope::Scope;
use fanlight_wire::monitor::Quantity;
use fanlight_wire::monitor::heatmap::{Heatmap, MAX_COLUMNS, MAX_ROWS};

/// How fine rows may be, in rows to a factor of ten; finest first.
const PER_DECADE: [i32; 7] = [20, 10, 8, 5, 4, 2, 1];

/// The smallest value with a row of its own, in units of a column: below a millisecond, a millionth of a dollar.
fn least(of: Quantity) -> i64 {
    match of {
        Quantity::Latency | Quantity::FirstToken | Quantity::Cost => 1_000_000,
        Quantity::Tokens => 1,
    }
}

/// At most so many columns and rows; more than is possible is taken as the most.
pub fn heatmap(
    index: &Index,
    scope: &Scope,
    predicate: &Predicate,
    of: Quantity,
    (zone, now_ns): (chrono_tz::Tz, i64),
    (n_columns, n_rows): (usize, usize),
) -> Result<Heatmap, Uncut> {
    let columns = &index.columns;
    let slots = slots(index, scope, predicate);
    let wanted = Wanted::AtMost(n_columns.clamp(2, MAX_COLUMNS));
    let Some(buckets) = buckets(index, scope, &slots, Cut { zone, wanted, now_ns })? else {
        return Ok(Heatmap::default());
    };
    let (measure, unit) = measure(of);
    // A run without usage has zero tokens: it has none.
    let is_there = |value: &i64| *value != ABSENT && (of != Quantity::Tokens || *value > 0);
    let value_of = |slot: u32| Some(measure.of(columns, slot)).filter(is_there);
    let (mut least_value, mut max) = (i64::MAX, None);
    for value in slots.iter().filter_map(|&slot| value_of(slot)) {
        least_value = least_value.min(value);
        max = max.max(Some(value));
    }
    let bounds = max.map_or_else(Vec::new, |max| bounds(least_value.max(least(of)), max, n_rows.clamp(2, MAX_ROWS)));
    let mut counts = vec![vec![0u32; bounds.len().saturating_sub(1)]; buckets.n()];
    let mut n_runs = 0;
    for &slot in &slots {
        let Some(value) = value_of(slot) else { continue };
        let row = bounds.partition_point(|bound| *bound <= value).saturating_sub(1);
        counts[buckets.idx(columns.start_ns[slot as usize])][row] += 1;
        n_runs += 1;
    }
    let (is_first_partial, is_last_partial) = partial_ends(&buckets, scope, now_ns);
    Ok(Heatmap {
        starts_ms: buckets.starts_ms(),
        end_ms: buckets.end_ns() / 1_000_000,
        bucket_seconds: buckets.width_s,
        is_first_partial,
        is_last_partial,
        bounds: bounds.into_iter().map(|bound| bound as f64 / unit).collect(),
        counts,
        n_runs,
        n_without: slots.len() as u64 - n_runs,
        max: max.map(|max| max as f64 / unit),
    })
}

/// From 0 over powers of ten and the same steps between them, to above `max`; at most `n_rows` rows. Whole numbers.
fn bounds(least: i64, max: i64, n_rows: usize) -> Vec<i64> {
    let step = |value: i64, per_decade: i32| ((value.max(1) as f64).log10() * f64::from(per_decade)).floor() as i32;
    let power = |step: i32, per_decade: i32| in_units(10f64.powf(f64::from(step) / f64::from(per_decade)), 1.0);
    let n_needed = |per_decade: i32| {
        let n_steps = step(max, per_decade) - step(least.min(max), per_decade) + 1;
        usize::try_from(n_steps).unwrap_or(1) + 1
    };
    // Of nineteen digits, the coarsest needs twenty rows; with fewer allowed, the lowest are taken together.
    let coarsest = PER_DECADE[PER_DECADE.len() - 1];
    let per_decade = PER_DECADE.into_iter().find(|per_decade| n_needed(*per_decade) <= n_rows).unwrap_or(coarsest);
    let last = step(max, per_decade) + 1;
    let first = step(least.min(max), per_decade).max(last - n_rows as i32 + 1);
    let mut bounds = vec![0];
    bounds.extend((first..=last).map(|step| power(step, per_decade)));
    // Rounding: a bound may fall on the greatest value, and small ones on each other.
    if let Some(top) = bounds.last_mut() {
        *top = (*top).max(max.saturating_add(1));
    }
    bounds.dedup();
    bounds
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn rows_are_as_fine_as_fits_and_fall_on_powers_of_ten() {
        assert_eq!(bounds(1_000, 9_999, 40).len(), 22);
        assert_eq!(bounds(1, 50_000, 6), [0, 1, 10, 100, 1_000, 10_000, 100_000]);
        assert_eq!(bounds(1, 50_000, 4), [0, 100, 1_000, 10_000, 100_000]);
        assert_eq!(bounds(7, 7, 40), [0, 6, 8]);
    }

    proptest! {
        #[test]
        fn every_value_has_a_row(a in 0i64..i64::MAX, b in 0i64..i64::MAX, shift in 0u32..60, n_rows in 2usize..=40) {
            let (low, high) = ((a >> shift).min(b), (a >> shift).max(b));
            let bounds = bounds(low.max(1), high, n_rows);
            prop_assert!(bounds.len() - 1 <= n_rows + 1, "{:?}", bounds);
            prop_assert!(bounds.windows(2).all(|pair| pair[0] < pair[1]));
            prop_assert!(bounds[0] <= low && *bounds.last().unwrap() > high.min(i64::MAX - 1));
        }
    }
}
