//! Deleting a prompt, with what will be lost spelled out.

use crate::api::ApiClient;
use crate::components::dialog::Dialog;
use crate::components::erased::live;
use crate::pages::projects::dialogs::{Failure, Outcome, open_while, run};
use leptos::prelude::*;

/// Asks before it deletes the prompt in `deleted`; open while there is one.
#[component]
pub fn DeletePromptDialog(deleted: RwSignal<Option<String>>, on_deleted: Callback<String>) -> impl IntoView {
    let api = StoredValue::new(expect_context::<ApiClient>());
    let is_open = open_while(deleted);
    let outcome = RwSignal::new(Outcome::Idle);
    let title = Signal::derive(move || format!("Delete {}?", deleted.get().unwrap_or_default()));
    let on_delete = move |_| {
        let Some(name) = deleted.get_untracked() else { return };
        run(outcome, async move {
            api.get_value().delete_prompt(&name).await?;
            is_open.set(false);
            on_deleted.run(name);
            Ok(())
        });
    };
    view! {
        <Dialog is_open title>
            <div class="dialog-form">
                <p>
                    "All its versions, its tags and their history are deleted. Programs that pull it will fail. Traces keep what they have."
                </p>
                <Failure outcome />
                <div class="dialog-actions">
                    <button type="button" class="button" autofocus on:click=move |_| is_open.set(false)>
                        "Cancel"
                    </button>
                    <button
                        type="button"
                        class="button is-danger"
                        disabled=live(move || outcome.get() == Outcome::Running)
                        on:click=on_delete
                    >
                        "Delete prompt"
                    </button>
                </div>
            </div>
        </Dialog>
    }
}
