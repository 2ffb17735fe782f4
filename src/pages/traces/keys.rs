//! The keys of the trace list.

use crate::keys::Binding;

/// What a key does while the list has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKey {
    Next,
    Previous,
    PageDown,
    PageUp,
    First,
    Last,
    Open,
    OpenInNewTab,
}

pub const KEYS: &[Binding<ListKey>] = &[
    Binding { chords: &["j", "ArrowDown"], action: ListKey::Next, label: "Next trace" },
    Binding { chords: &["k", "ArrowUp"], action: ListKey::Previous, label: "Previous trace" },
    Binding { chords: &["PageDown"], action: ListKey::PageDown, label: "One page down" },
    Binding { chords: &["PageUp"], action: ListKey::PageUp, label: "One page up" },
    Binding { chords: &["Home"], action: ListKey::First, label: "First trace" },
    Binding { chords: &["End"], action: ListKey::Last, label: "Last loaded trace" },
    Binding { chords: &["Enter"], action: ListKey::Open, label: "Open the trace" },
    Binding { chords: &["Mod+Enter"], action: ListKey::OpenInNewTab, label: "Open the trace in a new tab" },
];

/// Where `key` takes the cursor in a list of `n_rows`; `None` when it stays or the key is about something else.
pub fn moved(key: ListKey, cursor: Option<usize>, n_rows: usize, rows_per_page: usize) -> Option<usize> {
    let last = n_rows.checked_sub(1)?;
    // The first key lands on the first row, whichever way it points.
    let from = |step: fn(usize, usize) -> usize, by| cursor.map_or(0, |cursor| step(cursor, by).min(last));
    let target = match key {
        ListKey::Next => from(usize::saturating_add, 1),
        ListKey::Previous => from(usize::saturating_sub, 1),
        ListKey::PageDown => from(usize::saturating_add, rows_per_page),
        ListKey::PageUp => from(usize::saturating_sub, rows_per_page),
        ListKey::First => 0,
        ListKey::Last => last,
        ListKey::Open | ListKey::OpenInNewTab => return None,
    };
    Some(target)
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
        check(ListKey::Next, None, Some(0));
        check(ListKey::Next, Some(0), Some(1));
        check(ListKey::Next, Some(99), Some(99));
        check(ListKey::Previous, Some(0), Some(0));
        check(ListKey::PageDown, Some(95), Some(99));
        check(ListKey::PageUp, Some(15), Some(5));
        check(ListKey::First, Some(50), Some(0));
        check(ListKey::Last, None, Some(99));
        check(ListKey::Open, Some(3), None);
    }

    #[test]
    fn an_empty_list_has_nowhere_to_go() {
        assert_eq!(moved(ListKey::Next, None, 0, 10), None);
    }
}
