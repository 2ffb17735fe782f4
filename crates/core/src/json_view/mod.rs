//! JSON shown lazily, straight from its text: nothing is parsed into a tree of values, so a payload of 20 MB opens at
//! once and one of any depth opens at all. No function here recurses over the data.
//!
//! Start with [`node`], which finds where a value ends and how many children it has; [`read`] looks inside as code does
//! (fields, items, strings), [`tree`] as a reader does (rows that open and close). The view of the rows is apart.

pub mod node;
pub mod path;
pub mod pretty;
pub mod read;
pub mod search;
pub mod strings;
pub mod tree;

pub use node::{Kind, Node};
pub use read::{Fields, Json};
pub use tree::{Row, Tree};
