//! Which rows are selected. By id, so that a selection survives rows coming in. Pure.

use fanlight_wire::RunId;

/// The selected runs in the order of their selection, and where a range would begin.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Selection {
    ids: Vec<RunId>,
    anchor: Option<RunId>,
}

/// More are not copied or named in one request: an export with a filter is for that.
pub const MAX_SELECTED: usize = 1000;

impl Selection {
    pub fn ids(&self) -> &[RunId] {
        &self.ids
    }

    pub fn len(&self) -> usize {
        self.ids.len()
    }

    pub fn is_empty(&self) -> bool {
        self.ids.is_empty()
    }

    pub fn contains(&self, id: RunId) -> bool {
        self.ids.contains(&id)
    }

    /// Selects a row, or no longer. Ranges begin at it.
    pub fn toggle(&mut self, id: RunId) {
        self.anchor = Some(id);
        if self.contains(id) {
            self.ids.retain(|other| *other != id);
        } else if self.ids.len() < MAX_SELECTED {
            self.ids.push(id);
        }
    }

    /// Selects everything from where the last range or toggle began to `id`; `rows` are the ids of the list in order.
    pub fn extend_to(&mut self, id: RunId, rows: &[RunId]) {
        let position = |id: RunId| rows.iter().position(|other| *other == id);
        let Some(to) = position(id) else { return };
        let from = self.anchor.and_then(position).unwrap_or(to);
        self.anchor.get_or_insert(id);
        for id in &rows[from.min(to)..=from.max(to)] {
            if !self.contains(*id) && self.ids.len() < MAX_SELECTED {
                self.ids.push(*id);
            }
        }
    }

    pub fn clear(&mut self) {
        *self = Self::default();
    }

    /// What is announced.
    pub fn words(&self) -> String {
        match self.len() {
            0 => "Nothing selected".into(),
            MAX_SELECTED => format!("{MAX_SELECTED} selected, the most there can be"),
            n => format!("{n} selected"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn id(n: u128) -> RunId {
        RunId(uuid::Uuid::from_u128(n))
    }

    fn rows(n: u128) -> Vec<RunId> {
        (0..n).map(id).collect()
    }

    #[track_caller]
    fn check(selection: &Selection, expected: &[u128]) {
        let mut ids: Vec<u128> = selection.ids().iter().map(|id| id.0.as_u128()).collect();
        ids.sort_unstable();
        assert_eq!(ids, expected);
    }

    #[test]
    fn rows_are_selected_one_by_one_and_in_ranges() {
        let mut selection = Selection::default();
        selection.toggle(id(2));
        selection.extend_to(id(5), &rows(9));
        check(&selection, &[2, 3, 4, 5]);
        selection.toggle(id(3));
        check(&selection, &[2, 4, 5]);
        selection.extend_to(id(1), &rows(9));
        check(&selection, &[1, 2, 3, 4, 5]);
        assert_eq!(selection.words(), "5 selected");
        selection.clear();
        assert_eq!(selection.words(), "Nothing selected");
    }

    #[test]
    fn a_range_without_a_beginning_is_one_row() {
        let mut selection = Selection::default();
        selection.extend_to(id(4), &rows(9));
        check(&selection, &[4]);
        selection.extend_to(id(6), &rows(9));
        check(&selection, &[4, 5, 6]);
    }

    #[test]
    fn a_row_that_is_gone_selects_nothing() {
        let mut selection = Selection::default();
        selection.extend_to(id(40), &rows(9));
        check(&selection, &[]);
    }

    #[test]
    fn there_is_a_limit_and_it_is_said() {
        let mut selection = Selection::default();
        selection.toggle(id(0));
        selection.extend_to(id(1999), &rows(2000));
        assert_eq!(selection.words(), "1000 selected, the most there can be");
    }
}
