//! A column in which many runs have nothing: one bit each, and values for the others.

use super::RunIdx;

/// Grows run by run; [`Sparse::get`] takes the same time anywhere.
#[derive(Clone, Debug)]
pub(super) struct Sparse<T> {
    n_runs: usize,
    /// Which runs have a value, 64 to a word.
    present: Vec<u64>,
    /// How many values come before each word.
    before: Vec<u32>,
    values: Vec<T>,
}

impl<T> Default for Sparse<T> {
    fn default() -> Self {
        Sparse { n_runs: 0, present: Vec::new(), before: Vec::new(), values: Vec::new() }
    }
}

impl<T: Copy> Sparse<T> {
    /// The value of the next run.
    pub fn push(&mut self, value: Option<T>) {
        if self.n_runs.is_multiple_of(64) {
            self.present.push(0);
            self.before.push(self.values.len() as u32);
        }
        if let Some(value) = value {
            self.present[self.n_runs / 64] |= 1 << (self.n_runs % 64);
            self.values.push(value);
        }
        self.n_runs += 1;
    }

    pub fn get(&self, run: RunIdx) -> Option<T> {
        let (word, bit) = (run as usize / 64, run % 64);
        let present = self.present[word];
        let rank = (present & ((1u64 << bit) - 1)).count_ones();
        (present >> bit & 1 == 1).then(|| self.values[(self.before[word] + rank) as usize])
    }

    pub fn shrink_to_fit(&mut self) {
        self.present.shrink_to_fit();
        self.before.shrink_to_fit();
        self.values.shrink_to_fit();
    }

    pub fn heap_bytes(&self) -> usize {
        self.present.capacity() * 8 + self.before.capacity() * 4 + self.values.capacity() * size_of::<T>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn what_was_pushed_is_found_again(values in prop::collection::vec(prop::option::weighted(0.3, any::<u16>()), 0..400)) {
            let mut column = Sparse::default();
            values.iter().for_each(|&value| column.push(value));
            let found: Vec<_> = (0..values.len() as RunIdx).map(|run| column.get(run)).collect();
            prop_assert_eq!(found, values);
        }
    }
}
