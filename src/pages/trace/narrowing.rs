//! What a view leaves out and the way back: one branch alone, hidden names, rows that a search hides. And following a
//! trace under way. Nothing is drawn where nothing is left out.

use crate::components::erased::{Keyed, When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::popover::{Popover, PopoverPanel};
use crate::format::digits::grouped;
use crate::model::RunIdx;
use crate::trace_view::ViewKind;
use crate::waterfall::Waterfall;
use crate::waterfall::narrowing::{count_hidden, hidden_flags};
use leptos::prelude::*;

/// Ancestors named in the breadcrumb: the root and those next to the branch.
const MOST_CRUMBS: usize = 4;

/// See the module.
#[component]
pub fn Narrowing(state: Waterfall) -> impl IntoView {
    let folding = state.folding;
    let is_running =
        memo(move || state.view.get().has_time_axis() && state.tree.with(|tree| !tree.running().is_empty()));
    // Other views fade what a search did not find.
    let is_tree = memo(move || state.view.get() == ViewKind::Tree);
    let n_in_gaps = memo(move || if is_tree.get() { state.rows.with(|rows| rows.n_in_gaps()) } else { 0 });
    let has_names = memo(move || folding.hidden_names.with(|names| !names.is_empty()));
    let has_solo = memo(move || folding.solo.get().is_some());
    let is_shown = memo(move || is_running.get() || n_in_gaps.get() > 0 || has_names.get() || has_solo.get());
    view! {
        <When when=move || is_shown.get()>
            <div class="narrowing">
                <When when=move || is_running.get()>
                    <button
                        type="button"
                        class="button"
                        class:is-on=state.follows
                        aria-pressed=live(move || state.follows.get().to_string())
                        title="Keep the newest run in sight, until you move"
                        on:click=move |_| state.follow(!state.follows.get_untracked())
                    >
                        "Follow"
                    </button>
                </When>
                <When when=move || has_solo.get()>
                    <SoloPath state />
                </When>
                <When when=move || has_names.get()>
                    <HiddenNames state />
                </When>
                <When when=move || { n_in_gaps.get() > 0 }>
                    <span class="chip">
                        <b>{dynamic(move || grouped(n_in_gaps.get() as i64))}</b>
                        "hidden by the search"
                        <button
                            type="button"
                            class="narrowing-undo"
                            aria-label="Show rows that do not match"
                            on:click=move |_| folding.shows_matches_only.set(false)
                        >
                            <IconView icon=Icon::Close />
                        </button>
                    </span>
                </When>
            </div>
        </When>
    }
}

/// Where the branch shown alone belongs, each ancestor a way up.
#[component]
fn SoloPath(state: Waterfall) -> impl IntoView {
    let path = memo(move || {
        let solo = state.folding.solo.get()?;
        Some(state.tree.with(|tree| {
            let mut ancestors: Vec<RunIdx> = tree.ancestors(solo).collect();
            ancestors.reverse();
            let n_left_out = ancestors.len().saturating_sub(MOST_CRUMBS);
            if n_left_out > 0 {
                ancestors.drain(1..=n_left_out);
            }
            let name = |run: RunIdx| tree.name(run).chars().take(60).collect::<String>();
            let crumbs = ancestors.into_iter().map(|run| (run, name(run))).collect::<Vec<_>>();
            let n_shown = tree.subtree_end(solo) - solo;
            let count = format!("{} of {} runs", grouped(n_shown.into()), grouped(tree.n_runs() as i64));
            (crumbs, n_left_out, name(solo), count)
        }))
    });
    view! {
        <nav class="chip narrowing-path" aria-label="The branch shown alone">
            "only"
            {dynamic(move || {
                let (crumbs, n_left_out, name, count) = path.get()?;
                let crumbs = crumbs
                    .into_iter()
                    .enumerate()
                    .map(|(idx, (run, name))| {
                        let is_gap = idx == 0 && n_left_out > 0;
                        view! {
                            <button
                                type="button"
                                class="narrowing-crumb"
                                title=format!("Show all of {name}")
                                on:click=move |_| {
                                    if run == 0 { state.leave_solo() } else { state.solo(run) }
                                }
                            >
                                <bdi>{name.clone()}</bdi>
                            </button>
                            <span aria-hidden="true">{if is_gap { "/ … /" } else { "/" }}</span>
                        }
                    })
                    .collect_view();
                Some(view! { {crumbs} <b><bdi>{name}</bdi></b> <span class="narrowing-count">{count}</span> })
            })}
            <button
                type="button"
                class="narrowing-undo"
                aria-label="Show the whole trace"
                title="Show the whole trace (Shift+O)"
                on:click=move |_| state.leave_solo()
            >
                <IconView icon=Icon::Close />
            </button>
        </nav>
    }
}

/// "3 names hidden, 12 runs", and each name with a way back.
#[component]
fn HiddenNames(state: Waterfall) -> impl IntoView {
    let names = state.folding.hidden_names;
    let popover = Popover::new();
    let summary = memo(move || {
        let names = names.get();
        let tree = state.tree.read();
        let count = count_hidden(&tree, &hidden_flags(&tree, &names));
        let n_names =
            if names.len() == 1 { "1 name hidden".to_owned() } else { format!("{} names hidden", names.len()) };
        let n_runs =
            if count.n_runs == 1 { "1 run".to_owned() } else { format!("{} runs", grouped(count.n_runs as i64)) };
        match count.n_failed {
            0 => format!("{n_names}, {n_runs}"),
            n => format!("{n_names}, {n_runs}, {} failed", grouped(n as i64)),
        }
    });
    view! {
        <button
            type="button"
            class="chip narrowing-chip"
            node_ref=popover.button
            popovertarget=popover.id()
            aria-expanded=live(move || popover.is_open().get().to_string())
        >
            {summary}
            <IconView icon=Icon::ChevronDown />
        </button>
        <PopoverPanel popover label="Hidden names">
            <ul class="narrowing-names">
                <Keyed each=move || names.get() key=|name| name.clone() let:name>
                    <li>
                        <bdi>{name.clone()}</bdi>
                        <button
                            type="button"
                            class="button is-quiet"
                            on:click={
                                let name = name.clone();
                                move |_| state.show_hidden(Some(&name))
                            }
                        >
                            "Show"
                        </button>
                    </li>
                </Keyed>
            </ul>
            <button type="button" class="button" title="Show hidden names again (u)" on:click=move |_| {
                popover.close();
                state.show_hidden(None);
            }>
                "Show all"
            </button>
        </PopoverPanel>
    }
}
