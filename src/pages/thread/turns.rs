//! The turns of a thread: all by id, and those that are on screen with what was said. Pure.
//!
//! A thread may have thousands of turns: a window of them is drawn, and moves as one reads.

use super::turn::Turn;
use fanlight_wire::{Timestamp, TraceId};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Turns that are fetched and drawn together.
pub const PAGE: usize = 10;
/// Most turns that are drawn at once.
pub const MAX_DRAWN: usize = 30;

#[derive(Clone, Debug, Default, PartialEq)]
pub struct Turns {
    /// Oldest first.
    ids: Vec<(Timestamp, TraceId)>,
    /// Those on screen, and no others.
    drawn: HashMap<TraceId, Arc<Turn>>,
    window: Range<usize>,
}

impl Turns {
    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn position(&self, id: TraceId) -> Option<usize> {
        self.ids.iter().position(|(_, other)| *other == id)
    }

    pub fn id(&self, idx: usize) -> Option<TraceId> {
        self.ids.get(idx).map(|(_, id)| *id)
    }

    /// When the newest turn began.
    pub fn last_start(&self) -> Option<Timestamp> {
        self.ids.last().map(|(start, _)| *start)
    }

    pub fn get(&self, id: TraceId) -> Option<&Arc<Turn>> {
        self.drawn.get(&id)
    }

    pub fn window(&self) -> Range<usize> {
        self.window.clone()
    }

    /// The ids on screen, in order.
    pub fn drawn_ids(&self) -> Vec<TraceId> {
        self.ids_of(&self.window)
    }

    pub fn ids_of(&self, range: &Range<usize>) -> Vec<TraceId> {
        self.ids.get(range.clone()).unwrap_or_default().iter().map(|(_, id)| *id).collect()
    }

    /// Learns of turns. Returns whether the last turn on screen was the last one there is, and is no more.
    pub fn add(&mut self, new: impl IntoIterator<Item = (Timestamp, TraceId)>) -> bool {
        let was_at_end = self.window.end == self.ids.len();
        let (first, last) = (self.id(self.window.start), self.window.end.checked_sub(1).and_then(|idx| self.id(idx)));
        for turn in new {
            if self.position(turn.1).is_none() {
                self.ids.push(turn);
            }
        }
        self.ids.sort_unstable();
        // A sender that comes late may have put a turn before or between those on screen: the window keeps its ends.
        if let Some((first, last)) = first.zip(last) {
            let end = self.position(last).map_or(0, |idx| idx + 1);
            self.window = self.position(first).unwrap_or(0)..end;
        }
        was_at_end && self.window.end < self.ids.len()
    }

    /// The window to open on `idx`: the page that it is in, with what precedes it for context.
    pub fn around(&self, idx: usize) -> Range<usize> {
        let start = idx.saturating_sub(2).min(self.len().saturating_sub(PAGE));
        start..(start + PAGE).min(self.len())
    }

    /// The window with another page above it.
    pub fn earlier(&self) -> Range<usize> {
        let start = self.window.start.saturating_sub(PAGE);
        start..self.window.end.min(start + MAX_DRAWN)
    }

    /// The window with another page below it.
    pub fn later(&self) -> Range<usize> {
        let end = (self.window.end + PAGE).min(self.len());
        self.window.start.max(end.saturating_sub(MAX_DRAWN))..end
    }

    /// The turns of `range` that are not here yet.
    pub fn missing(&self, range: &Range<usize>) -> Vec<TraceId> {
        self.ids_of(range).into_iter().filter(|id| !self.drawn.contains_key(id)).collect()
    }

    /// Puts `range` on screen. `fetched` are the turns that were missing; what they do not bring is not drawn.
    pub fn show(&mut self, range: Range<usize>, fetched: Vec<Turn>) {
        self.window = range;
        self.put(fetched);
        let kept: std::collections::HashSet<TraceId> = self.drawn_ids().into_iter().collect();
        self.drawn.retain(|id, _| kept.contains(id));
    }

    /// Takes in turns as they are now; equal ones are left alone.
    pub fn put(&mut self, turns: Vec<Turn>) {
        for turn in turns {
            if self.drawn.get(&turn.id).is_none_or(|known| **known != turn) {
                self.drawn.insert(turn.id, Arc::new(turn));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn id(n: usize) -> (Timestamp, TraceId) {
        (Timestamp(n as i64), TraceId(uuid::Uuid::from_u128(n as u128)))
    }

    fn thread_of(n_turns: usize, window: Range<usize>) -> Turns {
        let mut turns = Turns::default();
        turns.add((0..n_turns).map(id));
        turns.show(window, Vec::new());
        turns
    }

    #[test]
    fn a_window_opens_with_some_context_and_inside_the_thread() {
        let turns = thread_of(100, 0..0);
        assert_eq!(turns.around(0), 0..10);
        assert_eq!(turns.around(50), 48..58);
        assert_eq!(turns.around(99), 90..100);
    }

    #[test]
    fn a_short_thread_is_drawn_whole() {
        assert_eq!(thread_of(3, 0..0).around(2), 0..3);
        assert_eq!(thread_of(0, 0..0).around(0), 0..0);
    }

    #[test]
    fn the_window_grows_to_both_sides_and_lets_the_far_side_go() {
        let turns = thread_of(100, 40..65);
        assert_eq!(turns.earlier(), 30..60);
        assert_eq!(turns.later(), 45..75);
        assert_eq!(thread_of(12, 0..10).later(), 0..12);
        assert_eq!(thread_of(12, 4..12).earlier(), 0..12);
    }

    #[test]
    fn a_new_turn_is_noticed_by_who_reads_the_end() {
        let mut turns = thread_of(10, 0..10);
        assert!(turns.add([id(10)]));
        assert_eq!(turns.window(), 0..10);
        assert!(!turns.add([id(11)]), "the end was not on screen any more");
        assert!(!turns.add([id(3)]), "nothing is new");
    }

    #[test]
    fn a_turn_that_comes_late_moves_no_other_off_the_screen() {
        let mut turns = Turns::default();
        turns.add((10..20).map(id));
        turns.show(2..5, Vec::new());
        turns.add([id(1)]);
        assert_eq!(turns.window(), 3..6);
        assert_eq!(turns.drawn_ids(), [id(12).1, id(13).1, id(14).1]);
    }

    proptest! {
        #[test]
        fn windows_are_never_too_long_nor_outside(n_turns in 0usize..200, idx in 0usize..200, steps in "[el]{0,12}") {
            let mut turns = thread_of(n_turns, 0..0);
            turns.show(turns.around(idx.min(n_turns.saturating_sub(1))), Vec::new());
            for step in steps.chars() {
                let before = turns.window();
                let range = if step == 'e' { turns.earlier() } else { turns.later() };
                prop_assert!(range.start <= range.end && range.end <= n_turns && range.len() <= MAX_DRAWN);
                prop_assert!(range.start < before.end.max(1) && range.end >= before.start, "it moves by overlapping");
                turns.show(range, Vec::new());
            }
        }
    }
}
