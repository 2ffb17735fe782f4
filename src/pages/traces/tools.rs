//! What the page shows only when asked for: its code is in a file of its own, fetched when it is first shown.

use super::columns::{ColumnId, Columns};
use super::columns_picker::ColumnsChoice;
use super::export_dialog::{ExportForm, Exported};
use super::preview::Preview;
use super::row::TraceRow;
use super::views::{Views, ViewsPanel};
use crate::components::part::{Drawn, part};
use crate::components::popover::Popover;
use crate::components::skeleton::RowsSkeleton;
use fanlight_wire::{ProjectId, RunId};
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;

/// One of them, with what it works on.
#[derive(Clone)]
pub enum Tool {
    Columns {
        columns: Memo<Columns>,
        on_columns: Callback<Columns>,
        on_reset: Callback<()>,
        keys: Signal<Vec<ColumnId>>,
    },
    Views {
        views: Views,
        popover: Popover,
    },
    Export {
        is_open: RwSignal<bool>,
        what: Exported,
    },
    Preview {
        project: ProjectId,
        run: Signal<Option<RunId>>,
        on_close: Callback<()>,
        on_filter: Callback<(TraceRow, ColumnId, bool)>,
    },
}

#[wasm_split(tools, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
fn draw(tool: Tool) -> Drawn {
    Ok(match tool {
        Tool::Columns { columns, on_columns, on_reset, keys } => {
            view! { <ColumnsChoice columns on_columns on_reset keys /> }.into_any()
        }
        Tool::Views { views, popover } => view! { <ViewsPanel views popover /> }.into_any(),
        Tool::Export { is_open, what } => view! { <ExportForm is_open what /> }.into_any(),
        Tool::Preview { project, run, on_close, on_filter } => {
            view! { <Preview project run on_close on_filter /> }.into_any()
        }
    })
}

/// Shows the tool, once its code is here.
pub fn tool(tool: Tool) -> AnyView {
    part(fetch, move || draw(tool.clone()), || view! { <RowsSkeleton n_rows=4 /> })
}

/// For when a tool is likely to be used: the pointer or the focus is near it.
pub fn fetch_tools() {
    crate::components::part::fetch_ahead(fetch());
}
