//! Prices of one's own: the form that sets one ([`draft`]), and what is said about trying it and about pricing past runs
//! again ([`words`]).

pub mod draft;
pub mod words;

pub use draft::{Draft, Field, Problem};
