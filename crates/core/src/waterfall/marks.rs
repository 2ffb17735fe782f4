//! What the chart consists of: a flat list of marks in device-independent pixels, ready to be painted in order.

/// A colour of the palette for bars: series for what differs, a neutral one for frameworks, a scale for amounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Fill(u8);

impl Fill {
    /// Series 7 and 8 are no kinds; all are told apart by every sight.
    pub const N_SERIES: u8 = 8;
    /// Steps from little to much.
    pub const N_SCALE: u8 = 6;
    /// For runs that only hold others together: drawn as an outline.
    pub const NEUTRAL: Fill = Fill(Self::N_SERIES);
    /// For whatever failed, where that is what colours say.
    pub const ERROR: Fill = Fill(Self::N_SERIES + 1 + Self::N_SCALE);
    pub const COUNT: usize = Self::ERROR.0 as usize + 1;

    /// The series at `idx`, from 0; further ones begin again.
    pub const fn series(idx: u8) -> Self {
        Fill(idx % Self::N_SERIES)
    }

    /// The step at `idx` of the scale, from 0; further ones are the last.
    pub fn scale(idx: u8) -> Self {
        Fill(Self::N_SERIES + 1 + idx.min(Self::N_SCALE - 1))
    }

    /// Its place in a palette of [`Fill::COUNT`] colours.
    pub fn idx(self) -> usize {
        self.0 as usize
    }

    /// All of them, in the order of their places.
    pub fn all() -> impl Iterator<Item = Fill> {
        (0..Self::COUNT as u8).map(Fill)
    }

    /// The token of the style sheet that says which colour it is.
    pub fn token(self) -> String {
        match self.0 {
            idx if idx < Self::N_SERIES => format!("series-{}", idx + 1),
            _ if self == Self::NEUTRAL => "run-chain".to_owned(),
            _ if self == Self::ERROR => "error".to_owned(),
            idx => format!("scale-{}", idx - Self::N_SERIES),
        }
    }
}

/// A colour by its job; the painter knows the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Paint {
    Grid,
    /// Slanted lines over time that is compressed.
    GapHatch,
    Fill(Fill),
    /// The surface, half see-through: pales what it covers.
    Veil,
    Error,
    /// Slanted lines in the colour of errors.
    ErrorHatch,
    Critical,
    /// Hints beside bars: that one lies outside the window, that clocks disagree, what the pointer is at.
    Muted,
    /// A stretch of time that was dragged over; see-through.
    Range,
    /// Where the pointer is; see-through.
    Cursor,
    Marker,
    Accent,
}

/// What is painted before what: later layers cover earlier ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Layer {
    Ground,
    Bars,
    /// Over bars: that they failed, or go on. Outlines, too.
    Ends,
    /// Over what waited for its first token, and what a search did not find.
    Veils,
    Halo,
    Critical,
    Hints,
}

/// How the box of a mark is filled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Shape {
    Line,
    Bar,
    /// The left part of a bar: its corners are round on the left only.
    Head,
    /// A plain box.
    Block,
    /// A box in which what was painted before is gone.
    Clear,
    Outline,
    DashedOutline,
    /// An instant: a square on its corner, centred in the box.
    Diamond,
    ArrowLeft,
    ArrowRight,
    /// The run begins before the one that called it: an arrow against a wall.
    Skew,
}

/// One thing to paint, in CSS pixels from the chart's upper left corner.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    pub layer: Layer,
    pub paint: Paint,
    pub shape: Shape,
    pub x: f64,
    pub y: f64,
    pub w: f64,
    pub h: f64,
}

/// Where a label stands decides its colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum LabelPaint {
    /// Number of a text colour that the theme has for fills; see [`super::layout::ChartView::inks`].
    OnBar(u8),
    Beside,
    /// On or beside what a search did not find.
    Faded,
}

/// Text at the middle of its line; `x` is its left edge.
#[derive(Clone, Debug, PartialEq)]
pub struct Label {
    pub paint: LabelPaint,
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
        self.marks.sort_by_key(|mark| (mark.layer, mark.paint, mark.shape));
        self.labels.sort_by_key(|label| label.paint);
    }
}
