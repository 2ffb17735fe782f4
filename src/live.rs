//! Live updates: one stream of server-sent events for the project on screen, handed to whoever listens.
//!
//! A page calls [`Live::on_event`]; it never opens a stream of its own. After a lost connection, or when the server
//! says that events were dropped, listeners get [`LiveEvent::Resync`] and fetch again what they show.

use crate::api::ApiClient;
use crate::components::erased::effect;
use fanlight_wire::ProjectId;
use fanlight_wire::live::Change;
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{EventSource, MessageEvent};

/// How the stream is doing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// The server has no live updates: pages offer a refresh button instead.
    #[default]
    Unavailable,
    Connecting,
    Open,
    /// The connection broke and is being tried again.
    Lost,
}

/// What listeners hear.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum LiveEvent {
    Change(Change),
    /// Events may have been missed: what is on screen must be fetched again.
    Resync,
}

type Listener = Rc<dyn Fn(&LiveEvent)>;

/// A handle on the stream, from context. Copy it freely.
#[derive(Clone, Copy)]
pub struct Live {
    connection: RwSignal<Connection>,
    is_available: RwSignal<bool>,
    listeners: StoredValue<Vec<(u64, Listener)>, LocalStorage>,
    n_added: StoredValue<u64>,
    /// Since the connection broke: events are missing until somebody is told.
    was_lost: StoredValue<bool>,
    /// Bumped to open the stream anew.
    attempt: RwSignal<u32>,
    stream: StoredValue<Option<Stream>, LocalStorage>,
}

/// The open stream; closes when dropped.
struct Stream {
    source: EventSource,
    retry: Option<TimeoutHandle>,
    _closures: Vec<Closure<dyn Fn(MessageEvent)>>,
}

impl Drop for Stream {
    fn drop(&mut self) {
        self.source.close();
        if let Some(retry) = self.retry.take() {
            retry.clear();
        }
    }
}

/// How long to wait before asking again for a stream that the browser gave up on.
const RETRY: Duration = Duration::from_secs(2);

impl Live {
    /// Makes the handle and provides it. Nothing is opened before [`Live::follow`].
    pub fn provide() -> Self {
        let live = Live {
            connection: RwSignal::new(Connection::Unavailable),
            is_available: RwSignal::new(false),
            listeners: StoredValue::new_local(Vec::new()),
            n_added: StoredValue::new(0),
            was_lost: StoredValue::new(false),
            attempt: RwSignal::new(0),
            stream: StoredValue::new_local(None),
        };
        provide_context(live);
        live
    }

    pub fn connection(&self) -> Signal<Connection> {
        self.connection.into()
    }

    /// Asks the server whether it has a stream at all; tries again until it answers.
    pub fn discover(self, api: ApiClient) {
        leptos::task::spawn_local(async move {
            match api.find_info().await {
                Ok(info) => {
                    self.is_available.set(info.fanlight.is_some_and(|fanlight| fanlight.live));
                    if !self.is_available.get_untracked() && self.was_lost.get_value() {
                        self.connection.set(Connection::Unavailable);
                        self.tell_resync();
                    }
                }
                Err(_) => {
                    self.lose();
                    set_timeout(move || self.discover(api), RETRY);
                }
            }
        });
    }

    /// Does not wait for the next attempt.
    pub fn retry_now(&self) {
        self.attempt.update(|attempt| *attempt += 1);
    }

    /// Calls `listener` for every event until the current owner (usually the page) is gone.
    pub fn on_event(&self, listener: impl Fn(&LiveEvent) + 'static) {
        let id = self.n_added.get_value();
        self.n_added.set_value(id + 1);
        self.listeners.update_value(|listeners| listeners.push((id, Rc::new(listener))));
        let listeners = self.listeners;
        on_cleanup(move || {
            listeners.try_update_value(|listeners| listeners.retain(|(other, _)| *other != id));
        });
    }

    /// Keeps one stream open for the project that `project` names, or for all projects when it names none.
    pub fn follow(self, api: ApiClient, project: impl Fn() -> Option<ProjectId> + 'static) {
        effect(move || {
            let project = project();
            self.attempt.track();
            self.stream.set_value(None);
            if self.is_available.get() {
                self.connection.set(Connection::Connecting);
                self.open(&api, project);
            }
        });
    }

    fn open(self, api: &ApiClient, project: Option<ProjectId>) {
        let path = match project {
            Some(project) => format!("/api/fanlight/v1/live?session_id={project}"),
            None => "/api/fanlight/v1/live".into(),
        };
        let Ok(source) = EventSource::new(&api.url(&path)) else {
            self.connection.set(Connection::Unavailable);
            return;
        };
        let on_open = Closure::<dyn Fn(MessageEvent)>::new(move |_| {
            self.connection.set(Connection::Open);
            if self.was_lost.get_value() {
                self.tell_resync();
            }
        });
        let on_change = Closure::<dyn Fn(MessageEvent)>::new(move |event: MessageEvent| {
            // What cannot be read is as good as missed.
            let change = event.data().as_string().and_then(|data| serde_json::from_str(&data).ok());
            self.tell(&change.map_or(LiveEvent::Resync, LiveEvent::Change));
        });
        let on_lagged = Closure::<dyn Fn(MessageEvent)>::new(move |_| self.tell(&LiveEvent::Resync));
        let on_error = {
            let (source, api) = (source.clone(), api.clone());
            Closure::<dyn Fn(MessageEvent)>::new(move |_| {
                self.lose();
                // The browser tries again by itself after a broken connection, but not after an HTTP error.
                if source.ready_state() == EventSource::CLOSED {
                    self.retry_later(&api, project);
                }
            })
        };
        source.set_onopen(Some(on_open.as_ref().unchecked_ref()));
        source.set_onerror(Some(on_error.as_ref().unchecked_ref()));
        for (name, closure) in [("change", &on_change), ("lagged", &on_lagged)] {
            source
                .add_event_listener_with_callback(name, closure.as_ref().unchecked_ref())
                .expect("an event stream takes listeners");
        }
        let closures = vec![on_open, on_change, on_lagged, on_error];
        self.stream.set_value(Some(Stream { source, retry: None, _closures: closures }));
    }

    fn retry_later(self, api: &ApiClient, project: Option<ProjectId>) {
        let api = api.clone();
        let retry = set_timeout_with_handle(move || self.open(&api, project), RETRY).ok();
        self.stream.update_value(|stream| {
            if let Some(stream) = stream {
                stream.retry = retry;
            }
        });
    }

    fn lose(self) {
        self.was_lost.set_value(true);
        self.connection.set(Connection::Lost);
    }

    fn tell_resync(self) {
        self.was_lost.set_value(false);
        self.tell(&LiveEvent::Resync);
    }

    fn tell(self, event: &LiveEvent) {
        // A listener may add or remove listeners: call a copy.
        let listeners: Vec<Listener> =
            self.listeners.with_value(|listeners| listeners.iter().map(|(_, listener)| Rc::clone(listener)).collect());
        for listener in listeners {
            listener(event);
        }
    }
}
