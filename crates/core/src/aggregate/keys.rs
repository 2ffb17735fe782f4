//! What keys do in the table of call paths.

use crate::keys::Binding;

/// Something a reader can ask of the table.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PathCommand {
    NextRow,
    PreviousRow,
    NextPage,
    PreviousPage,
    FirstRow,
    LastRow,
    StepIn,
    StepOut,
    ExpandBelow,
    CollapseBelow,
    FocusDetails,
}

use PathCommand::*;

const fn bind(chords: &'static [&'static str], action: PathCommand, label: &'static str) -> Binding<PathCommand> {
    Binding { chords, action, label }
}

/// Moving through the paths.
pub const PATH_KEYS: &[Binding<PathCommand>] = &[
    bind(&["ArrowDown"], NextRow, "Next path"),
    bind(&["ArrowUp"], PreviousRow, "Previous path"),
    bind(&["ArrowRight"], StepIn, "Expand, then the heaviest below"),
    bind(&["ArrowLeft"], StepOut, "Collapse, then the path above"),
    bind(&["Home"], FirstRow, "First path"),
    bind(&["End"], LastRow, "Last path"),
    bind(&["PageDown"], NextPage, "A page down"),
    bind(&["PageUp"], PreviousPage, "A page up"),
    bind(&["Shift+ArrowRight"], ExpandBelow, "Expand everything below"),
    bind(&["Shift+ArrowLeft"], CollapseBelow, "Collapse everything below"),
    bind(&["Enter"], FocusDetails, "Go to the details"),
];
