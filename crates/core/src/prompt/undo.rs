//! Undo and redo of an edited value.

/// Steps kept.
const MAX_STEPS: usize = 200;

/// A value and what it was. Edits of the same place without anything in between are one step, as words typed are.
#[derive(Clone, Debug)]
pub struct Undo<T> {
    now: T,
    past: Vec<T>,
    future: Vec<T>,
    /// Where the last edit was.
    place: Option<String>,
}

impl<T: Clone + PartialEq> Undo<T> {
    pub fn new(now: T) -> Self {
        Undo { now, past: Vec::new(), future: Vec::new(), place: None }
    }

    pub fn now(&self) -> &T {
        &self.now
    }

    /// `place`: what is edited, such as the text of a message; `None` always makes a step of its own.
    pub fn edit(&mut self, next: T, place: Option<&str>) {
        if next == self.now {
            return;
        }
        let is_more_of_the_same = place.is_some() && place == self.place.as_deref() && !self.past.is_empty();
        if !is_more_of_the_same {
            self.past.push(self.now.clone());
            if self.past.len() > MAX_STEPS {
                self.past.remove(0);
            }
        }
        self.future.clear();
        self.place = place.map(str::to_owned);
        self.now = next;
    }

    /// Ends the step: what is typed next is another.
    pub fn end_step(&mut self) {
        self.place = None;
    }

    pub fn undo(&mut self) -> bool {
        self.place = None;
        let Some(before) = self.past.pop() else { return false };
        self.future.push(std::mem::replace(&mut self.now, before));
        true
    }

    pub fn redo(&mut self) -> bool {
        self.place = None;
        let Some(after) = self.future.pop() else { return false };
        self.past.push(std::mem::replace(&mut self.now, after));
        true
    }

    pub fn can_undo(&self) -> bool {
        !self.past.is_empty()
    }

    pub fn can_redo(&self) -> bool {
        !self.future.is_empty()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_typed_in_one_place_are_one_step() {
        let mut undo = Undo::new("".to_owned());
        for text in ["a", "ab", "abc"] {
            undo.edit(text.to_owned(), Some("text"));
        }
        undo.edit("abcX".to_owned(), Some("other"));
        undo.end_step();
        undo.edit("abcXY".to_owned(), Some("other"));
        let back: Vec<String> = std::iter::from_fn(|| undo.undo().then(|| undo.now().clone())).collect();
        assert_eq!(back, ["abcX", "abc", ""]);
        assert!(!undo.can_undo() && undo.redo() && undo.now() == "abc");
        // What is edited now has no future.
        undo.edit("new".to_owned(), None);
        assert!(!undo.can_redo() && !undo.redo());
    }

    #[test]
    fn an_edit_that_changes_nothing_is_no_step() {
        let mut undo = Undo::new(1);
        undo.edit(1, None);
        assert!(!undo.can_undo());
    }

    #[test]
    fn the_oldest_steps_are_forgotten() {
        let mut undo = Undo::new(0);
        (1..=300).for_each(|n| undo.edit(n, None));
        while undo.undo() {}
        assert_eq!(*undo.now(), 100);
    }
}
