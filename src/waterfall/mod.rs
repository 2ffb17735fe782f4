//! The waterfall: which rows are visible, where their bars lie, and how a reader moves through time and tree.
//!
//! Pure: [`collapse`], [`rows`], [`walk`] and [`slots`] decide about rows; [`time_window`], [`ticks`] and [`gestures`]
//! about time; [`layout`] turns both into a draw list, which [`painter`] sends to a canvas or, in tests, to text;
//! [`keys`] says what each key does. The views live in `chart`, `gutter`, `minimap` and `canvas`.

pub mod collapse;
pub mod critical_path;
pub mod gestures;
pub mod keys;
pub mod layout;
pub mod marks;
pub mod minimap_layout;
pub mod painter;
pub mod rows;
pub mod slots;
pub mod text_width;
pub mod ticks;
pub mod time_window;
pub mod walk;

mod axis;
mod canvas;
mod chart;
mod commands;
mod divider;
mod frame;
pub mod geometry;
mod gutter;
mod hover_card;
mod minimap;
mod motion;
mod pointer;
mod row_text;
pub mod state;
mod view;

pub use divider::Divider;
pub use state::Waterfall;
pub use view::WaterfallView;
