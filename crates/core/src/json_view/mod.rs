//! JSON shown lazily, straight from its text: nothing is parsed into a tree of values, so a payload of 20 MB opens at
//! once and one of any depth opens at all. No function here recurses over the data.
//!
//! Start with [`node`], which finds where a value ends and how many children it has; [`read`] looks inside as code does
//! (fields, items, strings), [`tree`] as a reader does (rows that open and close). [`scan`] reads a large text once, as it
//! arrives, so that the others need not. The view of the rows is apart.

pub mod node;
pub mod path;
pub mod pretty;
pub mod read;
pub mod scan;
pub mod search;
pub mod split;
pub mod strings;
pub mod tree;
#[cfg(test)]
mod tree_tests;

pub use node::{Kind, Node};
pub use read::{Fields, Json};
pub use scan::Index;
pub use tree::{Row, Tree};
