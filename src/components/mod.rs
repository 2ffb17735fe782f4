//! Widgets that know no route and no API: they take values and callbacks.
//!
//! Each has one root class with its own name in `style/components/`, or in
//! `style/later/components/` where no list shows it. Plain buttons and fields need no component: the
//! classes `button` (`is-primary`, `is-danger`, `is-quiet`, `is-icon`), `field` and `chip` are enough.

pub mod banner;
pub mod breathe;
pub mod clock;
pub mod copy_button;
pub mod dialog;
pub mod diff_lines;
pub mod element_size;
pub mod erased;
pub mod find_box;
pub mod icon;
pub mod key_sheet;
pub mod keyboard;
pub mod load_failed;
pub mod measured_list;
pub mod menu;
pub mod page_title;
pub mod palette;
pub mod part;
pub mod popover;
pub mod relative_time;
pub mod run_type_glyph;
pub mod save_file;
pub mod screen;
pub mod seen;
pub mod segmented;
pub mod skeleton;
pub mod status_dot;
pub mod subsequence;
pub mod toast;
pub mod tree;
pub mod virtual_list;
pub mod virtual_rows;

use std::sync::atomic::{AtomicU32, Ordering};

/// An element id that no other element on the page has: `prefix-7`.
pub fn unique_id(prefix: &str) -> String {
    static LAST: AtomicU32 = AtomicU32::new(0);
    format!("{prefix}-{}", LAST.fetch_add(1, Ordering::Relaxed))
}
