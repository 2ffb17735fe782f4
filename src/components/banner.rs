//! A quiet line across the page that says what is going on, and may offer one thing to do about it.

use crate::components::erased::dynamic;
use leptos::prelude::*;

/// Announced politely when it appears; put it in the page always and let `message` come and go.
#[component]
pub fn Banner(
    /// Nothing is drawn while this is `None`.
    #[prop(into)]
    message: Signal<Option<String>>,
    /// The button's words and what it does.
    #[prop(optional)]
    action: Option<(&'static str, Callback<()>)>,
) -> impl IntoView {
    view! {
        <div class="banner-region" role="status">
            {dynamic(move || {
                message
                    .get()
                    .map(|message| {
                        view! {
                            <div class="banner">
                                <span class="banner-message">{message}</span>
                                {action
                                    .map(|(label, on_click)| {
                                        view! {
                                            <button type="button" class="button" on:click=move |_| on_click.run(())>
                                                {label}
                                            </button>
                                        }
                                    })}
                            </div>
                        }
                    })
            })}
        </div>
    }
}
