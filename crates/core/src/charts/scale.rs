//! From values and instants to places between 0 and 1, and the round values that axes name.

use super::unit::Unit;
use fanlight_wire::Timestamp;

/// A line of the grid: its place, from 0 at the bottom to 1 at the top, and what is written there.
#[derive(Clone, Debug, PartialEq)]
pub struct Tick {
    pub at: f64,
    pub label: String,
}

/// How values become heights.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ValueScale {
    from: f64,
    to: f64,
    step: f64,
    is_log: bool,
}

/// Durations above ten seconds are counted as a clock does.
const CLOCK_STEPS_NS: [f64; 13] =
    [10e9, 15e9, 30e9, 60e9, 120e9, 300e9, 600e9, 900e9, 1800e9, 3600e9, 7200e9, 21_600e9, 86_400e9];

impl ValueScale {
    /// From zero to a round value of at least `most`, about `n_ticks` steps.
    pub fn from_zero(most: f64, unit: Unit, n_ticks: usize) -> Self {
        let most = if most.is_finite() && most > 0.0 { most } else { smallest(unit) };
        let step = round_step(most / n_ticks.max(1) as f64, unit);
        ValueScale { from: 0.0, to: (most / step).ceil().max(1.0) * step, step, is_log: false }
    }

    /// Round values around all of `values`: for scores, which need not begin at zero.
    pub fn around(values: impl Iterator<Item = f64>, unit: Unit, n_ticks: usize) -> Self {
        let (least, most) = values
            .filter(|value| value.is_finite())
            .fold((f64::INFINITY, f64::NEG_INFINITY), |(least, most), value| (least.min(value), most.max(value)));
        if least > most {
            return Self::from_zero(1.0, unit, n_ticks);
        }
        let spread = if most > least { most - least } else { most.abs().max(1.0) / 2.0 };
        let step = round_step(spread / n_ticks.max(1) as f64, unit);
        let from = (least / step).floor() * step;
        let to = (most / step).ceil() * step;
        ValueScale { from, to: if to > from { to } else { from + step }, step, is_log: false }
    }

    /// Equal distances for equal ratios, between two positive values.
    pub fn log(from: f64, to: f64) -> Self {
        let from = if from.is_finite() && from > 0.0 { from } else { 1.0 };
        let to = if to.is_finite() && to > from { to } else { from * 10.0 };
        ValueScale { from, to, step: 1.0, is_log: true }
    }

    /// Where `value` is, between 0 at the bottom and 1 at the top; what lies outside is at the edge.
    pub fn place(&self, value: f64) -> f64 {
        let share = if self.is_log {
            if value <= self.from {
                return 0.0;
            }
            (value / self.from).ln() / (self.to / self.from).ln()
        } else {
            // Halves, so that a span from the least number to the most stays finite.
            (value / 2.0 - self.from / 2.0) / (self.to / 2.0 - self.from / 2.0)
        };
        if share.is_nan() { 0.0 } else { share.clamp(0.0, 1.0) }
    }

    /// The value at a place: the inverse of [`ValueScale::place`].
    pub fn value(&self, place: f64) -> f64 {
        let place = place.clamp(0.0, 1.0);
        if self.is_log {
            self.from * (self.to / self.from).powf(place)
        } else {
            self.from * (1.0 - place) + self.to * place
        }
    }

    /// Where bars stand: zero, or the edge that is nearest to it.
    pub fn baseline(&self) -> f64 {
        self.place(0.0)
    }

    /// The lines of the grid, from the bottom to the top.
    pub fn ticks(&self, unit: Unit) -> Vec<Tick> {
        let values: Vec<f64> = if self.is_log {
            log_values(self.from, self.to, unit)
        } else {
            let n_steps = ((self.to - self.from) / self.step).round().clamp(1.0, 20.0) as usize;
            (0..=n_steps).map(|step| self.from + step as f64 * self.step).collect()
        };
        // Steps add up with an error in the last digit, which must not show as "−0.00".
        let clean = |value: f64| if value.abs() < self.step * 1e-9 { 0.0 } else { value };
        values.into_iter().map(|value| Tick { at: self.place(value), label: unit.tick(clean(value)) }).collect()
    }
}

/// Round durations and numbers between two: 1, 2, 5 of each power of ten, or the powers alone where those are too many.
/// From ten seconds on, durations are counted as a clock does.
fn log_values(from: f64, to: f64, unit: Unit) -> Vec<f64> {
    const POWERS_NS: [f64; 5] = [10e9, 60e9, 600e9, 7200e9, 86_400e9];
    const BETWEEN_NS: [f64; 4] = [30e9, 300e9, 1800e9, 21_600e9];
    let is_clock = |value: f64| unit == Unit::Duration && value >= 10e9;
    let exponent = |value: f64| value.log10().floor().clamp(-300.0, 300.0) as i32;
    let decades = (exponent(from)..=exponent(to)).map(|power| 10f64.powi(power)).filter(|value| !is_clock(*value));
    let (mut powers, mut between): (Vec<f64>, Vec<f64>) = (Vec::new(), Vec::new());
    for decade in decades {
        powers.push(decade);
        between.extend([2.0 * decade, 5.0 * decade]);
    }
    if unit == Unit::Duration {
        powers.extend(POWERS_NS);
        between.extend(BETWEEN_NS);
    }
    let is_inside = |value: &f64| *value >= from && *value <= to;
    powers.retain(is_inside);
    between.retain(is_inside);
    if powers.len() + between.len() <= MOST_LOG_TICKS {
        powers.extend(between);
        powers.sort_by(f64::total_cmp);
    }
    let step = powers.len().div_ceil(MOST_LOG_TICKS).max(1);
    powers.into_iter().step_by(step).collect()
}

/// More labels than this crowd an axis.
const MOST_LOG_TICKS: usize = 7;

/// The end of an axis that has nothing to show.
fn smallest(unit: Unit) -> f64 {
    match unit {
        Unit::Duration => 1e9,
        _ => 1.0,
    }
}

/// The shortest round step of at least `wanted`.
fn round_step(wanted: f64, unit: Unit) -> f64 {
    let wanted = if wanted.is_finite() && wanted > 1e-300 { wanted } else { 1.0 };
    // Nobody counts halves of runs.
    let least: f64 = if matches!(unit, Unit::Count | Unit::Tokens | Unit::Duration) { 1.0 } else { 0.0 };
    if unit == Unit::Duration && wanted > 5e9 {
        let days = || (wanted / 86_400e9).ceil() * 86_400e9;
        return CLOCK_STEPS_NS.into_iter().find(|step| *step >= wanted).unwrap_or_else(days);
    }
    let decade = 10f64.powf(wanted.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|step| step * decade).find(|step| *step >= wanted * 0.999_999);
    step.unwrap_or(10.0 * decade).max(least)
}

/// How instants become places from left to right.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TimeScale {
    pub from: Timestamp,
    pub to: Timestamp,
}

impl TimeScale {
    /// Of buckets given by their edges.
    pub fn of(edges: &[Timestamp]) -> Self {
        let (from, to) =
            (edges.first().copied().unwrap_or(Timestamp(0)), edges.last().copied().unwrap_or(Timestamp(0)));
        TimeScale { from, to: to.max(from) }
    }

    /// Where `time` is, from 0 to 1.
    pub fn place(&self, time: Timestamp) -> f64 {
        let length = (i128::from(self.to.0) - i128::from(self.from.0)).max(1) as f64;
        ((i128::from(time.0) - i128::from(self.from.0)) as f64 / length).clamp(0.0, 1.0)
    }

    /// The instant at a place.
    pub fn time(&self, place: f64) -> Timestamp {
        let length = i128::from(self.to.0) - i128::from(self.from.0);
        Timestamp((i128::from(self.from.0) + (length as f64 * place.clamp(0.0, 1.0)) as i128) as i64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(scale: ValueScale, unit: Unit, expected: &str) {
        let labels: Vec<String> = scale.ticks(unit).into_iter().map(|tick| tick.label).collect();
        assert_eq!(labels.join(" | "), expected);
    }

    #[test]
    fn axes_count_in_round_steps() {
        check(ValueScale::from_zero(27_300.0, Unit::Count, 4), Unit::Count, "0 | 10k | 20k | 30k");
        check(ValueScale::from_zero(3.0, Unit::Count, 4), Unit::Count, "0 | 1 | 2 | 3");
        check(ValueScale::from_zero(6.21e9, Unit::Duration, 4), Unit::Duration, "0 ms | 2 s | 4 s | 6 s | 8 s");
        check(ValueScale::from_zero(95e9, Unit::Duration, 4), Unit::Duration, "0 ms | 30 s | 1 m | 1 m 30 s | 2 m");
        check(ValueScale::from_zero(0.0213, Unit::Cost, 4), Unit::Cost, "$0 | $0.01 | $0.02 | $0.03");
        check(ValueScale::from_zero(0.0, Unit::Count, 4), Unit::Count, "0 | 1");
    }

    #[test]
    fn scores_are_shown_where_they_are() {
        check(ValueScale::around([0.71, 0.83].into_iter(), Unit::Score, 3), Unit::Score, "0.7 | 0.75 | 0.8 | 0.85");
        check(ValueScale::around([-1.0, 1.0].into_iter(), Unit::Score, 4), Unit::Score, "−1 | −0.5 | 0 | 0.5 | 1");
        check(ValueScale::around([].into_iter(), Unit::Score, 2), Unit::Score, "0 | 0.5 | 1");
    }

    #[test]
    fn a_logarithmic_axis_names_few_round_values() {
        check(ValueScale::log(1e8, 8e9), Unit::Duration, "100 ms | 200 ms | 500 ms | 1 s | 2 s | 5 s");
        check(ValueScale::log(1e6, 3e12), Unit::Duration, "1 ms | 10 ms | 100 ms | 1 s | 10 s | 1 m | 10 m");
    }

    proptest! {
        #[test]
        fn places_are_inside_and_grow_with_the_value(most in 1e-9..1e15f64, one: f64, other: f64) {
            let scales = [
                ValueScale::from_zero(most, Unit::Cost, 4),
                ValueScale::log(most / 100.0, most),
                ValueScale::around([one, other].into_iter(), Unit::Score, 4),
            ];
            for scale in scales {
                let (a, b) = (scale.place(one), scale.place(other));
                prop_assert!((0.0..=1.0).contains(&a) && (0.0..=1.0).contains(&b));
                prop_assert!(one.partial_cmp(&other) != Some(std::cmp::Ordering::Less) || a <= b);
            }
        }

        #[test]
        fn ticks_climb_inside_the_axis(most in 1e-9..1e15f64, n in 1..8usize) {
            for unit in [Unit::Count, Unit::Duration, Unit::Cost] {
                let ticks = ValueScale::from_zero(most, unit, n).ticks(unit);
                prop_assert!(ticks.len() >= 2 && ticks.len() <= n + 3, "{ticks:?}");
                prop_assert!(ticks.windows(2).all(|pair| pair[0].at < pair[1].at));
            }
        }

        #[test]
        fn a_place_leads_back_to_its_value(place in 0.0..1.0f64, most in 1e-3..1e12f64) {
            for scale in [ValueScale::from_zero(most, Unit::Cost, 4), ValueScale::log(most / 1e4, most)] {
                prop_assert!((scale.place(scale.value(place)) - place).abs() < 1e-6);
            }
        }

        #[test]
        fn instants_survive_their_place(from in -1_000_000_000_000i64..1_000_000_000_000, len in 1i64..1_000_000_000_000, share in 0.0..1.0f64) {
            let scale = TimeScale { from: Timestamp(from), to: Timestamp(from + len) };
            prop_assert!((scale.place(scale.time(share)) - share).abs() <= 1.0 / len as f64 + 1e-9);
        }
    }
}
