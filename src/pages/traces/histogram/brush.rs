//! The part of the histogram that is being chosen: by dragging, or by keys. Pure.

use super::layout::{Chart, bucket_start, count, n_buckets};
use crate::format::{digits, duration, time};
use crate::keys::Binding;
use crate::pages::traces::time_range::TimeRange;
use fanlight_wire::Timestamp;
use fanlight_wire::run_stats::Histogram;

/// Buckets from `anchor` to `head`, whichever is first, and rows of latency, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brush {
    pub anchor: usize,
    pub head: usize,
    pub rows: Option<(usize, usize)>,
}

/// What a key does while the histogram has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BrushKey {
    Move(i32),
    Extend(i32),
    Row(i32),
    First,
    Last,
    Apply,
    Clear,
    Table,
}

pub const KEYS: &[Binding<BrushKey>] = &[
    Binding { chords: &["ArrowLeft"], action: BrushKey::Move(-1), label: "Earlier bar" },
    Binding { chords: &["ArrowRight"], action: BrushKey::Move(1), label: "Later bar" },
    Binding { chords: &["Shift+ArrowLeft"], action: BrushKey::Extend(-1), label: "Extend the choice to earlier" },
    Binding { chords: &["Shift+ArrowRight"], action: BrushKey::Extend(1), label: "Extend the choice to later" },
    Binding { chords: &["ArrowUp"], action: BrushKey::Row(-1), label: "Slower runs only" },
    Binding { chords: &["ArrowDown"], action: BrushKey::Row(1), label: "Faster runs only" },
    Binding { chords: &["Home"], action: BrushKey::First, label: "First bar" },
    Binding { chords: &["End"], action: BrushKey::Last, label: "Last bar" },
    Binding { chords: &["Enter", " "], action: BrushKey::Apply, label: "Show only what is chosen" },
    Binding { chords: &["Escape"], action: BrushKey::Clear, label: "Choose nothing" },
    Binding { chords: &["Shift+D"], action: BrushKey::Table, label: "The numbers as a table" },
];

/// What was chosen: a range of time, and perhaps latencies in milliseconds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Chosen {
    pub time: TimeRange,
    pub latency_ms: Option<(u64, Option<u64>)>,
}

impl Brush {
    pub fn at(bucket: usize) -> Self {
        Brush { anchor: bucket, head: bucket, rows: None }
    }

    pub fn first(&self) -> usize {
        self.anchor.min(self.head)
    }

    pub fn last(&self) -> usize {
        self.anchor.max(self.head)
    }

    /// The topmost and the lowest chosen row.
    pub fn row_span(&self) -> Option<(usize, usize)> {
        self.rows.map(|(one, other)| (one.min(other), one.max(other)))
    }

    /// Where a key takes the brush; without one, the first key lands on the last bar.
    pub fn moved(brush: Option<Brush>, key: BrushKey, n_buckets: usize, n_rows: usize) -> Option<Brush> {
        let last = n_buckets.checked_sub(1)?;
        let Some(brush) = brush else {
            return match key {
                BrushKey::First => Some(Brush::at(0)),
                BrushKey::Clear | BrushKey::Apply | BrushKey::Table => None,
                _ => Some(Brush::at(last)),
            };
        };
        let stepped = |from: usize, by: i32| from.saturating_add_signed(by as isize).min(last);
        Some(match key {
            BrushKey::Move(by) => Brush { rows: brush.rows, ..Brush::at(stepped(brush.head, by)) },
            BrushKey::Extend(by) => Brush { head: stepped(brush.head, by), ..brush },
            BrushKey::First => Brush { rows: brush.rows, ..Brush::at(0) },
            BrushKey::Last => Brush { rows: brush.rows, ..Brush::at(last) },
            // Above the topmost row is the one below all, and between them "all rows".
            BrushKey::Row(by) if n_rows > 0 => {
                let at = brush.rows.map_or(0, |(row, _)| row as i32 + 1);
                let next = (at + by).rem_euclid(n_rows as i32 + 1);
                Brush { rows: (next as usize).checked_sub(1).map(|row| (row, row)), ..brush }
            }
            BrushKey::Row(_) | BrushKey::Apply | BrushKey::Table => brush,
            BrushKey::Clear => return None,
        })
    }

    /// What the list is narrowed to.
    pub fn chosen(&self, histogram: &Histogram, chart: &Chart) -> Option<Chosen> {
        let from = bucket_start(histogram, self.first())?;
        let to = bucket_start(histogram, self.last() + 1)?;
        let latency_ms = self.row_span().and_then(|(top, low)| {
            let (slow, fast) = (chart.rows.get(top)?, chart.rows.get(low)?);
            Some((fast.from_ms, slow.to_ms))
        });
        Some(Chosen { time: TimeRange::between(from, to), latency_ms })
    }

    /// "23 Nov 2026 22:00 – 22:05, 120 runs, 3 failed": what a screen reader hears.
    pub fn words(&self, histogram: &Histogram, chart: &Chart, offset_at: impl Fn(Timestamp) -> i32) -> String {
        let bounds = bucket_start(histogram, self.first()).zip(bucket_start(histogram, self.last() + 1));
        let Some((from, to)) = bounds else { return String::new() };
        let buckets = self.first()..(self.last() + 1).min(n_buckets(histogram));
        let n_runs: u64 = buckets.clone().map(|bucket| count(histogram, bucket)).sum();
        let n_failed: u64 = buckets.filter_map(|bucket| histogram.n_error.get(bucket)).sum();
        let mut words = format!("{}, {}", time::span(from, to, offset_at), digits::grouped(n_runs as i64));
        words.push_str(if n_runs == 1 { " run" } else { " runs" });
        if n_failed > 0 {
            words.push_str(&format!(", {} failed", digits::grouped(n_failed as i64)));
        }
        if let Some((top, low)) = self.row_span()
            && let (Some(slow), Some(fast)) = (chart.rows.get(top), chart.rows.get(low))
        {
            words.push_str(&format!(", only {}", latency_words(fast.from_ms, slow.to_ms)));
        }
        words
    }
}

/// `1.00 s – 2.00 s`, `over 2 h 00 m`.
pub fn latency_words(from_ms: u64, to_ms: Option<u64>) -> String {
    let words = |ms: u64| duration::duration(ms as i64 * 1_000_000);
    match to_ms {
        Some(to_ms) => format!("{} – {}", words(from_ms), words(to_ms)),
        None => format!("over {}", words(from_ms)),
    }
}

#[cfg(test)]
mod tests {
    use super::super::layout::LatencyRow;
    use super::*;

    fn histogram() -> Histogram {
        Histogram {
            start: Some("2026-11-23T22:00:00Z".parse().unwrap()),
            bucket_ns: 300_000_000_000,
            n_success: vec![10, 20, 30],
            n_error: vec![0, 1, 2],
            n_other: vec![0, 0, 0],
            latency: vec![],
        }
    }

    fn chart() -> Chart {
        let row = |from_ms, to_ms| LatencyRow { from_ms, to_ms };
        Chart { rows: vec![row(2000, None), row(1000, Some(2000)), row(0, Some(1000))], ..Chart::default() }
    }

    #[test]
    fn keys_move_extend_and_stop_at_the_ends() {
        let after = |keys: &[BrushKey]| {
            keys.iter().fold(None, |brush, key| Brush::moved(brush, *key, 3, 3)).map(|it| (it.first(), it.last()))
        };
        use BrushKey::{Clear, Extend, First, Move};
        assert_eq!(after(&[Move(-1)]), Some((2, 2)));
        assert_eq!(after(&[Move(-1), Move(-1), Move(-1), Move(-1), Move(-1)]), Some((0, 0)));
        assert_eq!(after(&[First, Extend(1), Extend(1), Extend(1)]), Some((0, 2)));
        assert_eq!(after(&[Move(1), Extend(-1), Move(1)]), Some((2, 2)));
        assert_eq!(after(&[First, Clear]), None);
        assert_eq!(Brush::moved(None, Move(1), 0, 0), None);
    }

    #[test]
    fn rows_go_round_through_all_of_them() {
        let mut brush = Some(Brush::at(0));
        let rows: Vec<_> = (0..4)
            .map(|_| {
                brush = Brush::moved(brush, BrushKey::Row(1), 3, 3);
                brush.and_then(|brush| brush.rows).map(|(row, _)| row)
            })
            .collect();
        assert_eq!(rows, [Some(0), Some(1), Some(2), None]);
    }

    #[test]
    fn a_box_means_a_time_and_latencies() {
        let brush = Brush { anchor: 2, head: 1, rows: Some((1, 0)) };
        let chosen = brush.chosen(&histogram(), &chart()).unwrap();
        assert_eq!(chosen.time.to_string(), "2026-11-23T22:05:00Z~2026-11-23T22:15:00Z");
        assert_eq!(chosen.latency_ms, Some((1000, None)));
    }

    #[test]
    fn what_is_chosen_is_said() {
        let brush = Brush { anchor: 0, head: 1, rows: Some((1, 1)) };
        assert_eq!(
            brush.words(&histogram(), &chart(), |_| 0),
            "23 Nov 2026 22:00 – 22:10, 31 runs, 1 failed, only 1.00 s – 2.00 s"
        );
    }
}
