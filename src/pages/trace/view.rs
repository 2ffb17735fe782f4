//! One trace on the page: joins loading, address, keys and the parts.

use super::address::{keep_window, use_selection, window_in_address};
use super::clock::run_clock;
use super::details::{self, DetailsSkeleton};
use super::header::{TraceHeader, copy_link};
use super::load::{Status, TraceLoader};
use super::panes::TracePanes;
use super::states::{TraceNotFound, TraceSkeletonView};
use super::toolbar::TraceToolbar;
use crate::api::ApiError;
use crate::components::erased::{dynamic, effect, memo};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::components::load_failed::LoadFailed;
use crate::components::part::{fetch_ahead, part};
use crate::format::digits::grouped;
use crate::keys::KeyGroup;
use crate::model::RunTree;
use crate::preferences::use_preferences;
use crate::waterfall::keys::{Command, TRACE_KEYS, TREE_KEYS};
use crate::waterfall::{Waterfall, WaterfallView};
use fanlight_wire::{ProjectId, TraceId};
use leptos::html::{Input, Section};
use leptos::prelude::*;

/// Below this the details are a sheet over the waterfall, closed until a run is tapped.
const SHEET_BELOW_PX: f64 = 560.0;

/// See the module.
#[component]
pub fn TraceView(project_id: ProjectId, trace_id: TraceId) -> impl IntoView {
    let (selected_id, on_select) = use_selection();
    let state = Waterfall::new(selected_id, on_select);
    state.window.set(window_in_address());
    keep_window(state.window);
    run_clock(state);
    // Back and forward name another run: show it.
    Effect::watch(move || selected_id.get(), move |_, _, _| state.reveal_selected(), false);

    let loader = TraceLoader::start(trace_id, Callback::new(move |tree: RunTree| state.set_tree(tree)));
    // The arrow keys work at once, unless the reader is somewhere already.
    effect(move || {
        let is_ready = loader.status.get() == Status::Ready;
        if is_ready && document().active_element().is_none_or(|element| element.tag_name() == "BODY") {
            request_animation_frame(move || state.focus());
        }
    });
    // The root when the address names none.
    let run_id = memo(move || {
        let run = state.selected.get()?;
        state.tree.with(|tree| ((run as usize) < tree.n_runs()).then(|| tree.id(run)))
    });
    let find_input = NodeRef::<Input>::new();
    let details_pane = NodeRef::<Section>::new();
    let is_narrow = window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|it| it < SHEET_BELOW_PX);
    // A link to a run means what is in it.
    let has_details = RwSignal::new(!is_narrow || selected_id.get_untracked().is_some());
    if has_details.get_untracked() {
        // They show with the trace: their code and its data come at the same time.
        fetch_ahead(details::fetch());
    }
    let show_details = Callback::new(move |()| {
        has_details.set(true);
        // The pane may only just come into being.
        request_animation_frame(move || {
            if let Some(pane) = details_pane.get_untracked() {
                let _ = pane.focus();
            }
        });
    });
    use_key_help(KeyGroup::new("Runs", TREE_KEYS));
    use_key_help(KeyGroup::new("Trace", TRACE_KEYS));
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let Some(command) = free_action(TRACE_KEYS, &event) else { return };
        event.prevent_default();
        match command {
            Command::Find => {
                if let Some(input) = find_input.get_untracked() {
                    let _ = input.focus();
                    input.select();
                }
            }
            Command::ToggleDetails => has_details.update(|has| *has = !*has),
            Command::CopyLink => copy_link(),
            other => {
                state.carry_out(other);
            }
        }
    });
    on_cleanup(move || keys.remove());

    let preferences = use_preferences();
    let gutter_percent = Signal::derive(move || preferences.with(|preferences| preferences.gutter_percent));
    let set_gutter = Callback::new(move |percent: Option<f64>| {
        preferences.update(|preferences| preferences.gutter_percent = percent);
    });
    let summary = move || {
        state.tree.with(|tree| {
            let n_runs = tree.n_runs() as i64;
            let runs = if n_runs == 1 { "1 run".to_owned() } else { format!("{} runs", grouped(n_runs)) };
            match tree.running().len() {
                0 => runs,
                n => format!("{runs} · {n} running"),
            }
        })
    };
    let on_pick = Callback::new(move |()| {
        if is_narrow {
            has_details.set(true);
        }
    });
    let trace = move || {
        let draw = move || details::panel(project_id, trace_id, run_id, loader.n_reloads);
        let details = ViewFn::from(move || part(details::fetch, draw, DetailsSkeleton));
        view! {
            <TracePanes has_details details_pane details>
                <TraceToolbar state find_input has_details />
                <WaterfallView state gutter_percent on_gutter_percent=set_gutter on_details=show_details on_pick>
                    {dynamic(summary)}
                </WaterfallView>
                <KeyHints />
            </TracePanes>
        }
    };
    view! {
        <div class="page trace-page">
            {dynamic(move || match loader.status.get() {
                Status::Loading => {
                    view! {
                        <TraceHeader project_id trace_id state />
                        <TraceSkeletonView />
                    }
                        .into_any()
                }
                Status::Failed(ApiError::NotFound) => view! { <TraceNotFound project_id=Some(project_id) /> }.into_any(),
                Status::Failed(error) => {
                    view! {
                        <TraceHeader project_id trace_id state />
                        <LoadFailed message=error.to_string() on_retry=Callback::new(move |()| loader.retry()) />
                    }
                        .into_any()
                }
                Status::Ready => {
                    view! {
                        <TraceHeader project_id trace_id state />
                        {trace()}
                    }
                        .into_any()
                }
            })}
        </div>
    }
}

/// The keys worth knowing first.
#[component]
fn KeyHints() -> impl IntoView {
    const HINTS: [(&[&str], &str); 7] = [
        (&["↑", "↓"], "move"),
        (&["←", "→"], "fold"),
        (&["w", "s"], "zoom"),
        (&["a", "d"], "pan"),
        (&["e"], "next error"),
        (&["f"], "fit"),
        (&["?"], "all keys"),
    ];
    view! {
        <footer class="trace-hints">
            {HINTS
                .into_iter()
                .map(|(keys, label)| {
                    let caps = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
                    view! { <span class="trace-hint">{caps} {label}</span> }
                })
                .collect_view()}
        </footer>
    }
}
