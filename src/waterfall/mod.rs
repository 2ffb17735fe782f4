//! The waterfall on the page: what `fanlight_core::waterfall` laid out, drawn on a canvas beside the rows, and what the
//! reader does to it with pointer and keys.

mod axis;
mod canvas;
mod chart;
mod commands;
mod divider;
mod frame;
mod gutter;
mod hover_card;
mod minimap;
mod motion;
mod pointer;
pub mod state;
mod view;

pub use divider::Divider;
pub use fanlight_core::waterfall::*;
pub use state::Waterfall;
pub use view::WaterfallView;
