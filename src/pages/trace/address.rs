//! Keeps what the reader sees in the address, and follows the address when it changes.

use crate::components::erased::memo;
use crate::components::toast::{Toasts, use_toasts};
use crate::routes::{QUERY_RUN, changed_query, query_of, query_pairs};
use crate::waterfall::Waterfall;
use crate::waterfall::link::{KEYS, TraceLink};
use fanlight_wire::RunId;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::collections::VecDeque;
use std::time::Duration;

/// Walking through rows makes one history entry, not one per row: steps closer together than this replace the last.
const SAME_WALK_MS: f64 = 1000.0;
/// How long zoom, folds and whatever else is no history entry must rest before they are written.
const RESTS: Duration = Duration::from_millis(250);

/// Keys and values of a query.
type Pairs = Vec<(String, String)>;

/// The trace page's part of the address. Copy it freely.
#[derive(Clone, Copy)]
pub struct TraceAddress {
    pub selected_id: RwSignal<Option<RunId>>,
    /// Asked to select another run.
    pub on_select: Callback<RunId>,
    search: Memo<String>,
    /// What was written and has not been heard of from the router.
    on_the_way: StoredValue<VecDeque<Pairs>>,
    /// The page's own part of the address as it was written or followed last: a change of another part is not for us.
    known: StoredValue<Pairs>,
    go: Callback<(String, bool)>,
    toasts: Toasts,
}

impl TraceAddress {
    /// `selected_id` changes at once when a run is selected; the address follows, since the router takes its time.
    pub fn new() -> Self {
        let search = use_location().search;
        let on_the_way = StoredValue::new(VecDeque::new());
        let known = StoredValue::new(ours(&query_pairs(&search.get_untracked())));
        let navigate = StoredValue::new_local(use_navigate());
        let go = Callback::new(move |(search, replace): (String, bool)| {
            let location = window().location();
            let (Ok(path), Ok(before)) = (location.pathname(), location.search()) else { return };
            if query_pairs(&before) == query_pairs(&search) {
                return;
            }
            let pairs = query_pairs(&search);
            known.set_value(ours(&pairs));
            on_the_way.update_value(|waiting: &mut VecDeque<_>| waiting.push_back(pairs));
            let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
            navigate.with_value(|navigate| navigate(&format!("{path}{search}"), options));
        });
        let link = TraceLink::read(&query_pairs(&search.get_untracked())).0;
        let selected_id = RwSignal::new(link.run);
        let last_ms = StoredValue::new(0.0);
        let on_select = Callback::new(move |id: RunId| {
            let now_ms = js_sys::Date::now();
            let is_same_walk = now_ms - last_ms.get_value() < SAME_WALK_MS;
            last_ms.set_value(now_ms);
            let changed = changed_query(&search_now(), QUERY_RUN, Some(&id.to_string()));
            go.run((changed, is_same_walk));
        });
        TraceAddress { selected_id, on_select, search, on_the_way, known, go, toasts: use_toasts() }
    }

    /// Shows in `state` what the address says, now and when somebody else changes it, and writes what changes in
    /// `state`: another view as a history entry, all else in place once it rests.
    pub fn keep(self, state: Waterfall) {
        let toasts = self.toasts;
        let show = move |search: &str| {
            let (link, notes) = TraceLink::read(&query_pairs(search));
            state.show_link(&link);
            notes.into_iter().for_each(|note| toasts.show(note));
        };
        show(&self.search.get_untracked());
        Effect::watch(
            move || self.search.get(),
            move |search, _, _| {
                let pairs = query_pairs(search);
                let is_ours = self
                    .on_the_way
                    .try_update_value(|waiting| {
                        let position = waiting.iter().position(|other| *other == pairs);
                        position.map(|position| waiting.drain(..=position).count()).is_some()
                    })
                    .unwrap_or(false);
                let ours = ours(&pairs);
                if !is_ours && self.known.with_value(|known| *known != ours) {
                    self.known.set_value(ours);
                    show(search);
                }
            },
            false,
        );
        // What does not fit is known only once the trace is here.
        Effect::watch(
            move || state.folding.notes.get(),
            move |notes, _, _| notes.iter().for_each(|note| toasts.show(note.clone())),
            true,
        );

        let link = memo(move || state.link());
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let cancel = move || {
            if let Some(timer) = timer.try_update_value(Option::take).flatten() {
                timer.clear();
            }
        };
        Effect::watch(
            move || {
                state.collapsed.track();
                state.folding.open_groups.track();
                link.get()
            },
            move |link, before, _| {
                cancel();
                // Before the trace is here, the state has only a part of what the address says.
                if state.tree.with_untracked(|tree| tree.is_empty()) {
                    return;
                }
                if before.is_some_and(|before| before.view != link.view) {
                    self.write(state, link.clone(), false);
                    return;
                }
                let link = link.clone();
                timer.set_value(set_timeout_with_handle(move || self.write(state, link.clone(), true), RESTS).ok());
            },
            false,
        );
        on_cleanup(cancel);
    }

    fn write(self, state: Waterfall, link: TraceLink, replace: bool) {
        // Another part of the page may have been faster.
        let link = TraceLink { run: self.selected_id.get_untracked(), folds: state.packed_folds(), ..link };
        let theirs: Vec<_> = query_pairs(&search_now());
        let theirs: Vec<_> = theirs.into_iter().filter(|(key, _)| !KEYS.contains(&key.as_str())).collect();
        let with_theirs = |ours: &[(&'static str, String)]| {
            let theirs = theirs.iter().map(|(key, value)| (key.as_str(), value.clone()));
            query_of(&ours.iter().map(|(key, value)| (*key, value.clone())).chain(theirs).collect::<Vec<_>>())
        };
        let n_before = window().location().href().map_or(0, |href| href.split('?').next().map_or(0, str::len));
        let (link, note) = link.fitted(|pairs| n_before + 1 + with_theirs(pairs).len());
        if let Some(note) = note {
            self.toasts.show(note);
        }
        let query = with_theirs(&link.pairs());
        self.go.run((if query.is_empty() { query } else { format!("?{query}") }, replace));
    }
}

/// What of a query the trace page reads and writes.
fn ours(pairs: &Pairs) -> Pairs {
    pairs.iter().filter(|(key, _)| KEYS.contains(&key.as_str())).cloned().collect()
}

/// The browser's own address is ahead of the router's while a navigation is under way.
pub(super) fn search_now() -> String {
    window().location().search().unwrap_or_default()
}
