//! Moving through the turns: the current one, its place in the address, the keys, and the reader's place when turns
//! come and go above.

use super::keys::{KEYS, ThreadKey, moved};
use super::load::{KeepPlace, Status, ThreadLoader};
use super::turn_card::turn_element_id;
use super::turn_of;
use crate::components::erased::effect;
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::components::toast::use_toasts;
use crate::keys::KeyGroup;
use crate::pages::trace::copy_address;
use crate::routes;
use fanlight_wire::{ProjectId, TraceId};
use leptos::leptos_dom::helpers::{TimeoutHandle, set_timeout_with_handle};
use leptos::prelude::*;
use leptos::{ev, html};
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use std::time::Duration;
use wasm_bindgen::JsCast;
use web_sys::{Element, FocusOptions, HtmlElement};

/// How long a turn must stay the current one before the address names it.
const SETTLES: Duration = Duration::from_millis(250);

/// The reader's place. Copy it freely.
#[derive(Clone, Copy)]
pub struct Walk {
    /// The turn that has, or had last, the focus; at first the one that the address names.
    pub current: RwSignal<Option<TraceId>>,
    pub scroller: NodeRef<html::Div>,
    /// What this page wrote to the address last: hearing of it again is no news.
    written: StoredValue<Option<TraceId>>,
}

impl Walk {
    pub fn new() -> Self {
        let search = use_location().search;
        let current = RwSignal::new(search.with_untracked(|search| turn_of(search)));
        Walk { current, scroller: NodeRef::new(), written: StoredValue::new(current.get_untracked()) }
    }

    pub fn on_focus(self) -> Callback<TraceId> {
        Callback::new(move |id| {
            if self.current.get_untracked() != Some(id) {
                self.current.set(Some(id));
            }
        })
    }

    /// Runs a change of what is drawn; afterwards the turn that was at the top of the screen is where it was.
    pub fn keep_place(self) -> KeepPlace {
        Callback::new(move |change: Box<dyn FnOnce()>| {
            let anchor = self.first_in_view().map(|turn| (turn.id(), turn.get_bounding_client_rect().top()));
            change();
            request_animation_frame(move || self.keep_focus());
            let Some((id, top)) = anchor else { return };
            request_animation_frame(move || {
                let (Some(turn), Some(Some(scroller))) =
                    (document().get_element_by_id(&id), self.scroller.try_get_untracked())
                else {
                    return;
                };
                let moved_px = turn.get_bounding_client_rect().top() - top;
                scroller.set_scroll_top(scroller.scroll_top() + moved_px.round() as i32);
            });
        })
    }

    /// A turn that was taken off the page with the focus, and is drawn again, has it again.
    fn keep_focus(self) {
        let is_nowhere = document().active_element().is_none_or(|element| element.tag_name() == "BODY");
        let Some(current) = self.current.try_get_untracked().flatten().filter(|_| is_nowhere) else { return };
        if let Some(turn) = element_of(current) {
            focus_in_place(&turn);
        }
    }

    /// Binds keys and address to the turns of `loader`, as long as the owner lives.
    pub fn start(self, project: ProjectId, loader: ThreadLoader) {
        self.follow_address(loader);
        self.keep_address();
        // What the address names is shown when it is there.
        let is_first = StoredValue::new(self.current.get_untracked().is_some());
        effect(move || {
            if loader.status.get() == Status::Ready && is_first.get_value() {
                is_first.set_value(false);
                if let Some(id) = self.current.get_untracked() {
                    request_animation_frame(move || self.focus(id));
                }
            }
        });
        use_key_help(KeyGroup::new("Turns", KEYS));
        let (navigate, toasts) = (use_navigate(), use_toasts());
        let listener = window_event_listener(ev::keydown, move |event| {
            let Some(key) = free_action(KEYS, &event) else { return };
            let current = self.current.get_untracked();
            let focused = document().active_element();
            // On a link or a button Enter means that.
            let is_control =
                focused.is_some_and(|it| it.matches("a, button, summary, input, [role=treeitem]").unwrap_or(false));
            match key {
                ThreadKey::Open | ThreadKey::OpenInNewTab if is_control => return,
                ThreadKey::Open => {
                    let Some(id) = current else { return };
                    navigate(&routes::trace(project, id), NavigateOptions::default());
                }
                ThreadKey::OpenInNewTab => {
                    let Some(id) = current else { return };
                    // A browser that blocks new windows says so itself.
                    let _ = window().open_with_url_and_target_and_features(
                        &routes::trace(project, id),
                        "_blank",
                        "noopener",
                    );
                }
                ThreadKey::CopyLink => {
                    // The address may not say yet where the reader is.
                    let location = window().location();
                    let address = match changed_address(current) {
                        Some(address) => format!("{}{address}", location.origin().unwrap_or_default()),
                        None => location.href().unwrap_or_default(),
                    };
                    copy_address(address, toasts);
                }
                ThreadKey::ThumbUp => press(current, "Thumbs up"),
                ThreadKey::ThumbDown => press(current, "Thumbs down"),
                _ => {
                    let (current, n_turns, first) = loader.turns.with_untracked(|turns| {
                        let of = |id: Option<TraceId>| id.and_then(|id| turns.position(id));
                        (of(current), turns.len(), of(self.first_id_in_view()).unwrap_or(0))
                    });
                    let Some(idx) = moved(key, current, first, n_turns) else { return };
                    self.go_to(loader, idx);
                }
            }
            event.prevent_default();
        });
        on_cleanup(move || listener.remove());
    }

    /// Puts a turn on screen, fetching it if need be, and gives it the focus.
    pub fn go_to(self, loader: ThreadLoader, idx: usize) {
        let Some((id, is_drawn)) =
            loader.turns.with_untracked(|turns| turns.id(idx).map(|id| (id, turns.window().contains(&idx))))
        else {
            return;
        };
        self.current.set(Some(id));
        let focus = move || request_animation_frame(move || self.focus(id));
        if is_drawn {
            focus();
        } else {
            loader.show(loader.turns.with_untracked(|turns| turns.around(idx)), focus);
        }
    }

    pub fn go_to_last(self, loader: ThreadLoader) {
        let last = loader.turns.with_untracked(|turns| turns.len().saturating_sub(1));
        self.go_to(loader, last);
    }

    fn focus(self, id: TraceId) {
        let (Some(turn), Some(Some(scroller))) = (element_of(id), self.scroller.try_get_untracked()) else { return };
        focus_in_place(&turn);
        // A turn that is whole in view stays where it is.
        let (turn, view) = (turn.get_bounding_client_rect(), scroller.get_bounding_client_rect());
        const MARGIN_PX: f64 = 12.0;
        if turn.top() < view.top() || turn.bottom() > view.bottom() {
            let by_px = turn.top() - view.top() - MARGIN_PX;
            scroller.set_scroll_top(scroller.scroll_top() + by_px.round() as i32);
        }
    }

    /// The first turn of which something is on screen.
    fn first_in_view(self) -> Option<Element> {
        let scroller = self.scroller.try_get_untracked()??;
        let top = scroller.get_bounding_client_rect().top();
        let turns = scroller.query_selector_all(".turn").ok()?;
        (0..turns.length())
            .filter_map(|idx| turns.item(idx)?.dyn_into::<Element>().ok())
            .find(|turn| turn.get_bounding_client_rect().bottom() > top + 1.0)
    }

    fn first_id_in_view(self) -> Option<TraceId> {
        self.first_in_view()?.id().strip_prefix("turn-")?.parse().ok()
    }

    /// Back, forward and pasted addresses name a turn: go there.
    fn follow_address(self, loader: ThreadLoader) {
        let search = use_location().search;
        Effect::watch(
            move || search.with(|search| turn_of(search)),
            move |named, _, _| {
                let is_news =
                    |id: &TraceId| self.current.get_untracked() != Some(*id) && self.written.get_value() != Some(*id);
                let Some(id) = named.filter(is_news) else { return };
                if let Some(idx) = loader.turns.with_untracked(|turns| turns.position(id)) {
                    self.go_to(loader, idx);
                }
            },
            false,
        );
    }

    /// Writes the current turn to the address once the reader stays with it.
    fn keep_address(self) {
        let timer = StoredValue::new(None::<TimeoutHandle>);
        let cancel = move || {
            timer.try_update_value(|timer| {
                if let Some(timer) = timer.take() {
                    timer.clear();
                }
            });
        };
        let navigate = StoredValue::new_local(use_navigate());
        Effect::watch(
            move || self.current.get(),
            move |current, _, _| {
                cancel();
                let current = *current;
                let write = move || {
                    let Some(address) = changed_address(current) else { return };
                    self.written.try_set_value(current);
                    let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
                    navigate.with_value(|navigate| navigate(&address, options));
                };
                timer.set_value(set_timeout_with_handle(write, SETTLES).ok());
            },
            false,
        );
        on_cleanup(cancel);
    }
}

/// The page's address with `current` in it; `None` when it says so already.
fn changed_address(current: Option<TraceId>) -> Option<String> {
    // The browser's own address is ahead of the router's while a navigation is under way.
    let location = window().location();
    let (path, search) = (location.pathname().ok()?, location.search().ok()?);
    let changed = routes::changed_query(&search, routes::QUERY_TURN, current.map(|id| id.to_string()).as_deref());
    (changed.trim_start_matches('?') != search.trim_start_matches('?')).then(|| format!("{path}{changed}"))
}

/// Presses a button of the current turn.
fn press(current: Option<TraceId>, label: &str) {
    let Some(turn) = current.and_then(|id| document().get_element_by_id(&turn_element_id(id))) else { return };
    let button = turn.query_selector(&format!("button[aria-label='{label}']")).ok().flatten();
    if let Some(button) = button.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
        button.click();
    }
}

fn element_of(turn: TraceId) -> Option<HtmlElement> {
    document().get_element_by_id(&turn_element_id(turn))?.dyn_into().ok()
}

fn focus_in_place(element: &HtmlElement) {
    let options = FocusOptions::new();
    options.set_prevent_scroll(true);
    // Fails only for what is gone from the page.
    let _ = element.focus_with_options(&options);
}
