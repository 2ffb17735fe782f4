//! Arranging charts: each has a handle that is dragged, or moved by keys.

use super::Boards;
use crate::components::erased::{effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::keyboard::action;
use crate::keys::Binding;
use crate::monitor::board_change::{Change, ChartKey, keys_of, place_of};
use fanlight_wire::board::Chart;
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;
use web_sys::{KeyboardEvent, PointerEvent};

/// What a key does on a handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum HandleKey {
    By(isize),
    First,
    Last,
    Cancel,
}

pub const KEYS: &[Binding<HandleKey>] = &[
    Binding { chords: &["ArrowLeft", "ArrowUp"], action: HandleKey::By(-1), label: "Move the chart earlier" },
    Binding { chords: &["ArrowRight", "ArrowDown"], action: HandleKey::By(1), label: "Move the chart later" },
    Binding { chords: &["Home"], action: HandleKey::First, label: "Move the chart to the beginning" },
    Binding { chords: &["End"], action: HandleKey::Last, label: "Move the chart to the end" },
    Binding { chords: &["Escape"], action: HandleKey::Cancel, label: "Let it go where it was" },
];

/// Where the focus goes once it is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Focus {
    Chart(ChartKey),
    Add,
}

/// The charts of one board, as they are arranged. Copy it freely.
#[derive(Clone, Copy)]
pub struct Arrangement {
    pub boards: Boards,
    pub board: Uuid,
    pub charts: Memo<Vec<Chart>>,
    /// The element whose children are the charts, in order.
    pub grid: NodeRef<html::Div>,
    pub focus: RwSignal<Option<Focus>>,
    /// What was done just now, for those who do not see it.
    pub said: RwSignal<String>,
    /// The chart that the pointer drags, and the place that it is over.
    dragged: RwSignal<Option<(ChartKey, usize)>>,
}

impl Arrangement {
    pub fn new(boards: Boards, board: Uuid) -> Self {
        Arrangement {
            boards,
            board,
            charts: boards.charts_of(board),
            grid: NodeRef::new(),
            focus: RwSignal::new(None),
            said: RwSignal::new(String::new()),
            dragged: RwSignal::new(None),
        }
    }

    /// Changes the board, goes on with what was changed, and says so when it fails. `then` is called when it did not.
    pub fn change(self, change: Change, then: impl FnOnce() + 'static) {
        self.focus.set(self.focus_after(&change));
        let toasts = self.boards.toasts;
        let on_done = move |done: Result<(), super::Failure>| match done {
            Ok(()) => then(),
            Err(failure) => toasts.show_error(failure.to_string()),
        };
        self.boards.change(self.board, change, Box::new(on_done));
    }

    /// The chart that `change` is about, or what is beside it, once it is made.
    pub fn focus_after(self, change: &Change) -> Option<Focus> {
        let changed = self.charts.with_untracked(|charts| change.apply(charts)).ok()?;
        if let (Change::Move(..), Some(at)) = (change, changed.at) {
            let n_charts = changed.charts.len();
            self.said.set(format!("{}: place {} of {n_charts}", changed.charts[at].title, at + 1));
        }
        let at = changed.at.and_then(|at| keys_of(&changed.charts).get(at).copied());
        Some(at.map_or(Focus::Add, Focus::Chart))
    }

    pub fn move_to(self, key: ChartKey, to: usize) {
        if self.charts.with_untracked(|charts| place_of(charts, key)).is_some_and(|from| from != to) {
            self.change(Change::Move(key, to), || {});
        }
    }

    /// Whether the chart is being dragged.
    pub fn is_dragged(self, key: ChartKey) -> bool {
        self.dragged.get().is_some_and(|(dragged, _)| dragged == key)
    }

    /// Whether what is dragged would come to lie where this chart is: before it, or after it.
    pub fn is_target(self, key: ChartKey) -> Option<bool> {
        let (dragged, to) = self.dragged.get().filter(|(dragged, _)| *dragged != key)?;
        self.charts.with(|charts| {
            let from = place_of(charts, dragged)?;
            (place_of(charts, key)? == to).then_some(from < to)
        })
    }

    /// The place of the chart under the pointer.
    fn place_under(self, event: &PointerEvent) -> Option<usize> {
        let charts = self.grid.get_untracked()?.children();
        let (x, y) = (f64::from(event.client_x()), f64::from(event.client_y()));
        let n_charts = self.charts.with_untracked(Vec::len);
        (0..n_charts).find(|&idx| {
            let rect = charts.item(idx as u32).map(|chart| chart.get_bounding_client_rect());
            rect.is_some_and(|it| (it.left()..it.right()).contains(&x) && (it.top()..it.bottom()).contains(&y))
        })
    }
}

/// The handle of a chart.
pub fn handle(arrangement: Arrangement, key: ChartKey, title: &str) -> AnyView {
    let button = NodeRef::<html::Button>::new();
    let Arrangement { charts, dragged, focus, .. } = arrangement;
    let place = memo(move || charts.with(|charts| place_of(charts, key)));
    effect(move || {
        if focus.get() == Some(Focus::Chart(key)) && button.get().is_some() {
            // A chart that was moved lost the focus with its old place; on the next frame it is where it will stay.
            request_animation_frame(move || {
                if let Some(button) = button.try_get_untracked().flatten() {
                    let _ = button.focus();
                    focus.try_set(None);
                }
            });
        }
    });
    let on_keydown = move |event: KeyboardEvent| {
        let (Some(key_action), Some(at)) = (action(KEYS, &event), place.get_untracked()) else { return };
        if key_action == HandleKey::Cancel && dragged.get_untracked().is_none() {
            return;
        }
        event.prevent_default();
        event.stop_propagation();
        let last = charts.with_untracked(Vec::len).saturating_sub(1);
        match key_action {
            HandleKey::By(by) => arrangement.move_to(key, at.saturating_add_signed(by).min(last)),
            HandleKey::First => arrangement.move_to(key, 0),
            HandleKey::Last => arrangement.move_to(key, last),
            HandleKey::Cancel => dragged.set(None),
        }
    };
    let on_down = move |event: PointerEvent| {
        let (Some(button), Some(at)) = (button.get_untracked(), place.get_untracked()) else { return };
        if event.button() == 0 {
            // Without capture a drag merely ends at the edge of the handle.
            let _ = button.set_pointer_capture(event.pointer_id());
            dragged.set(Some((key, at)));
        }
    };
    let on_move = move |event: PointerEvent| {
        let Some((_, before)) = dragged.get_untracked() else { return };
        if let Some(to) = arrangement.place_under(&event).filter(|to| *to != before) {
            dragged.set(Some((key, to)));
        }
    };
    let on_up = move |_: PointerEvent| {
        let Some((key, to)) = dragged.get_untracked() else { return };
        dragged.set(None);
        arrangement.move_to(key, to);
    };
    view! {
        <button
            type="button"
            class="button is-quiet is-icon plot-table-button board-handle"
            class:is-on=live(move || arrangement.is_dragged(key))
            node_ref=button
            aria-label=format!("Move {title}")
            title="Drag, or press ← →"
            on:keydown=on_keydown
            on:pointerdown=on_down
            on:pointermove=on_move
            on:pointerup=on_up
            on:pointercancel=move |_| dragged.set(None)
        >
            <IconView icon=Icon::Grip />
        </button>
    }
    .into_any()
}
