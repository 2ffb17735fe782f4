//! The keys of the thread list.

use crate::keys::Binding;

/// What a key does while the list has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKey {
    /// By so many rows.
    Step(isize),
    /// By so many pages.
    Page(isize),
    First,
    Last,
    Open,
    OpenInNewTab,
    Search,
}

pub const KEYS: &[Binding<ListKey>] = &[
    Binding { chords: &["j", "ArrowDown"], action: ListKey::Step(1), label: "Next thread" },
    Binding { chords: &["k", "ArrowUp"], action: ListKey::Step(-1), label: "Previous thread" },
    Binding { chords: &["PageDown"], action: ListKey::Page(1), label: "One page down" },
    Binding { chords: &["PageUp"], action: ListKey::Page(-1), label: "One page up" },
    Binding { chords: &["Home"], action: ListKey::First, label: "First thread" },
    Binding { chords: &["End"], action: ListKey::Last, label: "Last loaded thread" },
    Binding { chords: &["Enter"], action: ListKey::Open, label: "Open the thread" },
    Binding { chords: &["Mod+Enter"], action: ListKey::OpenInNewTab, label: "Open the thread in a new tab" },
    Binding { chords: &["/"], action: ListKey::Search, label: "Search and filter" },
];

/// Where `key` takes the cursor in a list of `n_rows`; `None` when it stays or the key is about something else.
pub fn moved(key: ListKey, cursor: Option<usize>, n_rows: usize, rows_per_page: usize) -> Option<usize> {
    let last = n_rows.checked_sub(1)?;
    // The first key lands on the first row, whichever way it points.
    let by = |delta: isize| cursor.map_or(0, |cursor| cursor.saturating_add_signed(delta).min(last));
    match key {
        ListKey::Step(rows) => Some(by(rows)),
        ListKey::Page(pages) => Some(by(pages * rows_per_page as isize)),
        ListKey::First => Some(0),
        ListKey::Last => Some(last),
        ListKey::Open | ListKey::OpenInNewTab | ListKey::Search => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: ListKey, cursor: Option<usize>, expected: Option<usize>) {
        assert_eq!(moved(key, cursor, 100, 10), expected);
    }

    #[test]
    fn the_cursor_moves_and_stops_at_the_ends() {
        check(ListKey::Step(1), None, Some(0));
        check(ListKey::Step(1), Some(0), Some(1));
        check(ListKey::Step(1), Some(99), Some(99));
        check(ListKey::Step(-1), Some(0), Some(0));
        check(ListKey::Page(1), Some(95), Some(99));
        check(ListKey::Page(-1), Some(15), Some(5));
        check(ListKey::First, Some(50), Some(0));
        check(ListKey::Last, None, Some(99));
        check(ListKey::Open, Some(3), None);
        assert_eq!(moved(ListKey::Step(1), None, 0, 10), None);
    }
}
