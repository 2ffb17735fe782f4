//! The numbers of a chart as a table, for those who read rather than look, and as a file.

use crate::components::clock::zone_offset_minutes;
use crate::components::dialog::Dialog;
use crate::components::save_file::save;
use crate::format::visible::visible;
use crate::monitor::content::Content;
use leptos::prelude::*;
use std::sync::Arc;

/// More lines than this are in the file only.
const MOST_ROWS: usize = 500;

/// A dialog with the numbers of `content`.
#[component]
pub fn DataTable(
    is_open: RwSignal<bool>,
    #[prop(into)] title: Signal<String>,
    content: Memo<Arc<Content>>,
) -> impl IntoView {
    let on_save = move |_| {
        let name: String = title.get_untracked().to_lowercase().replace(|char: char| !char.is_alphanumeric(), "-");
        save(&format!("{name}.csv"), "text/csv", content.with_untracked(|content| content.csv()).as_bytes());
    };
    view! {
        <Dialog is_open title is_wide=true>
            <div class="histogram-table" tabindex="0" role="region" aria-label=title.get_untracked()>
                {move || table(&content.get())}
            </div>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=on_save>
                    "Save as CSV"
                </button>
            </div>
        </Dialog>
    }
}

fn table(content: &Content) -> AnyView {
    let table = content.table(zone_offset_minutes);
    let n_left = table.rows.len().saturating_sub(MOST_ROWS);
    let head = table.header.iter().map(|name| view! { <th scope="col">{visible(name).into_owned()}</th> }.into_any());
    let rows = table.rows.into_iter().take(MOST_ROWS).map(|row| {
        let mut cells = row.into_iter();
        let first = cells.next();
        let cells: Vec<AnyView> = cells.map(|cell| view! { <td>{cell}</td> }.into_any()).collect();
        view! {
            <tr>
                <th scope="row">{first}</th>
                {cells}
            </tr>
        }
        .into_any()
    });
    view! {
        <table>
            <thead>
                <tr>{head.collect::<Vec<_>>()}</tr>
            </thead>
            <tbody>{rows.collect::<Vec<_>>()}</tbody>
        </table>
        {(n_left > 0).then(|| view! { <p class="page-note">{format!("{n_left} more lines are in the file")}</p> })}
    }
    .into_any()
}
