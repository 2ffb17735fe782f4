//! The keys of the trace list.

use crate::keys::Binding;

/// What a key does while the list has the focus, or while nothing has it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKey {
    Next,
    Previous,
    PageDown,
    PageUp,
    First,
    Last,
    CellLeft,
    CellRight,
    Open,
    OpenInNewTab,
    Preview,
    Select,
    SelectTo,
    Compare,
    SelectNext,
    SelectPrevious,
    FilterTo,
    Exclude,
    Sort,
    CopyLink,
    CopyJson,
    FocusFilter,
    Leave,
}

pub const KEYS: &[Binding<ListKey>] = &[
    Binding { chords: &["j", "ArrowDown"], action: ListKey::Next, label: "Next row" },
    Binding { chords: &["k", "ArrowUp"], action: ListKey::Previous, label: "Previous row" },
    Binding { chords: &["PageDown"], action: ListKey::PageDown, label: "One page down" },
    Binding { chords: &["PageUp"], action: ListKey::PageUp, label: "One page up" },
    Binding { chords: &["Home"], action: ListKey::First, label: "First row" },
    Binding { chords: &["End"], action: ListKey::Last, label: "Last loaded row" },
    Binding { chords: &["ArrowLeft"], action: ListKey::CellLeft, label: "Cell to the left" },
    Binding { chords: &["ArrowRight"], action: ListKey::CellRight, label: "Cell to the right" },
    Binding { chords: &["Enter"], action: ListKey::Open, label: "Open the trace" },
    Binding { chords: &["Mod+Enter"], action: ListKey::OpenInNewTab, label: "Open the trace in a new tab" },
    Binding { chords: &[" "], action: ListKey::Preview, label: "Show or hide the preview" },
    Binding { chords: &["x"], action: ListKey::Select, label: "Select the row" },
    Binding { chords: &["Shift+X"], action: ListKey::SelectTo, label: "Select up to the row" },
    Binding { chords: &["c"], action: ListKey::Compare, label: "Compare the two selected traces" },
    Binding { chords: &["Shift+ArrowDown"], action: ListKey::SelectNext, label: "Extend the selection down" },
    Binding { chords: &["Shift+ArrowUp"], action: ListKey::SelectPrevious, label: "Extend the selection up" },
    Binding { chords: &["f"], action: ListKey::FilterTo, label: "Show only rows with this cell's value" },
    Binding { chords: &["Shift+F"], action: ListKey::Exclude, label: "Hide rows with this cell's value" },
    Binding { chords: &["s"], action: ListKey::Sort, label: "Sort by this column; again: reverse" },
    Binding { chords: &["y"], action: ListKey::CopyLink, label: "Copy a link to the row" },
    Binding { chords: &["Shift+Y"], action: ListKey::CopyJson, label: "Copy the selected rows as JSON" },
    Binding { chords: &["/"], action: ListKey::FocusFilter, label: "Type a filter" },
    Binding { chords: &["Escape"], action: ListKey::Leave, label: "Leave the selection, then the preview" },
];

/// Where `key` takes the cursor in a list of `n_rows`; `None` when it stays or the key is about something else.
pub fn moved(key: ListKey, cursor: Option<usize>, n_rows: usize, rows_per_page: usize) -> Option<usize> {
    let last = n_rows.checked_sub(1)?;
    // The first key lands on the first row, whichever way it points.
    let from = |step: fn(usize, usize) -> usize, by| cursor.map_or(0, |cursor| step(cursor, by).min(last));
    Some(match key {
        ListKey::Next | ListKey::SelectNext => from(usize::saturating_add, 1),
        ListKey::Previous | ListKey::SelectPrevious => from(usize::saturating_sub, 1),
        ListKey::PageDown => from(usize::saturating_add, rows_per_page),
        ListKey::PageUp => from(usize::saturating_sub, rows_per_page),
        ListKey::First => 0,
        ListKey::Last => last,
        _ => return None,
    })
}

/// The cell that ← and → lead to: from the whole row (`None`) into its first or last cell, and out again on the left.
pub fn moved_cell(key: ListKey, cell: Option<usize>, n_columns: usize) -> Option<usize> {
    match (key, cell) {
        (ListKey::CellRight, None) => (n_columns > 0).then_some(0),
        (ListKey::CellRight, Some(cell)) => Some((cell + 1).min(n_columns.saturating_sub(1))),
        (ListKey::CellLeft, Some(cell)) => cell.checked_sub(1),
        _ => None,
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
        check(ListKey::Next, None, Some(0));
        check(ListKey::Next, Some(0), Some(1));
        check(ListKey::Next, Some(99), Some(99));
        check(ListKey::Previous, Some(0), Some(0));
        check(ListKey::PageDown, Some(95), Some(99));
        check(ListKey::PageUp, Some(15), Some(5));
        check(ListKey::First, Some(50), Some(0));
        check(ListKey::Last, None, Some(99));
        check(ListKey::SelectNext, Some(3), Some(4));
        check(ListKey::Open, Some(3), None);
    }

    #[test]
    fn an_empty_list_has_nowhere_to_go() {
        assert_eq!(moved(ListKey::Next, None, 0, 10), None);
    }

    #[test]
    fn cells_are_entered_from_the_row_and_left_to_it() {
        assert_eq!(moved_cell(ListKey::CellRight, None, 3), Some(0));
        assert_eq!(moved_cell(ListKey::CellRight, Some(2), 3), Some(2));
        assert_eq!(moved_cell(ListKey::CellLeft, Some(1), 3), Some(0));
        assert_eq!(moved_cell(ListKey::CellLeft, Some(0), 3), None);
        assert_eq!(moved_cell(ListKey::CellLeft, None, 3), None);
    }
}
