//! Where foreign shapes become [`crate::model`] operations. Everything here is pure: bytes in, operations and reasons out.
//!
//! Begin with [`langsmith`], the SDK's contract. [`json`] looks into JSON without building trees, [`multipart`] splits
//! bodies, [`preview`] finds the line of text that a list shows. Bytes are hostile: nothing here may panic, recurse
//! with the depth of its input, or hold more than a few copies of it.

pub mod json;
pub mod langsmith;
pub mod multipart;
pub mod preview;
