//! What differs between two texts or two JSON values.
//!
//! [`align`] finds what two sequences of anything have in common; [`text`] uses it for lines and [`words`], [`json`] for
//! the elements of lists; [`shown`] makes lines to read of either. Everything here is symmetric: with the sides swapped, what was added is removed.

pub mod align;
pub mod json;
pub mod shown;
pub mod text;
pub mod words;

pub use json::{JsonDiff, diff_json};
pub use text::{TextDiff, diff_text};
