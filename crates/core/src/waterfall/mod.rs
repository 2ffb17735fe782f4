//! The waterfall: which rows are visible, where their bars lie, and how a reader moves through time and tree.
//!
//! [`collapse`], [`rows`], [`walk`] and [`slots`] decide about rows; [`time_window`], [`ticks`] and [`gestures`] about
//! time; [`layout`] turns both into a draw list, which [`painter`] sends to a canvas or, in tests, to text; [`keys`]
//! says what each key does. The dashboard's `src/waterfall/` shows it.

pub mod collapse;
pub mod critical_path;
pub mod geometry;
pub mod gestures;
pub mod keys;
pub mod layout;
pub mod marks;
pub mod minimap_layout;
pub mod painter;
pub mod row_text;
pub mod rows;
pub mod slots;
pub mod text_width;
pub mod ticks;
pub mod time_window;
pub mod walk;
