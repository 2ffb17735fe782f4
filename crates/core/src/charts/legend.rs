//! Which series of a chart are shown: all, one alone, or all but some.

use std::collections::BTreeSet;

/// The names that are hidden. Names rather than positions: the order of series changes with the data.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Legend {
    hidden: BTreeSet<String>,
}

impl Legend {
    pub fn is_shown(&self, name: &str) -> bool {
        !self.hidden.contains(name)
    }

    /// Whether anything is hidden that a reset would bring back.
    pub fn hides_any(&self) -> bool {
        !self.hidden.is_empty()
    }

    /// Shows `name` alone; if it is alone already, all again.
    pub fn isolate(&mut self, name: &str, all: &[String]) {
        let others: BTreeSet<String> = all.iter().filter(|other| *other != name).cloned().collect();
        let is_alone = self.is_shown(name) && others.iter().all(|other| self.hidden.contains(other));
        self.hidden = if is_alone { BTreeSet::new() } else { others };
    }

    /// Hides or shows `name`. The last one that is shown stays: an empty chart says nothing.
    pub fn toggle(&mut self, name: &str, all: &[String]) {
        if self.hidden.remove(name) {
            return;
        }
        if all.iter().any(|other| other != name && self.is_shown(other)) {
            self.hidden.insert(name.to_owned());
        }
    }

    /// Shows all.
    pub fn reset(&mut self) {
        self.hidden.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> Vec<String> {
        ["p50", "p95", "p99"].map(str::to_owned).to_vec()
    }

    fn shown(legend: &Legend) -> String {
        all().into_iter().filter(|name| legend.is_shown(name)).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_click_isolates_and_a_second_one_brings_all_back() {
        let mut legend = Legend::default();
        legend.isolate("p95", &all());
        assert_eq!(shown(&legend), "p95");
        legend.isolate("p99", &all());
        assert_eq!(shown(&legend), "p99");
        legend.isolate("p99", &all());
        assert_eq!(shown(&legend), "p50 p95 p99");
    }

    #[test]
    fn toggling_hides_and_shows_but_never_the_last() {
        let mut legend = Legend::default();
        legend.toggle("p50", &all());
        legend.toggle("p95", &all());
        legend.toggle("p99", &all());
        assert_eq!(shown(&legend), "p99");
        legend.toggle("p50", &all());
        assert_eq!(shown(&legend), "p50 p99");
        legend.reset();
        assert!(!legend.hides_any());
    }
}
