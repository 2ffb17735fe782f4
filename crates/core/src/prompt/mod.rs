//! Prompts, as they are edited: what a manifest says ([`manifest`]), which variables its templates have ([`template`]),
//! how they read with values ([`render`]), how an edited one becomes a manifest again ([`mod@write`]), and how to undo
//! ([`undo`]).
//!
//! A manifest is LangChain's serialisation of a prompt, maybe with a model. What is not understood is kept as it is.

mod draft;
pub mod history;
pub mod manifest;
pub mod matching;
pub mod of_run;
pub mod plain;
pub mod render;
pub mod settings;
pub mod snippet;
pub mod template;
pub mod undo;
pub mod write;

#[cfg(test)]
mod tests;

pub use draft::{Draft, DraftMessage, MessageKind, Shape};
pub use template::{Format, Piece, PieceKind, pieces, variables};
