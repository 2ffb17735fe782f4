//! Asks how deleting is going until it is done.

use super::purge::{Phase, Purge};
use crate::api::ApiClient;
use leptos::prelude::*;
use std::rc::Rc;
use std::time::Duration;

/// Between two reports: often enough to see it move, seldom enough not to slow it down.
pub const PERIOD: Duration = Duration::from_millis(1500);

/// Keeps `purge` up to date for as long as it lives; `on_done` gets the last sentence about it.
pub fn until_done(api: ApiClient, purge: RwSignal<Option<Purge>>, on_done: Rc<dyn Fn(String)>) {
    set_timeout(
        move || {
            leptos::task::spawn_local(async move {
                // A server that is away for a moment is asked again.
                if let Ok(report) = api.find_storage().await {
                    purge.try_update(|purge| {
                        if let Some(purge) = purge {
                            purge.advance(&report);
                        }
                    });
                }
                // Emptied by whoever watches something else now, or gone with its page.
                let Some(Some(now)) = purge.try_get_untracked() else { return };
                match now.phase() {
                    Phase::Done => on_done(now.words()),
                    Phase::Removing | Phase::Shrinking => until_done(api, purge, on_done),
                }
            });
        },
        PERIOD,
    );
}
