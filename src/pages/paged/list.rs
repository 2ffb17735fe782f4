//! Fetches a list page by page, forgets what is far, and keeps it up to date. The views only read it.

use super::place;
use crate::api::ApiError;
use crate::components::virtual_list::ListState;
use crate::paged_rows::{Listed, PagedRows};
use crate::pages::fetched::{Fetching, rest};
use fanlight_wire::live::Change;
use fanlight_wire::{ProjectId, TraceId};
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;
use std::collections::{BTreeSet, HashMap};
use std::ops::Range;
use std::time::Duration;

/// The most that the API gives at once.
pub const PAGE_SIZE: usize = 100;
/// Rows that are fetched before they are needed, on each side of what is drawn.
const AHEAD: usize = 100;
/// Rest before a page is fetched again: who drags the scroll bar past it does not want it.
const RESTS: Duration = Duration::from_millis(30);

/// How the first page is doing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LoadState {
    Loading,
    Failed(ApiError),
    Ready,
}

/// Rows, and where those after them begin.
pub type NewPage<R> = (Vec<R>, Option<String>);

/// What a list is of, and how it is asked for. A handle, like all of the list.
pub trait Source: Copy + Send + Sync + 'static {
    type Row: Listed<Id: Send + Sync, Order: Send + Sync> + Send + Sync + 'static;

    /// Changes within this time are fetched together.
    const GATHER: Duration;

    /// One page, the first or that which begins at a cursor.
    fn page(self, cursor: Option<String>) -> Fetching<NewPage<Self::Row>>;

    /// Whether new rows join at the top; else the order is the server's.
    fn is_newest_first(self) -> bool;

    /// Fetches the rows that traces belong to, and has `list` place them.
    fn fetch_traces(self, list: PagedList<Self>, traces: Vec<TraceId>);

    /// Fetches rows as they are now, and has `list` place them.
    fn fetch_again(self, list: PagedList<Self>, ids: Vec<<Self::Row as Listed>::Id>);
}

/// A handle on a list. Requests end with the owner that made it, the page.
pub struct PagedList<S: Source> {
    pub source: S,
    project: ProjectId,
    owner: StoredValue<Owner>,
    /// Requests for what is asked now; the next question ends them.
    answer: StoredValue<Owner>,
    pub rows: RwSignal<PagedRows<S::Row>>,
    pub state: RwSignal<LoadState>,
    /// The rows on screen answer the question before.
    pub is_stale: RwSignal<bool>,
    /// Why a page did not come.
    pub page_failure: RwSignal<Option<ApiError>>,
    /// More came in than one page holds: the list has to be read anew to show it.
    pub is_outdated: RwSignal<bool>,
    /// Dropped pages on their way, by where they begin.
    refills: StoredValue<HashMap<String, Owner>>,
    is_paging: StoredValue<bool>,
    /// What is drawn.
    drawn: StoredValue<Range<usize>>,
    gathered: StoredValue<BTreeSet<TraceId>>,
    view: ListState,
    must_wait: Callback<(), bool>,
}

impl<S: Source> Clone for PagedList<S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S: Source> Copy for PagedList<S> {}

impl<S: Source> PagedList<S> {
    /// An empty list that waits for a question. `must_wait` says whether rows have to stay where they are for now.
    pub fn new(source: S, project: ProjectId, view: ListState, must_wait: Callback<(), bool>) -> Self {
        let owner = Owner::current().expect("a list belongs to a page");
        PagedList {
            source,
            project,
            answer: StoredValue::new(owner.with(Owner::new)),
            owner: StoredValue::new(owner),
            rows: RwSignal::new(PagedRows::default()),
            state: RwSignal::new(LoadState::Loading),
            is_stale: RwSignal::new(false),
            page_failure: RwSignal::new(None),
            is_outdated: RwSignal::new(false),
            refills: StoredValue::new(HashMap::new()),
            is_paging: StoredValue::new(false),
            drawn: StoredValue::new(0..0),
            gathered: StoredValue::new(BTreeSet::new()),
            view,
            must_wait,
        }
    }

    /// Begins with rows that are known.
    pub fn resume(self, rows: PagedRows<S::Row>) {
        self.rows.set(rows);
        self.state.set(LoadState::Ready);
    }

    /// Reads the first page and forgets the rest. Rows on screen stay until the answer comes.
    pub fn reload(self) {
        self.answer.update_value(|answer| {
            answer.cleanup();
            *answer = self.owner.with_value(|owner| owner.with(Owner::new));
        });
        self.refills.update_value(HashMap::clear);
        self.is_paging.set_value(false);
        self.is_stale.set(true);
        if matches!(self.state.get_untracked(), LoadState::Failed(_)) {
            self.state.set(LoadState::Loading);
        }
        self.spawn(async move {
            let answer = self.source.page(None).await;
            self.is_stale.set(false);
            match answer {
                Ok(page) => {
                    self.rows.set(self.first_page(page));
                    self.is_outdated.set(false);
                    self.page_failure.set(None);
                    self.state.set(LoadState::Ready);
                }
                Err(error) => {
                    // Rows that answer another question would be taken for the answer to this one.
                    self.rows.set(PagedRows::default());
                    self.state.set(LoadState::Failed(error));
                }
            }
        });
    }

    fn first_page(self, (page, next_cursor): NewPage<S::Row>) -> PagedRows<S::Row> {
        if self.source.is_newest_first() {
            PagedRows::first(page, next_cursor)
        } else {
            PagedRows::in_given_order(page, next_cursor)
        }
    }

    /// Sees to it that the rows of `drawn`, and those around them, are there or on their way; what is far is forgotten,
    /// and what is no longer wanted is not waited for.
    pub fn show(self, drawn: Range<usize>) {
        self.drawn.set_value(drawn.clone());
        if self.page_failure.with_untracked(Option::is_some) || self.is_stale.get_untracked() {
            return;
        }
        let near = drawn.start.saturating_sub(AHEAD)..drawn.end + AHEAD;
        let missing = self.rows.with_untracked(|rows| rows.missing(near.clone()));
        self.refills.update_value(|refills| {
            refills.retain(|cursor, request| {
                let is_wanted = missing.contains(cursor);
                if !is_wanted {
                    request.cleanup();
                }
                is_wanted
            });
        });
        for cursor in missing {
            self.refill(cursor);
        }
        if near.end > self.rows.with_untracked(PagedRows::len) {
            self.load_more();
        }
        let cursor = self.view.cursor.get_untracked();
        self.rows.maybe_update(|rows| {
            rows.drop_far(drawn, cursor);
            // Nothing that is drawn is another.
            false
        });
    }

    /// Asks again for what did not come.
    pub fn retry(self) {
        self.page_failure.set(None);
        self.show(self.drawn.get_value());
    }

    /// Loads the next page unless it is on its way.
    fn load_more(self) {
        let Some(cursor) = self.rows.with_untracked(|rows| rows.next_cursor().map(str::to_owned)) else { return };
        if self.is_paging.get_value() {
            return;
        }
        self.is_paging.set_value(true);
        self.spawn(async move {
            let answer = self.source.page(Some(cursor.clone())).await;
            self.is_paging.set_value(false);
            match answer {
                // The list may have been read anew meanwhile.
                Ok((page, next)) if self.rows.with_untracked(|rows| rows.next_cursor() == Some(&*cursor)) => {
                    self.rows.update(|rows| rows.append(page, next));
                    self.show(self.drawn.get_value());
                }
                Ok(_) => {}
                Err(error) => self.page_failure.set(Some(error)),
            }
        });
    }

    /// Fetches a dropped page unless it is on its way.
    fn refill(self, cursor: String) {
        if self.refills.with_value(|refills| refills.contains_key(&cursor)) {
            return;
        }
        let request = self.answer.with_value(|answer| answer.with(Owner::new));
        self.refills.update_value(|refills| drop(refills.insert(cursor.clone(), request.clone())));
        request.with(|| {
            spawn_local_scoped_with_cancellation(async move {
                rest(RESTS).await;
                let answer = self.source.page(Some(cursor.clone())).await;
                match answer {
                    Ok((page, next)) => {
                        let at = cursor.clone();
                        self.rearrange(move |rows| rows.refill(&at, page, next));
                    }
                    Err(error) => self.page_failure.set(Some(error)),
                }
                self.refills.update_value(|refills| drop(refills.remove(&cursor)));
                self.show(self.drawn.get_value());
            });
        });
    }

    /// Takes a live change in: fetches what it names, together with the changes of the next moments.
    pub fn on_change(self, change: &Change) {
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
            let fetch_gathered = move || {
                // The page may be gone.
                let Some(traces) = self.gathered.try_update_value(std::mem::take) else { return };
                let traces: Vec<TraceId> = traces.into_iter().collect();
                for traces in traces.chunks(PAGE_SIZE) {
                    self.source.fetch_traces(self, traces.to_vec());
                }
            };
            set_timeout(fetch_gathered, S::GATHER);
        }
    }

    /// Fetches what may have been missed: the newest page, and the rows that were still running.
    pub fn resync(self) {
        if self.state.with_untracked(|state| *state != LoadState::Ready) || !self.source.is_newest_first() {
            self.reload();
            return;
        }
        self.spawn(async move {
            let Ok((page, next_cursor)) = self.source.page(None).await else { return };
            if self.rows.with_untracked(|rows| rows.meets(&page, next_cursor.is_some())) {
                self.place(page);
            } else if self.must_wait.run(()) {
                self.is_outdated.set(true);
            } else {
                self.rows.set(self.first_page((page, next_cursor)));
            }
            if self.page_failure.with_untracked(Option::is_some) {
                self.retry();
            }
        });
        let running = self.rows.with_untracked(|rows| rows.running(PAGE_SIZE));
        if !running.is_empty() {
            self.source.fetch_again(self, running);
        }
    }

    /// Puts the rows that waited where they belong.
    pub fn show_waiting(self) {
        if self.is_outdated.get_untracked() {
            self.reload();
        } else {
            self.rearrange(PagedRows::show_waiting);
        }
    }

    /// Takes changed rows in.
    pub fn place(self, changed: Vec<S::Row>) {
        let must_wait = self.must_wait.run(());
        self.rearrange(move |rows| rows.merge(changed, must_wait));
        if self.rows.with_untracked(PagedRows::has_too_many_waiting) {
            self.rows.update(PagedRows::forget_waiting);
            self.is_outdated.set(true);
        }
        if !must_wait && self.rows.with_untracked(PagedRows::is_overgrown) {
            self.shorten();
        }
    }

    /// Reads the first page anew, so that a list that is watched for hours does not grow for hours.
    fn shorten(self) {
        self.spawn(async move {
            let Ok(page) = self.source.page(None).await else { return };
            if !self.must_wait.run(()) {
                let first = self.first_page(page);
                self.rearrange(move |rows| *rows = first);
            }
        });
    }

    fn rearrange(self, change: impl FnOnce(&mut PagedRows<S::Row>) + 'static) {
        place::rearrange(self.view, self.rows, change);
    }

    /// Runs a request for what is asked now.
    pub fn spawn(self, task: impl Future<Output = ()> + 'static) {
        self.answer.with_value(|answer| answer.with(|| spawn_local_scoped_with_cancellation(task)));
    }
}
