//! The feedback of a run as the reader sees it: what the server said last, with what was done since on top.
//!
//! Each change is shown at once, kept apart from the server's list, and taken back when the server refuses it: so a
//! refresh that arrives in between neither undoes a change nor doubles it.

use fanlight_wire::FeedbackId;
use fanlight_wire::feedback::Feedback;

/// A change that the server has not confirmed.
#[derive(Clone, Debug)]
enum Change {
    Put(Box<Feedback>),
    Delete(FeedbackId),
}

impl Change {
    fn id(&self) -> FeedbackId {
        match self {
            Change::Put(feedback) => feedback.id,
            Change::Delete(id) => *id,
        }
    }
}

/// Confirmed feedback and unconfirmed changes.
#[derive(Clone, Debug, Default)]
pub struct FeedbackList {
    confirmed: Vec<Feedback>,
    /// At most one per id: the latest counts.
    pending: Vec<Change>,
    /// Deleted and confirmed; each can be brought back.
    deleted: Vec<Feedback>,
}

impl FeedbackList {
    /// The server's newest answer.
    pub fn refresh(&mut self, confirmed: Vec<Feedback>) {
        self.deleted.retain(|deleted| confirmed.iter().all(|feedback| feedback.id != deleted.id));
        self.confirmed = confirmed;
    }

    /// What to show, the newest first.
    pub fn shown(&self) -> Vec<Feedback> {
        let mut shown: Vec<Feedback> = self
            .confirmed
            .iter()
            .filter(|feedback| self.pending.iter().all(|change| change.id() != feedback.id))
            .cloned()
            .collect();
        shown.extend(self.pending.iter().filter_map(|change| match change {
            Change::Put(feedback) => Some((**feedback).clone()),
            Change::Delete(_) => None,
        }));
        shown.sort_by(|a, b| b.created_at.cmp(&a.created_at).then_with(|| b.id.cmp(&a.id)));
        shown
    }

    /// Whether a change of `id` is on its way.
    pub fn is_pending(&self, id: FeedbackId) -> bool {
        self.pending.iter().any(|change| change.id() == id)
    }

    /// Shows new or changed feedback before the server has it.
    pub fn put(&mut self, feedback: Feedback) {
        self.change(Change::Put(Box::new(feedback)));
    }

    /// Hides feedback before the server has deleted it.
    pub fn delete(&mut self, id: FeedbackId) {
        self.change(Change::Delete(id));
    }

    /// The server has done what was asked about `id`; `answer` is how it keeps it, if it does.
    pub fn confirm(&mut self, id: FeedbackId, answer: Option<Feedback>) {
        let was_delete = self.pending.iter().any(|change| matches!(change, Change::Delete(deleted) if *deleted == id));
        self.pending.retain(|change| change.id() != id);
        let before = self.confirmed.iter().position(|feedback| feedback.id == id).map(|idx| self.confirmed.remove(idx));
        self.deleted.retain(|deleted| deleted.id != id);
        match answer {
            Some(feedback) => self.confirmed.push(feedback),
            None if was_delete => self.deleted.extend(before),
            None => {}
        }
    }

    /// The server refused: everything about `id` is as it was.
    pub fn take_back(&mut self, id: FeedbackId) {
        self.pending.retain(|change| change.id() != id);
    }

    /// What was deleted here and can be brought back, the latest last.
    pub fn deleted(&self) -> &[Feedback] {
        &self.deleted
    }

    fn change(&mut self, change: Change) {
        self.pending.retain(|other| other.id() != change.id());
        self.pending.push(change);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn feedback(n: u8, comment: &str) -> Feedback {
        let json = format!(
            r#"{{"id":"6f0c7a4e-0000-4000-8000-0000000000{n:02}","key":"k","created_at":{n},"modified_at":{n},"run_id":null,"trace_id":null,"comment":"{comment}"}}"#
        );
        serde_json::from_str(&json).unwrap()
    }

    #[track_caller]
    fn check(list: &FeedbackList, expected: &[&str]) {
        let shown: Vec<String> = list.shown().into_iter().filter_map(|feedback| feedback.comment).collect();
        assert_eq!(shown, expected);
    }

    fn two() -> FeedbackList {
        let mut list = FeedbackList::default();
        list.refresh(vec![feedback(1, "one"), feedback(2, "two")]);
        list
    }

    #[test]
    fn a_new_one_is_shown_at_once_and_not_doubled_by_a_refresh() {
        let mut list = two();
        list.put(feedback(3, "three"));
        check(&list, &["three", "two", "one"]);
        list.refresh(vec![feedback(3, "three, kept"), feedback(2, "two"), feedback(1, "one")]);
        check(&list, &["three", "two", "one"]);
        list.confirm(feedback(3, "").id, Some(feedback(3, "three, kept")));
        check(&list, &["three, kept", "two", "one"]);
    }

    #[test]
    fn a_refused_change_is_taken_back() {
        let mut list = two();
        list.put(feedback(2, "two, edited"));
        list.delete(feedback(1, "").id);
        check(&list, &["two, edited"]);
        list.take_back(feedback(1, "").id);
        list.take_back(feedback(2, "").id);
        check(&list, &["two", "one"]);
    }

    #[test]
    fn what_was_deleted_can_be_brought_back() {
        let mut list = two();
        list.delete(feedback(1, "").id);
        assert!(list.deleted().is_empty() && list.is_pending(feedback(1, "").id));
        list.confirm(feedback(1, "").id, None);
        check(&list, &["two"]);
        let kept = list.deleted()[0].clone();
        list.put(kept.clone());
        list.confirm(kept.id, Some(kept));
        check(&list, &["two", "one"]);
        assert!(list.deleted().is_empty());
    }

    #[test]
    fn a_refresh_in_between_does_not_undo_a_deletion() {
        let mut list = two();
        list.delete(feedback(1, "").id);
        list.refresh(vec![feedback(2, "two"), feedback(1, "one")]);
        check(&list, &["two"]);
    }
}
