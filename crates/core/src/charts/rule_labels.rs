//! Names of moments over a chart: where each stands so that none lies on another, however many there are.

use super::chart::Rule;
use super::scale::TimeScale;
use crate::format::visible::visible;
use fanlight_wire::Timestamp;

/// Rows of names, from the top: more would cover what is measured.
pub const N_ROWS: usize = 3;
/// The longest name; the style cuts off what is longer.
pub const MOST_PX: f64 = 112.0;
/// A letter of the smallest text, about: of most scripts, and of those whose letters are squares.
const LETTER_PX: f64 = 6.6;
const WIDE_LETTER_PX: f64 = 11.5;
/// Around a name, with a gap to the next.
const PADDING_PX: f64 = 14.0;
/// Room for ` +9` behind a name, should others not find a place.
const MORE_PX: f64 = 3.0 * LETTER_PX;

/// A name at its place.
#[derive(Clone, Debug, PartialEq)]
pub struct RuleLabel {
    /// The name, and how many others are close by and have no room: `v12 +2`.
    pub text: String,
    /// All names, for who asks.
    pub names: Vec<String>,
    /// Where its moment is, from 0 to 1.
    pub x: f64,
    /// From the top.
    pub row: usize,
    /// Near the end of a chart it stands to the left of its moment.
    pub is_left: bool,
}

/// The names of the moments inside a chart that is `width_px` wide. Names that would lie on each other stand in rows; what
/// finds no row is counted by the name before it.
pub fn rule_labels(rules: &[Rule], edges: &[Timestamp], width_px: f64) -> Vec<RuleLabel> {
    let scale = TimeScale::of(edges);
    let mut inside: Vec<&Rule> = rules.iter().filter(|rule| rule.time > scale.from && rule.time < scale.to).collect();
    inside.sort_by_key(|rule| rule.time);
    let mut free_from_px = [f64::NEG_INFINITY; N_ROWS];
    let mut labels: Vec<RuleLabel> = Vec::new();
    for rule in inside {
        let (x, name) = (scale.place(rule.time), visible(&rule.label).into_owned());
        let (at_px, length_px) = (x * width_px, length_px(&name));
        let is_left = at_px + length_px > width_px;
        let from_px = if is_left { at_px - length_px } else { at_px };
        let row = free_from_px.iter().position(|free| *free <= from_px);
        // A name that sticks out at either end is read by nobody.
        match row.filter(|_| from_px >= 0.0) {
            Some(row) => {
                free_from_px[row] = from_px + length_px;
                labels.push(RuleLabel { text: name.clone(), names: vec![name], x, row, is_left });
            }
            None => {
                if let Some(last) = labels.last_mut() {
                    last.names.push(name);
                    last.text = format!("{} +{}", last.names[0], last.names.len() - 1);
                }
            }
        }
    }
    labels
}

fn length_px(name: &str) -> f64 {
    // East Asian scripts begin here; emoji are wide, too.
    let letter = |letter: char| if letter >= '\u{1100}' { WIDE_LETTER_PX } else { LETTER_PX };
    (name.chars().map(letter).sum::<f64>() + PADDING_PX + MORE_PX).min(MOST_PX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// A chart of 1,000 px from 0 to 1,000.
    fn labels(rules: &[(i64, &str)]) -> Vec<RuleLabel> {
        let rules: Vec<Rule> =
            rules.iter().map(|(time, label)| Rule { time: Timestamp(*time), label: (*label).to_owned() }).collect();
        rule_labels(&rules, &[Timestamp(0), Timestamp(1000)], 1000.0)
    }

    #[track_caller]
    fn check(rules: &[(i64, &str)], expected: &[(&str, usize)]) {
        let labels = labels(rules);
        let found: Vec<(&str, usize)> = labels.iter().map(|label| (label.text.as_str(), label.row)).collect();
        assert_eq!(found, expected);
    }

    #[test]
    fn names_with_room_stand_in_one_row() {
        check(&[(100, "v1"), (300, "v2"), (500, "v3")], &[("v1", 0), ("v2", 0), ("v3", 0)]);
    }

    #[test]
    fn names_that_would_lie_on_each_other_stand_in_rows_and_the_rest_is_counted() {
        check(
            &[(100, "v1"), (105, "v2"), (110, "v3"), (115, "v4"), (120, "v5"), (600, "v6")],
            &[("v1", 0), ("v2", 1), ("v3 +2", 2), ("v6", 0)],
        );
        assert_eq!(labels(&[(1, "a"), (2, "b"), (3, "c"), (4, "d")])[2].names, ["c", "d"]);
    }

    #[test]
    fn near_the_end_a_name_stands_to_the_left_and_outside_there_is_none() {
        let labels = labels(&[(0, "before"), (990, "last"), (1000, "after")]);
        assert_eq!(labels.iter().map(|it| (it.text.as_str(), it.is_left)).collect::<Vec<_>>(), [("last", true)]);
    }

    #[test]
    fn controls_are_seen_and_turn_nothing_around() {
        assert_eq!(labels(&[(10, "v\u{202e}1")])[0].text, visible("v\u{202e}1"));
    }

    proptest! {
        #[test]
        fn no_name_lies_on_another_or_sticks_out_and_none_is_lost(
            times in prop::collection::vec(1i64..1000, 0..60), width_px in 200.0f64..2000.0, long in any::<bool>(),
        ) {
            let label = if long { "版".repeat(20) } else { "v1".to_owned() };
            let rules: Vec<Rule> =
                times.iter().map(|time| Rule { time: Timestamp(*time), label: label.clone() }).collect();
            let labels = rule_labels(&rules, &[Timestamp(0), Timestamp(1000)], width_px);
            let spans: Vec<(usize, f64, f64)> = labels.iter().map(|it| {
                let (at, length) = (it.x * width_px, length_px(&it.names[0]));
                let from = if it.is_left { at - length } else { at };
                (it.row, from, from + length)
            }).collect();
            for (idx, one) in spans.iter().enumerate() {
                prop_assert!(one.1 >= 0.0 && one.2 <= width_px + 1e-6 && one.0 < N_ROWS);
                for other in &spans[idx + 1..] {
                    prop_assert!(one.0 != other.0 || one.2 <= other.1 + 1e-6 || other.2 <= one.1 + 1e-6);
                }
            }
            prop_assert_eq!(labels.iter().map(|it| it.names.len()).sum::<usize>(), times.len());
        }
    }
}
