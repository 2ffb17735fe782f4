//! Strings by small numbers: a run's name is kept once, however many runs have it.

use super::bitset::Bitset;
use std::collections::HashMap;
use std::sync::Arc;

/// The number that stands for "no value". No string has it.
pub const NONE: u32 = 0;

/// Only grows: a string that no run has any more stays until the store is opened again.
#[derive(Debug)]
pub struct Dictionary {
    ids: HashMap<Arc<str>, u32>,
    strings: Vec<Arc<str>>,
}

impl Default for Dictionary {
    fn default() -> Self {
        Dictionary { ids: HashMap::new(), strings: vec![Arc::from("")] }
    }
}

impl Dictionary {
    pub fn intern(&mut self, text: &str) -> u32 {
        if let Some(&id) = self.ids.get(text) {
            return id;
        }
        let id = u32::try_from(self.strings.len()).expect("there are fewer strings than 32 bits can count");
        let text: Arc<str> = Arc::from(text);
        self.strings.push(Arc::clone(&text));
        self.ids.insert(text, id);
        id
    }

    pub fn intern_opt(&mut self, text: Option<&str>) -> u32 {
        text.map_or(NONE, |text| self.intern(text))
    }

    pub fn find(&self, text: &str) -> Option<u32> {
        self.ids.get(text).copied()
    }

    /// Empty for [`NONE`].
    pub fn text(&self, id: u32) -> &str {
        &self.strings[id as usize]
    }

    /// One more than the largest number given out.
    pub fn n_ids(&self) -> usize {
        self.strings.len()
    }

    /// The strings that pass; each is looked at once, however many runs have it.
    pub fn matching(&self, passes: impl Fn(&str) -> bool) -> Bitset {
        let mut set = Bitset::with_room(self.n_ids());
        for (id, text) in (0u32..).zip(&self.strings).skip(1) {
            if passes(text) {
                set.insert(id);
            }
        }
        set
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_keeps_its_number_and_none_is_no_string() {
        let mut names = Dictionary::default();
        let (a, b) = (names.intern("a"), names.intern(""));
        assert_eq!((names.intern("a"), names.intern_opt(Some("")), names.intern_opt(None)), (a, b, NONE));
        assert_eq!((names.text(a), names.text(b), names.n_ids()), ("a", "", 3));
        assert_eq!(names.matching(|text| text.is_empty()).iter().collect::<Vec<_>>(), [b]);
        assert_eq!((names.find("a"), names.find("c")), (Some(a), None));
    }
}
