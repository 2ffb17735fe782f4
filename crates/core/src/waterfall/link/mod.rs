//! What the address of a trace says: everything worth showing to a colleague, read and printed.
//!
//! [`TraceLink`] is the whole of it; [`choices`] the views, colours and units to choose from; [`folds`] which runs are
//! folded, packed into few letters. A part that no longer fits is left out with a sentence about it: the trace opens.

pub mod choices;
pub mod folds;

use super::time_window::TimeWindow;
use crate::trace_view::{ViewKind, XUnit};
use choices::{Choice, ColorBy};
use fanlight_wire::RunId;

/// The version this program writes. Addresses without one are older and mean the same.
const VERSION: &str = "1";
/// Longer addresses are cut by programs they are sent through.
pub const MOST_CHARS: usize = 2000;
/// What no reader sets by hand is not taken from an address either.
const MOST_NAMES: usize = 50;
const MOST_MARKERS: usize = 20;

/// The state of the trace page as its address has it. What is at its default is left out.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct TraceLink {
    /// The selected run; the root without one.
    pub run: Option<RunId>,
    pub view: ViewKind,
    /// The whole trace without one.
    pub window: Option<TimeWindow>,
    pub search: String,
    /// Rows that the search did not find are left out.
    pub shows_matches_only: bool,
    /// Which runs are folded, as [`folds::write`] packs them; as the trace opens without it.
    pub folds: Option<String>,
    /// Only this run and what is below it is shown.
    pub solo: Option<RunId>,
    /// Runs of these names have no rows.
    pub hidden_names: Vec<String>,
    pub shows_critical_path: bool,
    pub compresses_idle: bool,
    pub color_by: ColorBy,
    pub x_unit: XUnit,
    /// Moments that were marked, in microseconds since the trace's start.
    pub markers_us: Vec<u64>,
    /// The stretch of time that was dragged over.
    pub range: Option<TimeWindow>,
    /// Rows are zoomed together with time.
    pub is_map: bool,
}

/// The key of the selected run.
pub const RUN: &str = "s";
const VIEW: &str = "view";
const WINDOW: &str = "t";
const SEARCH: &str = "q";
const MATCHES_ONLY: &str = "only";
const FOLDS: &str = "x";
const SOLO: &str = "solo";
const HIDDEN: &str = "hide";
const CRITICAL: &str = "cp";
const IDLE: &str = "idle";
const COLOR: &str = "color";
const UNIT: &str = "unit";
const MARKERS: &str = "m";
const RANGE: &str = "r";
const MAP: &str = "map";
const VERSION_KEY: &str = "v";

/// Every key that [`TraceLink`] reads and writes; others in the address belong to others.
pub const KEYS: [&str; 16] = [
    VERSION_KEY,
    RUN,
    VIEW,
    WINDOW,
    SEARCH,
    MATCHES_ONLY,
    FOLDS,
    SOLO,
    HIDDEN,
    CRITICAL,
    IDLE,
    COLOR,
    UNIT,
    MARKERS,
    RANGE,
    MAP,
];

impl TraceLink {
    /// Reads keys and values, and says in a sentence each what of them cannot be used. Unknown keys are not ours.
    pub fn read(pairs: &[(String, String)]) -> (Self, Vec<String>) {
        let (mut link, mut notes) = (TraceLink::default(), Vec::new());
        for (key, value) in pairs {
            let has_fit = match key.as_str() {
                RUN => set(&mut link.run, value.parse().ok()),
                VIEW => choose(&mut link.view, value),
                WINDOW => set(&mut link.window, value.parse().ok()),
                SEARCH => {
                    link.search.clone_from(value);
                    true
                }
                MATCHES_ONLY => switch(&mut link.shows_matches_only, value),
                FOLDS => set(&mut link.folds, Some(value.clone())),
                SOLO => set(&mut link.solo, value.parse().ok()),
                HIDDEN => {
                    let has_room = link.hidden_names.len() < MOST_NAMES;
                    if has_room && !link.hidden_names.contains(value) {
                        link.hidden_names.push(value.clone());
                    }
                    has_room
                }
                CRITICAL => switch(&mut link.shows_critical_path, value),
                IDLE => switch(&mut link.compresses_idle, value),
                COLOR => choose(&mut link.color_by, value),
                UNIT => choose(&mut link.x_unit, value),
                MARKERS => match read_markers(value) {
                    Some(markers) => {
                        link.markers_us = markers;
                        true
                    }
                    None => false,
                },
                RANGE => set(&mut link.range, value.parse().ok()),
                MAP => switch(&mut link.is_map, value),
                VERSION_KEY if value != VERSION => {
                    notes.push("The link was made by a newer Fanlight: some of it may be missing".to_owned());
                    true
                }
                _ => true,
            };
            if !has_fit {
                notes.push(format!("The link's {} could not be used", what(key)));
            }
        }
        (link, notes)
    }

    /// Keys and values, unescaped, in an order that never changes. Nothing where everything is at its default.
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        let mut pairs = Vec::new();
        let mut add = |key, value: Option<String>| pairs.extend(value.map(|value| (key, value)));
        let on = |is_on: bool| is_on.then(|| "1".to_owned());
        add(RUN, self.run.map(|run| run.to_string()));
        add(VIEW, self.view.word_unless_default());
        add(WINDOW, self.window.map(|window| window.to_string()));
        add(SEARCH, Some(self.search.clone()).filter(|search| !search.is_empty()));
        add(MATCHES_ONLY, on(self.shows_matches_only));
        add(FOLDS, self.folds.clone());
        add(SOLO, self.solo.map(|run| run.to_string()));
        for name in &self.hidden_names {
            add(HIDDEN, Some(name.clone()));
        }
        add(CRITICAL, on(self.shows_critical_path));
        add(IDLE, on(self.compresses_idle));
        add(COLOR, self.color_by.word_unless_default());
        add(UNIT, self.x_unit.word_unless_default());
        let markers = self.markers_us.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        add(MARKERS, Some(markers).filter(|markers| !markers.is_empty()));
        add(RANGE, self.range.map(|range| range.to_string()));
        add(MAP, on(self.is_map));
        // A link to a run alone is as old as links: it stays short.
        if pairs.iter().any(|&(key, _)| key != RUN) {
            pairs.insert(0, (VERSION_KEY, VERSION.to_owned()));
        }
        pairs
    }

    /// The same without the folds if the address would be too long with them. `n_chars` says how long it gets with
    /// the given pairs. The sentence is for the reader, who expects a link to hold everything.
    pub fn fitted(mut self, n_chars: impl Fn(&[(&'static str, String)]) -> usize) -> (Self, Option<&'static str>) {
        if self.folds.is_none() || n_chars(&self.pairs()) <= MOST_CHARS {
            return (self, None);
        }
        self.folds = None;
        (self, Some("Too many rows are folded by hand for a link: it opens with its usual rows"))
    }
}

/// The part of a link that `key` stands for, in words.
fn what(key: &str) -> &'static str {
    match key {
        RUN => "selected run",
        VIEW => "view",
        WINDOW => "window of time",
        FOLDS => "folded rows",
        SOLO => "run shown alone",
        HIDDEN => "list of hidden names",
        COLOR => "colouring",
        UNIT => "unit of the axis",
        MARKERS => "markers",
        RANGE => "range of time",
        _ => "settings",
    }
}

fn set<T>(slot: &mut Option<T>, value: Option<T>) -> bool {
    *slot = value;
    slot.is_some()
}

fn switch(slot: &mut bool, value: &str) -> bool {
    *slot = value == "1";
    matches!(value, "0" | "1")
}

fn choose<C: Choice>(slot: &mut C, value: &str) -> bool {
    let chosen = C::read(value);
    *slot = chosen.unwrap_or_default();
    chosen.is_some()
}

fn read_markers(text: &str) -> Option<Vec<u64>> {
    let mut markers = text.split(',').map(|marker| marker.parse().ok()).collect::<Option<Vec<u64>>>()?;
    markers.sort_unstable();
    markers.dedup();
    (markers.len() <= MOST_MARKERS).then_some(markers)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn owned(pairs: &[(&str, String)]) -> Vec<(String, String)> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), value.clone())).collect()
    }

    fn read(pairs: &[(&str, &str)]) -> (TraceLink, Vec<String>) {
        TraceLink::read(&pairs.iter().map(|&(key, value)| (key.to_owned(), value.to_owned())).collect::<Vec<_>>())
    }

    fn run_ids() -> impl Strategy<Value = RunId> {
        any::<u128>().prop_map(|bits| RunId(Uuid::from_u128(bits)))
    }

    fn windows() -> impl Strategy<Value = TimeWindow> {
        // Whole microseconds, as links have them.
        (-1_000_000i64..1_000_000_000, 1i64..1_000_000_000)
            .prop_map(|(start, len)| TimeWindow { start_ns: start as f64 * 1e3, end_ns: (start + len) as f64 * 1e3 })
    }

    prop_compose! {
        fn shown()(
            run in prop::option::of(run_ids()), window in prop::option::of(windows()), search in ".{0,20}",
            solo in prop::option::of(run_ids()), hidden in prop::collection::btree_set(".{0,10}", 0..5),
            folds in prop::option::of("[a-z0-9:]{1,20}"), view in 0..ViewKind::all().len(), range in prop::option::of(windows()),
        ) -> TraceLink {
            let hidden_names = hidden.into_iter().collect();
            let view = ViewKind::ALL[view];
            TraceLink { run, window, search, solo, hidden_names, folds, view, range, ..TraceLink::default() }
        }
    }

    prop_compose! {
        fn links()(
            link in shown(), switches in any::<[bool; 4]>(), color in 0..ColorBy::all().len(), unit in 0..XUnit::all().len(),
            markers in prop::collection::btree_set(any::<u64>(), 0..MOST_MARKERS),
        ) -> TraceLink {
            let [shows_matches_only, shows_critical_path, compresses_idle, is_map] = switches;
            let (color_by, x_unit) = (ColorBy::all()[color], XUnit::all()[unit]);
            let markers_us = markers.into_iter().collect();
            TraceLink { shows_matches_only, shows_critical_path, compresses_idle, is_map, color_by, x_unit, markers_us, ..link }
        }
    }

    proptest! {
        #[test]
        fn every_link_is_read_back_as_it_was_written(link in links()) {
            let (back, notes) = TraceLink::read(&owned(&link.pairs()));
            prop_assert_eq!(notes, Vec::<String>::new());
            prop_assert_eq!(back, link);
        }

        #[test]
        fn whatever_an_address_says_the_trace_opens(pairs in prop::collection::vec((prop::sample::select(&KEYS[..]), ".{0,40}"), 0..20)) {
            let pairs: Vec<_> = pairs.into_iter().map(|(key, value)| (key.to_owned(), value)).collect();
            let (link, _) = TraceLink::read(&pairs);
            prop_assert!(TraceLink::read(&owned(&link.pairs())).1.is_empty());
        }
    }

    #[test]
    fn a_link_to_a_run_stays_as_short_as_it_was() {
        let run = RunId(Uuid::from_u128(7));
        let link = TraceLink { run: Some(run), ..TraceLink::default() };
        assert_eq!(link.pairs(), [("s", run.to_string())]);
        assert_eq!(TraceLink::default().pairs(), []);
    }

    #[test]
    fn every_key_that_is_written_is_known_to_be_ours() {
        let mut link =
            read(&[("view", "lanes"), ("t", "1~2"), ("q", "a"), ("only", "1"), ("x", "a.0"), ("hide", "b")]).0;
        (link.run, link.solo) = (Some(RunId(Uuid::nil())), Some(RunId(Uuid::nil())));
        (link.range, link.markers_us) = (link.window, vec![5]);
        (link.shows_critical_path, link.compresses_idle, link.is_map) = (true, true, true);
        (link.color_by, link.x_unit) = (ColorBy::Model, XUnit::Cost);
        let mut written: Vec<_> = link.pairs().into_iter().map(|(key, _)| key).collect();
        let mut known = KEYS.to_vec();
        written.sort_unstable();
        known.sort_unstable();
        assert_eq!(written, known);
    }

    #[test]
    fn what_does_not_fit_is_said_and_left_out() {
        let (link, notes) = read(&[("s", "no id"), ("t", "9~1"), ("view", "spiral"), ("tab", "raw"), ("m", "1,x")]);
        assert_eq!(link, TraceLink::default());
        assert_eq!(
            notes,
            [
                "The link's selected run could not be used",
                "The link's window of time could not be used",
                "The link's view could not be used",
                "The link's markers could not be used",
            ]
        );
        assert_eq!(read(&[("v", "2")]).1, ["The link was made by a newer Fanlight: some of it may be missing"]);
    }

    #[test]
    fn a_link_that_would_be_too_long_leaves_the_folds_out() {
        let link = TraceLink { folds: Some("f".repeat(3000)), search: "refund".into(), ..TraceLink::default() };
        let n_chars = |pairs: &[(&str, String)]| pairs.iter().map(|(key, value)| key.len() + value.len() + 2).sum();
        let (fitted, note) = link.clone().fitted(n_chars);
        assert_eq!((fitted.folds, fitted.search.as_str()), (None, "refund"));
        assert!(note.is_some());
        let short = TraceLink { folds: Some("f".repeat(300)), ..link };
        assert_eq!(short.clone().fitted(n_chars), (short, None));
    }
}
