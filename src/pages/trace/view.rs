//! One trace on the page: joins loading, address, keys and the parts.

use super::address::TraceAddress;
use super::clock::run_clock;
use super::commands::{PageActions, use_trace_commands};
use super::details::{self, DetailsSkeleton, Surroundings};
use super::header::TraceHeader;
use super::jump::use_jump;
use super::load::{Status, TraceLoader};
use super::narrowing::Narrowing;
use super::panes::TracePanes;
use super::payload_search::search_payloads;
use super::states::{LoadStopped, PartialBanner, TraceNotFound, TraceSkeletonView};
use super::time_bar::TimeBar;
use super::toolbar::TraceToolbar;
use super::views::{ViewBar, ViewCommands, ViewProps, fetch_view, use_unit, use_view, view_of};
use crate::api::ApiError;
use crate::components::erased::{When, dynamic, effect, memo};
use crate::components::load_failed::LoadFailed;
use crate::components::part::{fetch_ahead, part};
use crate::format::digits::grouped;
use crate::pages::compare::open::follow_compare;
use crate::preferences::use_preferences;
use crate::trace_view::{KeyHint, ViewKind};
use crate::waterfall::{Waterfall, WaterfallView};
use fanlight_wire::{ProjectId, TraceId};
use leptos::html::{Input, Section};
use leptos::prelude::*;

/// Below this the details are a sheet over the waterfall, closed until a run is tapped.
const SHEET_BELOW_PX: f64 = 560.0;

/// See the module.
#[component]
pub fn TraceView(project_id: ProjectId, trace_id: TraceId) -> impl IntoView {
    follow_compare(project_id, trace_id);
    let address = TraceAddress::new();
    let selected_id = address.selected_id;
    let state = Waterfall::new(selected_id, address.on_select);
    address.keep(state);
    run_clock(state);
    let (view, on_view) = use_view(state);
    let (unit, on_unit) = use_unit(state);
    let view_commands = ViewCommands::provide();

    let loader = TraceLoader::start(trace_id, state);
    search_payloads(state, trace_id, loader.n_reloads);
    // The arrow keys work at once, unless the reader is somewhere already.
    effect(move || {
        let is_ready = loader.status.get() == Status::Ready;
        // A change of page puts the focus on `main`, which is nowhere in particular.
        let is_nowhere = |element: web_sys::Element| element.matches("body, main").unwrap_or(false);
        if is_ready && document().active_element().is_none_or(is_nowhere) {
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
    let on_find = Callback::new(move |()| {
        if let Some(input) = find_input.get_untracked() {
            let _ = input.focus();
            input.select();
        }
    });
    let actions = PageActions { project_id, trace_id, on_find, has_details, show_details, on_view, view_commands };
    use_trace_commands(state, actions);

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
    let tree = ViewFn::from(move || {
        view! {
            <WaterfallView state gutter_percent on_gutter_percent=set_gutter on_details=show_details on_pick on_find>
                {dynamic(summary)}
            </WaterfallView>
        }
    });
    let props = ViewProps { state, unit, on_unit, on_details: show_details, on_pick };
    let around = Surroundings { tree: state.tree, hovered: state.hovered, go_to: use_jump() };
    let trace = move || {
        let tree = tree.clone();
        let draw = move || details::panel(project_id, trace_id, run_id, loader.n_reloads, around);
        let details = ViewFn::from(move || part(details::fetch, draw, DetailsSkeleton));
        view! {
            <TracePanes has_details details_pane details>
                <ViewBar view on_view on_near=Callback::new(fetch_view) unit on_unit />
                <TraceToolbar state find_input has_details />
                <When when=move || view.get().has_runs()>
                    <Narrowing state />
                </When>
                {dynamic(move || view_of(view.get(), &tree, props))}
                <KeyHints view />
            </TracePanes>
        }
    };
    view! {
        <div class="page trace-page">
            {dynamic(move || match loader.status.get() {
                Status::Loading => {
                    view! {
                        <TraceHeader project_id trace_id state />
                        <TraceSkeletonView progress=loader.progress on_stop=Callback::new(move |()| loader.stop()) />
                    }
                        .into_any()
                }
                Status::Stopped => {
                    view! {
                        <TraceHeader project_id trace_id state />
                        <LoadStopped progress=loader.progress on_retry=Callback::new(move |()| loader.retry()) />
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
                        <PartialBanner state n_in_trace=loader.n_in_trace />
                        <TimeBar state />
                        {trace()}
                    }
                        .into_any()
                }
            })}
        </div>
    }
}

/// The keys worth knowing first, in the view that is on.
#[component]
fn KeyHints(view: Memo<ViewKind>) -> impl IntoView {
    let hints = move || {
        let hint = |hint: &KeyHint| {
            let caps = hint.caps.iter().map(|cap| view! { <kbd>{*cap}</kbd> }).collect_view();
            view! { <span class="trace-hint">{caps} {hint.label}</span> }
        };
        view.get().hints().iter().map(hint).collect_view()
    };
    view! { <footer class="trace-hints">{dynamic(hints)}</footer> }
}
