//! A tree of rows of any length, moved through by the keyboard: what the waterfall, the comparison and the merged paths
//! have in common.
//!
//! [`TreeScroller`] is the box that scrolls, [`TreeRows`] its few recycled rows, [`TreeRow`] one of them, [`RowFocus`] the
//! keyboard's place among them. What a row says and where keys lead is the caller's.

mod focus;
mod row;
mod rows;
mod scroller;

pub use focus::RowFocus;
pub use row::{RowBadge, RowLabel, RowLook, TreeRow, is_on_badge, is_on_twist};
pub use rows::{RowSlot, RowSlots, TreeRows};
pub use scroller::TreeScroller;
