//! What each key does on the waterfall: one table for the handler, the `?` sheet and the hints.

use crate::keys::Binding;

/// Something a reader can ask of the waterfall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
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
    NextSameName,
    PreviousSameName,
    ZoomIn,
    ZoomOut,
    PanLeft,
    PanRight,
    PanFarLeft,
    PanFarRight,
    FitTrace,
    FitSelection,
    UndoZoom,
    ToggleDetails,
    ToggleCriticalPath,
    Find,
    CopyLink,
}

use Command::*;

const fn bind(chords: &'static [&'static str], action: Command, label: &'static str) -> Binding<Command> {
    Binding { chords, action, label }
}

/// Moving through the tree.
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
    bind(&["Enter"], FocusDetails, "Go to the details"),
];

/// From anywhere on the page, outside text fields.
pub const TRACE_KEYS: &[Binding<Command>] = &[
    bind(&["/"], Find, "Find in this trace"),
    bind(&["e"], NextError, "Next error"),
    bind(&["Shift+E"], PreviousError, "Previous error"),
    bind(&["l"], NextLlm, "Next LLM call"),
    bind(&["Shift+L"], PreviousLlm, "Previous LLM call"),
    bind(&["t"], NextTool, "Next tool call"),
    bind(&["Shift+T"], PreviousTool, "Previous tool call"),
    bind(&["."], NextSameName, "Next run of the same name"),
    bind(&[","], PreviousSameName, "Previous run of the same name"),
    bind(&["w", "+", "="], ZoomIn, "Zoom in"),
    bind(&["s", "-"], ZoomOut, "Zoom out"),
    bind(&["a"], PanLeft, "Pan left"),
    bind(&["d"], PanRight, "Pan right"),
    bind(&["Shift+A"], PanFarLeft, "Pan far left"),
    bind(&["Shift+D"], PanFarRight, "Pan far right"),
    bind(&["0"], FitTrace, "Fit the whole trace"),
    bind(&["f"], FitSelection, "Bring the selection into view; again: fit it"),
    bind(&["Shift+F"], UndoZoom, "Undo the last zoom"),
    bind(&["p"], ToggleCriticalPath, "Critical path on or off"),
    bind(&["\\"], ToggleDetails, "Details on or off"),
    bind(&["y"], CopyLink, "Copy a link to what is selected"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn no_chord_is_bound_twice() {
        let mut seen = HashSet::new();
        for binding in TREE_KEYS.iter().chain(TRACE_KEYS) {
            for chord in binding.chords {
                assert!(seen.insert(chord), "{chord}");
            }
        }
    }
}
