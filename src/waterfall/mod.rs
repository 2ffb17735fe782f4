//! The waterfall on the page: what `fanlight_core::waterfall` laid out, drawn on a canvas beside the rows, and what the
//! reader does to it with pointer and keys.

mod axis;
pub mod canvas;
mod chart;
mod chart_notes;
mod chart_options;
mod chart_state;
mod clicks;
mod commands;
pub mod counters;
mod divider;
mod follow;
pub mod frame;
mod gutter;
mod hover_card;
mod link_state;
pub mod minimap;
pub mod motion;
pub mod palette;
mod pointer;
mod row_state;
pub mod search_state;
pub mod state;
mod touch;
mod view;
pub mod zoom;

pub use chart_options::ChartOptions;
pub use chart_state::Inks;
pub use divider::Divider;
pub use fanlight_core::waterfall::*;
pub use hover_card::run_card;
pub use state::Waterfall;
pub use view::WaterfallView;
