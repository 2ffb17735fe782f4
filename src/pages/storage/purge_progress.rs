//! A bar that shows how far deleting has come, inside a dialog that may be closed meanwhile.

use super::purge::{Phase, Purge};
use crate::components::erased::{dynamic, live, memo};
use leptos::prelude::*;

/// Shows `purge`, which is watched by its dialog; closing sets `is_open` to false and stops nothing.
#[component]
pub fn PurgeProgress(purge: RwSignal<Option<Purge>>, is_open: RwSignal<bool>) -> impl IntoView {
    let words = memo(move || purge.with(|purge| purge.as_ref().map(Purge::words).unwrap_or_default()));
    let is_done = memo(move || purge.with(|purge| purge.as_ref().is_some_and(|it| it.phase() == Phase::Done)));
    let share = move || purge.with(|purge| purge.as_ref().map_or(1.0, Purge::share));
    view! {
        <div class="purge-progress">
            <progress max="1" aria-label="Runs removed" prop:value=live(share) hidden=is_done></progress>
            <p role="status">{words}</p>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| is_open.set(false)>
                    {dynamic(move || if is_done.get() { "Close" } else { "Go on in the background" })}
                </button>
            </div>
        </div>
    }
}
