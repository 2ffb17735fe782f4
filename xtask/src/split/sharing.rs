//! What becomes of code that several parts need. Pure.
//!
//! The splitter makes a file for every set of parts that share something: with four parts up to eleven, most of them
//! small. Each would be a request of its own.

use super::loader::Parts;
use std::collections::BTreeMap;

/// A file for two parts is worth a request from this size on.
const MIN_BYTES: u64 = 24 * 1024;

/// More parts than this, and most readers need the file anyway.
const MAX_SHARERS: usize = 2;

/// How many parts need each file.
pub fn sharers(parts: &Parts) -> BTreeMap<String, usize> {
    let mut sharers = BTreeMap::new();
    for file in parts.values().flatten() {
        *sharers.entry(file.clone()).or_default() += 1;
    }
    sharers
}

/// Whether a file goes into the main one.
pub fn belongs_in_main(n_sharers: usize, size_bytes: u64) -> bool {
    n_sharers > MAX_SHARERS || (n_sharers > 1 && size_bytes < MIN_BYTES)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_its_own_is_for_one_part_or_for_much_code_of_two() {
        for (n_sharers, size_bytes, expected) in
            [(1, 10, false), (2, 10, true), (2, MIN_BYTES, false), (3, 10 * MIN_BYTES, true)]
        {
            assert_eq!(belongs_in_main(n_sharers, size_bytes), expected, "{n_sharers} parts, {size_bytes} bytes");
        }
    }

    #[test]
    fn sharers_are_counted() {
        let files = |files: &[&str]| files.iter().map(|&file| file.to_owned()).collect();
        let parts = Parts::from([("a".to_owned(), files(&["1", "2"])), ("b".to_owned(), files(&["2"]))]);
        assert_eq!(sharers(&parts), BTreeMap::from([("1".to_owned(), 1), ("2".to_owned(), 2)]));
    }
}
