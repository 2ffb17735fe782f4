//! What a page shows when its data did not come: the reason, and a way to try again.

use leptos::prelude::*;

/// A failed load. `message` is the error's own sentence.
#[component]
pub fn LoadFailed(
    #[prop(into)] message: Signal<String>,
    /// Left out where trying again cannot help.
    #[prop(optional, into)]
    on_retry: Option<Callback<()>>,
) -> impl IntoView {
    view! {
        <div class="load-failed" role="alert">
            <p class="load-failed-title">"This could not be loaded"</p>
            <p class="load-failed-message">{message}</p>
            {on_retry.map(|on_retry| {
                view! {
                    <button type="button" class="button" on:click=move |_| on_retry.run(())>
                        "Try again"
                    </button>
                }
            })}
        </div>
    }
}
