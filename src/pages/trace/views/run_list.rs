//! The runs behind one line of a merged view: the longest first, each a way to the run itself.

use crate::components::erased::{dynamic, live, memo};
use crate::format::digits::grouped;
use crate::format::duration::duration;
use crate::model::{RunIdx, RunTree};
use crate::waterfall::Waterfall;
use leptos::prelude::*;

/// How many are shown at first, and by how many more at a time.
const STEP: usize = 25;

/// "37 runs, slowest first"; choosing one selects it in every view.
#[component]
pub fn RunList(
    state: Waterfall,
    /// The longest first.
    #[prop(into)]
    runs: Signal<Vec<RunIdx>>,
    on_pick: Callback<()>,
) -> impl IntoView {
    let runs = memo(move || runs.get());
    let n_shown = RwSignal::new(STEP);
    Effect::watch(move || runs.get(), move |_, _, _| n_shown.set(STEP), false);
    let title = move || match runs.with(Vec::len) {
        1 => "1 run".to_owned(),
        n => format!("{} runs, slowest first", grouped(n as i64)),
    };
    let lines = move || {
        let tree = state.tree.get();
        runs.with(|runs| {
            let longest = runs.first().map_or(0, |&run| length_ns(&tree, run, state)).max(1);
            let line = |&run: &RunIdx| line(state, &tree, run, longest, on_pick);
            runs.iter().filter(|&&run| (run as usize) < tree.n_runs()).take(n_shown.get()).map(line).collect_view()
        })
    };
    let n_more = move || runs.with(Vec::len).saturating_sub(n_shown.get());
    view! {
        <section class="run-list" aria-label="Runs of this path">
            <h2>{dynamic(title)}</h2>
            <ul class="butterfly-list">{dynamic(lines)}</ul>
            {dynamic(move || {
                (n_more() > 0).then(|| {
                    view! {
                        <button type="button" class="button is-quiet" on:click=move |_| n_shown.update(|n| *n += STEP)>
                            {format!("Show {} more of {}", n_more().min(STEP), grouped(n_more() as i64))}
                        </button>
                    }
                })
            })}
        </section>
    }
}

fn length_ns(tree: &RunTree, run: RunIdx, state: Waterfall) -> u64 {
    tree.end_or_now_ns(run, state.now_ns.get_untracked()) - tree.start_ns(run)
}

fn line(
    state: Waterfall,
    tree: &RunTree,
    run: RunIdx,
    longest_ns: u64,
    on_pick: Callback<()>,
) -> impl IntoView + use<> {
    let length_ns = length_ns(tree, run, state);
    let starts = format!("at {}", duration(tree.start_ns(run) as i64));
    let failed = tree.has_error(run).then(|| view! { <span class="run-list-failed">"failed"</span> });
    let on_click = move |_| {
        state.select(run);
        on_pick.run(());
    };
    view! {
        <li>
            <button
                type="button"
                class="butterfly-neighbour"
                class:is-selected=live(move || state.selected.get() == Some(run))
                aria-pressed=live(move || (state.selected.get() == Some(run)).to_string())
                style:--share=format!("{:.4}", length_ns as f64 / longest_ns as f64)
                on:click=on_click
            >
                <span>{duration(length_ns as i64)} " " {failed}</span>
                <span>{starts}</span>
            </button>
        </li>
    }
}
