//! Sets of small numbers, one bit each: ids of a dictionary, traces, runs by pk.

/// Grows as numbers are put in; whatever is beyond its end is not in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bitset {
    words: Vec<u64>,
}

impl Bitset {
    /// Empty, with room for numbers below `n`.
    pub fn with_room(n: usize) -> Self {
        Bitset { words: Vec::with_capacity(n.div_ceil(64)) }
    }

    pub fn insert(&mut self, number: u32) {
        let word_idx = number as usize / 64;
        if word_idx >= self.words.len() {
            self.words.resize(word_idx + 1, 0);
        }
        self.words[word_idx] |= 1 << (number % 64);
    }

    pub fn remove(&mut self, number: u32) {
        if let Some(word) = self.words.get_mut(number as usize / 64) {
            *word &= !(1 << (number % 64));
        }
    }

    pub fn contains(&self, number: u32) -> bool {
        self.words.get(number as usize / 64).is_some_and(|word| word >> (number % 64) & 1 == 1)
    }

    pub fn len(&self) -> usize {
        self.words.iter().map(|word| word.count_ones() as usize).sum()
    }

    pub fn is_empty(&self) -> bool {
        self.words.iter().all(|word| *word == 0)
    }

    /// Keeps what is in `other` too.
    pub fn intersect(&mut self, other: &Bitset) {
        self.words.truncate(other.words.len());
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word &= other;
        }
    }

    /// Takes in what is in `other`.
    pub fn unite(&mut self, other: &Bitset) {
        if self.words.len() < other.words.len() {
            self.words.resize(other.words.len(), 0);
        }
        for (word, other) in self.words.iter_mut().zip(&other.words) {
            *word |= other;
        }
    }

    /// Ascending.
    pub fn iter(&self) -> impl Iterator<Item = u32> + '_ {
        self.words.iter().enumerate().flat_map(|(word_idx, &word)| {
            let mut rest = word;
            std::iter::from_fn(move || {
                let bit = (rest != 0).then(|| rest.trailing_zeros())?;
                rest &= rest - 1;
                Some(u32::try_from(word_idx * 64).expect("numbers have 32 bits") + bit)
            })
        })
    }
}

impl FromIterator<u32> for Bitset {
    fn from_iter<I: IntoIterator<Item = u32>>(numbers: I) -> Self {
        let mut set = Bitset::default();
        numbers.into_iter().for_each(|number| set.insert(number));
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_in_comes_out_in_order() {
        let set: Bitset = [700, 3, 64, 3, 63, 0].into_iter().collect();
        assert_eq!(set.iter().collect::<Vec<_>>(), [0, 3, 63, 64, 700]);
        assert_eq!(set.len(), 5);
        assert!(set.contains(64) && !set.contains(65) && !set.contains(1 << 30));
    }

    #[test]
    fn an_intersection_has_what_both_have() {
        let mut set: Bitset = [1, 2, 700].into_iter().collect();
        set.intersect(&[2, 3].into_iter().collect());
        assert_eq!(set.iter().collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn emptiness_is_of_bits_not_of_words() {
        let mut set: Bitset = [700].into_iter().collect();
        assert!(!set.is_empty());
        set.intersect(&[701].into_iter().collect());
        assert!(set.is_empty());
        assert_eq!(set.len() + set.iter().count(), 0);
    }
}
