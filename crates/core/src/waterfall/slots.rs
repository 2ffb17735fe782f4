//! Recycled rows: a fixed set of DOM slots, each showing some row of the tree.

use std::ops::Range;

/// Slots beyond the rows in sight, so that a scroll step changes few of them.
pub const SPARE_SLOTS: usize = 16;

/// Which row each slot shows next, given what it shows now.
///
/// A row that stays on screen keeps its slot (and with it focus and hover); freed slots take the new rows. `pinned` is
/// a row to keep mounted even out of sight: the focused one. Slots left over show nothing.
pub fn assign(now: &[Option<usize>], n_slots: usize, shown: Range<usize>, pinned: Option<usize>) -> Vec<Option<usize>> {
    let is_wanted = |row: &usize| shown.contains(row) || pinned == Some(*row);
    let mut next: Vec<Option<usize>> = now.iter().take(n_slots).map(|row| row.filter(is_wanted)).collect();
    next.resize(n_slots, None);
    let mut is_mounted = vec![false; shown.len()];
    let mut is_pin_mounted = false;
    for slot in next.iter_mut() {
        let Some(row) = *slot else { continue };
        let seen = match row.checked_sub(shown.start).and_then(|offset| is_mounted.get_mut(offset)) {
            Some(seen) => seen,
            None => &mut is_pin_mounted,
        };
        // Two slots never show the same row, even if they did before.
        if std::mem::replace(seen, true) {
            *slot = None;
        }
    }
    let missing = shown.clone().zip(is_mounted).filter(|&(_, is_mounted)| !is_mounted).map(|(row, _)| row);
    let missing_pin = pinned.filter(|row| !shown.contains(row) && !is_pin_mounted);
    let mut missing = missing.chain(missing_pin);
    for slot in next.iter_mut().filter(|slot| slot.is_none()) {
        *slot = missing.next();
    }
    next
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn a_row_that_stays_keeps_its_slot() {
        let now = [Some(3), Some(4), Some(5), None];
        assert_eq!(assign(&now, 4, 4..7, None), [Some(6), Some(4), Some(5), None]);
    }

    #[test]
    fn the_focused_row_stays_mounted_out_of_sight() {
        let now = [Some(3), Some(4), Some(5), None];
        assert_eq!(assign(&now, 4, 10..13, Some(4)), [Some(10), Some(4), Some(11), Some(12)]);
    }

    proptest! {
        #[test]
        fn every_row_in_sight_has_exactly_one_slot(
            now in prop::collection::vec(prop::option::of(0usize..60), 0..40), start in 0usize..50, n in 0usize..20, pinned in prop::option::of(0usize..60),
        ) {
            let next = assign(&now, n + SPARE_SLOTS, start..start + n, pinned);
            for row in (start..start + n).chain(pinned) {
                prop_assert_eq!(next.iter().filter(|slot| **slot == Some(row)).count(), 1);
            }
        }
    }
}
