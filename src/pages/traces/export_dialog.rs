//! Exports what the list is of, or what is selected: format, columns, progress, and a way to end it.

use super::columns::{ColumnId, Columns};
use super::query::Scope;
use super::tools::{Tool, tool};
use crate::api::{ApiClient, ApiError, Export, ExportFormat, ExportProgress};
use crate::components::dialog::Dialog;
use crate::components::erased::{dynamic, live};
use crate::components::save_file::save_blob;
use crate::format::bytes::bytes;
use crate::format::digits::grouped;
use fanlight_wire::run_query::RunQuery;
use leptos::prelude::*;
use leptos::reactive::spawn_local_scoped_with_cancellation;

/// What is to be exported.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Exported {
    pub query: RunQuery,
    pub scope: Scope,
    /// As far as is known.
    pub n_runs: Option<u64>,
    pub columns: Columns,
    /// Begins of the file's name.
    pub name: String,
}

/// What the export is doing.
#[derive(Clone, Debug, Default, PartialEq)]
enum Stage {
    #[default]
    Asking,
    Running(ExportProgress),
    Done(ExportProgress),
    Failed(ApiError),
}

/// The dialog; it opens while `what` is something.
#[component]
pub fn ExportDialog(is_open: RwSignal<bool>, what: RwSignal<Exported>) -> impl IntoView {
    view! {
        <Dialog is_open title="Export">
            {tool(Tool::Export { is_open, what: what.get_untracked() })}
        </Dialog>
    }
}

/// What is in the dialog.
#[component]
pub fn ExportForm(is_open: RwSignal<bool>, what: Exported) -> impl IntoView {
    let api: ApiClient = expect_context();
    let (stage, format, is_whole) =
        (RwSignal::new(Stage::default()), RwSignal::new(ExportFormat::Jsonl), RwSignal::new(true));
    // Requests end with their owner: Cancel cleans it up, and so does closing the dialog.
    let parent = StoredValue::new(Owner::current().expect("a dialog has an owner"));
    let running = StoredValue::new(None::<Owner>);
    let stop = move || {
        if let Some(owner) = running.try_update_value(Option::take).flatten() {
            owner.cleanup();
        }
    };
    on_cleanup(stop);
    let count = what.n_runs.map_or_else(String::new, |n| format!("{} {}", grouped(n as i64), what.scope.noun(n)));
    let what = StoredValue::new(what);
    let start = move || {
        stop();
        let owner = parent.with_value(|parent| parent.with(Owner::new));
        let (api, what) = (api.clone(), what.get_value());
        let format = format.get_untracked();
        let is_whole = is_whole.get_untracked() && format == ExportFormat::Jsonl;
        let columns = (!is_whole).then(|| export_columns(&what.columns));
        let export = Export { query: what.query, format, columns };
        stage.set(Stage::Running(ExportProgress::default()));
        owner.with(|| {
            spawn_local_scoped_with_cancellation(async move {
                let progress = StoredValue::new(ExportProgress::default());
                let on_progress = move |now| {
                    progress.set_value(now);
                    stage.set(Stage::Running(now));
                };
                match api.export_runs(&export, on_progress).await {
                    Ok(blob) => {
                        let extension = if format == ExportFormat::Csv { "csv" } else { "jsonl" };
                        save_blob(&format!("{}.{extension}", what.name), &blob);
                        stage.set(Stage::Done(progress.get_value()));
                    }
                    Err(error) => stage.set(Stage::Failed(error)),
                }
            });
        });
        running.set_value(Some(owner));
    };
    let start = StoredValue::new_local(start);
    let choose = move |label: &'static str, hint: &'static str, value: ExportFormat, whole: bool| {
        let is_chosen = move || format.get() == value && (value == ExportFormat::Csv || is_whole.get() == whole);
        view! {
            <label class="export-choice">
                <input
                    type="radio"
                    name="export-format"
                    prop:checked=live(is_chosen)
                    on:change=move |_| {
                        format.set(value);
                        is_whole.set(whole);
                    }
                />
                <span>
                    <b>{label}</b>
                    <span class="field-hint">{hint}</span>
                </span>
            </label>
        }
        .into_any()
    };
    let form = move || {
        let count = count.clone();
        view! {
            <form
                class="dialog-form"
                on:submit=move |event: web_sys::SubmitEvent| {
                    event.prevent_default();
                    start.with_value(|start| start());
                }
            >
                <p>{if count.is_empty() { "Everything that the list finds".to_owned() } else { count }}</p>
                <fieldset class="export-choices">
                    <legend class="visually-hidden">"Format"</legend>
                    {choose("JSON lines, whole runs", "With inputs and outputs, as “fanlight import” reads them", ExportFormat::Jsonl, true)}
                    {choose("JSON lines, these columns", "One flat object per run", ExportFormat::Jsonl, false)}
                    {choose("CSV, these columns", "For spreadsheets", ExportFormat::Csv, false)}
                </fieldset>
                <div class="dialog-actions">
                    <button type="button" class="button" on:click=move |_| is_open.set(false)>
                        "Cancel"
                    </button>
                    <button type="submit" class="button is-primary">
                        "Export"
                    </button>
                </div>
            </form>
        }
        .into_any()
    };
    dynamic(move || match stage.get() {
        Stage::Asking => form(),
        Stage::Running(progress) => {
            let share = progress.n_runs.map(|n| progress.n_lines as f64 / n.max(1) as f64);
            view! {
                <div class="export-progress">
                    <progress max="1" value=share.map(|share| format!("{:.3}", share.min(1.0))) aria-label="Exported"></progress>
                    <p role="status">{progress_words(progress)}</p>
                    <div class="dialog-actions">
                        <button
                            type="button"
                            class="button"
                            on:click=move |_| {
                                stop();
                                stage.set(Stage::Asking);
                            }
                        >
                            "Cancel"
                        </button>
                    </div>
                </div>
            }
            .into_any()
        }
        Stage::Done(progress) => view! {
            <p role="status">{format!("Saved. {}", progress_words(progress))}</p>
            <div class="dialog-actions">
                <button type="button" class="button is-primary" on:click=move |_| is_open.set(false)>
                    "Close"
                </button>
            </div>
        }
        .into_any(),
        Stage::Failed(error) => view! {
            <p class="field-error" role="alert">
                {format!("The export broke off; nothing was saved. {error}")}
            </p>
            <div class="dialog-actions">
                <button type="button" class="button" on:click=move |_| stage.set(Stage::Asking)>
                    "Back"
                </button>
                <button type="button" class="button is-primary" on:click=move |_| start.with_value(|start| start())>
                    "Try again"
                </button>
            </div>
        }
        .into_any(),
    })
}

fn progress_words(progress: ExportProgress) -> String {
    let lines = grouped(progress.n_lines as i64);
    let size = bytes(progress.size_bytes);
    match progress.n_runs {
        Some(n_runs) => format!("{lines} of {} lines, {size}", grouped(n_runs as i64)),
        None => format!("{lines} lines, {size}"),
    }
}

/// The columns on screen as the export calls them, with what tells rows apart.
fn export_columns(columns: &Columns) -> Vec<String> {
    let name = |id: &ColumnId| -> Option<String> {
        Some(match id {
            // A drawing.
            ColumnId::Shape => return None,
            ColumnId::Status => "status".into(),
            ColumnId::Name => "name".into(),
            ColumnId::Type => "run_type".into(),
            ColumnId::Input => "inputs_preview".into(),
            ColumnId::Output => "outputs_preview".into(),
            ColumnId::Latency => "latency".into(),
            ColumnId::FirstToken => "first_token_latency".into(),
            ColumnId::Tokens => "total_tokens".into(),
            ColumnId::PromptTokens => "prompt_tokens".into(),
            ColumnId::CompletionTokens => "completion_tokens".into(),
            ColumnId::Cost => "total_cost".into(),
            ColumnId::Model => "model".into(),
            ColumnId::Tags => "tags".into(),
            ColumnId::Feedback => "feedback".into(),
            ColumnId::Thread => "thread_id".into(),
            ColumnId::Started => "start_time".into(),
            ColumnId::Metadata(key) => format!("metadata.{key}"),
            ColumnId::FeedbackKey(key) => format!("feedback.{key}"),
        })
    };
    let mut names: Vec<String> = vec!["id".into(), "trace_id".into()];
    names.extend(columns.as_slice().iter().filter_map(|column| name(&column.id)));
    if columns.position(&ColumnId::Output).is_some() {
        names.push("error".into());
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_can_be_told_apart_and_failures_have_their_error() {
        let columns: Columns = "name,shape,output,metadata.env".parse().unwrap();
        let names = export_columns(&columns);
        assert_eq!(names, ["id", "trace_id", "name", "outputs_preview", "metadata.env", "error"]);
    }
}
