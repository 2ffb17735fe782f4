//! Medians and other quantiles of latencies, whose distribution nobody knows.

use super::difference::{Difference, Estimate, Z};
use super::distributions::normal_above;

/// The difference of two quantiles, from the intervals of both (the method of variance estimates recovery, MOVER, of
/// Zou and Donner): an interval that is longer on one side stays so. `None` where a side has no interval, or both have
/// no length.
pub fn difference(a: Estimate, b: Estimate) -> Option<Difference> {
    let (a_low, a_high, b_low, b_high) = (a.low?, a.high?, b.low?, b.high?);
    let value = b.value - a.value;
    let down = ((b.value - b_low).powi(2) + (a_high - a.value).powi(2)).sqrt();
    let up = ((b_high - b.value).powi(2) + (a.value - a_low).powi(2)).sqrt();
    // As far as the interval reaches towards no difference.
    let towards_none = if value > 0.0 { down } else { up };
    let widest = down.max(up);
    if widest <= 0.0 || !widest.is_finite() {
        return None;
    }
    let p = match value == 0.0 {
        true => 1.0,
        // Where only the other side of the interval has a length, that length is all there is to judge by.
        false if towards_none <= 0.0 => 2.0 * normal_above(Z * value.abs() / widest),
        false => 2.0 * normal_above(Z * value.abs() / towards_none),
    };
    let n = 2.0 / (1.0 / a.n as f64 + 1.0 / b.n as f64);
    let spread = if towards_none > 0.0 { towards_none } else { widest } / Z * n.sqrt();
    Some(Difference { value, low: value - down, high: value + up, p, spread })
}
