//! The numbers on top of the page: what the range comes to, how that changed, and its course in small.

use super::answer::{column, empty_chart, in_unit, series, unit_of, whole};
use crate::charts::change::{Change, More, change};
use crate::charts::chart::{Chart, Mark};
use crate::charts::color::Color;
use crate::charts::unit::Unit;
use crate::format::digits::grouped;
use fanlight_wire::Usd;
use fanlight_wire::monitor::Metric;
use fanlight_wire::monitor::series::Series as Answer;

/// One card.
#[derive(Clone, Debug, PartialEq)]
pub struct Card {
    pub title: &'static str,
    pub value: String,
    /// Against the period before; `None` where there is none to compare with.
    pub change: Option<Change>,
    /// What the value leaves out.
    pub note: Option<String>,
    pub course: Chart,
}

const CARDS: [(&str, Metric, More, Color); 6] = [
    ("Traces", Metric::Count, More::IsMore, Color::Muted),
    ("Error rate", Metric::ErrorRate, More::IsWorse, Color::Error),
    ("p50 latency", Metric::LatencyP50, More::IsWorse, Color::Accent),
    ("p99 latency", Metric::LatencyP99, More::IsWorse, Color::Accent),
    ("Tokens", Metric::TotalTokens, More::IsMore, Color::Muted),
    ("Cost", Metric::Cost, More::IsMore, Color::Series(0)),
];

/// The cards of an answer to [`super::panel::overview_metrics`].
pub fn cards(now: &Answer, before: Option<&Answer>) -> Vec<Card> {
    CARDS.iter().map(|(title, metric, more, color)| card(now, before, (title, metric, *more, *color))).collect()
}

fn card(
    now: &Answer,
    before: Option<&Answer>,
    (title, metric, more, color): (&'static str, &Metric, More, Color),
) -> Card {
    let unit = unit_of(metric);
    let column_of = |answer| whole(answer).and_then(|group| column(group, metric));
    let of = |answer| column_of(answer).and_then(|column| column.total.value).map(|value| in_unit(metric, value));
    let value = match (metric, column_of(now).and_then(|column| column.total.exact)) {
        (Metric::Cost, Some(exact)) => exact_words(exact),
        _ => of(now).map_or("–".to_owned(), |value| unit.words(value)),
    };
    let mut course = empty_chart(now, unit, Mark::Lines);
    course.series.extend(column_of(now).map(|column| series(title, color, column)));
    Card { title, value, change: change(unit, more, of(now), before.and_then(of)), note: note(now, metric), course }
}

/// What a cost leaves out: model runs without a price.
fn note(now: &Answer, metric: &Metric) -> Option<String> {
    if *metric != Metric::Cost {
        return None;
    }
    let unpriced = whole(now).and_then(|group| column(group, &Metric::UnpricedCount))?.total.value?;
    (unpriced > 0.0).then(|| format!("without {} unpriced", Unit::Count.words(unpriced)))
}

/// Money to the cent from a dollar up, since sums are checked against bills: `$3,412.08`.
pub fn exact_words(amount: Usd) -> String {
    const CENT: i64 = 10_000_000_000;
    if amount.picodollars.abs() < 100 * CENT {
        return crate::format::cost::cost(amount);
    }
    let cents =
        (i128::from(amount.picodollars) + i128::from(CENT / 2 * amount.picodollars.signum())) / i128::from(CENT);
    let sign = if cents < 0 { "−" } else { "" };
    let cents = cents.unsigned_abs();
    format!("{sign}${}.{:02}", grouped((cents / 100) as i64), cents % 100)
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::monitor::series::{Column, Group, GroupKind, Total};

    fn answer(totals: &[(Metric, f64)]) -> Answer {
        let column = |(metric, total): &(Metric, f64)| Column {
            metric: metric.clone(),
            values: vec![Some(*total)],
            n: vec![1],
            exact: vec![],
            squares: vec![],
            total: Total {
                value: Some(*total),
                n: 1,
                exact: metric.is_money().then(|| Usd::from_pico((*total * 1e12) as i64)),
                squares: None,
            },
        };
        let columns = totals.iter().map(column).collect();
        let group = Group { kind: GroupKind::All, label: None, n_runs: 1, columns };
        Answer { starts_ms: vec![0], end_ms: 1, groups: vec![group], ..Answer::default() }
    }

    #[test]
    fn cards_say_what_it_comes_to_and_how_that_changed() {
        let of = |traces, p99, cost| {
            answer(&[
                (Metric::Count, traces),
                (Metric::LatencyP99, p99),
                (Metric::Cost, cost),
                (Metric::UnpricedCount, 12.0),
            ])
        };
        let cards = cards(&of(884_120.0, 6.21, 3412.08), Some(&of(800_000.0, 5.0, 3412.08)));
        let words: Vec<String> = cards
            .iter()
            .map(|card| format!("{} {} {}", card.title, card.value, card.change.as_ref().map_or("", |it| &it.text)))
            .collect();
        assert_eq!(
            words,
            [
                "Traces 884,120 +10.5 %",
                "Error rate – ",
                "p50 latency – ",
                "p99 latency 6.21 s +24.2 %",
                "Tokens – ",
                "Cost $3,412.08 no change"
            ]
        );
        assert_eq!(cards[5].note.as_deref(), Some("without 12 unpriced"));
    }

    #[test]
    fn money_is_exact_to_the_cent_and_small_sums_keep_their_digits() {
        let words = |text: &str| exact_words(text.parse().unwrap());
        assert_eq!(words("0.00042"), "$0.00042");
        assert_eq!(words("3412.0849"), "$3,412.08");
        assert_eq!(words("-3412.085"), "−$3,412.09");
        assert_eq!(words("1"), "$1.00");
    }
}
