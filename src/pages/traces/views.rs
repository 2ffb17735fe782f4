//! Saved views: the state of the page under a name. To share one, share its link.

use super::address::{History, PageState};
use super::query::TracesQuery;
use super::tools::{Tool, tool};
use crate::api::{ApiClient, ApiError};
use crate::components::erased::{Keyed, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::popover::{Popover, PopoverPanel};
use crate::components::toast::{Toasts, use_toasts};
use crate::format::visible::visible;
use crate::pages::fetched::{Fetched, fetched};
use fanlight_wire::ProjectId;
use fanlight_wire::view::{SavedView, ViewWrite};
use leptos::prelude::*;
use uuid::Uuid;

/// The saved views of one project.
#[derive(Clone, Copy)]
pub struct Views {
    project: ProjectId,
    page: PageState,
    api: StoredValue<ApiClient>,
    toasts: Toasts,
    pub list: Fetched<Vec<SavedView>>,
}

impl Views {
    pub fn new(project: ProjectId, page: PageState) -> Self {
        let api: ApiClient = expect_context();
        let list = {
            let api = api.clone();
            fetched(move || {
                let api = api.clone();
                Some(Box::pin(async move { api.list_views(project).await }))
            })
        };
        Views { project, page, api: StoredValue::new(api), toasts: use_toasts(), list }
    }

    /// The view that the page began as.
    fn current(&self) -> Option<SavedView> {
        let id = self.page.with(|query| query.view)?;
        self.list.value.with(|views| views.as_ref()?.iter().find(|view| view.id == id).cloned())
    }

    /// Whether the page is no longer what its view says.
    fn is_modified(&self) -> bool {
        self.current().is_some_and(|view| {
            self.page.with(TracesQuery::as_view) != TracesQuery::from_view(view.id, &view.query).as_view()
        })
    }

    pub fn open(&self, view: &SavedView) {
        self.page.set(History::Push, TracesQuery::from_view(view.id, &view.query));
    }

    /// Sends a change, tells of a failure, and reads the list again.
    fn send(self, work: impl Future<Output = Result<Option<Uuid>, ApiError>> + 'static, done: impl FnOnce() + 'static) {
        leptos::task::spawn_local(async move {
            match work.await {
                Ok(opened) => {
                    self.list.refetch();
                    if let Some(id) = opened {
                        self.page.change(History::Replace, |query| query.view = Some(id));
                    }
                    done();
                }
                Err(ApiError::Conflict(_)) => self.toasts.show_error("A view of that name exists already"),
                Err(error) => self.toasts.show_error(error.to_string()),
            }
        });
    }

    fn create(self, name: String, query: String, done: impl FnOnce() + 'static) {
        let (api, project) = (self.api.get_value(), self.project);
        let write = ViewWrite { project_id: Some(project), name: Some(name), query: Some(query) };
        self.send(async move { api.create_view(&write).await.map(|view| Some(view.id)) }, done);
    }

    fn update(self, id: Uuid, write: ViewWrite, done: impl FnOnce() + 'static) {
        let api = self.api.get_value();
        self.send(async move { api.update_view(id, &write).await.map(|_| None) }, done);
    }

    fn delete(self, view: SavedView) {
        let (api, id, project, toasts) = (self.api.get_value(), view.id, self.project, self.toasts);
        let write = ViewWrite { project_id: Some(project), name: Some(view.name), query: Some(view.query) };
        let restoring = api.clone();
        self.send(async move { api.delete_view(id).await.map(|()| None) }, move || {
            self.page.change(History::Replace, |query| query.view = query.view.filter(|open| *open != id));
            // Made when nobody owns it: the row is gone, and the page may be when it is called.
            let undo = Callback::new(move |()| {
                let (api, write) = (restoring.clone(), write.clone());
                leptos::task::spawn_local(async move {
                    match api.create_view(&write).await {
                        Ok(_) => self.list.refetch(),
                        Err(error) => toasts.show_error(error.to_string()),
                    }
                });
            });
            toasts.show_with_undo("View deleted", undo);
        });
    }
}

/// A button with the view's name, and the list of views behind it.
#[component]
pub fn ViewsMenu(views: Views) -> impl IntoView {
    let popover = Popover::new();
    let name = move || views.current().map_or_else(|| "Views".to_owned(), |view| visible(&view.name).into_owned());
    let is_modified = memo(move || views.is_modified());
    view! {
        <button
            type="button"
            class="button"
            node_ref=popover.button
            popovertarget=popover.id()
            aria-haspopup="dialog"
            aria-expanded=live(move || popover.is_open().get().to_string())
        >
            <span class="views-name">{dynamic(name)}</span>
            {dynamic(move || is_modified.get().then(|| view! { <span class="views-modified">"modified"</span> }))}
            <IconView icon=Icon::ChevronDown />
        </button>
        <PopoverPanel popover label="Saved views" is_end_aligned=true>
            {tool(Tool::Views { views, popover })}
        </PopoverPanel>
    }
}

/// What is behind the button.
#[component]
pub fn ViewsPanel(views: Views, popover: Popover) -> impl IntoView {
    let is_modified = memo(move || views.is_modified());
    let new_name = RwSignal::new(String::new());
    let save = move |event: web_sys::SubmitEvent| {
        event.prevent_default();
        let name = new_name.with_untracked(|name| name.trim().to_owned());
        if !name.is_empty() {
            let query = views.page.with_untracked(TracesQuery::as_view);
            views.create(name, query, move || popover.close());
        }
    };
    let save_changes = move |_| {
        if let Some(view) = untrack(|| views.current()) {
            let query = views.page.with_untracked(TracesQuery::as_view);
            views.update(view.id, ViewWrite { query: Some(query), ..ViewWrite::default() }, || {});
        }
    };
    let reset = move |_| {
        if let Some(view) = untrack(|| views.current()) {
            views.open(&view);
        }
    };
    view! {
        <div class="views-panel">
            {dynamic(move || {
                is_modified
                    .get()
                    .then(|| {
                        view! {
                            <div class="views-changes">
                                <button type="button" class="button" on:click=save_changes>
                                    "Save changes"
                                </button>
                                <button type="button" class="button is-quiet" on:click=reset>
                                    "Back to the view"
                                </button>
                            </div>
                        }
                    })
            })}
            {dynamic(move || views.list.failure.get().map(|error| view! { <p class="field-error">{error.to_string()}</p> }))}
            {dynamic(move || {
                views.list.value
                    .with(|list| list.as_ref().is_some_and(Vec::is_empty))
                    .then(|| {
                        view! {
                            <p class="views-note">"A view keeps filter, time, order and columns under a name."</p>
                        }
                    })
            })}
            <ul class="views-list">
                <Keyed
                    each=move || views.list.value.get().unwrap_or_default()
                    key=|view| (view.id, view.name.clone(), view.query.clone())
                    children=move |view| view_row(views, popover, view)
                />
            </ul>
            <form class="views-save" on:submit=save>
                <input
                    class="input"
                    type="text"
                    aria-label="Name of a new view"
                    placeholder="Name of a new view"
                    maxlength="100"
                    prop:value=new_name
                    on:input:target=move |event| new_name.set(event.target().value())
                />
                <button type="submit" class="button is-primary" disabled=live(move || new_name.read().trim().is_empty())>
                    "Save view"
                </button>
            </form>
        </div>
    }
}

fn view_row(views: Views, popover: Popover, view: SavedView) -> AnyView {
    let is_renaming = RwSignal::new(false);
    let view = StoredValue::new(view);
    let name = view.with_value(|view| visible(&view.name).into_owned());
    let is_current = memo(move || views.page.with(|query| query.view) == Some(view.with_value(|view| view.id)));
    dynamic(move || {
        let name = name.clone();
        if is_renaming.get() {
            let text = RwSignal::new(view.with_value(|view| view.name.clone()));
            let rename = move |event: web_sys::SubmitEvent| {
                event.prevent_default();
                let name = text.with_untracked(|text| text.trim().to_owned());
                let id = view.with_value(|view| view.id);
                views
                    .update(id, ViewWrite { name: Some(name), ..ViewWrite::default() }, move || is_renaming.set(false));
            };
            return view! {
                <li class="views-row">
                    <form class="views-save" on:submit=rename>
                        <input
                            class="input"
                            type="text"
                            aria-label=format!("New name of {name}")
                            maxlength="100"
                            autofocus=true
                            prop:value=text
                            on:input:target=move |event| text.set(event.target().value())
                        />
                        <button type="submit" class="button">"Rename"</button>
                    </form>
                </li>
            }
            .into_any();
        }
        view! {
            <li class="views-row">
                <button
                    type="button"
                    class="views-open"
                    aria-current=live(move || is_current.get().then_some("true"))
                    on:click=move |_| {
                        popover.close();
                        view.with_value(|view| views.open(view));
                    }
                >
                    {name.clone()}
                </button>
                <button
                    type="button"
                    class="columns-act"
                    aria-label=format!("Rename {name}")
                    title="Rename"
                    on:click=move |_| is_renaming.set(true)
                >
                    <IconView icon=Icon::Pencil />
                </button>
                <button
                    type="button"
                    class="columns-act"
                    aria-label=format!("Delete {name}")
                    title="Delete"
                    on:click=move |_| views.delete(view.get_value())
                >
                    <IconView icon=Icon::Close />
                </button>
            </li>
        }
        .into_any()
    })
}
