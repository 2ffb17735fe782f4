//! What each key does while two traces are compared: one table for the handler, the `?` sheet and the hints.

use crate::keys::Binding;

/// Something a reader can ask of the comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    FirstDivergence,
    NextDifference,
    PreviousDifference,
    Swap,
    ToggleEqual,
    NextRow,
    PreviousRow,
    StepIn,
    StepOut,
    FirstRow,
    LastRow,
    NextPage,
    PreviousPage,
    NextSibling,
    PreviousSibling,
    ExpandSiblings,
    ExpandSubtree,
    CollapseSubtree,
    FocusDetails,
    NextError,
    PreviousError,
    NextLlm,
    PreviousLlm,
    NextTool,
    PreviousTool,
    ZoomIn,
    ZoomOut,
    PanLeft,
    PanRight,
    FitTraces,
    FitSelection,
    ToggleDetails,
    CopyLink,
}

use Command::*;

const fn bind(chords: &'static [&'static str], action: Command, label: &'static str) -> Binding<Command> {
    Binding { chords, action, label }
}

/// Moving through the tree of pairs: as through a trace.
pub const TREE_KEYS: &[Binding<Command>] = &[
    bind(&["ArrowDown"], NextRow, "Next row"),
    bind(&["ArrowUp"], PreviousRow, "Previous row"),
    bind(&["ArrowRight"], StepIn, "Expand, then first child"),
    bind(&["ArrowLeft"], StepOut, "Collapse, then parent"),
    bind(&["Home"], FirstRow, "First row"),
    bind(&["End"], LastRow, "Last row"),
    bind(&["PageDown"], NextPage, "A page down"),
    bind(&["PageUp"], PreviousPage, "A page up"),
    bind(&["Alt+ArrowDown"], NextSibling, "Next sibling"),
    bind(&["Alt+ArrowUp"], PreviousSibling, "Previous sibling"),
    bind(&["*"], ExpandSiblings, "Expand all siblings"),
    bind(&["Shift+ArrowRight"], ExpandSubtree, "Expand everything below"),
    bind(&["Shift+ArrowLeft"], CollapseSubtree, "Collapse everything below"),
    bind(&["Enter"], FocusDetails, "Go to what differs"),
];

/// From anywhere on the page, outside text fields.
pub const PAGE_KEYS: &[Binding<Command>] = &[
    bind(&["<"], FirstDivergence, "Go to the first divergence"),
    bind(&["."], NextDifference, "Next difference"),
    bind(&[","], PreviousDifference, "Previous difference"),
    bind(&["Shift+X"], Swap, "Swap A and B"),
    bind(&["Shift+H"], ToggleEqual, "Hide or show equal rows"),
    bind(&["e"], NextError, "Next error"),
    bind(&["Shift+E"], PreviousError, "Previous error"),
    bind(&["l"], NextLlm, "Next LLM call"),
    bind(&["Shift+L"], PreviousLlm, "Previous LLM call"),
    bind(&["t"], NextTool, "Next tool call"),
    bind(&["Shift+T"], PreviousTool, "Previous tool call"),
    bind(&["w", "+", "="], ZoomIn, "Zoom in"),
    bind(&["s", "-"], ZoomOut, "Zoom out"),
    bind(&["a"], PanLeft, "Pan left"),
    bind(&["d"], PanRight, "Pan right"),
    bind(&["0"], FitTraces, "Fit both traces"),
    bind(&["f"], FitSelection, "Fit the selection"),
    bind(&["\\"], ToggleDetails, "Details on or off"),
    bind(&["y"], CopyLink, "Copy a link to what is selected"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::waterfall::keys as waterfall;
    use std::collections::HashSet;

    #[test]
    fn no_chord_is_bound_twice() {
        let mut seen = HashSet::new();
        for binding in TREE_KEYS.iter().chain(PAGE_KEYS) {
            for chord in binding.chords {
                assert!(seen.insert(chord), "{chord}");
            }
        }
    }

    #[test]
    fn keys_of_the_tree_mean_what_they_mean_in_a_trace() {
        for binding in TREE_KEYS.iter().filter(|binding| binding.action != FocusDetails) {
            let of_trace = waterfall::TREE_KEYS.iter().find(|other| other.chords == binding.chords);
            assert_eq!(of_trace.map(|other| other.label), Some(binding.label));
        }
    }
}
