//! The views of one trace, and what their x-axis can count: their names, and their words in an address.

use std::fmt;
use std::str::FromStr;

/// A way to look at a trace. What is selected, searched for and zoomed to is the same in all of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ViewKind {
    /// A row per run, in order of start.
    #[default]
    Tree,
    /// A flame chart: runs below their parent, parallel work stacked.
    Lanes,
    /// Merged call paths, the heaviest first.
    Aggregate,
    /// The steps of an agent, joined where one followed the other.
    Graph,
    /// The conversation, as a person reads it.
    Messages,
}

impl ViewKind {
    /// In the order of their keys.
    pub const ALL: &[ViewKind] =
        &[ViewKind::Tree, ViewKind::Lanes, ViewKind::Aggregate, ViewKind::Messages, ViewKind::Graph];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            ViewKind::Tree => "tree",
            ViewKind::Lanes => "lanes",
            ViewKind::Aggregate => "aggregate",
            ViewKind::Graph => "graph",
            ViewKind::Messages => "messages",
        }
    }

    /// The name on the switch.
    pub fn label(self) -> &'static str {
        match self {
            ViewKind::Tree => "Tree",
            ViewKind::Lanes => "Lanes",
            ViewKind::Aggregate => "Aggregate",
            ViewKind::Graph => "Graph",
            ViewKind::Messages => "Messages",
        }
    }

    /// The key that leads here.
    pub fn key(self) -> &'static str {
        match self {
            ViewKind::Tree => "1",
            ViewKind::Lanes => "2",
            ViewKind::Aggregate => "3",
            ViewKind::Graph => "5",
            ViewKind::Messages => "4",
        }
    }

    /// Whether it can measure by tokens and cost as well as by time.
    pub fn has_units(self) -> bool {
        match self {
            ViewKind::Tree | ViewKind::Messages | ViewKind::Graph => false,
            ViewKind::Lanes | ViewKind::Aggregate => true,
        }
    }

    /// Whether it shows runs, of which a branch can be shown alone and names be hidden.
    pub fn has_runs(self) -> bool {
        self != ViewKind::Messages
    }

    /// Whether its x-axis is the window of time that can be zoomed.
    pub fn has_time_axis(self) -> bool {
        match self {
            ViewKind::Tree | ViewKind::Lanes => true,
            ViewKind::Aggregate | ViewKind::Messages | ViewKind::Graph => false,
        }
    }
}

/// Keys below a view, and what they do there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyHint {
    pub caps: &'static [&'static str],
    pub label: &'static str,
}

const fn hint(caps: &'static [&'static str], label: &'static str) -> KeyHint {
    KeyHint { caps, label }
}

impl ViewKind {
    /// The keys worth knowing first.
    pub fn hints(self) -> &'static [KeyHint] {
        const ERROR: KeyHint = hint(&["e"], "next error");
        const ALL_KEYS: KeyHint = hint(&["?"], "all keys");
        const ZOOM: KeyHint = hint(&["w", "s"], "zoom");
        const PAN: KeyHint = hint(&["a", "d"], "pan");
        const FIT: KeyHint = hint(&["f"], "fit");
        const FAMILY: KeyHint = hint(&["↑", "↓"], "parent, child");
        const ALONG: KeyHint = hint(&["←", "→"], "along the lane");
        const NEAREST: KeyHint = hint(&["↑", "↓", "←", "→"], "nearest step");
        const CHOOSE: KeyHint = hint(&["Enter"], "choose");
        const MOVE: KeyHint = hint(&["↑", "↓"], "move");
        const FOLD: KeyHint = hint(&["←", "→"], "fold");
        match self {
            ViewKind::Tree => &[MOVE, FOLD, ZOOM, PAN, ERROR, FIT, ALL_KEYS],
            ViewKind::Lanes => &[FAMILY, ALONG, ZOOM, PAN, ERROR, FIT, ALL_KEYS],
            ViewKind::Aggregate => &[MOVE, FOLD, ERROR, ALL_KEYS],
            ViewKind::Messages => &[ERROR, ALL_KEYS],
            ViewKind::Graph => &[NEAREST, CHOOSE, ERROR, ALL_KEYS],
        }
    }
}

impl fmt::Display for ViewKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// What the x-axis counts, and by what the heaviest is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum XUnit {
    #[default]
    Time,
    Tokens,
    Cost,
}

impl XUnit {
    pub const ALL: &[XUnit] = &[XUnit::Time, XUnit::Tokens, XUnit::Cost];

    /// The word in the address.
    pub fn as_str(self) -> &'static str {
        match self {
            XUnit::Time => "time",
            XUnit::Tokens => "tokens",
            XUnit::Cost => "cost",
        }
    }

    /// The name on the switch.
    pub fn label(self) -> &'static str {
        match self {
            XUnit::Time => "Time",
            XUnit::Tokens => "Tokens",
            XUnit::Cost => "Cost",
        }
    }
}

impl fmt::Display for XUnit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for XUnit {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        XUnit::ALL.iter().copied().find(|unit| unit.as_str() == text).ok_or(UnknownWord)
    }
}

/// An address names a view or a unit that does not exist.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownWord;

impl FromStr for ViewKind {
    type Err = UnknownWord;

    fn from_str(text: &str) -> Result<Self, UnknownWord> {
        ViewKind::ALL.iter().copied().find(|view| view.as_str() == text).ok_or(UnknownWord)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waterfall::keys::{Command, TRACE_KEYS};

    #[test]
    fn every_view_and_unit_survives_the_address() {
        for &view in ViewKind::ALL {
            assert_eq!(view.to_string().parse(), Ok(view));
        }
        assert_eq!("nonsense".parse::<ViewKind>(), Err(UnknownWord));
        for &unit in XUnit::ALL {
            assert_eq!(unit.to_string().parse(), Ok(unit));
        }
    }

    #[test]
    fn every_view_is_shown_by_its_own_key() {
        for &view in ViewKind::ALL {
            let chords: Vec<_> = TRACE_KEYS
                .iter()
                .filter(|binding| binding.action == Command::Show(view))
                .flat_map(|binding| binding.chords)
                .collect();
            assert_eq!(chords, [&view.key()], "{view}");
        }
    }
}
