//! What each key does on the waterfall: one table for the handler, the `?` sheet and the hints.

use crate::keys::Binding;
use crate::trace_view::ViewKind;

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
    /// Unfolds so many levels and folds what is deeper.
    UnfoldLevels(u8),
    FocusDetails,
    FocusTree,
    Solo,
    LeaveSolo,
    HideName,
    ShowHiddenNames,
    NextCritical,
    PreviousCritical,
    NextTrace,
    PreviousTrace,
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
    /// Looks at the trace in another way.
    Show(ViewKind),
    ToggleIdleGaps,
    ToggleMap,
    DropMarker,
    RangeFromSelection,
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
    bind(&["Enter"], FocusDetails, "Go to the details; open a group"),
];

/// From anywhere on the page, outside text fields.
pub const TRACE_KEYS: &[Binding<Command>] = &[
    bind(&["1"], Show(ViewKind::Tree), "Tree: a row per run"),
    bind(&["2"], Show(ViewKind::Lanes), "Lanes: parallel work stacked"),
    bind(&["3"], Show(ViewKind::Aggregate), "Aggregate: call paths merged"),
    bind(&["4"], Show(ViewKind::Messages), "Messages: the conversation"),
    bind(&["5"], Show(ViewKind::Graph), "Graph: an agent's steps"),
    bind(&["/"], Find, "Find in this trace"),
    bind(&["e"], NextError, "Next error"),
    bind(&["Shift+E"], PreviousError, "Previous error"),
    bind(&["l"], NextLlm, "Next LLM call"),
    bind(&["Shift+L"], PreviousLlm, "Previous LLM call"),
    bind(&["t"], NextTool, "Next tool call"),
    bind(&["Shift+T"], PreviousTool, "Previous tool call"),
    bind(&["."], NextSameName, "Next run of the same name"),
    bind(&[","], PreviousSameName, "Previous run of the same name"),
    bind(&["]"], NextCritical, "Next on the critical path"),
    bind(&["["], PreviousCritical, "Previous on the critical path"),
    bind(&["Shift+1"], UnfoldLevels(1), "Unfold one level, with 2 … 9 as many"),
    bind(&["Shift+2"], UnfoldLevels(2), ""),
    bind(&["Shift+3"], UnfoldLevels(3), ""),
    bind(&["Shift+4"], UnfoldLevels(4), ""),
    bind(&["Shift+5"], UnfoldLevels(5), ""),
    bind(&["Shift+6"], UnfoldLevels(6), ""),
    bind(&["Shift+7"], UnfoldLevels(7), ""),
    bind(&["Shift+8"], UnfoldLevels(8), ""),
    bind(&["Shift+9"], UnfoldLevels(9), ""),
    bind(&["o"], Solo, "Show this branch only"),
    bind(&["Shift+O"], LeaveSolo, "Show the whole trace again"),
    bind(&["h"], HideName, "Hide all runs of this name"),
    bind(&["u"], ShowHiddenNames, "Show hidden names again"),
    bind(&["w", "+", "="], ZoomIn, "Zoom in"),
    bind(&["s", "-"], ZoomOut, "Zoom out"),
    bind(&["a"], PanLeft, "Pan left"),
    bind(&["d"], PanRight, "Pan right"),
    bind(&["Shift+A"], PanFarLeft, "Pan far left"),
    bind(&["Shift+D"], PanFarRight, "Pan far right"),
    bind(&["0"], FitTrace, "Fit the whole trace"),
    bind(&["f"], FitSelection, "Bring the selection into view; again: fit it"),
    bind(&["Shift+F"], UndoZoom, "Undo the last zoom"),
    bind(&["i"], ToggleIdleGaps, "Compress idle gaps, or not"),
    bind(&["v"], ToggleMap, "Map: zoom rows together with time"),
    bind(&["m"], DropMarker, "Mark this moment; two marks show the time between"),
    bind(&["r"], RangeFromSelection, "Select the time of the selected run"),
    bind(&["p"], ToggleCriticalPath, "Critical path on or off"),
    bind(&["\\"], ToggleDetails, "Details on or off"),
    bind(&["y"], CopyLink, "Copy a link to what is selected"),
    bind(&["g g"], FocusTree, "Back to the tree"),
    bind(&["j"], NextTrace, "Next trace of the list you came from"),
    bind(&["k"], PreviousTrace, "Previous trace of that list"),
];

/// What can be done with the card beside the pointer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CardCommand {
    Pin,
    Close,
}

/// While the card is there.
pub const CARD_KEYS: &[Binding<CardCommand>] = &[
    Binding { chords: &[" "], action: CardCommand::Pin, label: "Keep it open, or let it go" },
    Binding { chords: &["Escape"], action: CardCommand::Close, label: "Close a card that was kept open" },
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
