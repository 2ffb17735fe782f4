//! What the arrow keys do among the lanes.

use crate::keys::Binding;

/// A way from one run to another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LaneStep {
    Parent,
    Child,
    Previous,
    Next,
    First,
    Last,
}

const fn bind(chords: &'static [&'static str], action: LaneStep, label: &'static str) -> Binding<LaneStep> {
    Binding { chords, action, label }
}

/// Moving through the lanes.
pub const LANE_KEYS: &[Binding<LaneStep>] = &[
    bind(&["ArrowUp"], LaneStep::Parent, "Parent"),
    bind(&["ArrowDown"], LaneStep::Child, "First child"),
    bind(&["ArrowLeft"], LaneStep::Previous, "Previous run in the lane"),
    bind(&["ArrowRight"], LaneStep::Next, "Next run in the lane"),
    bind(&["Home"], LaneStep::First, "First run in the lane"),
    bind(&["End"], LaneStep::Last, "Last run in the lane"),
];
