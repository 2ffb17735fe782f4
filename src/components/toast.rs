//! Short answers to what the reader just did, with a way to take it back. They leave by themselves.

use super::icon::{Icon, IconView};
use crate::components::erased::Keyed;
use leptos::prelude::*;
use std::time::Duration;

const SHOWN_FOR: Duration = Duration::from_secs(6);
/// Longer when there is something to decide.
const SHOWN_WITH_ACTION_FOR: Duration = Duration::from_secs(12);

#[derive(Clone)]
struct Toast {
    id: u64,
    message: String,
    is_error: bool,
    action: Option<(&'static str, Callback<()>)>,
}

/// Where to put toasts; from context ([`use_toasts`]).
#[derive(Clone, Copy)]
pub struct Toasts {
    shown: RwSignal<Vec<Toast>>,
    n_shown: StoredValue<u64>,
}

/// The page's toasts.
pub fn use_toasts() -> Toasts {
    expect_context()
}

impl Toasts {
    /// Provides what [`use_toasts`] returns. Called once, by the application.
    pub fn provide() {
        provide_context(Toasts { shown: RwSignal::new(Vec::new()), n_shown: StoredValue::new(0) });
    }

    /// Says `message`.
    pub fn show(&self, message: impl Into<String>) {
        self.add(message.into(), false, None);
    }

    /// Says what failed.
    pub fn show_error(&self, message: impl Into<String>) {
        self.add(message.into(), true, None);
    }

    /// Says `message` beside an Undo button.
    pub fn show_with_undo(&self, message: impl Into<String>, undo: Callback<()>) {
        self.add(message.into(), false, Some(("Undo", undo)));
    }

    fn add(&self, message: String, is_error: bool, action: Option<(&'static str, Callback<()>)>) {
        let id = self.n_shown.get_value();
        self.n_shown.set_value(id + 1);
        let shown_for = if action.is_some() || is_error { SHOWN_WITH_ACTION_FOR } else { SHOWN_FOR };
        self.shown.update(|shown| {
            // Three are as many as anybody reads.
            if shown.len() >= 3 {
                shown.remove(0);
            }
            shown.push(Toast { id, message, is_error, action });
        });
        let toasts = *self;
        set_timeout(move || toasts.remove(id), shown_for);
    }

    fn remove(&self, id: u64) {
        self.shown.try_update(|shown| shown.retain(|toast| toast.id != id));
    }
}

/// The corner where toasts appear. Once per page, in the shell.
#[component]
pub fn ToastRegion() -> impl IntoView {
    let toasts = use_toasts();
    view! {
        <div class="toast-region" role="status" aria-live="polite">
            <Keyed each=move || toasts.shown.get() key=|toast| toast.id let:toast>
                <div class="toast" class:is-error=toast.is_error>
                    <span class="toast-message">{toast.message.clone()}</span>
                    {toast
                        .action
                        .map(|(label, on_click)| {
                            view! {
                                <button
                                    type="button"
                                    class="button"
                                    on:click=move |_| {
                                        toasts.remove(toast.id);
                                        on_click.run(());
                                    }
                                >
                                    {label}
                                </button>
                            }
                        })}
                    <button
                        type="button"
                        class="button is-quiet is-icon"
                        aria-label="Dismiss"
                        on:click=move |_| toasts.remove(toast.id)
                    >
                        <IconView icon=Icon::Close />
                    </button>
                </div>
            </Keyed>
        </div>
    }
}
