//! What a reader can choose on the trace page, one word each in its address.

use crate::trace_view::{ViewKind, XUnit};

/// One of a few named ways to show something. Addresses leave out the default.
pub trait Choice: Copy + Default + PartialEq + 'static {
    fn all() -> &'static [Self];

    /// Its word in the address.
    fn word(self) -> &'static str;

    /// The choice that `word` stands for.
    fn read(word: &str) -> Option<Self> {
        Self::all().iter().copied().find(|choice| choice.word() == word)
    }

    /// The word of this choice; nothing for the default.
    fn word_unless_default(self) -> Option<String> {
        (self != Self::default()).then(|| self.word().to_owned())
    }
}

impl Choice for ViewKind {
    fn all() -> &'static [Self] {
        ViewKind::ALL
    }

    fn word(self) -> &'static str {
        self.as_str()
    }
}

impl Choice for XUnit {
    fn all() -> &'static [Self] {
        XUnit::ALL
    }

    fn word(self) -> &'static str {
        self.as_str()
    }
}

/// What a bar's colour stands for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ColorBy {
    #[default]
    Kind,
    Model,
    Name,
    Status,
    Cost,
}

impl Choice for ColorBy {
    fn all() -> &'static [Self] {
        &[ColorBy::Kind, ColorBy::Model, ColorBy::Name, ColorBy::Status, ColorBy::Cost]
    }

    fn word(self) -> &'static str {
        match self {
            ColorBy::Kind => "kind",
            ColorBy::Model => "model",
            ColorBy::Name => "name",
            ColorBy::Status => "status",
            ColorBy::Cost => "cost",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_default_has_a_word_that_is_read_but_not_written() {
        assert_eq!(ViewKind::read("tree"), Some(ViewKind::Tree));
        assert_eq!(ViewKind::Tree.word_unless_default(), None);
        assert_eq!(XUnit::Cost.word_unless_default().as_deref(), Some("cost"));
        assert_eq!(ColorBy::read("Kind"), None);
    }
}
