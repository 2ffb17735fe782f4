//! Fetches a thread: its facts, the ids of its turns, and what was said in those on screen. Keeps all of it current.

use super::turn::{SELECT, Turn};
use super::turns::Turns;
use crate::api::{ApiClient, ApiError};
use crate::live::{Live, LiveEvent};
use crate::pages::threads::query::{self, is_root_of};
use fanlight_wire::live::Change;
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::thread::{Thread, ThreadQuery};
use fanlight_wire::{ProjectId, RunId, Timestamp, TraceId};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::BTreeSet;
use std::ops::Range;
use std::time::Duration;

/// Changes within this time are fetched together.
const GATHER: Duration = Duration::from_millis(120);
/// The most that the API gives at once.
const PAGE_SIZE: usize = 100;
/// Turns that are listed. Nobody reads on after these; the page says so.
pub const MAX_TURNS: usize = 10_000;

/// How the first load is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    Loading,
    Failed(ApiError),
    /// No trace of the project has this thread id.
    Missing,
    Ready,
}

/// Changes what is on screen, and keeps the reader's place in it.
pub type KeepPlace = Callback<Box<dyn FnOnce()>>;

/// A handle on one thread. Requests end with the owner that made it, the page.
#[derive(Clone, Copy)]
pub struct ThreadLoader {
    project: ProjectId,
    thread: StoredValue<String>,
    api: StoredValue<ApiClient>,
    owner: StoredValue<Owner>,
    keep_place: KeepPlace,
    pub turns: RwSignal<Turns>,
    pub facts: RwSignal<Option<Thread>>,
    pub status: RwSignal<Status>,
    /// Turns are on their way to the screen.
    pub is_moving: RwSignal<bool>,
    /// Why they did not come.
    pub failure: RwSignal<Option<ApiError>>,
    /// Every turn that there was at first is known by its id.
    pub is_listed: RwSignal<bool>,
    n_moves: StoredValue<u32>,
    gathered: StoredValue<BTreeSet<TraceId>>,
}

impl ThreadLoader {
    /// Loads the thread around `target`, or from its first turn, and follows it for as long as the owner lives.
    pub fn start(project: ProjectId, thread: String, target: Option<TraceId>, keep_place: KeepPlace) -> Self {
        let loader = ThreadLoader {
            project,
            thread: StoredValue::new(thread),
            api: StoredValue::new(expect_context()),
            owner: StoredValue::new(Owner::current().expect("a thread belongs to a page")),
            keep_place,
            turns: RwSignal::new(Turns::default()),
            facts: RwSignal::new(None),
            status: RwSignal::new(Status::Loading),
            is_moving: RwSignal::new(false),
            failure: RwSignal::new(None),
            is_listed: RwSignal::new(false),
            n_moves: StoredValue::new(0),
            gathered: StoredValue::new(BTreeSet::new()),
        };
        loader.load(target);
        expect_context::<Live>().on_event(move |event| match event {
            LiveEvent::Change(change) => loader.on_change(change),
            LiveEvent::Resync => loader.resync(),
        });
        loader
    }

    /// Starts over after a failure.
    pub fn load(self, target: Option<TraceId>) {
        self.status.set(Status::Loading);
        self.fetch_facts();
        self.spawn(async move {
            let mut cursor = None;
            loop {
                let page = match self.query(self.listing(cursor)).await {
                    Ok(page) => page,
                    Err(error) => {
                        if self.status.get_untracked() != Status::Ready {
                            self.status.set(Status::Failed(error));
                        }
                        return;
                    }
                };
                cursor = page.1;
                self.turns.update(|turns| {
                    turns.add(page.0.iter().map(|turn| (turn.start, turn.id)));
                });
                let position = target.and_then(|target| self.turns.with_untracked(|turns| turns.position(target)));
                let n_turns = self.turns.with_untracked(Turns::len);
                let is_whole = cursor.is_none() || n_turns >= MAX_TURNS;
                if is_whole && n_turns == 0 {
                    self.status.set(Status::Missing);
                }
                // A window can open before the rest of a long thread is known.
                let is_open = self.turns.with_untracked(|turns| !turns.window().is_empty());
                if !is_open && n_turns > 0 && (target.is_none() || position.is_some() || is_whole) {
                    self.show(self.turns.with_untracked(|turns| turns.around(position.unwrap_or(0))), || {});
                }
                if is_whole {
                    self.is_listed.set(true);
                    return;
                }
            }
        });
    }

    /// Puts `range` on screen, fetching what is missing first, then calls `on_shown`. A later call wins.
    pub fn show(self, range: Range<usize>, on_shown: impl FnOnce() + 'static) {
        let asked = self.n_moves.try_update_value(|n| {
            *n += 1;
            *n
        });
        let missing = self.turns.with_untracked(|turns| turns.missing(&range));
        self.is_moving.set(true);
        self.failure.set(None);
        self.spawn(async move {
            let answer = if missing.is_empty() { Ok(Vec::new()) } else { self.fetch(missing.clone()).await };
            if self.n_moves.try_get_value() != asked {
                return;
            }
            self.is_moving.set(false);
            match answer {
                Ok(fetched) => {
                    let first = self.turns.with_untracked(|turns| turns.id(range.start));
                    self.keep_place.run(Box::new(move || {
                        self.turns.update(|turns| {
                            // The list may have grown above while this was on its way.
                            let start = first.and_then(|first| turns.position(first)).unwrap_or(range.start);
                            turns.show(start..start + range.len(), fetched);
                        });
                    }));
                    self.status.set(Status::Ready);
                    on_shown();
                }
                Err(error) if self.status.get_untracked() != Status::Ready => self.status.set(Status::Failed(error)),
                Err(error) => self.failure.set(Some(error)),
            }
        });
    }

    fn on_change(self, change: &Change) {
        if change.project_id != self.project {
            return;
        }
        if change.is_truncated {
            self.resync();
            return;
        }
        let was_empty = self.gathered.with_value(BTreeSet::is_empty);
        self.gathered.update_value(|gathered| gathered.extend(&change.traces));
        if was_empty {
            set_timeout(move || self.fetch_gathered(), GATHER);
        }
    }

    fn fetch_gathered(self) {
        let Some(changed) = self.gathered.try_update_value(std::mem::take) else { return };
        let (known, unknown): (Vec<TraceId>, Vec<TraceId>) =
            changed.into_iter().partition(|id| self.turns.with_untracked(|turns| turns.position(*id).is_some()));
        if !known.is_empty() {
            self.fetch_facts();
        }
        let on_screen: Vec<TraceId> =
            known.into_iter().filter(|id| self.turns.with_untracked(|turns| turns.get(*id).is_some())).collect();
        self.refresh(on_screen);
        for ids in unknown.chunks(PAGE_SIZE) {
            let query = RunQuery { ids: Some(run_ids(ids)), filter: None, ..self.listing(None) };
            self.spawn(async move {
                // What concerns other threads is not ours: the answer says whose each trace is.
                if let Ok((new, _)) = self.query(query).await {
                    self.take_in(new);
                }
            });
        }
    }

    /// Fetches what may have been missed.
    fn resync(self) {
        if self.status.get_untracked() != Status::Ready {
            self.load(None);
            return;
        }
        self.fetch_facts();
        self.refresh(self.turns.with_untracked(Turns::drawn_ids));
        let last = self.turns.with_untracked(|turns| turns.last_start());
        self.spawn(async move {
            let mut cursor = None;
            loop {
                let query = RunQuery { start_time: last, ..self.listing(cursor) };
                let Ok((new, next)) = self.query(query).await else { return };
                self.take_in(new);
                cursor = next;
                if cursor.is_none() {
                    return;
                }
            }
        });
    }

    /// Adds turns at the end, and draws them when the end is what is being read.
    fn take_in(self, new: Vec<Listed>) {
        if new.is_empty() {
            return;
        }
        self.fetch_facts();
        let is_first = self.turns.with_untracked(Turns::is_empty);
        let was_at_end = self.turns.try_update(|turns| turns.add(new.into_iter().map(|turn| (turn.start, turn.id))));
        if is_first {
            self.show(self.turns.with_untracked(|turns| turns.around(0)), || {});
        } else if was_at_end == Some(true) {
            self.show(self.turns.with_untracked(Turns::later), || {});
        }
    }

    /// Fetches turns on screen as they are now.
    fn refresh(self, ids: Vec<TraceId>) {
        if ids.is_empty() {
            return;
        }
        self.spawn(async move {
            if let Ok(turns) = self.fetch(ids).await {
                self.turns.update(|known| known.put(turns));
            }
        });
    }

    fn fetch_facts(self) {
        let query = ThreadQuery {
            project_id: Some(self.project),
            thread_filter: Some(query::thread_filter(&[self.thread.get_value()])),
            // Without it only the last day would count.
            min_start_time: Some(Timestamp(0)),
            page_size: Some(1),
            ..ThreadQuery::default()
        };
        self.spawn(async move {
            // The conversation reads well without its sums; they come again with the next change.
            if let Ok(page) = self.api.get_value().query_threads(&query).await
                && let Some(thread) = page.items.into_iter().next()
            {
                self.facts.set(Some(thread));
            }
        });
    }

    /// The thread's turns by id, the oldest first.
    fn listing(self, cursor: Option<String>) -> RunQuery {
        RunQuery {
            projects: Some(vec![self.project]),
            is_root: Some(true),
            filter: Some(is_root_of(&self.thread.get_value())),
            order: Some(Order::Asc),
            limit: Some(PAGE_SIZE as i64),
            select: Some(["id", "trace_id", "thread_id", "start_time"].map(str::to_owned).to_vec()),
            cursor,
            ..RunQuery::default()
        }
    }

    async fn query(self, query: RunQuery) -> Result<(Vec<Listed>, Option<String>), ApiError> {
        let page = self.api.get_value().query_runs(&query).await?;
        let thread = self.thread.get_value();
        let ours = page.runs.into_iter().filter(|run| run.thread_id.as_ref() == Some(&thread));
        Ok((ours.map(|run| Listed { id: run.trace_id, start: run.start_time }).collect(), page.cursors.next))
    }

    async fn fetch(self, ids: Vec<TraceId>) -> Result<Vec<Turn>, ApiError> {
        let query = RunQuery {
            ids: Some(run_ids(&ids)),
            projects: Some(vec![self.project]),
            limit: Some(ids.len() as i64),
            select: Some(SELECT.iter().map(|field| (*field).to_owned()).collect()),
            ..RunQuery::default()
        };
        let page = self.api.get_value().query_runs(&query).await?;
        Ok(page.runs.into_iter().map(Turn::from).collect())
    }

    fn spawn(self, task: impl Future<Output = ()> + 'static) {
        self.owner.with_value(|owner| owner.with(|| spawn_local_scoped_with_cancellation(task)));
    }
}

/// A turn of which nothing but its place is known.
struct Listed {
    id: TraceId,
    start: Timestamp,
}

fn run_ids(traces: &[TraceId]) -> Vec<RunId> {
    traces.iter().copied().map(RunId::from).collect()
}
