//! What differs between two texts or two JSON values.
//!
//! [`align`] finds what two sequences of anything have in common; [`text`] uses it for lines and [`marks`] for their
//! [`words`], [`json`] for the elements of lists; [`shown`] makes lines to read of either. Of templates, [`variables`]
//! are words of their own and [`moves`] are told from changes. With the sides swapped, what was added is removed.

pub mod align;
pub mod json;
pub mod marks;
pub mod moves;
pub mod prompt;
pub mod shown;
pub mod text;
pub mod variables;
pub mod words;

pub use json::{JsonDiff, diff_json};
pub use text::{TextDiff, diff_text};
