//! A box of a chart, as a test on runs.

use crate::store::sqlite::index::predicate::{Measure, Predicate};
use fanlight_wire::monitor::{Area, Quantity};

/// Where a quantity is in columns, and how many of its units there are one of those that people read.
pub fn measure(of: Quantity) -> (Measure, f64) {
    match of {
        Quantity::Latency => (Measure::Latency, 1e9),
        Quantity::FirstToken => (Measure::FirstTokenLatency, 1e9),
        Quantity::Tokens => (Measure::TotalTokens, 1.0),
        Quantity::Cost => (Measure::TotalCost, 1e12),
    }
}

/// As bounds of a heatmap are rounded, so that a cell and its box hold the same runs. Saturates.
pub fn in_units(value: f64, unit: f64) -> i64 {
    (value * unit).round() as i64
}

pub fn predicate(area: &Area) -> Predicate {
    let (measure, unit) = measure(area.of);
    let before = |end: i64| end.saturating_sub(1);
    let from_ns = area.from.map_or(i64::MIN, |from| from.0);
    let until_ns = area.until.map_or(i64::MAX, |until| before(until.0));
    let in_time = Predicate::Between(Measure::StartTime, from_ns, until_ns);
    if area.min.is_none() && area.max.is_none() {
        return in_time;
    }
    let low = area.min.map_or(i64::MIN, |min| in_units(min, unit));
    let high = area.max.map_or(i64::MAX, |max| before(in_units(max, unit)));
    Predicate::all([in_time, Predicate::Between(measure, low, high)])
}
