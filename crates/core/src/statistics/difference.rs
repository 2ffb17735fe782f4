//! What a number is known to be, and what two versions of it differ by.

/// Intervals are made to hold the truth this often.
pub const CONFIDENCE: f64 = 0.95;

/// The normal deviate of [`CONFIDENCE`], two-sided.
pub const Z: f64 = 1.959_963_984_540_054;

/// A number estimated from runs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Estimate {
    pub value: f64,
    /// Where the truth is with 95 % confidence; `None` where the runs do not say.
    pub low: Option<f64>,
    pub high: Option<f64>,
    /// Runs that it was estimated from.
    pub n: u64,
}

/// How much larger the number of B is than that of A.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Difference {
    /// B − A.
    pub value: f64,
    /// The interval of the difference, 95 %.
    pub low: f64,
    pub high: f64,
    /// How often chance alone would make a difference of this size or more, were there none. 0 to 1.
    pub p: f64,
    /// The error of the difference times the square root of the runs on each side, were they equally many: what it
    /// takes to say how many runs would tell.
    pub spread: f64,
}
