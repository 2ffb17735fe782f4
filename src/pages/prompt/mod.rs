//! `/prompts/:name/:version`: one prompt: its history, the version that is open as an editor, and how it reads with values.
//!
//! [`load`] fetches, [`editor`] keeps what is written ([`stored`] in the browser), `messages` and `settings` are its
//! fields, `preview` puts values in, `save_dialog`, `tag_dialog` and `conflict` are about versions.

mod conflict;
mod describe_dialog;
mod editor;
mod header;
mod history;
mod keys;
mod load;
mod messages;
mod preview;
mod pull_lines;
mod save_dialog;
mod settings;
mod stored;
mod tag_dialog;
mod template_field;

use crate::api::{ApiClient, ApiError};
use crate::components::erased::{When, dynamic, memo};
use crate::components::load_failed::LoadFailed;
use crate::components::part::Drawn;
use crate::components::skeleton::RowsSkeleton;
use crate::components::toast::use_toasts;
use crate::pages::not_found::NotFoundPage;
use crate::pages::prompts::DeletePromptDialog;
use crate::prompt::Shape;
use crate::routes;
use conflict::{Conflict, Newer};
use describe_dialog::DescribeDialog;
use editor::Editor;
use header::{PromptHeader, VersionBar};
use history::History;
use keys::use_prompt_keys;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_params_map};
use load::PromptLoad;
use messages::Messages;
use preview::Preview;
use save_dialog::SaveDialog;
use settings::{Settings, WholeJson};
use tag_dialog::TagDialog;

/// The page, in a file of its own.
#[wasm_split(prompt, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <PromptPage /> }.into_any())
}

/// Which dialogs are open. Copy it freely.
#[derive(Clone, Copy)]
pub struct Asks {
    pub save: RwSignal<bool>,
    pub tag: RwSignal<bool>,
    pub describe: RwSignal<bool>,
    pub deleted: RwSignal<Option<String>>,
}

impl Asks {
    fn new() -> Self {
        Asks {
            save: RwSignal::new(false),
            tag: RwSignal::new(false),
            describe: RwSignal::new(false),
            deleted: RwSignal::new(None),
        }
    }

    pub fn is_any_open(self) -> bool {
        let is_open = [self.save, self.tag, self.describe].iter().any(|is_open| is_open.get_untracked());
        is_open || self.deleted.with_untracked(Option::is_some)
    }
}

#[component]
fn PromptPage() -> impl IntoView {
    let params = use_params_map();
    let name = memo(move || params.with(|params| params.get("name")).unwrap_or_default());
    let version = memo(move || params.with(|params| params.get("version")).filter(|version| !version.is_empty()));
    let load = PromptLoad::new(name, version);
    let (editor, asks) = (Editor::new(load), Asks::new());
    use_prompt_keys(load, editor, asks);

    let newer = RwSignal::new(None::<Newer>);
    let (api, toasts) = (StoredValue::new(expect_context::<ApiClient>()), use_toasts());
    let on_conflict = Callback::new(move |()| {
        let name = name.get_untracked();
        leptos::task::spawn_local(async move {
            match Newer::fetch(&api.get_value(), &name).await {
                Ok(found) => {
                    newer.try_set(Some(found));
                }
                Err(error) => toasts.show_error(error.to_string()),
            }
        });
    });
    let navigate = StoredValue::new_local(use_navigate());
    let on_deleted = Callback::new(move |_: String| {
        navigate.with_value(|navigate| navigate(&routes::prompts(), NavigateOptions::default()));
    });
    let has_opened = memo(move || load.opened.with(Option::is_some));
    let shape = memo(move || editor.with(|draft| draft.shape));
    let is_missing = memo(move || matches!(load.failure.get(), Some(ApiError::NotFound)) && !has_opened.get());
    view! {
        <Title text=move || name.get() />
        <When when=move || !is_missing.get() fallback=|| view! { <NotFoundPage /> }>
            <div class="page">
                <PromptHeader load editor asks />
                {dynamic(move || match (has_opened.get(), load.failure.get()) {
                    (false, None) => view! { <RowsSkeleton n_rows=12 /> }.into_any(),
                    (false, Some(error)) => {
                        view! { <LoadFailed message=error.to_string() on_retry=move |()| load.fetch() /> }.into_any()
                    }
                    (true, _) => {
                        view! {
                            <div class="prompt-page">
                                <History load editor />
                                <div class="prompt-main">
                                    <VersionBar load editor asks />
                                    <Conflict load editor newer on_save=Callback::new(move |()| asks.save.set(true)) />
                                    <div class="prompt-columns">
                                        <div class="prompt-editor">
                                            <When
                                                when=move || shape.get() != Shape::Other
                                                fallback=move || view! { <WholeJson editor /> }
                                            >
                                                <Messages editor />
                                            </When>
                                            <When when=move || shape.get() != Shape::Other>
                                                <Settings editor />
                                            </When>
                                        </div>
                                        <Preview editor />
                                    </div>
                                </div>
                            </div>
                        }
                            .into_any()
                    }
                })}
                <SaveDialog load editor is_open=asks.save on_conflict />
                <TagDialog load is_open=asks.tag />
                <DescribeDialog load is_open=asks.describe />
                <DeletePromptDialog deleted=asks.deleted on_deleted />
            </div>
        </When>
    }
}
