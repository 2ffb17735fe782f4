//! The page: what is above the list, beside it and below it, and how they speak with each other.

use super::actions::{Actions, Parts};
use super::address::{History, PageState};
use super::body::{ListBody, NewTraces, PageFailure};
use super::columns::{ColumnId, Columns};
use super::columns_picker::ColumnsPicker;
use super::commands::{use_list_keys, use_page_commands};
use super::export_dialog::{ExportDialog, Exported};
use super::filter::entry::FilterEntry;
use super::follow::{ask_on_change, follow_cursor, follow_live, keep_focused_row, remember};
use super::list::TraceList;
use super::live_state::LiveState;
use super::overview::Overview;
use super::panels::{Panel, panel};
use super::query::Scope;
use super::question::Question;
use super::row::TraceRow;
use super::selection::Selection;
use super::selection_bar::SelectionBar;
use super::table::Table;
use super::time_picker::TimePicker;
use super::tools::{Tool, fetch_tools, tool};
use super::views::{Views, ViewsMenu};
use crate::components::element_size::use_element_size;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::page_title::PageTitle;
use crate::components::palette::Command;
use crate::components::virtual_list::ListState;
use crate::format::digits::grouped;
use crate::preferences::use_preferences;
use crate::project_list::use_project_list;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::run_stats::FacetKey;
use fanlight_wire::{ProjectId, RunId};
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;

#[component]
pub fn ProjectTraces(project: ProjectId) -> impl IntoView {
    let (projects, preferences) = (use_project_list(), use_preferences());
    let page = PageState::new(project);
    let question = Question::new(project, page);
    let overview = Overview::new(question);
    let views = Views::new(project, page);
    let state = ListState::new();
    let selection = RwSignal::new(Selection::default());

    let place = NodeRef::<html::Div>::new();
    let width_px = {
        let size = use_element_size(place);
        memo(move || size.get().width_px)
    };
    let columns = memo(move || {
        let preferred = || preferences.with(|it| it.trace_columns.as_ref().and_then(|text| text.parse().ok()));
        let chosen: Option<Columns> = page.with(|query| query.columns.clone()).or_else(preferred);
        chosen.unwrap_or_else(|| Columns::usual(width_px.get(), 14))
    });
    let on_columns = Callback::new(move |columns: Columns| {
        preferences.update(|it| it.trace_columns = Some(columns.to_string()));
        page.change(History::Replace, |query| query.columns = Some(columns));
    });
    let on_usual_columns = Callback::new(move |()| {
        preferences.update(|it| it.trace_columns = None);
        page.change(History::Replace, |query| query.columns = None);
    });

    let focused = StoredValue::new(None::<RunId>);
    let list = TraceList::of(project, state);
    let filter_field = NodeRef::<html::Input>::new();
    let focus_filter = Callback::new(move |()| {
        if let Some(field) = filter_field.get_untracked() {
            let _ = field.focus();
        }
    });
    let actions = Actions::new(Parts { question, list, state, columns, selection, focus_filter });
    ask_on_change(question, list, state, columns, focused);
    keep_focused_row(list, state, focused);
    remember(actions);
    follow_live(page, list, overview);
    follow_cursor(page, list, state);

    let exported = RwSignal::new(Exported::default());
    let is_exporting = RwSignal::new(false);
    let export = move |query: RunQuery, n_runs: Option<u64>| {
        let sort = page.with_untracked(|query| query.sort);
        exported.set(Exported {
            query: RunQuery { sort: Some(sort.by), order: Some(sort.order), ..query },
            scope: page.with_untracked(|query| query.scope),
            n_runs,
            columns: columns.get_untracked(),
            name: untrack(|| projects.name_of(project)).unwrap_or_else(|| "runs".into()),
        });
        is_exporting.set(true);
    };
    let export_all = Callback::new(move |()| {
        export(question.with_filter(&question.filter_untracked()), untrack(|| overview.n_runs()));
    });
    let export_selected = Callback::new(move |()| {
        let ids = selection.with_untracked(|selection| selection.ids().to_vec());
        let n_runs = ids.len() as u64;
        export(RunQuery { projects: Some(vec![project]), ids: Some(ids), ..RunQuery::default() }, Some(n_runs));
    });

    let has_facets = memo(move || preferences.with(|it| !it.has_no_facets));
    let is_sheet_open = RwSignal::new(false);
    // Wherever the focus is: a value that was chosen takes it along when the counts are new.
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        if event.key() == "Escape" && !event.default_prevented() && is_sheet_open.get_untracked() {
            event.prevent_default();
            is_sheet_open.set(false);
        }
    });
    on_cleanup(move || keys.remove());
    let toggle_facets = move |_| {
        preferences.update(|it| it.has_no_facets = !it.has_no_facets);
        is_sheet_open.set(false);
    };
    let close_facets =
        Callback::new(
            move |()| {
                if is_sheet_open.get_untracked() { is_sheet_open.set(false) } else { toggle_facets(()) }
            },
        );
    use_list_keys(actions);
    let scope_command = |scope: Scope| {
        let show = move || page.change(History::Push, |query| query.scope = scope);
        Command::new(format!("Show {}", scope.noun(0)), None, show)
    };
    let mut more: Vec<Command> = Scope::ALL.into_iter().map(scope_command).collect();
    more.push(Command::new("Export what is found", None, move || export_all.run(())));
    more.push(Command::new("Show all time", None, move || overview.show_all_time()));
    more.push(Command::new("Show or hide the facets", None, move || toggle_facets(())));
    more.push(Command::new("Usual columns", None, move || on_usual_columns.run(())));
    use_page_commands(actions, views, more);

    let on_range = Callback::new(move |drawn: Range<usize>| list.show(drawn));
    let table = Table {
        project,
        page,
        state,
        rows: list.rows,
        columns,
        selection,
        on_columns,
        on_open: Callback::new(move |(row_idx, is_new_tab)| actions.open(row_idx, is_new_tab)),
        on_select: Callback::new(move |(row_idx, is_range)| actions.select(row_idx, is_range)),
        on_range,
    };
    let key_columns = Signal::derive(move || {
        let facets = overview.facets.value.get().map(|it| it.facets).unwrap_or_default();
        let values = |key: FacetKey, make: fn(String) -> ColumnId| {
            let facet = facets.iter().find(move |facet| facet.key == key);
            facet
                .map(|facet| facet.values.iter().map(|it| make(it.value.clone())).collect::<Vec<_>>())
                .unwrap_or_default()
        };
        let mut keys = values(FacetKey::MetadataKeys, ColumnId::Metadata);
        keys.extend(values(FacetKey::Feedback, ColumnId::FeedbackKey));
        keys
    });
    let preview = Tool::Preview {
        project,
        run: Signal::derive(move || page.with(|query| query.preview)),
        on_close: Callback::new(move |()| page.change(History::Push, |query| query.preview = None)),
        on_filter: Callback::new(move |(row, column, is_excluded): (TraceRow, ColumnId, bool)| {
            actions.filter_to(&row, &column, is_excluded);
        }),
    };
    let project_name = Signal::derive(move || projects.name_of(project).unwrap_or_default());
    let count = move || {
        let noun = |n: u64| question.scope.get().noun(n);
        overview.n_runs().map(|n| format!("{} {}", grouped(n as i64), noun(n)))
    };
    view! {
        <PageTitle text=move || format!("Traces · {}", project_name.get()) />
        <div class="page traces">
            <header
                class="page-header"
                on:pointerover=move |_| fetch_tools()
                on:focusin=move |_| fetch_tools()
            >
                <h1>"Traces"</h1>
                <span class="traces-count" role="status">
                    {dynamic(count)}
                </span>
                <ScopeSwitch page />
                <span class="page-header-space"></span>
                <TimePicker
                    time=question.time
                    on_choose=Callback::new(move |time| page.change(History::Push, |query| query.time = time))
                />
                <LiveState page on_refresh=move |()| list.resync() />
                <ColumnsPicker columns on_columns on_reset=on_usual_columns keys=key_columns />
                <ViewsMenu views />
                <button type="button" class="button" on:click=move |_| export_all.run(())>
                    "Export"
                </button>
            </header>
            <FilterEntry question field=filter_field state />
            {panel(
                list,
                Panel::Histogram {
                    data: overview.histogram,
                    time: question.time,
                    on_choose: Callback::new(move |chosen| overview.choose(chosen)),
                    on_reset: Callback::new(move |()| overview.show_all_time()),
                },
            )}
            <div
                class="traces-main"
                class:is-sheet-open=live(move || is_sheet_open.get())
            >
                // A tap beside the sheet closes it; for keys there is Esc, and the button in it.
                <div class="facets-scrim" aria-hidden="true" on:click=move |_| is_sheet_open.set(false)></div>
                <When when=move || has_facets.get()>
                    {panel(list, Panel::Facets { panel: overview.panel, on_close: close_facets })}
                </When>
                <div class="traces-list">
                    <div class="traces-tools">
                        <button
                            type="button"
                            class="button is-quiet facets-toggle"
                            class:is-shown=live(move || has_facets.get())
                            on:click=move |_| {
                                if has_facets.get_untracked() {
                                    is_sheet_open.set(true);
                                } else {
                                    toggle_facets(());
                                }
                            }
                        >
                            "Narrow down"
                        </button>
                    </div>
                    <div class="traces-body" class:is-stale=live(move || list.is_stale.get()) node_ref=place>
                        <NewTraces list state />
                        <ListBody question list table />
                        <PageFailure list />
                    </div>
                    <SelectionBar
                        selection
                        on_copy_ids=Callback::new(move |()| actions.copy_ids())
                        on_copy_json=Callback::new(move |()| {
                            actions.copy_json();
                        })
                        on_export=export_selected
                        on_compare=Callback::new(move |()| {
                            actions.compare();
                        })
                    />
                </div>
                <When when=move || page.with(|query| query.preview.is_some())>
                    {tool(preview.clone())}
                </When>
            </div>
            <ExportDialog is_open=is_exporting what=exported />
        </div>
    }
}

/// Traces, all runs, or LLM calls.
#[component]
fn ScopeSwitch(page: PageState) -> impl IntoView {
    let choice = |scope: Scope| {
        view! {
            <button
                type="button"
                class="scope-choice"
                aria-pressed=live(move || page.with(|query| query.scope == scope).to_string())
                on:click=move |_| page.change(History::Push, |query| query.scope = scope)
            >
                {scope.label()}
            </button>
        }
        .into_any()
    };
    view! {
        <div class="scope-switch" role="group" aria-label="Rows">
            {Scope::ALL.into_iter().map(choice).collect_view()}
        </div>
    }
}
