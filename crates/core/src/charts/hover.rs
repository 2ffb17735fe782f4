//! What a tooltip reads: the values of one bucket, the largest first.

use super::chart::Chart;
use super::color::Color;
use super::legend::Legend;

/// One line of a tooltip.
#[derive(Clone, Debug, PartialEq)]
pub struct Reading {
    pub name: String,
    pub color: Color,
    pub value: String,
    pub is_previous: bool,
}

/// The values of `bucket` in the series that are shown, the largest first, those of the period before last. Series
/// without a value there are left out.
pub fn readings(chart: &Chart, legend: &Legend, bucket: usize) -> Vec<Reading> {
    let mut found: Vec<(f64, Reading)> = chart
        .series
        .iter()
        .filter(|series| legend.is_shown(&series.name))
        .filter_map(|series| {
            let value = series.value(bucket)?;
            let mut words = chart.unit.words(value);
            if let Some((low, high)) = series.band.get(bucket).copied().flatten() {
                words.push_str(&format!(" ({} – {})", chart.unit.words(low), chart.unit.words(high)));
            }
            if series.is_faint(bucket) {
                words.push_str(&format!(", of only {}", series.n[bucket]));
            }
            let reading = Reading {
                name: series.name.clone(),
                color: series.color,
                value: words,
                is_previous: series.is_previous,
            };
            Some((value, reading))
        })
        .collect();
    found.sort_by(|(one, a), (other, b)| a.is_previous.cmp(&b.is_previous).then(other.total_cmp(one)));
    found.into_iter().map(|(_, reading)| reading).collect()
}

/// The readings as a sentence for screen readers: `p99 6.21 s, p95 2.10 s`.
pub fn sentence(readings: &[Reading]) -> String {
    if readings.is_empty() {
        return "nothing to measure".into();
    }
    readings.iter().map(|reading| format!("{} {}", reading.name, reading.value)).collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::super::chart::Series;
    use super::super::unit::Unit;
    use super::*;
    use fanlight_wire::Timestamp;

    #[test]
    fn the_largest_is_read_first_and_few_samples_are_said() {
        let series = |name: &str, value| Series::new(name, Color::Accent, vec![value]);
        let chart = Chart {
            unit: Unit::Duration,
            edges: [Timestamp(0), Timestamp(1)].into(),
            series: vec![
                Series { is_previous: true, ..series("before", Some(9e9)) },
                series("p50", Some(1e9)),
                Series { n: vec![7], faint_below: 20, ..series("p95", Some(2e9)) },
                series("p99", None),
            ],
            ..Chart::default()
        };
        let read = readings(&chart, &Legend::default(), 0);
        assert_eq!(sentence(&read), "p95 2.00 s, of only 7, p50 1.00 s, before 9.00 s");
        assert_eq!(sentence(&readings(&chart, &Legend::default(), 5)), "nothing to measure");
    }
}
