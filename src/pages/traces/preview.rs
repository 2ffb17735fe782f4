//! The preview panel: the row under the cursor, more fully than a row can show it. It stays while the cursor moves.

use super::cell_filter::condition;
use super::cells::{cell, type_label};
use super::columns::ColumnId;
use super::row::{SELECT, SELECT_METADATA, TraceRow};
use crate::api::{ApiClient, ApiError};
use crate::components::clock::{now, zone_offset_minutes};
use crate::components::erased::{dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::status_dot::{StatusDot, status_label};
use crate::format::visible::visible;
use crate::pages::fetched::{Fetched, fetched, rest};
use crate::routes;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{ProjectId, RunId, RunStatus};
use leptos::prelude::*;

/// Rest before a row is fetched: walking through rows asks for none of them.
const RESTS: std::time::Duration = std::time::Duration::from_millis(120);

/// What is previewed: the row as the server has it, and its whole error.
#[derive(Clone, Debug, PartialEq)]
struct Previewed {
    row: TraceRow,
    error: Option<String>,
}

/// The panel of `run`. `on_filter` narrows the list by a cell's value, or excludes it.
#[component]
pub fn Preview(
    project: ProjectId,
    run: Signal<Option<RunId>>,
    on_close: Callback<()>,
    on_filter: Callback<(TraceRow, ColumnId, bool)>,
) -> impl IntoView {
    let api: ApiClient = expect_context();
    let data: Fetched<Option<Previewed>> = fetched(move || {
        let (run, api) = (run.get()?, api.clone());
        Some(Box::pin(async move { find(&api, project, run).await }))
    });
    let previewed = memo(move || data.value.get().flatten());
    let title =
        move || previewed.with(|it| it.as_ref().map(|it| visible(&it.row.name).into_owned()).unwrap_or_default());
    let href = move || previewed.with(|it| it.as_ref().map(|it| routes::run(project, it.row.trace_id, it.row.id)));
    view! {
        <section class="preview" class:is-loading=live(move || data.is_loading.get()) aria-label="Preview">
            <header class="preview-head">
                <h2 dir="auto">{title}</h2>
                <a class="button" href=live(href)>
                    "Open"
                </a>
                <button
                    type="button"
                    class="button is-quiet is-icon"
                    aria-label="Close the preview"
                    title="Close (Space)"
                    on:click=move |_| on_close.run(())
                >
                    <IconView icon=Icon::Close />
                </button>
            </header>
            <div class="preview-body" tabindex="0" role="region" aria-label="Previewed run">
                {dynamic(move || match (data.failure.get(), previewed.get()) {
                    (Some(error), _) => {
                        view! {
                            <div role="alert">
                                <p>{error.to_string()}</p>
                                <button type="button" class="button" on:click=move |_| data.refetch()>
                                    "Try again"
                                </button>
                            </div>
                        }
                        .into_any()
                    }
                    (None, Some(previewed)) => content(previewed, on_filter),
                    (None, None) if data.value.with(Option::is_some) => {
                        view! { <p>"This run does not exist, or no longer."</p> }.into_any()
                    }
                    (None, None) => view! { <span class="skeleton-bar"></span> }.into_any(),
                })}
            </div>
        </section>
    }
}

async fn find(api: &ApiClient, project: ProjectId, run: RunId) -> Result<Option<Previewed>, ApiError> {
    rest(RESTS).await;
    let query = RunQuery {
        projects: Some(vec![project]),
        ids: Some(vec![run]),
        select: Some(SELECT.iter().chain(&[SELECT_METADATA, "error"]).map(|field| (*field).to_owned()).collect()),
        ..RunQuery::default()
    };
    let run = api.query_runs(&query).await?.runs.into_iter().next();
    Ok(run.map(|mut run| Previewed { error: run.error.take(), row: run.into() }))
}

fn content(previewed: Previewed, on_filter: Callback<(TraceRow, ColumnId, bool)>) -> AnyView {
    let Previewed { row, error } = previewed;
    let status = row.status;
    let facts = [
        ColumnId::Started,
        ColumnId::Latency,
        ColumnId::FirstToken,
        ColumnId::Tokens,
        ColumnId::Cost,
        ColumnId::Model,
        ColumnId::Thread,
    ];
    let mut lines: Vec<(ColumnId, String)> = Vec::new();
    for id in facts {
        let cell = cell(&row, &id, now(), zone_offset_minutes(row.start));
        let words = match id {
            ColumnId::Started => cell.title.lines().next().unwrap_or_default().to_owned(),
            _ => cell.words,
        };
        if words != crate::format::NOTHING {
            lines.push((id, words));
        }
    }
    let tags = row.tags.clone();
    if !tags.is_empty() {
        lines.push((ColumnId::Tags, tags.join(", ")));
    }
    lines.extend(row.feedback.iter().map(|(key, value)| (ColumnId::FeedbackKey(key.clone()), value.clone())));
    lines.extend(row.metadata.iter().map(|(key, value)| (ColumnId::Metadata(key.clone()), value.clone())));
    let output =
        if status == RunStatus::Error { error.unwrap_or_else(|| row.output.clone()) } else { row.output.clone() };
    let output_title = if status == RunStatus::Error { "Error" } else { "Output" };
    let line = |(id, words): (ColumnId, String)| fact(&row, id, words, on_filter);
    let facts: Vec<AnyView> = lines.into_iter().map(line).collect();
    view! {
        <p class="preview-status">
            <StatusDot status />
            {format!("{} · {}", status_label(status), type_label(row.run_type))}
        </p>
        {text_block("Input", row.input.clone(), false)}
        {text_block(output_title, output, status == RunStatus::Error)}
        <dl class="preview-facts">{facts}</dl>
    }
    .into_any()
}

fn text_block(title: &'static str, text: String, is_error: bool) -> Option<AnyView> {
    (!text.is_empty()).then(|| {
        view! {
            <section>
                <h3>{title}</h3>
                <p class="preview-text" class:is-error=is_error dir="auto">{visible(&text).into_owned()}</p>
            </section>
        }
        .into_any()
    })
}

fn fact(row: &TraceRow, id: ColumnId, words: String, on_filter: Callback<(TraceRow, ColumnId, bool)>) -> AnyView {
    let title = visible(&id.title()).into_owned();
    let buttons = condition(row, &id).map(|_| {
        let button = |sign: &'static str, label: String, is_excluded: bool| {
            let (row, id) = (row.clone(), id.clone());
            view! {
                <button
                    type="button"
                    class="preview-act"
                    aria-label=label.clone()
                    title=label
                    on:click=move |_| on_filter.run((row.clone(), id.clone(), is_excluded))
                >
                    {sign}
                </button>
            }
            .into_any()
        };
        vec![button("+", format!("Only with this {title}"), false), button("−", format!("Without this {title}"), true)]
    });
    view! {
        <div class="preview-fact">
            <dt dir="auto">{title.clone()}</dt>
            <dd dir="auto" title=words.clone()>{visible(&words).into_owned()}</dd>
            <dd class="preview-acts">{buttons}</dd>
        </div>
    }
    .into_any()
}
