//! The numbers of a chart as rows, to read and to save.

use super::chart::Chart;
use super::heat::{Cell, Heat};
use crate::format::digits::grouped;
use crate::format::duration::duration;
use crate::format::time::span;
use fanlight_wire::Timestamp;

/// Rows of text under a header.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    pub header: Vec<String>,
    pub rows: Vec<Vec<String>>,
}

/// A line for each bucket that has a value, a column for each series.
pub fn of_chart(chart: &Chart, offset_at: impl Fn(Timestamp) -> i32) -> Table {
    let name = |series: &super::chart::Series| series.name.clone();
    let header = std::iter::once("Time".to_owned()).chain(chart.series.iter().map(name)).collect();
    let row = |bucket: usize| {
        let (from, to) = chart.bucket(bucket)?;
        let values: Vec<Option<f64>> = chart.series.iter().map(|series| series.value(bucket)).collect();
        values.iter().any(Option::is_some).then(|| {
            let words = values.into_iter().map(|value| value.map_or("–".to_owned(), |value| chart.unit.words(value)));
            std::iter::once(span(from, to, &offset_at)).chain(words).collect()
        })
    };
    Table { header, rows: (0..chart.n_buckets()).filter_map(row).collect() }
}

/// A line for each cell that holds a run, the slowest of a time first.
pub fn of_heat(heat: &Heat, offset_at: impl Fn(Timestamp) -> i32) -> Table {
    let header = ["Time", "Latency", "Runs"].map(str::to_owned).to_vec();
    let mut rows = Vec::new();
    for bucket in 0..heat.n_buckets() {
        let (from, to) = (heat.edges[bucket], heat.edges[bucket + 1]);
        for row in (0..heat.n_rows()).rev() {
            let count = heat.count(Cell { bucket, row });
            if let Some((low, high)) = heat.latencies_ns(row).filter(|_| count > 0) {
                let latency = format!("{} – {}", duration(low as i64), duration(high as i64));
                rows.push(vec![span(from, to, &offset_at), latency, grouped(count as i64)]);
            }
        }
    }
    Table { header, rows }
}

/// The numbers themselves as a CSV file: instants in UTC, values without units; an empty field where there is none.
pub fn csv_of_chart(chart: &Chart) -> String {
    let mut text =
        line(["from".to_owned(), "to".to_owned()].into_iter().chain(chart.series.iter().map(|it| it.name.clone())));
    for bucket in 0..chart.n_buckets() {
        let Some((from, to)) = chart.bucket(bucket) else { continue };
        let number = |value: Option<f64>| value.map_or(String::new(), |value| value.to_string());
        let values: Vec<String> = chart.series.iter().map(|series| number(series.value(bucket))).collect();
        text.push_str(&line([from.to_string(), to.to_string()].into_iter().chain(values)));
    }
    text
}

/// The same of a heat map: a line for each cell that holds a run, latencies in nanoseconds.
pub fn csv_of_heat(heat: &Heat) -> String {
    let mut text = line(["from", "to", "latency_from_ns", "latency_to_ns", "runs"].map(str::to_owned).into_iter());
    for bucket in 0..heat.n_buckets() {
        for row in 0..heat.n_rows() {
            let count = heat.count(Cell { bucket, row });
            if let Some((low, high)) = heat.latencies_ns(row).filter(|_| count > 0) {
                let (from, to) = (heat.edges[bucket].to_string(), heat.edges[bucket + 1].to_string());
                text.push_str(&line(
                    [from, to, format!("{low:.0}"), format!("{high:.0}"), count.to_string()].into_iter(),
                ));
            }
        }
    }
    text
}

fn line(fields: impl Iterator<Item = String>) -> String {
    let fields: Vec<String> = fields.map(|field| quoted(&field)).collect();
    format!("{}\r\n", fields.join(","))
}

/// A field that no spreadsheet takes for a formula: names come from traces.
fn quoted(field: &str) -> String {
    let is_formula = field.starts_with(['=', '+', '-', '@', '\t', '\r']) && field.parse::<f64>().is_err();
    let field = if is_formula { format!("'{field}") } else { field.to_owned() };
    if field.contains([',', '"', '\n', '\r']) { format!("\"{}\"", field.replace('"', "\"\"")) } else { field }
}

#[cfg(test)]
mod tests {
    use super::super::chart::Series;
    use super::super::color::Color;
    use super::super::unit::Unit;
    use super::*;

    fn chart() -> Chart {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        Chart {
            unit: Unit::Score,
            edges: [at("2026-11-23T13:00:00Z"), at("2026-11-23T14:00:00Z"), at("2026-11-23T15:00:00Z")].into(),
            series: vec![
                Series::new("=HYPERLINK(\"x\")", Color::Accent, vec![Some(-1.5), None]),
                Series::new("b, c", Color::Accent, vec![None, None]),
            ],
            ..Chart::default()
        }
    }

    #[test]
    fn a_table_has_a_line_for_each_time_with_a_value() {
        let table = of_chart(&chart(), |_| 60);
        assert_eq!(table.header, ["Time", "=HYPERLINK(\"x\")", "b, c"]);
        assert_eq!(table.rows, [["23 Nov 2026 14:00 – 15:00", "−1.50", "–"]]);
    }

    #[test]
    fn a_hostile_name_is_no_formula_and_a_negative_number_stays_one() {
        assert_eq!(
            csv_of_chart(&chart()),
            "from,to,\"'=HYPERLINK(\"\"x\"\")\",\"b, c\"\r\n\
             2026-11-23T13:00:00.000000Z,2026-11-23T14:00:00.000000Z,-1.5,\r\n\
             2026-11-23T14:00:00.000000Z,2026-11-23T15:00:00.000000Z,,\r\n"
        );
    }

    #[test]
    fn cells_are_listed_slowest_first() {
        let heat = Heat {
            edges: [0, 3_600_000_000_000].map(Timestamp).into(),
            bounds_ns: [1e6, 1e7, 1e8].into(),
            counts: vec![vec![12, 3]],
            max_ns: vec![],
        };
        let rows = of_heat(&heat, |_| 0).rows;
        assert_eq!(rows[0][1..], ["10 ms – 100 ms", "3"]);
        assert_eq!(rows[1][1..], ["1 ms – 10 ms", "12"]);
        assert!(csv_of_heat(&heat).ends_with("10000000,100000000,3\r\n"));
    }
}
