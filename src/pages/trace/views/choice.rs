//! Which view is on, and the commands that a view carries out in its own way.

use super::super::address::search_now;
use crate::components::erased::memo;
use crate::routes::{QUERY_STEPS_OF, changed_query};
use crate::trace_view::{ViewKind, XUnit};
use crate::waterfall::Waterfall;
use crate::waterfall::keys::Command;
use fanlight_wire::RunId;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};

/// The view that is on, and what to call to show another; the address follows.
pub fn use_view(state: Waterfall) -> (Memo<ViewKind>, Callback<ViewKind>) {
    use_choice(state.view)
}

/// The same for what the x-axis counts.
pub fn use_unit(state: Waterfall) -> (Memo<XUnit>, Callback<XUnit>) {
    use_choice(state.x_unit)
}

/// The run whose steps the graph shows, if the address names one; and what to call to show another's.
pub fn use_steps_of() -> (Memo<Option<RunId>>, Callback<RunId>) {
    let query = use_query_map();
    let chosen = memo(move || query.read().get(QUERY_STEPS_OF).and_then(|id| id.parse().ok()));
    let navigate = StoredValue::new_local(use_navigate());
    let on_change = Callback::new(move |id: RunId| {
        let path = window().location().pathname().unwrap_or_default();
        let changed = changed_query(&search_now(), QUERY_STEPS_OF, Some(&id.to_string()));
        let options = NavigateOptions { scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&format!("{path}{changed}"), options));
    });
    (chosen, on_change)
}

fn use_choice<T: Copy + PartialEq + Send + Sync + 'static>(chosen: RwSignal<T>) -> (Memo<T>, Callback<T>) {
    (Memo::new(move |_| chosen.get()), Callback::new(move |choice| chosen.set(choice)))
}

/// What the view on screen does about a key before the waterfall is asked. From context.
#[derive(Clone, Copy)]
pub struct ViewCommands(StoredValue<Taker>);

#[derive(Clone, Copy, Default)]
struct Taker {
    take: Option<Callback<Command, bool>>,
    /// Counts the views that have been here.
    turn: u32,
}

impl ViewCommands {
    pub fn provide() -> Self {
        let commands = ViewCommands(StoredValue::default());
        provide_context(commands);
        commands
    }

    /// Asks `take` first for as long as the current owner lives; it says whether it did what was asked.
    pub fn take(&self, take: impl Fn(Command) -> bool + Send + Sync + 'static) {
        let taker = self.0;
        let turn = taker.get_value().turn + 1;
        taker.set_value(Taker { take: Some(Callback::new(take)), turn });
        on_cleanup(move || {
            taker.try_update_value(|taker| {
                // The next view may be here before this one is gone.
                if taker.turn == turn {
                    taker.take = None;
                }
            });
        });
    }

    /// Whether the view on screen has carried out `command`.
    pub fn carry_out(&self, command: Command) -> bool {
        self.0.get_value().take.is_some_and(|take| take.run(command))
    }
}
