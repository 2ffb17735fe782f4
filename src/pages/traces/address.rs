//! Keeps the state of the page in its address, and follows the address when Back or a link changes it.

use super::query::TracesQuery;
use crate::components::toast::use_toasts;
use crate::routes;
use fanlight_wire::ProjectId;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::collections::VecDeque;
use std::time::Duration;

/// How long typing and dragging must rest before the address is written.
const RESTS: Duration = Duration::from_millis(250);

/// What Back should undo.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum History {
    /// A choice: Back takes it back.
    Push,
    /// One of many small steps, such as a typed letter.
    Replace,
}

type Navigate = Box<dyn Fn(&str, NavigateOptions)>;

/// The state of the page. It changes at once; the address follows, since the router takes its time.
#[derive(Clone, Copy)]
pub struct PageState {
    project: ProjectId,
    query: RwSignal<TracesQuery>,
    navigate: StoredValue<Navigate, LocalStorage>,
    /// Addresses that we wrote and the router has not told of yet.
    on_the_way: StoredValue<VecDeque<String>>,
    written: StoredValue<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl PageState {
    /// Reads the address of the page that is being made.
    pub fn new(project: ProjectId) -> Self {
        let location = use_location();
        let toasts = use_toasts();
        let read = move |search: &str| {
            let (query, dropped) = TracesQuery::read(search);
            dropped.into_iter().for_each(|message| toasts.show_error(message));
            query
        };
        let search = window().location().search().unwrap_or_default();
        let query = read(&search);
        let written = query.to_string();
        let navigate: Navigate = Box::new(use_navigate());
        let state = PageState {
            project,
            query: RwSignal::new(query),
            navigate: StoredValue::new_local(navigate),
            on_the_way: StoredValue::new(VecDeque::new()),
            written: StoredValue::new(written),
            timer: StoredValue::new(None),
        };
        Effect::watch(
            move || (location.pathname.get(), location.search.get()),
            move |(path, search), _, _| {
                // On the way to another page its query is not for us.
                if *path != routes::traces(project) {
                    return;
                }
                let (query, _) = TracesQuery::read(search);
                let text = query.to_string();
                let is_ours = state.on_the_way.try_update_value(|waiting| {
                    let position = waiting.iter().position(|other| *other == text);
                    position.map(|position| waiting.drain(..=position).count()).is_some()
                });
                if is_ours == Some(false) && state.written.get_value() != text {
                    state.stop_timer();
                    state.written.set_value(text);
                    state.query.set(read(search));
                }
            },
            false,
        );
        on_cleanup(move || state.stop_timer());
        state
    }

    pub fn with<T>(&self, read: impl FnOnce(&TracesQuery) -> T) -> T {
        self.query.with(read)
    }

    pub fn with_untracked<T>(&self, read: impl FnOnce(&TracesQuery) -> T) -> T {
        self.query.with_untracked(read)
    }

    /// Changes the state; nothing happens when it stays the same.
    pub fn change(self, history: History, change: impl FnOnce(&mut TracesQuery)) {
        // What was sent while the page was here may be answered when it is not.
        let Some(mut query) = self.query.try_get_untracked() else { return };
        change(&mut query);
        self.set(history, query);
    }

    /// Replaces the whole state, as opening a saved view does.
    pub fn set(self, history: History, query: TracesQuery) {
        if self.query.with_untracked(|before| *before == query) {
            return;
        }
        if history == History::Push {
            // What was typed before the choice stays an entry of its own.
            self.write(true);
        }
        self.query.set(query);
        match history {
            History::Push => self.write(false),
            History::Replace => {
                self.stop_timer();
                self.timer.set_value(set_timeout_with_handle(move || self.write(true), RESTS).ok());
            }
        }
    }

    fn write(self, replace: bool) {
        self.stop_timer();
        let Some(text) = self.query.try_with_untracked(ToString::to_string) else { return };
        if self.written.get_value() == text {
            return;
        }
        self.written.set_value(text.clone());
        self.on_the_way.update_value(|waiting| waiting.push_back(text.clone()));
        let path = routes::traces_with(self.project, &text);
        let options = NavigateOptions { replace, scroll: false, ..NavigateOptions::default() };
        self.navigate.with_value(|navigate| navigate(&path, options));
    }

    fn stop_timer(self) {
        self.timer.try_update_value(|timer| {
            if let Some(timer) = timer.take() {
                timer.clear();
            }
        });
    }
}
