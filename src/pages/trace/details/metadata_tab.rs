//! Everything recorded about a run besides its payloads: ids, times, usage, metadata, parameters, runtime.

use super::copy::CopyIcon;
use super::json_tree::JsonTree;
use super::run_data::RunData;
use crate::components::clock::zone_offset_minutes;
use crate::components::erased::{Keyed, memo};
use crate::format::cost::cost;
use crate::format::digits::grouped;
use crate::format::duration::duration;
use crate::format::time::{exact, exact_utc};
use crate::format::visible::visible;
use crate::json_view::Json;
use fanlight_wire::{Run, Timestamp};
use leptos::prelude::*;
use std::sync::Arc;

/// A value in the table.
#[derive(Clone, PartialEq)]
enum Cell {
    Text(String),
    /// Something to paste elsewhere.
    Id(String),
    Json(Arc<str>),
}

type Rows = Vec<(String, Cell)>;

/// Tables of what was recorded; the run's own fields in their order, everything else sorted by name.
#[component]
pub fn MetadataTab(data: Memo<Arc<RunData>>) -> impl IntoView {
    let groups = memo(move || data.with(|data| groups(data)));
    view! {
        <div class="metadata">
            <Keyed each=move || groups.get() key=|(title, _)| *title let((title, _))>
                <Group title rows=memo(move || {
                    groups
                        .with(|groups| {
                            groups.iter().find(|(other, _)| *other == title).map(|(_, rows)| rows.clone()).unwrap_or_default()
                        })
                }) />
            </Keyed>
        </div>
    }
}

#[component]
fn Group(title: &'static str, rows: Memo<Rows>) -> impl IntoView {
    view! {
        <section class="metadata-group">
            <h3>{title}</h3>
            <dl>
                <Keyed
                    each=move || rows.get()
                    key=|(name, cell)| {
                        let text = match cell {
                            Cell::Text(text) | Cell::Id(text) => text.clone(),
                            Cell::Json(json) => json.to_string(),
                        };
                        (name.clone(), text)
                    }
                    let((name, cell))
                >
                    <div class="metadata-row">
                        <dt>
                            <bdi>{visible(&name).into_owned()}</bdi>
                        </dt>
                        <dd>{cell_view(&name, cell)}</dd>
                    </div>
                </Keyed>
            </dl>
        </section>
    }
}

fn cell_view(name: &str, cell: Cell) -> AnyView {
    match cell {
        Cell::Text(text) => view! { <span dir="auto">{visible(&text).into_owned()}</span> }.into_any(),
        Cell::Id(text) => {
            let shown = visible(&text).into_owned();
            view! {
                <bdi class="metadata-id">{shown}</bdi>
                <CopyIcon text=move |()| text.clone() label=format!("Copy the {}", name.to_lowercase()) />
            }
            .into_any()
        }
        Cell::Json(json) => view! { <JsonTree text=Signal::stored(json) label=name.to_owned() /> }.into_any(),
    }
}

fn groups(data: &RunData) -> Vec<(&'static str, Rows)> {
    let extra = data.extra.as_deref().and_then(Json::parse).map(Json::fields);
    let part = |name: &str| extra.as_ref().and_then(|extra| extra.get(name)).map(sorted).unwrap_or_default();
    let others: Rows = extra
        .iter()
        .flat_map(|extra| extra.iter())
        .filter(|(name, value)| !["metadata", "runtime", "invocation_params"].contains(name) && !value.is_null())
        .map(|(name, value)| (name.to_owned(), cell_of(value)))
        .collect();
    let groups = [
        ("Run", run_rows(&data.run)),
        ("Usage", usage_rows(&data.run)),
        ("Metadata", part("metadata")),
        ("Invocation parameters", part("invocation_params")),
        ("Runtime", part("runtime")),
        ("Other", others),
    ];
    groups.into_iter().filter(|(_, rows)| !rows.is_empty()).collect()
}

fn sorted(json: Json<'_>) -> Rows {
    let fields = json.fields();
    let mut rows: Rows = fields.iter().map(|(name, value)| (name.to_owned(), cell_of(value))).collect();
    rows.sort_by(|(a, _), (b, _)| a.cmp(b));
    rows
}

fn cell_of(json: Json<'_>) -> Cell {
    match json.str() {
        // A long text reads better in the tree, which folds it.
        Some(text) if text.len() <= 2000 => Cell::Text(text),
        None if json.is_empty() => Cell::Text(json.raw().to_owned()),
        _ => Cell::Json(json.raw().into()),
    }
}

fn run_rows(run: &Run) -> Rows {
    let id = |text: String| Some(Cell::Id(text));
    let rows = [
        ("Run id", id(run.id.to_string())),
        ("Trace id", id(run.trace_id.to_string())),
        ("Parent run id", run.parent_run_id.map(|parent| Cell::Id(parent.to_string()))),
        ("Project id", id(run.project_id.to_string())),
        ("Thread", run.thread_id.clone().map(Cell::Id)),
        ("Type", Some(Cell::Text(run.run_type.to_string()))),
        ("Model", run.model.clone().map(Cell::Id)),
        ("Start", Some(time_cell(run.start_time))),
        ("First token", run.first_token_time.map(time_cell)),
        ("End", run.end_time.map(time_cell)),
        ("Latency", run.end_time.map(|end| Cell::Text(duration(end.since(run.start_time))))),
        ("Tags", run.tags.as_ref().filter(|tags| !tags.is_empty()).map(|tags| Cell::Text(tags.join(", ")))),
        ("Dotted order", id(run.dotted_order.clone()).filter(|_| !run.dotted_order.is_empty())),
    ];
    rows.into_iter().filter_map(|(name, cell)| Some((name.to_owned(), cell?))).collect()
}

fn time_cell(time: Timestamp) -> Cell {
    Cell::Text(format!("{} ({})", exact(time, zone_offset_minutes(time)), exact_utc(time)))
}

fn usage_rows(run: &Run) -> Rows {
    let mut rows = Rows::new();
    let mut add = |name: String, text: String| rows.push((name, Cell::Text(text)));
    if run.total_tokens > 0 {
        add("Prompt tokens".into(), grouped(run.prompt_tokens));
        for (name, count) in run.prompt_token_details.iter().flatten() {
            add(format!("Prompt tokens, {name}"), grouped(*count));
        }
        add("Completion tokens".into(), grouped(run.completion_tokens));
        for (name, count) in run.completion_token_details.iter().flatten() {
            add(format!("Completion tokens, {name}"), grouped(*count));
        }
        add("Total tokens".into(), grouped(run.total_tokens));
    }
    for (name, amount) in
        [("Prompt cost", run.prompt_cost), ("Completion cost", run.completion_cost), ("Total cost", run.total_cost)]
    {
        if let Some(amount) = amount {
            add(name.into(), cost(amount));
        }
    }
    let details = run.prompt_cost_details.iter().flatten().map(|entry| ("Prompt cost", entry));
    for (side, (name, amount)) in
        details.chain(run.completion_cost_details.iter().flatten().map(|entry| ("Completion cost", entry)))
    {
        add(format!("{side}, {name}"), cost(*amount));
    }
    rows
}
