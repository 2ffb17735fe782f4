//! Inputs and outputs as JSON trees.

use super::json_tree::JsonTree;
use super::run_data::RunData;
use crate::components::erased::{When, dynamic, memo};
use crate::format::bytes::bytes;
use crate::json_view::Index;
use fanlight_wire::RunStatus;
use leptos::prelude::*;
use std::sync::Arc;

/// Both payloads, whatever they hold.
#[component]
pub fn DataTab(data: Memo<Arc<RunData>>) -> impl IntoView {
    let inputs = memo(move || data.with(|data| data.inputs.clone()));
    let outputs = memo(move || data.with(|data| data.outputs.clone()));
    let inputs_index = Signal::derive(move || data.with(|data| Arc::clone(&data.inputs_index)));
    let outputs_index = Signal::derive(move || data.with(|data| Arc::clone(&data.outputs_index)));
    let is_running = move || data.with(|data| data.run.status == RunStatus::Pending);
    view! {
        <Payload title="Input" payload=inputs index=inputs_index nothing=|| "No input was recorded" />
        <Payload
            title="Output"
            payload=outputs
            index=outputs_index
            nothing=move || {
                if is_running() { "Still running: the output shows here when it comes" } else { "No output was recorded" }
            }
        />
    }
}

#[component]
fn Payload(
    title: &'static str,
    payload: Memo<Option<Arc<str>>>,
    index: Signal<Arc<Index>>,
    nothing: impl Fn() -> &'static str + Copy + Send + Sync + 'static,
) -> impl IntoView {
    let is_there = memo(move || payload.with(|payload| payload.as_deref().is_some_and(|text| text != "{}")));
    let text = Signal::derive(move || payload.get().unwrap_or_else(|| "null".into()));
    view! {
        <section class="payload">
            <h3 class="payload-title">
                {title}
                <span class="payload-size">
                    {dynamic(move || payload.with(|payload| payload.as_ref().map(|text| bytes(text.len() as u64))))}
                </span>
            </h3>
            <When when=move || is_there.get() fallback=move || view! { <p class="message-empty">{dynamic(nothing)}</p> }>
                <JsonTree text index label=title file_name=format!("{}.json", title.to_lowercase()) />
            </When>
        </section>
    }
}
