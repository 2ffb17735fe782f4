//! Where the items of a long list stand when each has a height of its own, and which of them to draw.
//!
//! A height is guessed until it was measured; what was measured is kept by the item's key, so that it is known when the item
//! comes back or moves. Pure.

use std::collections::HashMap;
use std::ops::Range;

/// Up to this many items are all drawn: then every one of them can be found and printed.
const ALL_DRAWN: usize = 50;
/// Drawn above and below what is in view, in pixels.
const OVERSCAN_PX: f64 = 300.0;
/// Never drawn at once, however low they are.
const MAX_DRAWN: usize = 120;

/// The heights of a list. Lengths in CSS pixels.
#[derive(Clone, Debug, Default)]
pub struct Heights {
    keys: Vec<u64>,
    /// Where each item begins, and the end of the last.
    tops: Vec<f64>,
    guesses: Vec<f64>,
    measured: HashMap<u64, f64>,
}

impl Heights {
    /// Other items: their keys, and a guess of each height.
    pub fn set_items(&mut self, items: impl IntoIterator<Item = (u64, f64)>) {
        (self.keys, self.guesses) = items.into_iter().unzip();
        self.lay_out();
    }

    /// Says how tall items really are; returns whether anything moved.
    pub fn measure(&mut self, heights: impl IntoIterator<Item = (u64, f64)>) -> bool {
        let mut has_moved = false;
        for (key, height) in heights {
            // Fractions of a pixel come and go with the zoom of the page.
            if self.measured.get(&key).is_none_or(|known| (known - height).abs() >= 0.5) {
                self.measured.insert(key, height);
                has_moved = true;
            }
        }
        if has_moved {
            self.lay_out();
        }
        has_moved
    }

    pub fn len(&self) -> usize {
        self.keys.len()
    }

    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    pub fn key(&self, idx: usize) -> Option<u64> {
        self.keys.get(idx).copied()
    }

    pub fn total_px(&self) -> f64 {
        self.tops.last().copied().unwrap_or(0.0)
    }

    /// Where an item begins; the end of the list for one that is not there.
    pub fn top_px(&self, idx: usize) -> f64 {
        self.tops.get(idx).copied().unwrap_or_else(|| self.total_px())
    }

    /// The item at `px` from the top of the list: the first or last for what is outside.
    pub fn at_px(&self, px: f64) -> usize {
        self.tops.partition_point(|&top| top <= px).saturating_sub(1).min(self.len().saturating_sub(1))
    }

    /// The items to draw when the list is in view from `top_px` to `bottom_px`.
    pub fn drawn(&self, top_px: f64, bottom_px: f64) -> Range<usize> {
        if self.len() <= ALL_DRAWN {
            return 0..self.len();
        }
        let first = self.at_px(top_px - OVERSCAN_PX);
        let last = self.at_px(bottom_px.max(top_px) + OVERSCAN_PX);
        first..(last + 1).min(first + MAX_DRAWN).min(self.len())
    }

    fn lay_out(&mut self) {
        let mut top = 0.0;
        self.tops.clear();
        self.tops.push(top);
        for (key, guess) in self.keys.iter().zip(&self.guesses) {
            top += self.measured.get(key).copied().unwrap_or(*guess).max(1.0);
            self.tops.push(top);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(n: u64) -> Heights {
        let mut heights = Heights::default();
        heights.set_items((0..n).map(|key| (key, 20.0)));
        heights
    }

    #[test]
    fn a_short_list_is_drawn_whole() {
        assert_eq!(list(50).drawn(5000.0, 6000.0), 0..50);
        assert_eq!(list(0).drawn(0.0, 100.0), 0..0);
    }

    #[test]
    fn a_long_list_draws_what_is_in_view_and_a_little_more() {
        assert_eq!(list(2000).drawn(0.0, 600.0), 0..46);
        assert_eq!(list(2000).drawn(10_000.0, 10_600.0), 485..546);
        assert_eq!(list(2000).drawn(1e9, 2e9), 1999..2000);
        assert_eq!(list(2000).drawn(-500.0, -100.0), 0..11);
    }

    #[test]
    fn measuring_moves_what_is_below_and_is_remembered() {
        let mut heights = list(100);
        assert!(heights.measure([(3, 120.0)]));
        assert_eq!((heights.top_px(3), heights.top_px(4), heights.total_px()), (60.0, 180.0, 2100.0));
        assert!(!heights.measure([(3, 120.2)]));
        heights.set_items((50..150).chain([3]).map(|key| (key, 20.0)));
        assert_eq!(heights.total_px(), 2120.0);
    }

    proptest! {
        #[test]
        fn what_is_in_view_is_drawn(n in 51u64..400, measured in proptest::collection::vec((0u64..400, 1.0f64..300.0), 0..60), top in 0.0f64..9000.0) {
            let mut heights = list(n);
            heights.measure(measured);
            let drawn = heights.drawn(top, top + 400.0);
            prop_assert!(drawn.len() <= MAX_DRAWN && drawn.end <= heights.len());
            let first = heights.at_px(top);
            prop_assert!(drawn.contains(&first));
            if drawn.len() < MAX_DRAWN {
                prop_assert!(drawn.contains(&heights.at_px(top + 399.0)));
            }
        }
    }
}
