//! Boards of a project: which there are, and how they change. What is on them is drawn by [`grid`] and [`chart_view`],
//! arranged by [`handle`], changed in [`editor`]; [`choice`] is how one comes to them.

mod chart_view;
pub mod choice;
mod editor;
pub mod grid;
mod handle;

use crate::api::{ApiClient, ApiError};
use crate::components::erased::memo;
use crate::components::toast::{Toasts, use_toasts};
use crate::monitor::board_change::{Change, Refusal, after};
use crate::pages::fetched::{Fetched, fetched};
use fanlight_wire::ProjectId;
use fanlight_wire::board::{Board, BoardWrite, Chart};
use leptos::prelude::*;
use std::collections::VecDeque;
use uuid::Uuid;

/// Somebody else's changes that one's own is made on top of, before giving up.
const MAX_REBASES: usize = 5;

/// Gets whether it worked, after the answer of the server: what it touches may be gone by then.
///
/// Not a [`Callback`]: that ends with the view which made it, and a dialog is closed before the answer is here.
pub type OnDone<T> = Box<dyn FnOnce(Result<T, Failure>)>;

/// Why a board or a chart was not saved.
#[derive(Clone, Debug)]
pub enum Failure {
    Refused(Refusal),
    Api(ApiError),
}

impl std::fmt::Display for Failure {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Failure::Refused(refusal) => refusal.fmt(f),
            Failure::Api(error) => error.fmt(f),
        }
    }
}

/// A change that the server has not confirmed.
struct Waiting {
    board: Uuid,
    change: Change,
    on_done: OnDone<()>,
}

/// The boards of one project. Copy it freely.
#[derive(Clone, Copy)]
pub struct Boards {
    pub project: ProjectId,
    /// As the server has them, by name.
    pub all: Fetched<Vec<Board>>,
    /// What the server has not confirmed, in order: shown already.
    unconfirmed: RwSignal<Vec<(Uuid, Change)>>,
    queue: StoredValue<VecDeque<Waiting>, LocalStorage>,
    api: StoredValue<ApiClient>,
    pub toasts: Toasts,
}

impl Boards {
    pub fn new(project: ProjectId) -> Self {
        let api = StoredValue::new(expect_context::<ApiClient>());
        let all = fetched(move || {
            let api = api.get_value();
            Some(Box::pin(async move { api.list_boards(project).await }))
        });
        let (unconfirmed, queue) = (RwSignal::new(Vec::new()), StoredValue::new_local(VecDeque::new()));
        Boards { project, all, unconfirmed, queue, api, toasts: use_toasts() }
    }

    /// As the server has it.
    pub fn find(&self, id: Uuid) -> Option<Board> {
        self.all.value.with(|all| all.as_ref()?.iter().find(|board| board.id == id).cloned())
    }

    /// The charts of a board, with what was changed just now.
    pub fn charts_of(self, id: Uuid) -> Memo<Vec<Chart>> {
        memo(move || {
            let charts = self.find(id).map(|board| board.charts).unwrap_or_default();
            self.unconfirmed
                .with(|all| after(&charts, all.iter().filter(|(of, _)| *of == id).map(|(_, change)| change)))
        })
    }

    /// Changes the charts of a board, at once on screen. Changes are sent one after the other; what somebody else did
    /// meanwhile is kept, and this done on top of it.
    pub fn change(self, board: Uuid, change: Change, on_done: OnDone<()>) {
        self.unconfirmed.update(|all| all.push((board, change.clone())));
        let is_working = self.queue.with_value(|queue| !queue.is_empty());
        self.queue.update_value(|queue| queue.push_back(Waiting { board, change, on_done }));
        if !is_working {
            leptos::task::spawn_local(self.work(self.api()));
        }
    }

    /// Sends what waits, until nothing does or the page is gone.
    async fn work(self, api: ApiClient) {
        loop {
            let next = self.queue.try_with_value(|queue| queue.front().map(|it| (it.board, it.change.clone())));
            let Some(Some((id, change))) = next else { return };
            let known = self.all.value.try_with_untracked(|all| all.as_ref()?.iter().find(|it| it.id == id).cloned());
            let outcome = sent(&api, id, known.flatten(), &change).await;
            let done = self.queue.try_update_value(VecDeque::pop_front).flatten();
            self.unconfirmed.try_update(|all| all.drain(..all.len().min(1)).for_each(drop));
            let outcome = outcome.map(|board| self.keep(board));
            if let Some(done) = done {
                (done.on_done)(outcome);
            }
        }
    }

    /// Takes a removal back, also from another page.
    pub fn restore(self, api: ApiClient, board: Uuid, change: Change) {
        let failed = move |failure: Failure| self.toasts.show_error(failure.to_string());
        if self.queue.try_with_value(VecDeque::len).is_some() {
            return self.change(board, change, Box::new(move |done| done.err().into_iter().for_each(failed)));
        }
        leptos::task::spawn_local(async move {
            sent(&api, board, None, &change).await.err().into_iter().for_each(failed);
        });
    }

    /// What asks the server, to be kept by what may outlive the page.
    pub fn api(self) -> ApiClient {
        self.api.get_value()
    }

    /// Makes a board; with an `id` where one that was deleted comes back.
    pub fn create(self, api: ApiClient, id: Option<Uuid>, name: String, charts: Vec<Chart>, on_done: OnDone<Board>) {
        let (project_id, name, charts) = (Some(self.project), Some(name), Some(charts));
        let write = BoardWrite { id, project_id, name, charts, ..BoardWrite::default() };
        leptos::task::spawn_local(async move {
            let made = api.create_board(&write).await.inspect(|board| self.keep(board.clone()));
            on_done(made.map_err(Failure::Api));
        });
    }

    /// Whoever names it last is right: of a name there is nothing else to keep.
    pub fn rename(self, board: Uuid, name: String, on_done: OnDone<Board>) {
        let (api, change) = (self.api(), BoardWrite { name: Some(name), ..BoardWrite::default() });
        leptos::task::spawn_local(async move {
            let renamed = api.update_board(board, &change).await.inspect(|board| self.keep(board.clone()));
            on_done(renamed.map_err(Failure::Api));
        });
    }

    pub fn delete(self, board: Uuid, on_done: OnDone<()>) {
        let api = self.api();
        leptos::task::spawn_local(async move {
            let deleted = api.delete_board(board).await;
            if deleted.is_ok() {
                self.all.value.try_update(|all| all.iter_mut().for_each(|all| all.retain(|other| other.id != board)));
            }
            on_done(deleted.map_err(Failure::Api));
        });
    }

    /// Shows the answer at once, without asking for all of them again.
    fn keep(self, board: Board) {
        // The page may be gone by then.
        self.all.value.try_update(|all| {
            let all = all.get_or_insert_default();
            match all.iter_mut().find(|other| other.id == board.id) {
                Some(other) => *other = board,
                None => all.push(board),
            }
            all.sort_by(|one, other| one.name.cmp(&other.name));
        });
    }
}

/// Makes `change` on the server: on the board that is `known`, or on what it has become when somebody was faster.
async fn sent(api: &ApiClient, id: Uuid, known: Option<Board>, change: &Change) -> Result<Board, Failure> {
    let mut board = match known {
        Some(board) => board,
        None => api.find_board(id).await.map_err(Failure::Api)?,
    };
    let mut n_rebases = 0;
    loop {
        let charts = change.apply(&board.charts).map_err(Failure::Refused)?.charts;
        let write = BoardWrite { charts: Some(charts), revision: Some(board.revision), ..BoardWrite::default() };
        match api.update_board(id, &write).await {
            Err(ApiError::Conflict(_)) if n_rebases < MAX_REBASES => {
                n_rebases += 1;
                board = api.find_board(id).await.map_err(Failure::Api)?;
            }
            answer => return answer.map_err(Failure::Api),
        }
    }
}
