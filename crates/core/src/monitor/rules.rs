//! When versions were first seen, as named moments on every chart.

use crate::charts::chart::Rule;
use fanlight_wire::monitor::markers::{Marker, Markers};

/// More named moments than this are noise on a chart.
const MOST_RULES: usize = 20;

pub fn rules_of(markers: &Markers) -> Vec<Rule> {
    let rule = |marker: &Marker| Rule { time: marker.time, label: short(&marker.value) };
    markers.markers.iter().take(MOST_RULES).map(rule).collect()
}

/// Hashes are told apart by their beginning.
fn short(version: &str) -> String {
    let is_hash = version.len() >= 20 && version.bytes().all(|byte| byte.is_ascii_hexdigit());
    version.chars().take(if is_hash { 7 } else { 24 }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::Timestamp;

    #[test]
    fn hashes_are_cut_to_their_beginning_and_there_are_not_too_many() {
        let marker = |value: &str| Marker { key: "version".into(), value: value.into(), time: Timestamp(1), n_runs: 1 };
        let mut markers = vec![marker(&"0123456789abcdef".repeat(2)), marker("2026.11 release of the autumn")];
        markers.extend((0..30).map(|idx| marker(&idx.to_string())));
        let rules = rules_of(&Markers { markers, skipped: vec![] });
        assert_eq!(
            (rules.len(), rules[0].label.as_str(), rules[1].label.as_str()),
            (20, "0123456", "2026.11 release of the a")
        );
    }
}
