//! `/prompts`: all prompts, with their last version, where their tags are, who changed them and when.

mod create_dialog;
mod delete_dialog;
pub mod query;
mod table;

pub use delete_dialog::DeletePromptDialog;

use crate::api::{ApiClient, ApiError};
use crate::components::erased::{When, dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::use_page_keys;
use crate::components::load_failed::LoadFailed;
use crate::components::part::Drawn;
use crate::components::skeleton::RowsSkeleton;
use crate::keys::{Binding, KeyGroup};
use crate::routes;
use create_dialog::CreatePromptDialog;
use fanlight_wire::prompt::Prompt;
use leptos::html;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};
use query::PromptsQuery;
use table::PromptsTable;

/// The page, in a file of its own.
#[wasm_split(prompts, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <PromptsPage /> }.into_any())
}

#[derive(Clone, Copy, Debug)]
enum PromptsKey {
    Find,
    Create,
}

const KEYS: &[Binding<PromptsKey>] = &[
    Binding { chords: &["/"], action: PromptsKey::Find, label: "Find a prompt" },
    Binding { chords: &["n"], action: PromptsKey::Create, label: "New prompt" },
];

/// Lists prompts. What is looked for and the order are in the address.
#[component]
fn PromptsPage() -> impl IntoView {
    let search = use_location().search;
    let query = memo(move || search.with(|search| PromptsQuery::read(search)));
    let navigate = StoredValue::new_local(use_navigate());
    let on_query = Callback::new(move |query: PromptsQuery| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        navigate.with_value(|navigate| navigate(&query.address(), options));
    });
    let list = PromptList::new(query);
    let (is_creating, deleted) = (RwSignal::new(false), RwSignal::new(None::<String>));
    let on_created = Callback::new(move |prompt: Prompt| {
        navigate.with_value(|navigate| navigate(&routes::prompt(&prompt.name), NavigateOptions::default()));
    });
    let field = NodeRef::<html::Input>::new();
    use_key_help(KeyGroup::new("Prompts", KEYS));
    use_page_keys(KEYS, move |key| match key {
        PromptsKey::Find => {
            if let Some(field) = field.get_untracked() {
                let _ = field.focus();
                field.select();
            }
        }
        PromptsKey::Create => is_creating.set(true),
    });
    let count = memo(move || list.prompts.with(|prompts| prompts.as_ref().map(Vec::len)));
    view! {
        <Title text="Prompts" />
        <div class="page">
            <header class="page-header">
                <h1>"Prompts"</h1>
                <span class="page-header-space"></span>
                <div class="find-projects" role="search">
                    <IconView icon=Icon::Search />
                    <input
                        node_ref=field
                        class="input"
                        type="search"
                        aria-label="Find a prompt"
                        placeholder="Find a prompt"
                        autocomplete="off"
                        spellcheck="false"
                        prop:value=live(move || query.get().sought)
                        on:input:target=move |event| {
                            on_query.run(PromptsQuery { sought: event.target().value(), ..query.get_untracked() });
                        }
                    />
                </div>
                <button type="button" class="button is-primary" on:click=move |_| is_creating.set(true)>
                    <IconView icon=Icon::Plus />
                    "New prompt"
                </button>
            </header>
            <When when=move || !query.get().tag.is_empty()>
                <p class="page-note prompts-narrowed">
                    "Tagged "
                    <bdi class="chip">{dynamic(move || query.get().tag)}</bdi>
                    <button
                        type="button"
                        class="button is-quiet"
                        on:click=move |_| on_query.run(PromptsQuery { tag: String::new(), ..query.get_untracked() })
                    >
                        "Show all"
                    </button>
                </p>
            </When>
            <div class="page-scroll" tabindex="-1">
                {dynamic(move || match (count.get(), list.failure.get()) {
                    (None, None) => view! { <RowsSkeleton n_rows=6 /> }.into_any(),
                    (None, Some(error)) => {
                        view! { <LoadFailed message=error.to_string() on_retry=move |()| list.fetch() /> }.into_any()
                    }
                    (Some(0), _) if query.get().is_narrow() => {
                        view! { <NothingFound on_all=move |()| on_query.run(PromptsQuery::default()) /> }.into_any()
                    }
                    (Some(0), _) => view! { <NoPrompts /> }.into_any(),
                    (Some(_), _) => {
                        view! {
                            <PromptsTable list query on_query on_delete=Callback::new(move |name| deleted.set(Some(name))) />
                        }
                            .into_any()
                    }
                })}
            </div>
            <CreatePromptDialog is_open=is_creating on_done=on_created />
            <DeletePromptDialog deleted on_deleted=Callback::new(move |_: String| list.fetch()) />
        </div>
    }
}

#[component]
fn NothingFound(#[prop(into)] on_all: Callback<()>) -> impl IntoView {
    view! {
        <div class="empty-state">
            <h2>"No prompt like that"</h2>
            <button type="button" class="button" on:click=move |_| on_all.run(())>
                "Show all prompts"
            </button>
        </div>
    }
}

#[component]
fn NoPrompts() -> impl IntoView {
    view! {
        <div class="empty-state">
            <h2>"No prompts yet"</h2>
            <p>
                "A prompt is a template under a name, kept in versions. Make one here with New prompt, or push one from a program:"
            </p>
            <pre class="prompt-snippet">"client.push_prompt(\"my-prompt\", object=prompt)"</pre>
        </div>
    }
}

/// The prompts that the address asks for.
#[derive(Clone, Copy)]
pub struct PromptList {
    pub prompts: RwSignal<Option<Vec<Prompt>>>,
    pub total: RwSignal<u64>,
    failure: RwSignal<Option<ApiError>>,
    query: Memo<PromptsQuery>,
    api: StoredValue<ApiClient>,
    /// Counts questions: only the last one's answer is shown.
    asked: StoredValue<u64>,
}

impl PromptList {
    fn new(query: Memo<PromptsQuery>) -> Self {
        let list = PromptList {
            prompts: RwSignal::new(None),
            total: RwSignal::new(0),
            failure: RwSignal::new(None),
            query,
            api: StoredValue::new(expect_context()),
            asked: StoredValue::new(0),
        };
        effect(move || {
            query.track();
            list.fetch();
        });
        list
    }

    /// Asks anew, from the first.
    pub fn fetch(self) {
        self.fetch_from(0);
    }

    /// Asks for what comes after those that are shown.
    pub fn fetch_more(self) {
        self.fetch_from(self.prompts.with_untracked(|prompts| prompts.as_ref().map_or(0, Vec::len)));
    }

    fn fetch_from(self, offset: usize) {
        let Some(api) = self.api.try_get_value() else { return };
        let asked = self.asked.get_value() + 1;
        self.asked.set_value(asked);
        let query = self.query.get_untracked();
        leptos::task::spawn_local(async move {
            let answer = api.list_prompts(query.sought.trim(), &query.tag, query.sort.field(), offset).await;
            if self.asked.try_get_value() != Some(asked) {
                return;
            }
            match answer {
                Ok(page) => {
                    self.total.set(page.total);
                    self.failure.set(None);
                    self.prompts.update(|prompts| match prompts {
                        Some(shown) if offset > 0 => shown.extend(page.prompts),
                        _ => *prompts = Some(page.prompts),
                    });
                }
                Err(error) => self.failure.set(Some(error)),
            }
        });
    }
}
