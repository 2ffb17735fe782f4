//! Figures of charts over time: drawn by plotters on a canvas, read and chosen from by pointer and keys.
//!
//! What is drawn, read and chosen is decided in `fanlight_core::charts`, whose modules are here under the same names.
//! [`canvas`] is where plotters draws, [`figure`] the card with its caption, [`plot_area`] the chart in it. Hovering
//! moves elements over the canvas and never draws on it.

mod canvas;
mod data_table;
pub mod figure;
mod legend_view;
mod plot_area;
pub mod sparkline;

pub use fanlight_core::charts::{
    brush, change, chart, color, heat, hover, interval, layout, legend, plot, rule_labels, scale, summary, unit,
};
