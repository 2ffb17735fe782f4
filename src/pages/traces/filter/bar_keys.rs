//! The keys of the filter bar, and what its suggestions are. Pure.

use crate::keys::Binding;
use fanlight_wire::filter::complete::{Choice, Completion, CompletionKind};
use fanlight_wire::run_stats::FacetValue;

/// What a key does while the filter is being typed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BarKey {
    Apply,
    Next,
    Previous,
    Accept,
    EditLast,
    Leave,
}

pub const KEYS: &[Binding<BarKey>] = &[
    Binding { chords: &["Enter"], action: BarKey::Apply, label: "Apply what is typed, or take the suggestion" },
    Binding { chords: &["ArrowDown"], action: BarKey::Next, label: "Next suggestion" },
    Binding { chords: &["ArrowUp"], action: BarKey::Previous, label: "Previous suggestion" },
    Binding { chords: &["Tab"], action: BarKey::Accept, label: "Take the suggestion" },
    Binding { chords: &["Backspace"], action: BarKey::EditLast, label: "In an empty field: edit the last condition" },
    Binding {
        chords: &["Escape"],
        action: BarKey::Leave,
        label: "Close suggestions, then give up the text, then leave",
    },
];

/// Something to take, and the draft after it was taken.
#[derive(Clone, Debug, PartialEq)]
pub struct Suggestion {
    pub label: String,
    pub detail: String,
    pub count: Option<u64>,
    pub draft: String,
    pub cursor: usize,
    /// The condition is whole then.
    pub is_last: bool,
}

/// What can be taken at the cursor; `values` are those that the server knows, when it was asked.
pub fn suggestions(draft: &str, completion: &Completion, values: &[FacetValue]) -> Vec<Suggestion> {
    let choice = |is_last: bool| {
        move |choice: &Choice| {
            let (draft, cursor) = completion.insert(draft, &choice.text);
            let detail = match (choice.help, choice.example) {
                (help, "") => help.to_owned(),
                (help, example) => format!("{help} · {example}"),
            };
            Suggestion { label: choice.text.clone(), detail, count: None, draft, cursor, is_last }
        }
    };
    match &completion.kind {
        CompletionKind::Names(choices) | CompletionKind::Operators(choices) => {
            choices.iter().map(choice(false)).collect()
        }
        CompletionKind::Words(choices) => choices.iter().map(choice(!completion.is_call)).collect(),
        CompletionKind::Values { .. } => {
            let value = |it: &FacetValue| {
                let (draft, cursor) = completion.insert_value(draft, &it.value);
                let is_last = completion.suffix.is_empty() && !completion.is_call;
                Suggestion {
                    label: it.value.clone(),
                    detail: String::new(),
                    count: Some(it.count),
                    draft,
                    cursor,
                    is_last,
                }
            };
            values.iter().map(value).collect()
        }
        CompletionKind::Nothing => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::filter::complete;

    #[track_caller]
    fn check(draft: &str, values: &[&str], label: &str, expected: Option<(&str, bool)>) {
        let values: Vec<FacetValue> =
            values.iter().map(|it| FacetValue { value: (*it).to_owned(), count: 3 }).collect();
        let all = suggestions(draft, &complete::at(draft, draft.len()), &values);
        let found = all.iter().find(|it| it.label == label).map(|it| (it.draft.as_str(), it.is_last));
        assert_eq!(found, expected, "{:?}", all.iter().map(|it| &it.label).collect::<Vec<_>>());
    }

    #[test]
    fn a_field_waits_for_its_value_and_a_value_ends_the_condition() {
        check("lat", &[], "latency:", Some(("latency:", false)));
        check("status:er", &[], "error", Some(("status:error", true)));
        check("name:", &["checkout agent"], "checkout agent", Some(("name:\"checkout agent\"", true)));
        check("latency:>2", &["5s"], "5s", None);
    }
}
