//! What the chart consists of: a flat list of marks in device-independent pixels, ready to be painted in order.

use fanlight_wire::RunType;

/// A colour by its job; the painter knows the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paint {
    Grid,
    /// A run's bar: `Tone::Soft` before the first token, for chains and while under way.
    Run(RunType, Tone),
    Error,
    CriticalHalo,
    Critical,
    /// Hints that a bar lies outside the window.
    Faint,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Tone {
    Solid,
    Soft,
}

/// How the box of a mark is filled. Later kinds are painted over earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    Line,
    Bar,
    /// The left part of a bar: its corners are round on the left only.
    Head,
    /// A plain box.
    Block,
    Hatch,
    Outline,
    DashedOutline,
    /// An instant: a square on its corner, centred in the box.
    Diamond,
    ArrowLeft,
    ArrowRight,
}

/// One thing to paint, in CSS pixels from the chart's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    pub shape: Shape,
    pub paint: Paint,
    /// Pale because a search is on and this is no match.
    pub is_faded: bool,
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

/// Where a label stands decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelPaint {
    OnBar(RunType),
    Beside,
}

/// Text at the middle of its line; `x` is its left edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub paint: LabelPaint,
    pub is_faded: bool,
    pub x: f64,
    pub y_middle: f64,
    pub text: String,
}

/// Everything to paint, in order.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DrawList {
    pub marks: Vec<Mark>,
    pub labels: Vec<Label>,
}

impl DrawList {
    /// Brings marks of the same paint together within each layer, so that painting changes style seldom.
    pub fn sort_by_style(&mut self) {
        self.marks.sort_by_key(|mark| (layer(mark), mark.is_faded, mark.paint, mark.shape));
        self.labels.sort_by_key(|label| (label.is_faded, label.paint));
    }
}

fn layer(mark: &Mark) -> u8 {
    match (mark.shape, mark.paint) {
        (Shape::Line, _) => 0,
        (_, Paint::CriticalHalo) => 3,
        (_, Paint::Critical) => 4,
        (Shape::Bar, _) => 1,
        _ => 2,
    }
}
