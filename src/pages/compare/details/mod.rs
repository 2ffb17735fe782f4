//! What differs in the selected pair: the facts of both runs, then their inputs, outputs and errors.

mod facts;
mod load;
mod payload;

use super::Traces;
use super::state::CompareState;
use crate::compare::row_text::PairText;
use crate::compare::rows::Folded;
use crate::components::erased::{dynamic, memo};
use crate::components::load_failed::LoadFailed;
use crate::components::skeleton::RowsSkeleton;
use crate::format::visible::visible;
use crate::routes;
use facts::Facts;
use fanlight_wire::RunId;
use leptos::prelude::*;
use load::{PairOfRuns, Screen, use_pair_of_runs};
use payload::{ErrorDiff, PayloadDiff};
use std::sync::Arc;

/// The details of the selected pair.
#[component]
pub fn CompareDetails(traces: Traces, state: CompareState, n_reloads: RwSignal<u64>) -> impl IntoView {
    let ids = memo(move || {
        let comparison = state.comparison.get();
        state.selected.get().filter(|&idx| (idx as usize) < comparison.n_pairs()).map(|idx| comparison.ids(idx))
    });
    let (screen, retry) = use_pair_of_runs(ids, n_reloads);
    let name = memo(move || {
        let comparison = state.comparison.get();
        let idx = state.selected.get().filter(|&idx| (idx as usize) < comparison.n_pairs())?;
        let text = PairText::new(&comparison, &Folded::default(), state.measure(), idx);
        let how: Vec<&str> = text.differences.iter().map(|&difference| comparison.sentence(difference)).collect();
        let how = match how.is_empty() {
            true if comparison.baseline().is_some() => "nothing unusual in itself".to_owned(),
            true if comparison.is_equal_throughout(idx) => "equal".to_owned(),
            true => "differs only below".to_owned(),
            false => how.join(", "),
        };
        Some((visible(&text.name).into_owned(), how))
    });
    view! {
        <div class="compare-details">
            <header class="compare-details-head">
                {dynamic(move || name.get().map(|(name, how)| view! {
                    <h2><bdi>{name}</bdi></h2>
                    <p class="compare-details-how">{how}</p>
                }))}
                <RunLinks traces state ids />
            </header>
            {dynamic(move || match screen.get() {
                Screen::Loading => view! { <RowsSkeleton n_rows=6 /> }.into_any(),
                Screen::Failed(message) => view! { <LoadFailed message on_retry=retry /> }.into_any(),
                Screen::Shown(runs) => shown(&runs).into_any(),
            })}
        </div>
    }
}

fn shown(runs: &Arc<PairOfRuns>) -> impl IntoView + use<> {
    let payload = |title, of: fn(&load::Loaded) -> Option<&str>| {
        let side = |run: &Option<load::Loaded>| run.as_ref().map(|run| of(run).map(Arc::<str>::from));
        view! { <PayloadDiff title old=side(&runs.a) new=side(&runs.b) /> }
    };
    let error = |run: &Option<load::Loaded>| run.as_ref().map(|run| run.run.error.clone().unwrap_or_default());
    view! {
        <Facts runs=Arc::clone(runs) />
        <ErrorDiff old=error(&runs.a) new=error(&runs.b) />
        {payload("Outputs", |run| run.outputs.as_deref())}
        {payload("Inputs", |run| run.inputs.as_deref())}
    }
}

/// Each run in its own trace.
#[component]
fn RunLinks(traces: Traces, state: CompareState, ids: Memo<Option<(Option<RunId>, Option<RunId>)>>) -> impl IntoView {
    let links = move || {
        let (a, b) = ids.get()?;
        let comparison = state.comparison.get();
        let link = |letter: &str, run: Option<RunId>, side: &crate::compare::Side, trace| {
            let project = side.tree.project_id().unwrap_or(traces.project);
            run.map(|run| {
                view! {
                    <a class="button" href=routes::run(project, trace, run)>
                        {format!("Open in {letter}")}
                    </a>
                }
                .into_any()
            })
        };
        let links = [link("A", a, &comparison.a, traces.a), link("B", b, &comparison.b, traces.b)];
        Some(links.into_iter().flatten().collect_view())
    };
    view! { <div class="compare-details-links">{dynamic(links)}</div> }
}
