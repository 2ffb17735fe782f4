//! A chart in a sentence: what it comes to, how that changed, where the highest point is.

use super::change::{More, change, spoken};
use super::chart::Chart;
use super::unit::Unit;
use crate::format::time::span;
use fanlight_wire::Timestamp;

/// A number over the whole range, and over the period before.
#[derive(Clone, Debug, PartialEq)]
pub struct Headline {
    pub name: String,
    pub unit: Unit,
    pub more: More,
    pub now: Option<f64>,
    pub before: Option<f64>,
}

/// `p95 1.80 s, up 12.0 % on the previous 7 days`; `period` names what is compared with.
pub fn headline(it: &Headline, period: &str) -> String {
    let Some(now) = it.now else { return format!("{}: nothing to measure", it.name) };
    let mut words = format!("{} {}", it.name, it.unit.words(now));
    if let Some(change) = change(it.unit, it.more, it.now, it.before) {
        words.push_str(&format!(", {} on the previous {period}", spoken(&change)));
    }
    words
}

/// `highest 6.21 s (p99), 23 Nov 2026 14:00 – 15:00`; nothing where there is no value.
pub fn peak(chart: &Chart, offset_at: impl Fn(Timestamp) -> i32) -> Option<String> {
    let values = chart.series.iter().filter(|series| !series.is_previous).flat_map(|series| {
        (0..chart.n_buckets()).filter_map(move |bucket| Some((series.value(bucket)?, bucket, &series.name)))
    });
    let (value, bucket, name) = values.max_by(|(one, ..), (other, ..)| one.total_cmp(other))?;
    let (from, to) = chart.bucket(bucket)?;
    let whose = if chart.series.len() > 1 { format!(" ({name})") } else { String::new() };
    Some(format!("highest {}{whose}, {}", chart.unit.words(value), span(from, to, offset_at)))
}

#[cfg(test)]
mod tests {
    use super::super::chart::Series;
    use super::super::color::Color;
    use super::*;

    #[test]
    fn a_headline_says_the_number_and_its_change() {
        let it = |now, before| Headline { name: "p95".into(), unit: Unit::Duration, more: More::IsWorse, now, before };
        assert_eq!(headline(&it(Some(1.8e9), Some(1.5e9)), "7 days"), "p95 1.80 s, up 20.0 % on the previous 7 days");
        assert_eq!(headline(&it(Some(1.8e9), None), "7 days"), "p95 1.80 s");
        assert_eq!(headline(&it(None, Some(1.0)), "7 days"), "p95: nothing to measure");
    }

    #[test]
    fn the_peak_is_where_the_largest_value_is() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let chart = Chart {
            unit: Unit::Duration,
            edges: [at("2026-11-23T13:00:00Z"), at("2026-11-23T14:00:00Z"), at("2026-11-23T15:00:00Z")].into(),
            series: vec![
                Series::new("p50", Color::Accent, vec![Some(1e9), Some(2e9)]),
                Series::new("p99", Color::Accent, vec![Some(3e9), Some(6.21e9)]),
            ],
            ..Chart::default()
        };
        assert_eq!(peak(&chart, |_| 0).as_deref(), Some("highest 6.21 s (p99), 23 Nov 2026 14:00 – 15:00"));
        assert_eq!(peak(&Chart::default(), |_| 0), None);
    }
}
