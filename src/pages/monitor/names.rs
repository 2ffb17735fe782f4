//! Run names in order of what they take: bars with a number, each a link to its runs.

use super::query::MonitorQuery;
use crate::charts::unit::Unit;
use crate::components::erased::{dynamic, live};
use crate::components::run_type_glyph::RunTypeGlyph;
use crate::components::unique_id;
use crate::format::visible::visible;
use crate::pages::fetched::Fetched;
use fanlight_wire::ProjectId;
use fanlight_wire::monitor::top::{NameStats, Top};
use leptos::prelude::*;

/// What names are ordered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    Latency,
    Cost,
    Errors,
}

impl By {
    fn of(self, top: &Top) -> &[NameStats] {
        match self {
            By::Latency => &top.slowest,
            By::Cost => &top.costliest,
            By::Errors => &top.most_failing,
        }
    }

    /// The number that the order is by, in the unit's terms.
    fn value(self, name: &NameStats) -> f64 {
        match self {
            By::Latency => name.latency_p95.unwrap_or(0.0) * 1e9,
            By::Cost => name.cost.map_or(0.0, |cost| cost.to_f64()),
            By::Errors => name.n_errors as f64,
        }
    }

    fn words(self, name: &NameStats) -> String {
        let value = self.value(name);
        match self {
            By::Latency => Unit::Duration.words(value),
            By::Cost => Unit::Cost.words(value),
            By::Errors => {
                let share = Unit::Share.words(name.n_errors as f64 / name.n_runs.max(1) as f64);
                format!("{} · {share}", Unit::Count.words(value))
            }
        }
    }

    /// How the list that a name leads to is sorted.
    fn sort(self) -> &'static str {
        match self {
            By::Latency => "latency",
            By::Cost => "cost",
            By::Errors => "started",
        }
    }

    fn nothing(self) -> &'static str {
        match self {
            By::Latency => "No run has ended in this time",
            By::Cost => "No run has a known price",
            By::Errors => "Nothing failed",
        }
    }
}

/// A list of names. `note` says what the number is.
#[component]
pub fn NameList(
    title: &'static str,
    note: &'static str,
    top: Fetched<Top>,
    by: By,
    project: ProjectId,
    query: Memo<MonitorQuery>,
) -> impl IntoView {
    let title_id = unique_id("names-title");
    let labelled_by = title_id.clone();
    let rows = move || {
        top.value.with(|answer| {
            let names = answer.as_ref().map(|top| by.of(top))?;
            let most = names.iter().map(|name| by.value(name)).fold(f64::MIN_POSITIVE, f64::max);
            let row = |name: &NameStats| {
                row(name, by, most, query.with(|query| query.runs_of(project, &name.name, by.sort())))
            };
            Some(names.iter().map(row).collect::<Vec<AnyView>>())
        })
    };
    view! {
        <section class="plot-card" class:is-loading=live(move || top.is_loading.get()) aria-labelledby=labelled_by>
            <header class="plot-caption">
                <h2 id=title_id>{title}</h2>
                <p class="plot-note">{note}</p>
            </header>
            {dynamic(move || match (top.failure.get(), rows()) {
                (Some(error), _) => {
                    view! {
                        <div class="plot-failure" role="alert">
                            <span>{error.to_string()}</span>
                            <button type="button" class="button" on:click=move |_| top.refetch()>
                                "Try again"
                            </button>
                        </div>
                    }
                        .into_any()
                }
                (None, None) => view! { <p class="plot-nothing">"Counting"</p> }.into_any(),
                (None, Some(rows)) if rows.is_empty() => view! { <p class="plot-nothing">{by.nothing()}</p> }.into_any(),
                (None, Some(rows)) => view! { <ol class="name-list">{rows}</ol> }.into_any(),
            })}
        </section>
    }
}

fn row(name: &NameStats, by: By, most: f64, href: String) -> AnyView {
    let share = (by.value(name) / most).clamp(0.0, 1.0);
    let run_type = name.run_type;
    let runs = format!(
        "{} runs, p50 {}, p95 {}",
        Unit::Count.words(name.n_runs as f64),
        seconds(name.latency_p50),
        seconds(name.latency_p95)
    );
    view! {
        <li class="name-row" style:--share=format!("{:.2}%", share * 100.0)>
            <RunTypeGlyph run_type />
            <a class="name-link" href=href title=runs>
                <bdi>{visible(&name.name).into_owned()}</bdi>
            </a>
            <span class="name-value">{by.words(name)}</span>
        </li>
    }
    .into_any()
}

fn seconds(value: Option<f64>) -> String {
    value.map_or("–".to_owned(), |seconds| Unit::Duration.words(seconds * 1e9))
}
