//! The waterfall: which rows are visible, where their bars lie, and how a reader moves through time and tree.
//!
//! [`collapse`], [`groups`], [`narrowing`], [`rows`], [`walk`] and [`slots`] decide about rows, which [`row_text`] puts
//! into words and [`link`] into the address; [`time_window`], [`idle_gaps`], [`time_scale`], [`ticks`] and [`gestures`]
//! about time; [`coloring`] about colours; [`layout`] turns them into a draw list, which [`painter`] sends to a canvas or,
//! in tests, to text; [`raster`] and [`overview`] are pictures where marks would be too many; [`keys`] says what each key
//! does. The dashboard's `src/waterfall/` shows it.

pub mod collapse;
pub mod coloring;
pub mod critical_path;
pub mod geometry;
pub mod gestures;
pub mod groups;
pub mod idle_gaps;
pub mod keys;
pub mod layout;
pub mod link;
pub mod marks;
pub mod narrowing;
pub mod overlay;
pub mod overview;
pub mod painter;
pub mod range_stats;
pub mod raster;
pub mod row_text;
pub mod row_view;
pub mod rows;
pub mod slots;
pub mod text_width;
pub mod ticks;
pub mod time_scale;
pub mod time_window;
pub mod walk;
