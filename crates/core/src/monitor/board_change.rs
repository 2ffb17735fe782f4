//! How a board changes, apart from who else changes it: said of charts, not of places, so that a change still means the
//! same on a board that somebody else has changed meanwhile.

use fanlight_wire::board::{Chart, MAX_CHARTS};
use std::collections::HashMap;
use std::fmt;
use std::hash::{DefaultHasher, Hash, Hasher};

/// Tells a chart from the others of its board for as long as the chart stays as it is: what it says, and which it is of
/// those that say the same.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct ChartKey {
    content: u64,
    nth: u32,
}

/// The key of each chart, in order.
pub fn keys_of(charts: &[Chart]) -> Vec<ChartKey> {
    let mut n_seen: HashMap<u64, u32> = HashMap::new();
    let key = |chart: &Chart| {
        let mut hasher = DefaultHasher::new();
        // What was read from JSON can be written as JSON.
        serde_json::to_string(chart).unwrap_or_default().hash(&mut hasher);
        let content = hasher.finish();
        let nth = n_seen.entry(content).or_default();
        *nth += 1;
        ChartKey { content, nth: *nth }
    };
    charts.iter().map(key).collect()
}

/// Where the chart of `key` is.
pub fn place_of(charts: &[Chart], key: ChartKey) -> Option<usize> {
    keys_of(charts).iter().position(|other| *other == key)
}

/// One thing that a reader does to the charts of a board.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    Add(Chart),
    Replace(ChartKey, Chart),
    /// To this place; to the last one where there are fewer.
    Move(ChartKey, usize),
    Duplicate(ChartKey),
    Remove(ChartKey),
    /// Puts back what was at this place.
    Restore(usize, Chart),
}

/// Charts after a change, and which of them the reader goes on with; none when none is left.
#[derive(Clone, Debug, PartialEq)]
pub struct Changed {
    pub charts: Vec<Chart>,
    pub at: Option<usize>,
}

/// Why a change cannot be made. [`fmt::Display`] is the sentence that we show.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The chart is not there, or not as it was.
    Gone,
    Full,
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Gone => f.write_str("Somebody else changed or removed this chart meanwhile"),
            Refusal::Full => write!(f, "A board holds at most {MAX_CHARTS} charts"),
        }
    }
}

impl Change {
    /// What becomes of `charts`.
    pub fn apply(&self, charts: &[Chart]) -> Result<Changed, Refusal> {
        let mut changed = charts.to_vec();
        let find = |key: &ChartKey| place_of(charts, *key).ok_or(Refusal::Gone);
        let has_room = || if charts.len() < MAX_CHARTS { Ok(()) } else { Err(Refusal::Full) };
        let at = match self {
            Change::Add(chart) => {
                has_room()?;
                changed.push(chart.clone());
                changed.len() - 1
            }
            Change::Replace(key, chart) => {
                let idx = find(key)?;
                changed[idx] = chart.clone();
                idx
            }
            Change::Move(key, to) => {
                let chart = changed.remove(find(key)?);
                let to = (*to).min(changed.len());
                changed.insert(to, chart);
                to
            }
            Change::Duplicate(key) => {
                has_room()?;
                let idx = find(key)?;
                // Titles have at most 100 characters.
                let title = charts[idx].title.chars().take(93).collect::<String>() + " (copy)";
                changed.insert(idx + 1, Chart { title, ..charts[idx].clone() });
                idx + 1
            }
            Change::Remove(key) => {
                let idx = find(key)?;
                changed.remove(idx);
                idx.min(changed.len().saturating_sub(1))
            }
            Change::Restore(idx, chart) => {
                has_room()?;
                let idx = (*idx).min(changed.len());
                changed.insert(idx, chart.clone());
                idx
            }
        };
        let at = (!changed.is_empty()).then_some(at);
        Ok(Changed { charts: changed, at })
    }
}

/// `charts` after all of `changes` that can be made, in order: what is shown before the server has answered.
pub fn after<'a>(charts: &[Chart], changes: impl IntoIterator<Item = &'a Change>) -> Vec<Chart> {
    let apply = |charts: Vec<Chart>, change: &Change| change.apply(&charts).map_or(charts, |changed| changed.charts);
    changes.into_iter().fold(charts.to_vec(), apply)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn charts(titles: &str) -> Vec<Chart> {
        titles.split_whitespace().map(|title| Chart { title: title.into(), ..Chart::default() }).collect()
    }

    fn titles(charts: &[Chart]) -> String {
        charts.iter().map(|chart| chart.title.as_str()).collect::<Vec<_>>().join(" ")
    }

    /// `change` gets the key of the chart at `idx` of `before`.
    #[track_caller]
    fn check(before: &str, idx: usize, change: impl Fn(ChartKey) -> Change, expected: &str) {
        let before = charts(before);
        let Changed { charts, at } = change(keys_of(&before)[idx]).apply(&before).unwrap();
        let marked = charts.iter().enumerate().map(|(idx, chart)| match at == Some(idx) {
            true => format!("[{}]", chart.title),
            false => chart.title.clone(),
        });
        assert_eq!(marked.collect::<Vec<_>>().join(" "), expected);
    }

    #[test]
    fn charts_are_moved_copied_replaced_and_removed() {
        check("a b c", 0, |key| Change::Move(key, 1), "b [a] c");
        check("a b c", 2, |key| Change::Move(key, 0), "[c] a b");
        check("a b c", 0, |key| Change::Move(key, 9), "b c [a]");
        check("a b c", 1, Change::Duplicate, "a b [b (copy)] c");
        check("a b c", 1, Change::Remove, "a [c]");
        check("a b c", 2, Change::Remove, "a [b]");
        check("a", 0, Change::Remove, "");
        check("a b", 0, |key| Change::Replace(key, charts("z").remove(0)), "[z] b");
        check("a b", 0, |_| Change::Add(charts("z").remove(0)), "a b [z]");
        check("a b", 0, |_| Change::Restore(1, charts("z").remove(0)), "a [z] b");
        check("a b", 0, |_| Change::Restore(7, charts("z").remove(0)), "a b [z]");
    }

    #[test]
    fn a_change_means_the_same_chart_on_a_board_that_somebody_else_arranged() {
        let (mine, theirs) = (charts("a b c"), charts("c x a b"));
        let a = keys_of(&mine)[0];
        assert_eq!(titles(&Change::Remove(a).apply(&theirs).unwrap().charts), "c x b");
        assert_eq!(titles(&Change::Move(a, 3).apply(&theirs).unwrap().charts), "c x b a");
        let edited = charts("c x a2 b");
        assert_eq!(Change::Replace(a, Chart::default()).apply(&edited), Err(Refusal::Gone));
    }

    #[test]
    fn equal_charts_are_told_apart() {
        let twins = charts("a a b");
        let keys = keys_of(&twins);
        assert!(keys[0] != keys[1] && keys[0] == keys_of(&charts("x a"))[1]);
        assert_eq!(place_of(&twins, keys[1]), Some(1));
    }

    #[test]
    fn a_full_board_takes_no_more() {
        let full = vec![Chart::default(); MAX_CHARTS];
        let key = keys_of(&full)[0];
        for change in [Change::Add(Chart::default()), Change::Duplicate(key), Change::Restore(0, Chart::default())] {
            assert_eq!(change.apply(&full), Err(Refusal::Full));
        }
        assert_eq!(after(&full, &[Change::Add(Chart::default()), Change::Remove(key)]).len(), MAX_CHARTS - 1);
    }

    #[test]
    fn a_copy_has_a_title_that_is_not_too_long() {
        let long = vec![Chart { title: "ä".repeat(100), ..Chart::default() }];
        let copied = Change::Duplicate(keys_of(&long)[0]).apply(&long).unwrap().charts;
        assert_eq!(copied[1].title.chars().count(), 100);
    }

    proptest! {
        #[test]
        fn moving_keeps_every_chart_and_undoing_a_removal_brings_all_back(
            titles in prop::collection::vec("[a-c]", 1..8), from in 0usize..8, to in 0usize..9,
        ) {
            let before = charts(&titles.join(" "));
            let from = from % before.len();
            let key = keys_of(&before)[from];
            let moved = Change::Move(key, to).apply(&before).unwrap();
            let at = moved.at.unwrap();
            prop_assert_eq!((&moved.charts[at].title, at), (&before[from].title, to.min(before.len() - 1)));
            let back = Change::Move(keys_of(&moved.charts)[at], from).apply(&moved.charts).unwrap();
            prop_assert_eq!(&back.charts, &before);
            let removed = Change::Remove(key).apply(&before).unwrap();
            let restored = Change::Restore(from, before[from].clone()).apply(&removed.charts).unwrap();
            prop_assert_eq!(restored.charts, before);
        }
    }
}
