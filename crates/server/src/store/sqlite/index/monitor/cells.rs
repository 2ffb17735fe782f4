//! Runs by the cell that they are counted in: one cell per group and bucket, those of a group side by side.

use crate::store::sqlite::index::columns::ABSENT;
use std::ops::Range;

/// Which run is counted where. A run in several groups is here several times.
#[derive(Debug, Default)]
pub struct Cells {
    pub n_cells: usize,
    /// Slot and cell.
    pub runs: Vec<(u32, u32)>,
}

/// A sum per cell, and how many runs had something to add.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sums {
    pub sum: Vec<i128>,
    pub n: Vec<u32>,
}

/// Values of runs by cell, in no order within a cell.
#[derive(Debug, PartialEq, Eq)]
pub struct Values {
    values: Vec<i64>,
    /// Where each cell's values begin, and where the last's end.
    starts: Vec<u32>,
}

impl Cells {
    /// `value_of` a slot may be [`ABSENT`].
    pub fn sums(&self, value_of: impl Fn(u32) -> i64) -> Sums {
        let mut sums = Sums { sum: vec![0; self.n_cells], n: vec![0; self.n_cells] };
        for &(slot, cell) in &self.runs {
            let value = value_of(slot);
            if value != ABSENT {
                sums.sum[cell as usize] += i128::from(value);
                sums.n[cell as usize] += 1;
            }
        }
        sums
    }

    /// Runs per cell that something is true of.
    pub fn counts(&self, is_counted: impl Fn(u32) -> bool) -> Sums {
        self.sums(|slot| if is_counted(slot) { 1 } else { ABSENT })
    }

    /// Those that are there, [`ABSENT`] left out.
    pub fn values(&self, value_of: impl Fn(u32) -> i64) -> Values {
        // Where each goes is counted first: a vector per cell would be thousands.
        let found: Vec<(i64, u32)> = self
            .runs
            .iter()
            .map(|&(slot, cell)| (value_of(slot), cell))
            .filter(|(value, _)| *value != ABSENT)
            .collect();
        let mut starts = vec![0u32; self.n_cells + 1];
        for (_, cell) in &found {
            starts[*cell as usize + 1] += 1;
        }
        for cell in 0..self.n_cells {
            starts[cell + 1] += starts[cell];
        }
        let mut next = starts.clone();
        let mut values = vec![0; found.len()];
        for (value, cell) in found {
            let place = &mut next[cell as usize];
            values[*place as usize] = value;
            *place += 1;
        }
        Values { values, starts }
    }
}

impl Sums {
    /// Over cells that lie side by side.
    pub fn total(&self, cells: Range<usize>) -> (i128, u64) {
        (self.sum[cells.clone()].iter().sum(), self.n[cells].iter().map(|n| u64::from(*n)).sum())
    }
}

impl Values {
    /// Those of cells that lie side by side. Of one cell, they may be reordered.
    pub fn of(&mut self, cells: Range<usize>) -> &mut [i64] {
        &mut self.values[self.starts[cells.start] as usize..self.starts[cells.end] as usize]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_gathered_by_cell_and_summed_without_those_that_are_absent() {
        let cells = Cells { n_cells: 3, runs: vec![(0, 2), (1, 0), (2, 2), (3, 2), (1, 2)] };
        let value_of = |slot: u32| [7, 5, ABSENT, 1][slot as usize];
        let mut values = cells.values(value_of);
        assert_eq!((values.of(0..1).to_vec(), values.of(1..2).to_vec()), (vec![5], vec![]));
        assert_eq!((values.of(2..3).to_vec(), values.of(0..3).len()), (vec![7, 1, 5], 4));
        let sums = cells.sums(value_of);
        assert_eq!((sums.sum.clone(), sums.n.clone(), sums.total(1..3)), (vec![5, 0, 13], vec![1, 0, 3], (13, 3)));
        assert_eq!(cells.counts(|slot| slot == 1).total(0..3), (2, 2));
    }
}
