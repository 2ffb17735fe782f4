//! What can be done on the page of a comparison of prompts, and with which keys. Pure.

use crate::keys::Binding;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Command {
    NextChange,
    PreviousChange,
    NextMessage,
    PreviousMessage,
    ToggleUnified,
    ToggleSpace,
    Unfold,
    OlderLeft,
    NewerLeft,
    Swap,
    CopyLink,
}

pub const PAGE_KEYS: &[Binding<Command>] = &[
    Binding { chords: &["n"], action: Command::NextChange, label: "Next change" },
    Binding { chords: &["p"], action: Command::PreviousChange, label: "Previous change" },
    Binding { chords: &["Shift+N"], action: Command::NextMessage, label: "Next message that changed" },
    Binding { chords: &["Shift+P"], action: Command::PreviousMessage, label: "Previous message that changed" },
    Binding { chords: &["u"], action: Command::ToggleUnified, label: "Unified or side by side" },
    Binding { chords: &["w"], action: Command::ToggleSpace, label: "Ignore or show changes of space" },
    Binding { chords: &["Enter"], action: Command::Unfold, label: "Unfold the lines next to the change" },
    Binding { chords: &["["], action: Command::OlderLeft, label: "Older version on the left" },
    Binding { chords: &["]"], action: Command::NewerLeft, label: "Newer version on the left" },
    Binding { chords: &["Shift+X"], action: Command::Swap, label: "Swap the sides" },
    Binding { chords: &["y"], action: Command::CopyLink, label: "Copy link to this change" },
];
