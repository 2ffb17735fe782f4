//! Chooses the columns: shown or not, their order, which are pinned; also keys of metadata and feedback.

use super::columns::{ColumnId, Columns};
use super::tools::{Tool, tool};
use crate::components::erased::{Keyed, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::popover::{Popover, PopoverPanel};
use crate::format::visible::visible;
use leptos::prelude::*;

/// A button and the list of columns behind it. `keys` are metadata and feedback columns that could be shown.
#[component]
pub fn ColumnsPicker(
    columns: Memo<Columns>,
    on_columns: Callback<Columns>,
    /// Back to the usual columns.
    on_reset: Callback<()>,
    #[prop(into)] keys: Signal<Vec<ColumnId>>,
) -> impl IntoView {
    let popover = Popover::new();
    view! {
        <button
            type="button"
            class="button columns-button"
            node_ref=popover.button
            popovertarget=popover.id()
            aria-haspopup="dialog"
            aria-expanded=live(move || popover.is_open().get().to_string())
        >
            "Columns"
        </button>
        <PopoverPanel popover label="Columns" is_end_aligned=true>
            {tool(Tool::Columns { columns, on_columns, on_reset, keys })}
        </PopoverPanel>
    }
}

/// What is behind the button.
#[component]
pub fn ColumnsChoice(
    columns: Memo<Columns>,
    on_columns: Callback<Columns>,
    on_reset: Callback<()>,
    keys: Signal<Vec<ColumnId>>,
) -> impl IntoView {
    let ids = memo(move || columns.read().as_slice().iter().map(|column| column.id.clone()).collect::<Vec<_>>());
    view! {
        <div class="columns-picker">
            <ul class="columns-shown" aria-label="Shown, from left to right">
                <Keyed
                    each=move || ids.get()
                    key=Clone::clone
                    children=move |id| shown_view(columns, on_columns, id)
                />
            </ul>
            {dynamic(move || hidden_view(columns, on_columns, keys))}
            <button type="button" class="button is-quiet" on:click=move |_| on_reset.run(())>
                "Usual columns"
            </button>
        </div>
    }
}

fn shown_view(columns: Memo<Columns>, on_columns: Callback<Columns>, id: ColumnId) -> AnyView {
    let idx = {
        let id = id.clone();
        memo(move || columns.with(|columns| columns.position(&id).unwrap_or(0)))
    };
    let is_pinned = memo(move || columns.with(|columns| columns.get(idx.get()).is_some_and(|it| it.is_pinned)));
    let title = visible(&label(&id)).into_owned();
    let change = move |change: fn(&Columns, usize) -> Columns| {
        let at = idx.get_untracked();
        on_columns.run(columns.with_untracked(|columns| change(columns, at)));
    };
    let toggle = move |_| on_columns.run(columns.with_untracked(|columns| columns.toggled(&id)));
    view! {
        <li class="columns-row">
            <label>
                <input type="checkbox" prop:checked=true on:change=toggle />
                <span dir="auto">{title.clone()}</span>
            </label>
            <button
                type="button"
                class="columns-act"
                aria-label=format!("Pin {title}")
                title="Keep in sight"
                aria-pressed=live(move || is_pinned.get().to_string())
                on:click=move |_| change(Columns::pin_toggled)
            >
                <IconView icon=Icon::Pin />
            </button>
            <button
                type="button"
                class="columns-act"
                aria-label=format!("Move {title} left")
                title="Further left"
                on:click=move |_| change(|columns, at| columns.moved(at, at.saturating_sub(1)))
            >
                <IconView icon=Icon::ArrowUp />
            </button>
            <button
                type="button"
                class="columns-act is-down"
                aria-label=format!("Move {title} right")
                title="Further right"
                on:click=move |_| change(|columns, at| columns.moved(at, at + 1))
            >
                <IconView icon=Icon::ArrowUp />
            </button>
        </li>
    }
    .into_any()
}

fn hidden_view(columns: Memo<Columns>, on_columns: Callback<Columns>, keys: Signal<Vec<ColumnId>>) -> AnyView {
    let shown = columns.get();
    let hidden = ColumnId::plain().chain(keys.get()).filter(|id| shown.position(id).is_none());
    let item = |id: ColumnId| {
        let title = visible(&label(&id)).into_owned();
        let toggle = move |_| on_columns.run(columns.with_untracked(|columns| columns.toggled(&id)));
        view! {
            <li class="columns-row">
                <label>
                    <input type="checkbox" prop:checked=false on:change=toggle />
                    <span dir="auto">{title}</span>
                </label>
            </li>
        }
        .into_any()
    };
    let hidden: Vec<AnyView> = hidden.map(item).collect();
    view! {
        <ul class="columns-hidden" aria-label="Not shown">
            {hidden}
        </ul>
    }
    .into_any()
}

/// A key says where it is from.
fn label(id: &ColumnId) -> String {
    match id {
        ColumnId::Metadata(key) => format!("{key} (metadata)"),
        ColumnId::FeedbackKey(key) => format!("{key} (feedback)"),
        plain => plain.title(),
    }
}
