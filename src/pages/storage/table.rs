//! The projects and what each takes; on a phone, each as a card.

use super::rows::{Column, StorageSort, shares, size_bytes};
use crate::components::erased::{Keyed, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::menu::{Menu, MenuItem};
use crate::components::relative_time::RelativeTime;
use crate::format::NOTHING;
use crate::format::bytes::bytes;
use crate::format::digits::grouped;
use crate::pages::projects::Subject;
use crate::pages::projects::retention::words;
use crate::routes;
use fanlight_wire::storage::ProjectStorage;
use leptos::prelude::*;

/// `projects` in the given order. Headings change the order; a row's menu asks to limit or delete.
#[component]
pub fn StorageTable(
    projects: Signal<Vec<ProjectStorage>>,
    sort: Signal<StorageSort>,
    on_sort: Callback<StorageSort>,
    on_keep: Callback<Subject>,
    on_delete: Callback<Subject>,
) -> impl IntoView {
    let largest = memo(move || projects.with(|projects| projects.iter().map(size_bytes).max().unwrap_or(0)));
    let heading = move |column: Column| {
        let is_number = !matches!(column, Column::Name | Column::Size);
        view! {
            <th scope="col" class:is-number=is_number aria-sort=live(move || sort.get().aria(column))>
                <button type="button" class="sort-button" on:click=move |_| on_sort.run(sort.get().clicked(column))>
                    {column.title()}
                    <span class="sort-mark" aria-hidden="true">
                        <IconView icon=Icon::ChevronDown />
                    </span>
                </button>
            </th>
        }
    };
    view! {
        <ul class="storage-legend" aria-label="Parts of the bars">
            <li class="is-payload">"Inputs and outputs"</li>
            <li class="is-attachment">"Attachments"</li>
            <li class="is-run">"Names, times, metadata"</li>
        </ul>
        <table class="projects-table storage-table">
            <caption class="visually-hidden">"What each project takes on disk"</caption>
            <thead>
                <tr>
                    {Column::ALL.map(heading).collect_view()} <th scope="col">
                        <span class="visually-hidden">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>
                <Keyed
                    each=move || {
                        let largest = largest.get();
                        projects.get().into_iter().map(|project| (project, largest)).collect::<Vec<_>>()
                    }
                    key=|(project, largest)| format!("{project:?} {largest}")
                    children=move |(project, largest)| storage_row(project, largest, on_keep, on_delete)
                />
            </tbody>
        </table>
    }
}

fn storage_row(
    project: ProjectStorage,
    largest_bytes: u64,
    on_keep: Callback<Subject>,
    on_delete: Callback<Subject>,
) -> impl IntoView {
    let number = |column: Column, words: String| {
        view! {
            <td class="is-number" data-title=column.title()>
                {words}
            </td>
        }
    };
    let subject = StoredValue::new(Subject { id: project.project_id, name: project.name.clone() });
    let item = |label: &str, is_danger, ask: Callback<Subject>| MenuItem {
        label: label.into(),
        is_danger,
        on_select: Callback::new(move |()| ask.run(subject.get_value())),
    };
    let actions = vec![item("Retention…", false, on_keep), item("Delete…", true, on_delete)];
    let [payloads, attachments, runs] = shares(&project, largest_bytes).map(|share| format!("{:.2}%", share * 100.0));
    let parts = format!(
        "{} inputs and outputs, {} attachments, {} names, times and metadata",
        bytes(project.payload_bytes),
        bytes(project.attachment_bytes),
        bytes(project.run_bytes)
    );
    let title = parts.clone();
    view! {
        <tr>
            <th scope="row">
                <a class="project-link" href=routes::traces(project.project_id)>
                    <bdi>{project.name.clone()}</bdi>
                </a>
            </th>
            {number(Column::Traces, grouped(project.n_traces as i64))}
            {number(Column::Runs, grouped(project.n_runs as i64))}
            <td class="storage-size" data-title=Column::Size.title() title=title>
                <span class="storage-bytes">{bytes(size_bytes(&project))}</span>
                <span class="storage-bar" aria-hidden="true">
                    <span class="is-payload" style:--share=payloads></span>
                    <span class="is-attachment" style:--share=attachments></span>
                    <span class="is-run" style:--share=runs></span>
                </span>
                <span class="visually-hidden">{parts}</span>
            </td>
            <td class="is-number" data-title=Column::Oldest.title()>
                {match project.first_start_time {
                    Some(time) => view! { <RelativeTime time /> }.into_any(),
                    None => NOTHING.into_any(),
                }}
            </td>
            <td class="is-number" data-title=Column::Retention.title()>
                <button
                    type="button"
                    class="storage-kept"
                    aria-label=format!("{}: change how long {} is kept", words(project.retention), project.name)
                    on:click=move |_| on_keep.run(subject.get_value())
                >
                    {words(project.retention)}
                </button>
            </td>
            <td class="projects-table-actions">
                <Menu label=format!("Actions for {}", project.name) items=actions>
                    <IconView icon=Icon::More />
                </Menu>
            </td>
        </tr>
    }
}
