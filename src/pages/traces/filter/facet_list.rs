//! Which facets are counted, how many values of each, and what they are called. Pure.

use crate::pages::traces::query::Scope;
use fanlight_wire::RunStatus;
use fanlight_wire::run_stats::{FacetKey, FacetValue};

/// The facets that everybody has, in order.
pub const STANDARD: [FacetKey; 9] = [
    FacetKey::Status,
    FacetKey::RunType,
    FacetKey::Name,
    FacetKey::Model,
    FacetKey::Provider,
    FacetKey::Tag,
    FacetKey::ErrorKind,
    FacetKey::Feedback,
    FacetKey::MetadataKeys,
];

/// Values of a facet that nobody asked more of.
pub const N_VALUES: usize = 5;
const N_VALUES_EXPANDED: usize = 50;

/// Facets that the reader asked more values of.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FacetPlan {
    expanded: Vec<FacetKey>,
}

impl FacetPlan {
    pub fn is_expanded(&self, key: &FacetKey) -> bool {
        self.expanded.contains(key)
    }

    pub fn toggle_expanded(&mut self, key: &FacetKey) {
        match self.expanded.iter().position(|other| other == key) {
            Some(idx) => drop(self.expanded.remove(idx)),
            None => self.expanded.push(key.clone()),
        }
    }

    /// What the server is asked to count, and how many values at most; `added` are the reader's own facets, as words.
    pub fn keys(&self, scope: Scope, added: &[String]) -> (Vec<FacetKey>, usize) {
        // Every LLM call is one.
        let is_wanted = |key: &FacetKey| *key != FacetKey::RunType || scope != Scope::LlmCalls;
        let mut keys: Vec<FacetKey> = STANDARD.into_iter().filter(is_wanted).collect();
        for key in added.iter().filter_map(|word| word.parse::<FacetKey>().ok()) {
            if !keys.contains(&key) {
                keys.push(key);
            }
        }
        let n_values = if self.expanded.is_empty() { N_VALUES * 4 } else { N_VALUES_EXPANDED };
        (keys, n_values)
    }

    /// How many values of `key` are shown.
    pub fn n_shown(&self, key: &FacetKey) -> usize {
        match key {
            key if self.is_expanded(key) => N_VALUES_EXPANDED,
            _ => N_VALUES,
        }
    }
}

/// The most frequent values, and those that the filter is about wherever they stand.
pub fn listed(values: Vec<FacetValue>, n_shown: usize, is_marked: impl Fn(&str) -> bool) -> Vec<FacetValue> {
    let is_listed = |(idx, it): &(usize, FacetValue)| *idx < n_shown || is_marked(&it.value);
    values.into_iter().enumerate().filter(is_listed).map(|(_, it)| it).collect()
}

/// The heading of a facet.
pub fn title(key: &FacetKey) -> String {
    match key {
        FacetKey::Name => "Name".into(),
        FacetKey::RunType => "Type".into(),
        FacetKey::Status => "Status".into(),
        FacetKey::ErrorKind => "Error".into(),
        FacetKey::Model => "Model".into(),
        FacetKey::Provider => "Provider".into(),
        FacetKey::Tag => "Tag".into(),
        FacetKey::MetadataKeys => "Metadata".into(),
        FacetKey::Metadata(key) => key.clone(),
        FacetKey::Feedback => "Feedback".into(),
    }
}

/// A value in the reader's words.
pub fn value_label(key: &FacetKey, value: &str) -> String {
    match (key, value.parse::<RunStatus>()) {
        (FacetKey::Status, Ok(RunStatus::Success)) => "Succeeded".into(),
        (FacetKey::Status, Ok(RunStatus::Error)) => "Failed".into(),
        (FacetKey::Status, Ok(RunStatus::Pending)) => "Running".into(),
        (FacetKey::Status, Ok(RunStatus::Interrupted)) => "Interrupted".into(),
        _ if value.is_empty() => "(empty)".into(),
        _ => value.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_readers_own_facets_follow_the_standard_ones() {
        let plan = FacetPlan::default();
        let (keys, _) = plan.keys(Scope::Traces, &["metadata.env".into(), "nonsense".into(), "status".into()]);
        assert_eq!(keys.len(), STANDARD.len() + 1);
        assert_eq!(keys.last(), Some(&FacetKey::Metadata("env".into())));
        assert!(!plan.keys(Scope::LlmCalls, &[]).0.contains(&FacetKey::RunType));
    }

    #[test]
    fn more_values_are_asked_for_when_somebody_wants_them() {
        let mut plan = FacetPlan::default();
        assert_eq!((plan.n_shown(&FacetKey::Tag), plan.keys(Scope::Traces, &[]).1), (5, 20));
        plan.toggle_expanded(&FacetKey::Tag);
        assert_eq!((plan.n_shown(&FacetKey::Tag), plan.n_shown(&FacetKey::Name)), (50, 5));
        assert_eq!(plan.keys(Scope::Traces, &[]).1, 50);
        plan.toggle_expanded(&FacetKey::Tag);
        assert_eq!(plan, FacetPlan::default());
    }

    #[test]
    fn a_chosen_value_is_listed_however_rare() {
        let values = ["a", "b", "c", "d"].map(|it| FacetValue { value: it.into(), count: 1 });
        let shown = listed(values.into(), 2, |value| value == "d");
        assert_eq!(shown.iter().map(|it| it.value.as_str()).collect::<Vec<_>>(), ["a", "b", "d"]);
    }

    #[test]
    fn values_are_called_as_everywhere_else() {
        assert_eq!(value_label(&FacetKey::Status, "error"), "Failed");
        assert_eq!(value_label(&FacetKey::Name, "error"), "error");
        assert_eq!(value_label(&FacetKey::Tag, ""), "(empty)");
    }
}
