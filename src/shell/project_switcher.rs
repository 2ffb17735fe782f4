//! Shows the current project and leads to any other: a list that narrows as one types.

use crate::components::erased::{dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::popover::{Popover, PopoverPanel};
use crate::components::unique_id;
use crate::project_list::use_project_list;
use crate::routes;
use fanlight_wire::ProjectId;
use leptos::html;
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;
use web_sys::KeyboardEvent;

/// Most names shown at once; the rest is found by typing.
const LIMIT: usize = 200;

/// The button with the project's name, and the list behind it.
#[component]
pub fn ProjectSwitcher(#[prop(into)] project: Signal<Option<ProjectId>>) -> impl IntoView {
    let popover = Popover::new();
    let projects = use_project_list();
    let name = memo(move || match project.get() {
        Some(project) => projects.name_of(project).unwrap_or_else(|| "Unknown project".into()),
        None => "All projects".into(),
    });
    view! {
        <div class="project-switcher">
            <button
                type="button"
                class="project-switcher-button"
                node_ref=popover.button
                popovertarget=popover.id()
                aria-haspopup="dialog"
                aria-expanded=live(move || popover.is_open().get().to_string())
                aria-label=live(move || format!("Project: {}", name.get()))
            >
                <bdi class="project-switcher-name">{name}</bdi>
                <IconView icon=Icon::ChevronDown />
            </button>
            <PopoverPanel popover label="Switch project">
                <ProjectPicker popover project />
            </PopoverPanel>
        </div>
    }
}

/// The search field and the names below it.
#[component]
fn ProjectPicker(popover: Popover, project: Signal<Option<ProjectId>>) -> impl IntoView {
    let projects = use_project_list();
    let (query, highlighted) = (RwSignal::new(String::new()), RwSignal::new(0usize));
    let field = NodeRef::<html::Input>::new();
    let list_id = StoredValue::new(unique_id("project-picker"));
    let found = memo(move || {
        let names: Vec<(ProjectId, String)> =
            projects.all().with(|projects| projects.iter().map(|it| (it.id, it.name.clone())).collect());
        narrowed(names, &query.get())
    });
    let navigate = use_navigate();
    let open = Callback::new(move |project: ProjectId| {
        popover.close();
        navigate(&routes::traces(project), NavigateOptions::default());
    });
    effect(move || {
        if let Some(field) = field.get() {
            let _ = field.focus();
        }
    });
    let option_id = move |idx: usize| format!("{}-{idx}", list_id.get_value());
    let scroll_to = move |idx: usize| {
        let options = web_sys::ScrollIntoViewOptions::new();
        options.set_block(web_sys::ScrollLogicalPosition::Nearest);
        if let Some(option) = document().get_element_by_id(&option_id(idx)) {
            option.scroll_into_view_with_scroll_into_view_options(&options);
        }
    };
    let on_keydown = move |event: KeyboardEvent| {
        let last = found.with(Vec::len).saturating_sub(1);
        let idx = match event.key().as_str() {
            "ArrowDown" => (highlighted.get() + 1).min(last),
            "ArrowUp" => highlighted.get().saturating_sub(1),
            "Enter" => {
                if let Some((project, _)) = found.with(|found| found.get(highlighted.get()).cloned()) {
                    open.run(project);
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        highlighted.set(idx);
        scroll_to(idx);
    };
    view! {
        <div class="project-picker">
            <input
                node_ref=field
                class="input"
                type="text"
                role="combobox"
                aria-label="Find a project"
                aria-expanded="true"
                aria-autocomplete="list"
                aria-controls=list_id.get_value()
                aria-activedescendant=live(move || option_id(highlighted.get()))
                placeholder="Find a project"
                autocomplete="off"
                spellcheck="false"
                on:keydown=on_keydown
                on:input:target=move |event| {
                    query.set(event.target().value());
                    highlighted.set(0);
                }
            />
            <div class="project-picker-list" role="listbox" aria-label="Projects" id=list_id.get_value()>
                <ForEnumerate
                    each=move || found.get()
                    key=|(project, name)| (*project, name.clone())
                    children=move |idx, (id, name)| {
                        view! {
                            <div
                                class="project-picker-option"
                                class:is-highlighted=live(move || highlighted.get() == idx.get())
                                role="option"
                                id=live(move || option_id(idx.get()))
                                aria-selected=live(move || (project.get() == Some(id)).to_string())
                                on:click=move |_| open.run(id)
                                on:mousemove=move |_| highlighted.set(idx.get())
                            >
                                <bdi>{name}</bdi>
                                {dynamic(move || {
                                    (project.get() == Some(id)).then(|| view! { <IconView icon=Icon::Check /> })
                                })}
                            </div>
                        }
                    }
                />
            </div>
            <p class="project-picker-note" role="status">
                {dynamic(move || {
                    if let Some(error) = projects.failure().get() {
                        Some(error.to_string())
                    } else {
                        found.with(Vec::is_empty).then(|| "No project of that name".to_owned())
                    }
                })}
            </p>
        </div>
    }
}

/// The projects whose name contains `query` in any case; names that begin with it come first.
fn narrowed(mut names: Vec<(ProjectId, String)>, query: &str) -> Vec<(ProjectId, String)> {
    let query = query.trim().to_lowercase();
    names.retain(|(_, name)| name.to_lowercase().contains(&query));
    names.sort_by_key(|(_, name)| {
        let name = name.to_lowercase();
        (!name.starts_with(&query), name)
    });
    names.truncate(LIMIT);
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(names: &[&str], query: &str, expected: &[&str]) {
        let id: ProjectId = "6f0c7a4e-0000-4000-8000-000000000001".parse().expect("an id");
        let found = narrowed(names.iter().map(|name| (id, (*name).to_owned())).collect(), query);
        assert_eq!(found.iter().map(|(_, name)| name.as_str()).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn names_that_begin_with_the_query_come_first() {
        check(&["my-chat", "Chatbot", "other"], "chat", &["Chatbot", "my-chat"]);
    }

    #[test]
    fn without_a_query_all_are_listed_by_name() {
        check(&["b", "A", "c"], " ", &["A", "b", "c"]);
    }
}
