//! What each key does while two traces are compared. Beside a few keys of its own, those of one trace mean what they mean
//! there: they come from its table.

use crate::keys::Binding;
use crate::waterfall::keys::{Command as OfTrace, TRACE_KEYS};

/// Something a reader can ask of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    FirstDivergence,
    NextDifference,
    PreviousDifference,
    Swap,
    ToggleEqual,
    /// As in one trace: one of [`shared_keys`], or of the tree's.
    Of(OfTrace),
}

use Command::*;

const fn bind(chords: &'static [&'static str], action: Command, label: &'static str) -> Binding<Command> {
    Binding { chords, action, label }
}

/// The comparison's own, from anywhere on the page outside text fields.
pub const COMPARE_KEYS: &[Binding<Command>] = &[
    bind(&["<"], FirstDivergence, "Go to the first divergence"),
    bind(&["."], NextDifference, "Next difference"),
    bind(&[","], PreviousDifference, "Previous difference"),
    bind(&["Shift+X"], Swap, "Swap A and B"),
    bind(&["Shift+H"], ToggleEqual, "Hide or show equal rows"),
];

/// Of the keys of a trace's page those that a comparison has a use for.
pub fn shared_keys() -> Vec<Binding<OfTrace>> {
    TRACE_KEYS.iter().filter(|binding| is_shared(binding.action)).copied().collect()
}

fn is_shared(command: OfTrace) -> bool {
    use OfTrace::*;
    let is_move = matches!(command, NextError | PreviousError | NextLlm | PreviousLlm | NextTool | PreviousTool);
    let is_zoom = matches!(command, ZoomIn | ZoomOut | FitTrace | FitSelection | UndoZoom)
        || matches!(command, PanLeft | PanRight | PanFarLeft | PanFarRight);
    is_move || is_zoom || matches!(command, Find | UnfoldLevels(_) | ToggleDetails | CopyLink | FocusTree)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waterfall::keys::TREE_KEYS;
    use std::collections::HashSet;

    #[test]
    fn no_chord_is_bound_twice() {
        let mut seen = HashSet::new();
        let own = COMPARE_KEYS.iter().map(|binding| binding.chords);
        let shared: Vec<_> = shared_keys();
        let of_trace = TREE_KEYS.iter().chain(&shared).map(|binding| binding.chords);
        for chord in own.chain(of_trace).flatten() {
            assert!(seen.insert(chord), "{chord}");
        }
    }

    #[test]
    fn the_zoom_and_the_search_of_a_trace_are_here_too() {
        let chords: Vec<_> = shared_keys().into_iter().flat_map(|binding| binding.chords).copied().collect();
        for chord in ["/", "w", "Shift+F", "e", "0", "y", "g g"] {
            assert!(chords.contains(&chord), "{chord}");
        }
    }
}
