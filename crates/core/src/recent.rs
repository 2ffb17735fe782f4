//! A few things that were looked at lately, by key and version, as many as fit. Pure.

use std::collections::VecDeque;

/// Keeps the last used entries whose sizes sum to at most `max_bytes`; one that is larger by itself is not kept.
#[derive(Clone, Debug)]
pub struct Recent<K, V> {
    max_bytes: usize,
    n_bytes: usize,
    /// The last used at the back.
    entries: VecDeque<Entry<K, V>>,
}

#[derive(Clone, Debug)]
struct Entry<K, V> {
    key: K,
    version: u64,
    size_bytes: usize,
    value: V,
}

impl<K: PartialEq, V: Clone> Recent<K, V> {
    pub fn new(max_bytes: usize) -> Self {
        Recent { max_bytes, n_bytes: 0, entries: VecDeque::new() }
    }

    /// What is kept of `key`, and as of which version.
    pub fn get(&mut self, key: &K) -> Option<(V, u64)> {
        let position = self.entries.iter().position(|entry| entry.key == *key)?;
        let entry = self.entries.remove(position)?;
        let found = (entry.value.clone(), entry.version);
        self.entries.push_back(entry);
        Some(found)
    }

    /// Whether `key` is kept as of `version` or later.
    pub fn is_current(&self, key: &K, version: u64) -> bool {
        self.entries.iter().any(|entry| entry.key == *key && entry.version >= version)
    }

    /// Keeps `value` in place of what was kept of `key`; those not used for longest make room.
    pub fn keep(&mut self, key: K, version: u64, size_bytes: usize, value: V) {
        if let Some(position) = self.entries.iter().position(|entry| entry.key == key)
            && let Some(before) = self.entries.remove(position)
        {
            self.n_bytes -= before.size_bytes;
        }
        if size_bytes > self.max_bytes {
            return;
        }
        self.n_bytes += size_bytes;
        self.entries.push_back(Entry { key, version, size_bytes, value });
        while self.n_bytes > self.max_bytes {
            let Some(oldest) = self.entries.pop_front() else { break };
            self.n_bytes -= oldest.size_bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn those_not_used_for_longest_make_room() {
        let mut recent = Recent::new(10);
        recent.keep("a", 0, 4, 1);
        recent.keep("b", 0, 4, 2);
        assert_eq!(recent.get(&"a"), Some((1, 0)));
        recent.keep("c", 0, 4, 3);
        assert_eq!((recent.get(&"b"), recent.get(&"a"), recent.get(&"c")), (None, Some((1, 0)), Some((3, 0))));
    }

    #[test]
    fn a_newer_version_takes_the_place_of_the_older() {
        let mut recent = Recent::new(10);
        recent.keep("a", 1, 6, "old");
        assert!(recent.is_current(&"a", 1) && !recent.is_current(&"a", 2));
        recent.keep("a", 2, 6, "new");
        assert_eq!(recent.get(&"a"), Some(("new", 2)));
    }

    #[test]
    fn what_is_too_large_is_not_kept() {
        let mut recent = Recent::new(10);
        recent.keep("a", 0, 5, 1);
        recent.keep("b", 0, 11, 2);
        assert_eq!((recent.get(&"a"), recent.get(&"b")), (Some((1, 0)), None));
    }
}
