//! What a chart consists of: series of values over buckets of time.

use super::color::Color;
use super::unit::Unit;
use fanlight_wire::Timestamp;
use std::sync::Arc;

/// How values are drawn.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Mark {
    #[default]
    Lines,
    /// Bars on top of each other, from zero.
    Bars,
    /// Areas on top of each other, from zero.
    Areas,
}

/// Series over the same buckets.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    pub unit: Unit,
    pub mark: Mark,
    /// The beginnings of the buckets and the end of the last one: one more than there are values. Days may be of
    /// unequal length, where clocks change.
    pub edges: Arc<[Timestamp]>,
    /// The last bucket reaches into the future: what it holds will grow.
    pub is_last_partial: bool,
    /// The first is drawn lowest in a stack.
    pub series: Vec<Series>,
    /// Moments with a name: a version first seen.
    pub rules: Vec<Rule>,
    /// Axes of durations and counts begin at zero; those of scores need not.
    pub is_from_zero: bool,
}

/// One line, or one layer of a stack.
#[derive(Clone, Debug, PartialEq)]
pub struct Series {
    pub name: String,
    pub color: Color,
    /// By bucket; `None` where there is nothing to measure, which is a gap and not a zero.
    pub values: Vec<Option<f64>>,
    /// How many samples each value rests on, if that matters.
    pub n: Vec<u64>,
    /// With fewer samples than this a value is drawn faintly.
    pub faint_below: u64,
    /// Where each value may really lie.
    pub band: Vec<Option<(f64, f64)>>,
    /// From the period before: paler and dashed, and not stacked.
    pub is_previous: bool,
    /// How strongly it is drawn, from 0 to 1.
    pub opacity: f64,
}

impl Series {
    pub fn new(name: impl Into<String>, color: Color, values: Vec<Option<f64>>) -> Self {
        Series {
            name: name.into(),
            color,
            values,
            n: Vec::new(),
            faint_below: 0,
            band: Vec::new(),
            is_previous: false,
            opacity: 1.0,
        }
    }

    /// The value of a bucket, if it is a number.
    pub fn value(&self, bucket: usize) -> Option<f64> {
        self.values.get(bucket).copied().flatten().filter(|value| value.is_finite())
    }

    /// Whether a bucket's value rests on too few samples to lean on.
    pub fn is_faint(&self, bucket: usize) -> bool {
        self.n.get(bucket).is_some_and(|n| *n < self.faint_below)
    }
}

/// A moment with a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    pub time: Timestamp,
    pub label: String,
}

impl Chart {
    pub fn n_buckets(&self) -> usize {
        self.edges.len().saturating_sub(1)
    }

    /// Whether any series has any value.
    pub fn is_empty(&self) -> bool {
        !self.series.iter().any(|series| (0..self.n_buckets()).any(|bucket| series.value(bucket).is_some()))
    }

    /// From when to when a bucket reaches.
    pub fn bucket(&self, bucket: usize) -> Option<(Timestamp, Timestamp)> {
        Some((*self.edges.get(bucket)?, *self.edges.get(bucket + 1)?))
    }
}

/// The bucket that holds `time`, or the nearest.
pub fn bucket_at(edges: &[Timestamp], time: Timestamp) -> Option<usize> {
    let last = edges.len().checked_sub(2)?;
    Some(edges.partition_point(|edge| *edge <= time).saturating_sub(1).min(last))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_instant_is_in_one_bucket_and_outside_in_the_nearest() {
        let edges = [Timestamp(0), Timestamp(10), Timestamp(30)];
        let found = [-5, 0, 9, 10, 29, 30, 99].map(|time| bucket_at(&edges, Timestamp(time)));
        assert_eq!(found, [0, 0, 0, 1, 1, 1, 1].map(Some));
        assert_eq!(bucket_at(&edges[..1], Timestamp(0)), None);
    }

    #[test]
    fn a_chart_of_gaps_is_empty() {
        let of = |value| Chart {
            series: vec![Series::new("a", Color::Accent, vec![value])],
            edges: [Timestamp(0), Timestamp(1)].into(),
            ..Chart::default()
        };
        assert!(of(None).is_empty() && of(Some(f64::NAN)).is_empty() && !of(Some(0.0)).is_empty());
    }
}
