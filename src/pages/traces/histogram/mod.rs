//! The histogram above the list: runs over time, and their latency over time. What is brushed narrows the list.
//!
//! [`layout`] says where bars are, [`brush`] what is chosen; [`view`] draws both and listens.

pub mod brush;
pub mod layout;
mod table;
pub mod view;
