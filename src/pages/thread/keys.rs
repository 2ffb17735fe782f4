//! The keys of the thread page.

use crate::keys::Binding;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ThreadKey {
    Next,
    Previous,
    First,
    Last,
    Open,
    OpenInNewTab,
    CopyLink,
    ThumbUp,
    ThumbDown,
}

pub const KEYS: &[Binding<ThreadKey>] = &[
    Binding { chords: &["j"], action: ThreadKey::Next, label: "Next turn" },
    Binding { chords: &["k"], action: ThreadKey::Previous, label: "Previous turn" },
    Binding { chords: &["Home"], action: ThreadKey::First, label: "First turn" },
    Binding { chords: &["End"], action: ThreadKey::Last, label: "Last turn" },
    Binding { chords: &["Enter"], action: ThreadKey::Open, label: "Open the turn's trace" },
    Binding { chords: &["Mod+Enter"], action: ThreadKey::OpenInNewTab, label: "Open the turn's trace in a new tab" },
    Binding { chords: &["y"], action: ThreadKey::CopyLink, label: "Copy a link to the turn" },
    Binding { chords: &["1"], action: ThreadKey::ThumbUp, label: "Thumbs up for the turn" },
    Binding { chords: &["2"], action: ThreadKey::ThumbDown, label: "Thumbs down for the turn" },
];

/// The turn that `key` goes to, of `n_turns`; `None` for keys that go nowhere.
pub fn moved(key: ThreadKey, current: Option<usize>, first_in_view: usize, n_turns: usize) -> Option<usize> {
    let last = n_turns.checked_sub(1)?;
    match key {
        // The first key lands on what the reader looks at.
        ThreadKey::Next | ThreadKey::Previous if current.is_none() => Some(first_in_view.min(last)),
        ThreadKey::Next => current.map(|current| (current + 1).min(last)),
        ThreadKey::Previous => current.map(|current| current.saturating_sub(1)),
        ThreadKey::First => Some(0),
        ThreadKey::Last => Some(last),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn turns_are_walked_from_where_the_reader_is() {
        for (key, current, expected) in [
            (ThreadKey::Next, None, Some(3)),
            (ThreadKey::Previous, None, Some(3)),
            (ThreadKey::Next, Some(3), Some(4)),
            (ThreadKey::Next, Some(9), Some(9)),
            (ThreadKey::Previous, Some(0), Some(0)),
            (ThreadKey::First, Some(7), Some(0)),
            (ThreadKey::Last, Some(0), Some(9)),
            (ThreadKey::Open, Some(3), None),
        ] {
            assert_eq!(moved(key, current, 3, 10), expected, "{key:?} {current:?}");
        }
        assert_eq!(moved(ThreadKey::Next, None, 0, 0), None);
    }
}
