//! The bucket that is looked at and the buckets that are chosen, by pointer or keys.

use crate::keys::Binding;

/// What a key does while a chart has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ChartKey {
    Move(i32),
    Extend(i32),
    First,
    Last,
    /// To the series, or the row of cells, above or below.
    Lane(i32),
    ExtendLane(i32),
    Open,
    Clear,
    Table,
}

pub const KEYS: &[Binding<ChartKey>] = &[
    Binding { chords: &["ArrowLeft"], action: ChartKey::Move(-1), label: "Earlier sample" },
    Binding { chords: &["ArrowRight"], action: ChartKey::Move(1), label: "Later sample" },
    Binding { chords: &["ArrowUp"], action: ChartKey::Lane(-1), label: "Series or row above" },
    Binding { chords: &["ArrowDown"], action: ChartKey::Lane(1), label: "Series or row below" },
    Binding { chords: &["Home"], action: ChartKey::First, label: "First sample" },
    Binding { chords: &["End"], action: ChartKey::Last, label: "Last sample" },
    Binding { chords: &["Shift+ArrowLeft"], action: ChartKey::Extend(-1), label: "Extend the choice to earlier" },
    Binding { chords: &["Shift+ArrowRight"], action: ChartKey::Extend(1), label: "Extend the choice to later" },
    Binding { chords: &["Shift+ArrowUp"], action: ChartKey::ExtendLane(-1), label: "Extend the choice to slower" },
    Binding { chords: &["Shift+ArrowDown"], action: ChartKey::ExtendLane(1), label: "Extend the choice to faster" },
    Binding { chords: &["Enter", " "], action: ChartKey::Open, label: "Traces behind it, and what differs" },
    Binding { chords: &["Escape"], action: ChartKey::Clear, label: "Choose nothing" },
    Binding { chords: &["Shift+D"], action: ChartKey::Table, label: "The numbers as a table" },
];

/// What was chosen: from where the choice began to where it reaches now, in either direction.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Brush {
    pub anchor: usize,
    pub head: usize,
    /// Rows of a heat map, from the one the choice began in; `None` for all of them.
    pub rows: Option<(usize, usize)>,
}

impl Brush {
    pub fn at(bucket: usize) -> Self {
        Brush { anchor: bucket, head: bucket, rows: None }
    }

    /// The first and the last bucket.
    pub fn buckets(&self) -> (usize, usize) {
        (self.anchor.min(self.head), self.anchor.max(self.head))
    }

    /// The lowest and the highest row.
    pub fn row_span(&self) -> Option<(usize, usize)> {
        self.rows.map(|(one, other)| (one.min(other), one.max(other)))
    }
}

/// What a chart has under the cursor and what is chosen in it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pick {
    /// The bucket that the crosshair is at.
    pub bucket: Option<usize>,
    /// The series from the top, or the row of cells from the bottom.
    pub lane: Option<usize>,
    pub brush: Option<Brush>,
}

/// How much there is to move through. Only heat maps can be chosen from by rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Extent {
    pub n_buckets: usize,
    pub n_lanes: usize,
    pub has_rows: bool,
}

impl Pick {
    /// After a key. Without a bucket, the first key lands on the last one: the newest.
    pub fn after(self, key: ChartKey, extent: Extent) -> Pick {
        let Some(last) = extent.n_buckets.checked_sub(1) else { return Pick::default() };
        let from = self.bucket.unwrap_or(last).min(last);
        let stepped = |by: i32| match self.bucket {
            Some(_) => from.saturating_add_signed(by as isize).min(last),
            None => last,
        };
        match key {
            ChartKey::Move(by) => Pick { bucket: Some(stepped(by)), brush: None, ..self },
            ChartKey::First => Pick { bucket: Some(0), brush: None, ..self },
            ChartKey::Last => Pick { bucket: Some(last), brush: None, ..self },
            ChartKey::Extend(by) => {
                let head = from.saturating_add_signed(by as isize).min(last);
                let before = self.brush.unwrap_or(Brush { rows: self.rows_at_lane(extent), ..Brush::at(from) });
                Pick { bucket: Some(head), brush: Some(Brush { head, ..before }), ..self }
            }
            ChartKey::Lane(by) => Pick { bucket: Some(from), lane: self.next_lane(by, extent), ..self },
            ChartKey::ExtendLane(by) if extent.has_rows => {
                let before = self.brush.unwrap_or(Brush::at(from));
                let lane = self.next_lane(by, extent);
                let anchor = before.rows.map(|rows| rows.0).or(self.lane).or(lane);
                let rows = anchor.zip(lane);
                Pick { bucket: Some(from), lane, brush: Some(Brush { rows, ..before }) }
            }
            ChartKey::Clear => match self.brush {
                // One layer at a time.
                Some(_) => Pick { brush: None, ..self },
                None => Pick::default(),
            },
            ChartKey::ExtendLane(_) | ChartKey::Open | ChartKey::Table => self,
        }
    }

    /// Up is up: a row further from zero, a series further to the front of the list.
    fn next_lane(&self, by: i32, extent: Extent) -> Option<usize> {
        let last = extent.n_lanes.checked_sub(1)?;
        let by = if extent.has_rows { -by } else { by };
        Some(match self.lane {
            Some(lane) => lane.min(last).saturating_add_signed(by as isize).min(last),
            None => 0,
        })
    }

    fn rows_at_lane(&self, extent: Extent) -> Option<(usize, usize)> {
        self.lane.filter(|_| extent.has_rows).map(|lane| (lane, lane))
    }

    /// What Enter opens: the choice, or the sample under the cursor.
    pub fn chosen(&self, extent: Extent) -> Option<Brush> {
        let at_cursor = || Some(Brush { rows: self.rows_at_lane(extent), ..Brush::at(self.bucket?) });
        self.brush.or_else(at_cursor).filter(|brush| brush.buckets().1 < extent.n_buckets)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const LINES: Extent = Extent { n_buckets: 5, n_lanes: 3, has_rows: false };
    const HEAT: Extent = Extent { n_buckets: 5, n_lanes: 4, has_rows: true };

    fn after(keys: &[ChartKey], extent: Extent) -> Pick {
        keys.iter().fold(Pick::default(), |pick, key| pick.after(*key, extent))
    }

    use ChartKey::{Clear, Extend, ExtendLane, First, Lane, Last, Move};

    #[test]
    fn arrows_walk_the_samples_and_stop_at_the_ends() {
        assert_eq!(after(&[Move(-1)], LINES).bucket, Some(4));
        assert_eq!(after(&[Move(-1), Move(-1)], LINES).bucket, Some(3));
        assert_eq!(after(&[First, Move(-1)], LINES).bucket, Some(0));
        assert_eq!(after(&[Last, Move(1)], LINES).bucket, Some(4));
        assert_eq!(after(&[Lane(1), Lane(1)], LINES).lane, Some(1));
    }

    #[test]
    fn shift_extends_from_where_it_began_and_a_plain_arrow_lets_go() {
        let pick = after(&[First, Move(1), Extend(1), Extend(1)], LINES);
        assert_eq!(pick.brush.map(|brush| brush.buckets()), Some((1, 3)));
        let pick = [Extend(-1), Extend(-1), Extend(-1)].iter().fold(pick, |pick, key| pick.after(*key, LINES));
        assert_eq!(pick.brush.map(|brush| brush.buckets()), Some((0, 1)));
        assert_eq!(pick.after(Move(1), LINES).brush, None);
    }

    #[test]
    fn escape_leaves_the_choice_first_and_then_the_sample() {
        let pick = after(&[First, Extend(1), Clear], LINES);
        assert_eq!((pick.brush, pick.bucket), (None, Some(1)));
        assert_eq!(pick.after(Clear, LINES), Pick::default());
    }

    #[test]
    fn rows_of_a_heat_map_are_chosen_upwards() {
        let pick = after(&[First, Lane(-1), Lane(-1), ExtendLane(-1), Extend(1)], HEAT);
        let brush = pick.brush.unwrap();
        assert_eq!((brush.buckets(), brush.row_span()), ((0, 1), Some((1, 2))));
        assert_eq!(after(&[First, ExtendLane(-1)], LINES).brush, None);
    }

    #[test]
    fn enter_opens_the_sample_where_nothing_is_chosen() {
        assert_eq!(after(&[First, Move(1)], LINES).chosen(LINES), Some(Brush::at(1)));
        assert_eq!(Pick::default().chosen(LINES), None);
        assert_eq!(after(&[First], LINES).chosen(Extent { n_buckets: 0, ..LINES }), None);
    }

    fn any_key() -> impl Strategy<Value = ChartKey> {
        prop_oneof![
            (-2..=2i32).prop_map(Move),
            (-2..=2i32).prop_map(Extend),
            (-1..=1i32).prop_map(Lane),
            (-1..=1i32).prop_map(ExtendLane),
            Just(First),
            Just(Last),
            Just(Clear),
        ]
    }

    proptest! {
        #[test]
        fn a_choice_is_never_inverted_and_never_outside(keys in prop::collection::vec(any_key(), 0..40), n in 0..6usize, n_lanes in 0..4usize, has_rows: bool) {
            let extent = Extent { n_buckets: n, n_lanes, has_rows };
            let pick = after(&keys, extent);
            prop_assert!(pick.bucket.is_none_or(|bucket| bucket < n));
            prop_assert!(pick.lane.is_none_or(|lane| lane < n_lanes));
            if let Some(brush) = pick.brush {
                let (first, last) = brush.buckets();
                prop_assert!(first <= last && last < n);
                prop_assert!(brush.row_span().is_none_or(|(low, high)| low <= high && high < n_lanes));
            }
        }
    }
}
