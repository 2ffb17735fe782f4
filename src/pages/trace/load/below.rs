//! What a trace of more than a million runs was sent without, fetched when the reader wants to see it.

use super::{TraceLoader, read_shape};
use crate::api::{ApiError, SkeletonWanted};
use crate::components::erased::effect;
use crate::components::toast::use_toasts;
use leptos::prelude::*;

impl TraceLoader {
    /// Fetches what is below a run whenever [`crate::waterfall::Waterfall::ask_below`] asks, and unfolds it.
    pub(super) fn fetch_when_asked(self) {
        let toasts = use_toasts();
        effect(move || {
            let Some(run) = self.state.asked_below.get() else { return };
            let Some(api) = self.api.try_get_value() else { return };
            leptos::task::spawn_local(async move {
                let is_here = || self.status.try_get_untracked().is_some();
                let read = read_shape(&api, self.trace_id, SkeletonWanted::Below(run), |_| is_here()).await;
                let Some(read) = read.filter(|_| is_here()) else { return };
                let read = match read {
                    Ok((part, _)) => {
                        let n_before = self.state.tree.with_untracked(|shown| shown.n_runs());
                        let merged = self.state.tree.with_untracked(|shown| shown.with_changes(&part));
                        let has_more = merged.n_runs() > n_before;
                        if !self.show_tree(merged).await {
                            return;
                        }
                        let all_at_once = "These are as many as come at once. Load what is below one of them";
                        if has_more { Ok(()) } else { Err(all_at_once.to_owned()) }
                    }
                    Err(ApiError::NotFound) => Err("These runs are no longer there".to_owned()),
                    Err(error) => Err(format!("The runs could not be loaded: {error}")),
                };
                self.state.asked_below.set(None);
                match read {
                    Ok(()) => self.state.unfold(run),
                    Err(message) => toasts.show_error(message),
                }
            });
        });
    }
}
