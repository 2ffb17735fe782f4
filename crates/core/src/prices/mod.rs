//! What models cost: the lines of the tables ([`mod@line`]), the form that sets a price ([`draft`]), and what is said about
//! trying it and about pricing past runs again ([`words`]).

pub mod draft;
pub mod line;
pub mod words;

pub use draft::{Draft, Field, Problem};
pub use line::PriceLine;
