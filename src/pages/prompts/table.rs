//! The prompts as a table; on a phone, each as a card.

use super::PromptList;
use super::query::{PromptsQuery, PromptsSort};
use crate::components::erased::{Keyed, When, dynamic, live};
use crate::components::icon::{Icon, IconView};
use crate::components::menu::{Menu, MenuItem};
use crate::components::relative_time::RelativeTime;
use crate::format::{NOTHING, digits};
use crate::routes;
use fanlight_wire::prompt::Prompt;
use leptos::prelude::*;

#[component]
pub fn PromptsTable(
    list: PromptList,
    query: Memo<PromptsQuery>,
    on_query: Callback<PromptsQuery>,
    on_delete: Callback<String>,
) -> impl IntoView {
    let heading = move |sort: PromptsSort, title: &'static str| {
        let order = if sort == PromptsSort::Name { "ascending" } else { "descending" };
        let is_sorted = live(move || if query.get().sort == sort { order } else { "none" });
        view! {
            <th scope="col" class:is-number=sort == PromptsSort::Pulls aria-sort=is_sorted>
                <button
                    type="button"
                    class="sort-button"
                    on:click=move |_| on_query.run(PromptsQuery { sort, ..query.get_untracked() })
                >
                    {title}
                    <span class="sort-mark" aria-hidden="true">
                        <IconView icon=Icon::ChevronDown />
                    </span>
                </button>
            </th>
        }
    };
    let n_shown = move || list.prompts.with(|prompts| prompts.as_ref().map_or(0, Vec::len));
    view! {
        <table class="projects-table prompts-table">
            <thead>
                <tr>
                    {heading(PromptsSort::Name, "Prompt")} <th scope="col">"Last version"</th> <th scope="col">"Tags"</th>
                    <th scope="col">"By"</th> {heading(PromptsSort::Changed, "Changed")}
                    <th scope="col" class="is-number">
                        "Versions"
                    </th> {heading(PromptsSort::Pulls, "Pulls")} <th scope="col">
                        <span class="visually-hidden">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>
                <Keyed
                    each=move || list.prompts.get().unwrap_or_default()
                    key=|prompt| format!("{} {} {}", prompt.id, prompt.updated_at, prompt.num_downloads)
                    children=move |prompt| row(prompt, query, on_query, on_delete)
                />
            </tbody>
        </table>
        <When when=move || (n_shown() as u64) < list.total.get()>
            <p class="page-note">
                {dynamic(move || format!("{} of {} prompts ", n_shown(), list.total.get()))}
                <button type="button" class="button" on:click=move |_| list.fetch_more()>
                    "Show more"
                </button>
            </p>
        </When>
    }
}

fn row(
    prompt: Prompt,
    query: Memo<PromptsQuery>,
    on_query: Callback<PromptsQuery>,
    on_delete: Callback<String>,
) -> impl IntoView {
    let name = StoredValue::new(prompt.name.clone());
    let actions = vec![MenuItem {
        label: "Delete…".into(),
        is_danger: true,
        on_select: Callback::new(move |()| on_delete.run(name.get_value())),
    }];
    let topic = move |tag: String| {
        let (label, chosen) = (tag.clone(), StoredValue::new(tag));
        view! {
            <button
                type="button"
                class="chip"
                on:click=move |_| on_query.run(PromptsQuery { tag: chosen.get_value(), ..query.get_untracked() })
            >
                <span class="visually-hidden">"Prompts tagged "</span>
                <bdi>{label}</bdi>
            </button>
        }
    };
    let place = |tag: &fanlight_wire::prompt::PromptTag| {
        let href = routes::prompt_version(&prompt.name, &tag.name);
        view! {
            <a class="chip" href=href title=format!("at {}", short(&tag.commit_hash))>
                <bdi>{tag.name.clone()}</bdi>
            </a>
        }
    };
    let places = prompt.tag_places.iter().map(place).collect_view();
    let last = prompt.last_commit.clone();
    let by = last.as_ref().map(|last| signature(last.author.as_deref(), last.client.as_deref()));
    view! {
        <tr>
            <th scope="row">
                <a class="project-link" href=routes::prompt(&prompt.name)>
                    <bdi>{prompt.name.clone()}</bdi>
                </a>
                {prompt
                    .description
                    .clone()
                    .filter(|description| !description.is_empty())
                    .map(|description| view! { <bdi class="project-description">{description}</bdi> })}
                <span class="prompts-topics">{prompt.tags.clone().into_iter().map(topic).collect_view()}</span>
            </th>
            <td data-title="Last version" class="prompts-last">
                {last
                    .map(|last| {
                        view! {
                            <code>{short(&last.commit_hash)}</code>
                            <bdi>{last.description.unwrap_or_default()}</bdi>
                        }
                    })}
            </td>
            <td data-title="Tags">
                <span class="prompts-places">{places}</span>
            </td>
            <td data-title="By">
                <bdi>{by.unwrap_or_else(|| NOTHING.to_owned())}</bdi>
            </td>
            <td data-title="Changed">
                <RelativeTime time=prompt.updated_at />
            </td>
            <td class="is-number" data-title="Versions">
                {digits::grouped(i64::try_from(prompt.num_commits).unwrap_or(i64::MAX))}
            </td>
            <td class="is-number" data-title="Pulls">
                {digits::grouped(i64::try_from(prompt.num_downloads).unwrap_or(i64::MAX))}
            </td>
            <td class="projects-table-actions">
                <Menu label=format!("Actions for {}", prompt.name) items=actions>
                    <IconView icon=Icon::More />
                </Menu>
            </td>
        </tr>
    }
}

/// As much of a hash as names a version.
fn short(hash: &str) -> String {
    crate::prompt::history::short_hash(hash).to_owned()
}

fn signature(author: Option<&str>, client: Option<&str>) -> String {
    crate::prompt::history::signature(author, client)
}
