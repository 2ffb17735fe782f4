//! The projects as a table; on a phone, each as a card.

use super::activity::Activity;
use super::dialogs::Subject;
use super::sort::{Column, ProjectSort};
use super::sparkline::Sparkline;
use crate::components::erased::{Keyed, live};
use crate::components::icon::{Icon, IconView};
use crate::components::menu::{Menu, MenuItem};
use crate::components::relative_time::RelativeTime;
use crate::format::{NOTHING, cost, digits, duration, tokens};
use crate::routes;
use fanlight_wire::project::Project;
use leptos::prelude::*;

/// `projects` in the given order. Headings change the order; a row's menu asks to rename it, to limit what it
/// keeps, or to delete it.
#[component]
pub fn ProjectsTable(
    #[prop(into)] projects: Signal<Vec<Project>>,
    #[prop(into)] sort: Signal<ProjectSort>,
    activity: Activity,
    on_sort: Callback<ProjectSort>,
    on_rename: Callback<Subject>,
    on_keep: Callback<Subject>,
    on_delete: Callback<Subject>,
) -> impl IntoView {
    let asks = Asks { on_rename, on_keep, on_delete };
    let heading = move |column: Column| {
        view! {
            <th scope="col" class:is-number=column != Column::Name aria-sort=live(move || sort.get().aria(column))>
                <button type="button" class="sort-button" on:click=move |_| on_sort.run(sort.get().clicked(column))>
                    {column.title()}
                    <span class="sort-mark" aria-hidden="true">
                        <IconView icon=Icon::ChevronDown />
                    </span>
                </button>
            </th>
        }
    };
    view! {
        <table class="projects-table">
            <thead>
                <tr>
                    {Column::ALL.map(heading).collect_view()}
                    <th scope="col" class="projects-table-activity">
                        "Last 7 days"
                    </th>
                    <th scope="col">
                        <span class="visually-hidden">"Actions"</span>
                    </th>
                </tr>
            </thead>
            <tbody>
                <Keyed
                    each=move || projects.get()
                    key=project_key
                    children=move |project| project_row(project, activity, asks)
                />
            </tbody>
        </table>
    }
}

/// A row is drawn anew when anything that it shows has changed.
fn project_key(project: &Project) -> String {
    let stats = project.stats.as_ref();
    let numbers = stats.map(|stats| (stats.run_count, stats.total_tokens, stats.total_cost, stats.last_run_start_time));
    let rates = stats.map(|stats| (stats.error_rate, stats.latency_p50, stats.latency_p99));
    format!("{} {} {numbers:?} {rates:?}", project.id, project.name)
}

/// What a row's menu may ask for.
#[derive(Clone, Copy)]
struct Asks {
    on_rename: Callback<Subject>,
    on_keep: Callback<Subject>,
    on_delete: Callback<Subject>,
}

fn project_row(project: Project, activity: Activity, asks: Asks) -> impl IntoView {
    let stats = project.stats.clone().unwrap_or_default();
    let or_nothing = |words: Option<String>| words.unwrap_or_else(|| NOTHING.to_owned());
    let has_errors = stats.error_rate.is_some_and(|rate| rate > 0.0);
    let number = |column: Column, words: String| {
        view! {
            <td class="is-number" data-title=column.title()>
                {words}
            </td>
        }
    };
    let subject = StoredValue::new(Subject { id: project.id, name: project.name.clone() });
    let item = |label: &str, is_danger, ask: Callback<Subject>| MenuItem {
        label: label.into(),
        is_danger,
        on_select: Callback::new(move |()| ask.run(subject.get_value())),
    };
    let actions = vec![
        item("Rename…", false, asks.on_rename),
        item("Retention…", false, asks.on_keep),
        item("Delete…", true, asks.on_delete),
    ];
    view! {
        <tr>
            <th scope="row">
                <a class="project-link" href=routes::traces(project.id)>
                    <bdi>{project.name.clone()}</bdi>
                </a>
                {project
                    .description
                    .clone()
                    .filter(|description| !description.is_empty())
                    .map(|description| view! { <bdi class="project-description">{description}</bdi> })}
            </th>
            {number(Column::Traces, digits::grouped(stats.run_count))}
            <td class="is-number" class:is-error=has_errors data-title=Column::ErrorRate.title()>
                {or_nothing(stats.error_rate.map(digits::percent))}
            </td>
            {number(Column::LatencyP50, or_nothing(stats.latency_p50.map(duration::duration_from_seconds)))}
            {number(Column::LatencyP99, or_nothing(stats.latency_p99.map(duration::duration_from_seconds)))}
            {number(Column::Tokens, tokens::tokens(stats.total_tokens))}
            {number(Column::Cost, or_nothing(stats.total_cost.map(cost::cost)))}
            <td class="is-number" data-title=Column::LastActivity.title()>
                {match stats.last_run_start_time {
                    Some(time) => view! { <RelativeTime time /> }.into_any(),
                    None => NOTHING.into_any(),
                }}
            </td>
            <td class="projects-table-activity" data-title="Last 7 days">
                <Sparkline project=project.id n_traces=stats.run_count activity />
            </td>
            <td class="projects-table-actions">
                <Menu label=format!("Actions for {}", project.name) items=actions>
                    <IconView icon=Icon::More />
                </Menu>
            </td>
        </tr>
    }
}
