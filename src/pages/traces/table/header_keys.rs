//! What the header's keys and drags do to the columns. Pure.

use crate::keys::Binding;
use crate::pages::traces::columns::Columns;

/// What a key does while a column's header has the focus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HeaderKey {
    Left,
    Right,
    Sort,
    MoveLeft,
    MoveRight,
    Narrower,
    Wider,
    Refit,
    Pin,
    Hide,
    Leave,
}

pub const KEYS: &[Binding<HeaderKey>] = &[
    Binding { chords: &["ArrowLeft"], action: HeaderKey::Left, label: "Column to the left" },
    Binding { chords: &["ArrowRight"], action: HeaderKey::Right, label: "Column to the right" },
    Binding { chords: &["Enter", "s", " "], action: HeaderKey::Sort, label: "Sort; again: reverse" },
    Binding { chords: &["Shift+ArrowLeft"], action: HeaderKey::MoveLeft, label: "Move the column left" },
    Binding { chords: &["Shift+ArrowRight"], action: HeaderKey::MoveRight, label: "Move the column right" },
    Binding { chords: &["-"], action: HeaderKey::Narrower, label: "Make it narrower" },
    Binding { chords: &["+"], action: HeaderKey::Wider, label: "Make it wider" },
    Binding { chords: &["0"], action: HeaderKey::Refit, label: "Its usual width" },
    Binding { chords: &["p"], action: HeaderKey::Pin, label: "Pin it, or no longer" },
    Binding { chords: &["Delete"], action: HeaderKey::Hide, label: "Hide it" },
    Binding { chords: &["ArrowDown", "Escape"], action: HeaderKey::Leave, label: "Go to the rows" },
];

const STEP_PX: f64 = 16.0;

/// The columns after `key` on the one at `idx`, which is `width_px` wide on screen; and where that one is then.
pub fn changed(columns: &Columns, idx: usize, width_px: f64, key: HeaderKey) -> Option<(Columns, usize)> {
    let changed = match key {
        HeaderKey::MoveLeft => columns.moved(idx, idx.checked_sub(1)?),
        HeaderKey::MoveRight => columns.moved(idx, idx + 1),
        HeaderKey::Narrower => columns.resized(idx, width_px - STEP_PX),
        HeaderKey::Wider => columns.resized(idx, width_px + STEP_PX),
        HeaderKey::Refit => columns.refitted(idx),
        HeaderKey::Pin => columns.pin_toggled(idx),
        HeaderKey::Hide => columns.toggled(&columns.get(idx)?.id),
        HeaderKey::Left | HeaderKey::Right | HeaderKey::Sort | HeaderKey::Leave => return None,
    };
    let at = columns.get(idx).and_then(|column| changed.position(&column.id));
    let last = changed.count().saturating_sub(1);
    Some((changed, at.unwrap_or(idx).min(last)))
}

/// Where a column dragged to `x_px` comes to stand; `edges` are left and right of each column on screen.
pub fn drop_position(edges: &[(f64, f64)], x_px: f64) -> usize {
    let is_left = |(left, right): &&(f64, f64)| (left + right) / 2.0 < x_px;
    edges.iter().filter(is_left).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(key: HeaderKey, expected: Option<(&str, usize)>) {
        let columns: Columns = "status,name,latency".parse().unwrap();
        let changed = changed(&columns, 1, 200.0, key).map(|(columns, at)| (columns.to_string(), at));
        assert_eq!(changed, expected.map(|(text, at)| (text.to_owned(), at)));
    }

    #[test]
    fn keys_do_what_dragging_does() {
        check(HeaderKey::MoveLeft, Some(("name,status,latency", 0)));
        check(HeaderKey::MoveRight, Some(("status,latency,name", 2)));
        check(HeaderKey::Wider, Some(("status,name.216,latency", 1)));
        check(HeaderKey::Narrower, Some(("status,name.184,latency", 1)));
        check(HeaderKey::Pin, Some(("name.pin,status,latency", 0)));
        check(HeaderKey::Hide, Some(("status,latency", 1)));
        check(HeaderKey::Sort, None);
    }

    #[test]
    fn a_column_lands_beside_the_one_it_has_passed_the_middle_of() {
        let edges = [(0.0, 100.0), (100.0, 200.0), (200.0, 300.0)];
        assert_eq!([10.0, 60.0, 160.0, 500.0].map(|x_px| drop_position(&edges, x_px)), [0, 1, 2, 3]);
    }
}
