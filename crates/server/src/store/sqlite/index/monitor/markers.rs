//! When a value of metadata was first seen.

use crate::store::effort;
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::predicate::Id;
use crate::store::sqlite::index::scope::Scope;
use fanlight_wire::Timestamp;
use fanlight_wire::monitor::markers::{MAX_MARKERS, Marker, Markers};
use std::collections::HashMap;

/// Runs of one set of metadata, or with one value.
#[derive(Clone, Copy, Debug)]
struct Seen {
    first_ns: i64,
    n_in_range: u64,
}

impl Seen {
    fn and(self, other: Seen) -> Seen {
        Seen { first_ns: self.first_ns.min(other.first_ns), n_in_range: self.n_in_range + other.n_in_range }
    }
}

/// Values of `keys` that runs of the scope's projects have in its range and had not before.
pub fn markers(index: &Index, scope: &Scope, keys: &[String]) -> Markers {
    let (from_ns, until_ns) = (scope.from_ns.unwrap_or(i64::MIN), scope.until_ns.unwrap_or(i64::MAX));
    let by_set = seen_sets(index, scope, from_ns);
    let mut found = Markers::default();
    for key in keys {
        let Some(number) = index.metadata.keys.find(key) else { continue };
        let mut by_label: HashMap<String, Seen> = HashMap::new();
        for (&set, &seen) in &by_set {
            for entry in index.metadata.of(set).iter().filter(|entry| entry.key == number) {
                let label = index.metadata.label(entry.value);
                by_label.entry(label).and_modify(|known| *known = known.and(seen)).or_insert(seen);
            }
        }
        by_label.retain(|_, seen| seen.first_ns >= from_ns && seen.first_ns <= until_ns);
        if by_label.len() > MAX_MARKERS {
            found.skipped.push(key.clone());
            continue;
        }
        found.markers.extend(by_label.into_iter().map(|(value, seen)| Marker {
            key: key.clone(),
            value,
            time: Timestamp(seen.first_ns),
            n_runs: seen.n_in_range,
        }));
    }
    found.markers.sort_unstable_by(|a, b| (a.time, &a.key, &a.value).cmp(&(b.time, &b.key, &b.value)));
    found
}

/// From the beginning of time: what was there before a range is no news in it.
fn seen_sets(index: &Index, scope: &Scope, from_ns: i64) -> HashMap<u32, Seen> {
    let columns = &index.columns;
    let whole = Scope { from_ns: None, ..scope.clone() };
    let rest = whole.rest();
    let mut by_set: HashMap<u32, Seen> = HashMap::new();
    for slots in whole.orders(index) {
        effort::looked_at(slots.len());
        for &slot in slots.iter().filter(|&&slot| rest.holds(columns, slot)) {
            let start_ns = columns.start_ns[slot as usize];
            let seen = Seen { first_ns: start_ns, n_in_range: u64::from(start_ns >= from_ns) };
            let set = Id::Metadata.of(columns, slot);
            by_set.entry(set).and_modify(|known| *known = known.and(seen)).or_insert(seen);
        }
    }
    by_set
}
