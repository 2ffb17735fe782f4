//! The runs of a project by start: what pages walk along and time ranges cut from.

use super::columns::Columns;
use std::ops::Range;

/// Slots in order of their start; equal starts in order of the slots. It is its user's business to take out a slot before
/// its start changes.
#[derive(Debug, Default)]
pub struct Order {
    slots: Vec<u32>,
}

impl Order {
    pub fn slots(&self) -> &[u32] {
        &self.slots
    }

    pub fn n_runs(&self) -> usize {
        self.slots.len()
    }

    /// Where runs from `from_ns` to `until_ns` are, both included.
    pub fn range(&self, columns: &Columns, from_ns: Option<i64>, until_ns: Option<i64>) -> Range<usize> {
        let start = |slot: u32| columns.start_ns[slot as usize];
        let first = from_ns.map_or(0, |from_ns| self.slots.partition_point(|&slot| start(slot) < from_ns));
        let end =
            until_ns.map_or(self.slots.len(), |until_ns| self.slots.partition_point(|&slot| start(slot) <= until_ns));
        first..end.max(first)
    }

    /// Where a run with this start and slot is, or would be.
    pub fn position(&self, columns: &Columns, start_ns: i64, slot: u32) -> Result<usize, usize> {
        self.slots.binary_search_by_key(&(start_ns, slot), |&slot| (columns.start_ns[slot as usize], slot))
    }

    /// Takes runs out. Each is there, with the start that its column says.
    pub fn remove(&mut self, columns: &Columns, leaving: &[u32]) {
        let position = |&slot: &u32| self.position(columns, columns.start_ns[slot as usize], slot).ok();
        let mut positions: Vec<usize> = leaving.iter().filter_map(position).collect();
        positions.sort_unstable();
        positions.dedup();
        let Some(&first) = positions.first() else { return };
        // What stays moves down once, whatever leaves: runs leave by the thousand when a project is deleted.
        let mut gaps = positions.iter().copied().peekable();
        let mut write = first;
        for read in first..self.slots.len() {
            if gaps.next_if_eq(&read).is_none() {
                self.slots[write] = self.slots[read];
                write += 1;
            }
        }
        self.slots.truncate(write);
    }

    /// Puts runs in. None is there yet; their starts are in the column.
    pub fn insert(&mut self, columns: &Columns, mut entering: Vec<u32>) {
        let key = |slot: u32| (columns.start_ns[slot as usize], slot);
        entering.sort_unstable_by_key(|&slot| key(slot));
        let Some(&earliest) = entering.first() else { return };
        // Runs mostly come in order: then all of this is an append.
        let (start_ns, slot) = key(earliest);
        let at = self.position(columns, start_ns, slot).unwrap_or_else(|at| at);
        let tail = self.slots.split_off(at);
        let (mut tail, mut entering) = (tail.into_iter().peekable(), entering.into_iter().peekable());
        while let (Some(&old), Some(&new)) = (tail.peek(), entering.peek()) {
            if key(old) < key(new) {
                self.slots.extend(tail.next());
            } else {
                self.slots.extend(entering.next());
            }
        }
        self.slots.extend(tail);
        self.slots.extend(entering);
    }

    /// Renumbers every slot after the columns were compacted.
    pub fn renumber(&mut self, new_slot: impl Fn(u32) -> u32) {
        self.slots.iter_mut().for_each(|slot| *slot = new_slot(*slot));
        self.slots.shrink_to_fit();
    }
}

#[cfg(test)]
mod tests {
    use super::super::columns::Facts;
    use super::super::columns::tests::facts;
    use super::*;
    use proptest::prelude::*;

    fn columns(starts: &[i64]) -> Columns {
        let mut columns = Columns::default();
        for (pk, &start_ns) in (1..).zip(starts) {
            columns.push(Facts { start_ns, ..facts(pk) });
        }
        columns
    }

    fn sorted(columns: &Columns, mut slots: Vec<u32>) -> Vec<u32> {
        slots.sort_by_key(|&slot| (columns.start_ns[slot as usize], slot));
        slots
    }

    #[test]
    fn ranges_include_both_ends() {
        let columns = columns(&[10, 20, 20, 30]);
        let mut order = Order::default();
        order.insert(&columns, vec![3, 1, 0, 2]);
        let check =
            |from, until, expected: &[u32]| assert_eq!(order.slots()[order.range(&columns, from, until)], *expected);
        check(None, None, &[0, 1, 2, 3]);
        check(Some(20), Some(20), &[1, 2]);
        check(Some(11), Some(29), &[1, 2]);
        check(Some(31), None, &[]);
        check(Some(25), Some(15), &[]);
    }

    proptest! {
        #[test]
        fn late_and_leaving_runs_leave_the_order_sorted(
            starts in proptest::collection::vec(0i64..20, 1..60),
            batch in 1usize..9,
            leaving in proptest::collection::btree_set(0u32..60, 0..30),
        ) {
            let columns = columns(&starts);
            let all: Vec<u32> = (0..starts.len() as u32).collect();
            let mut order = Order::default();
            for chunk in all.chunks(batch) {
                order.insert(&columns, chunk.to_vec());
            }
            prop_assert_eq!(order.slots(), &sorted(&columns, all.clone())[..]);
            let leaving: Vec<u32> = leaving.into_iter().filter(|slot| all.contains(slot)).collect();
            order.remove(&columns, &leaving);
            let stayed: Vec<u32> = all.into_iter().filter(|slot| !leaving.contains(slot)).collect();
            prop_assert_eq!(order.slots(), &sorted(&columns, stayed.clone())[..]);
            order.insert(&columns, leaving);
            prop_assert_eq!(order.n_runs(), columns.n_slots());
        }
    }
}
