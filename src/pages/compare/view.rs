//! The comparison on the page: joins loading, address, keys and the parts.

use super::Traces;
use super::address::Address;
use super::baseline::BaselineState;
use super::details::CompareDetails;
use super::header::CompareHeader;
use super::load::{PairLoader, Status};
use super::state::CompareState;
use super::summary::CompareSummary;
use super::tree::CompareTree;
use crate::compare::Measure;
use crate::compare::keys::{COMPARE_KEYS, Command, shared_keys};
use crate::components::erased::{When, dynamic, effect, live, memo};
use crate::components::find_box::{FindBox, Finder, FoundAt};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::{KeyMemory, free_action, free_action_after};
use crate::components::load_failed::LoadFailed;
use crate::components::palette::{self, use_commands};
use crate::components::skeleton::RowsSkeleton;
use crate::components::unique_id;
use crate::format::digits::grouped;
use crate::keys::{Binding, KeyGroup};
use crate::pages::trace::{TracePanes, copy_link};
use crate::routes;
use crate::waterfall::keys::{Command as OfTrace, TREE_KEYS};
use leptos::html::{Input, Section};
use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::hooks::use_navigate;

/// Below this the details are a sheet over the tree, closed until a run is tapped.
const SHEET_BELOW_PX: f64 = 560.0;

/// What the palette offers beside the comparison's own: what does not just move.
const IN_PALETTE: [OfTrace; 3] = [OfTrace::Find, OfTrace::FitTrace, OfTrace::UndoZoom];

/// See the module. With a `baseline`, A is the typical trace of it.
#[component]
pub fn CompareView(traces: Traces, baseline: Option<BaselineState>) -> impl IntoView {
    let address = Address::new();
    let state = CompareState::new(address);
    // Back and forward name another run: show it.
    Effect::watch(move || address.run.get(), move |_, _, _| state.reveal_selected(), false);
    let loader = PairLoader::start(traces, baseline, state);
    // The arrow keys work at once, unless the reader is somewhere already.
    effect(move || {
        let is_ready = loader.status.get() == Status::Ready;
        // A change of page puts the focus on `main`, which is nowhere in particular.
        let is_nowhere = |element: web_sys::Element| element.matches("body, main").unwrap_or(false);
        if is_ready && document().active_element().is_none_or(is_nowhere) {
            request_animation_frame(move || state.focus());
        }
    });
    let details_pane = NodeRef::<Section>::new();
    let is_narrow = window().inner_width().ok().and_then(|width| width.as_f64()).is_some_and(|it| it < SHEET_BELOW_PX);
    let has_details = RwSignal::new(!is_narrow || address.run.get_untracked().is_some());
    let show_details = Callback::new(move |()| {
        has_details.set(true);
        // The pane may only just come into being.
        request_animation_frame(move || {
            if let Some(pane) = details_pane.get_untracked() {
                let _ = pane.focus();
            }
        });
    });
    let on_pick = Callback::new(move |()| {
        if is_narrow {
            has_details.set(true);
        }
    });
    let navigate = StoredValue::new_local(use_navigate());
    let swap = Callback::new(move |()| {
        let project = state.comparison.with_untracked(|it| it.b.tree.project_id()).unwrap_or(traces.project);
        let search = window().location().search().unwrap_or_default();
        let path = format!("{}{search}", routes::compare(project, traces.b, traces.a));
        navigate.with_value(|navigate| navigate(&path, NavigateOptions::default()));
    });
    let find_input = NodeRef::<Input>::new();
    let act = move |command: Command| match command {
        Command::Swap if baseline.is_some() => {
            state.announcement.set("There is nothing to swap: this is one trace against many".into());
        }
        Command::Swap => swap.run(()),
        Command::Of(OfTrace::ToggleDetails) => has_details.update(|has| *has = !*has),
        Command::Of(OfTrace::CopyLink) => copy_link(),
        Command::Of(OfTrace::Find) => {
            if let Some(input) = find_input.get_untracked() {
                let _ = input.focus();
                input.select();
            }
        }
        other => {
            state.carry_out(other);
        }
    };
    let shared = shared_keys();
    use_key_help(KeyGroup::new("Runs of both traces", TREE_KEYS));
    use_key_help(KeyGroup::new("Comparison", COMPARE_KEYS));
    use_key_help(KeyGroup::new("As in one trace", &shared));
    use_commands("This page", Signal::stored(palette_commands(address, &shared, act)));
    let last_key = KeyMemory::new();
    let keys = window_event_listener(leptos::ev::keydown, move |event| {
        let own = free_action(COMPARE_KEYS, &event);
        if let Some(command) = own.or_else(|| free_action_after(&shared, &event, last_key).map(Command::Of)) {
            event.prevent_default();
            act(command);
        }
    });
    on_cleanup(move || keys.remove());

    let is_identical = memo(move || state.comparison.with(|comparison| comparison.is_identical()));
    let content = move || {
        let details = ViewFn::from(move || view! { <CompareDetails traces state n_reloads=loader.n_reloads /> });
        view! {
            <CompareSummary state loader baseline />
            <TracePanes has_details details_pane details>
                <CompareToolbar state has_details is_identical find_input />
                <CompareTree state on_details=show_details on_pick />
                <KeyHints />
            </TracePanes>
        }
    };
    view! {
        <div class="page trace-page compare-page">
            <CompareHeader traces state baseline on_swap=swap />
            {dynamic(move || match loader.status.get() {
                Status::Loading => {
                    view! {
                        <div class="compare-loading" role="status">
                            <span class="visually-hidden">"Loading both traces"</span>
                            <RowsSkeleton n_rows=16 />
                        </div>
                    }
                        .into_any()
                }
                Status::NotFound(trace) => {
                    let which = if trace == traces.a { "A" } else { "B" };
                    view! { <OneNotFound traces which /> }.into_any()
                }
                Status::Failed(error) => {
                    view! { <LoadFailed message=error.to_string() on_retry=Callback::new(move |()| loader.retry()) /> }
                        .into_any()
                }
                Status::Ready => content().into_any(),
            })}
        </div>
    }
}

fn palette_commands(
    address: Address,
    shared: &[Binding<OfTrace>],
    act: impl Fn(Command) + Clone + Send + Sync + 'static,
) -> Vec<palette::Command> {
    let of_trace = shared.iter().filter(|binding| IN_PALETTE.contains(&binding.action));
    let of_trace = of_trace.map(|binding| (binding.label, binding.chords, Command::Of(binding.action)));
    let own = COMPARE_KEYS.iter().map(|binding| (binding.label, binding.chords, binding.action));
    let of_key = own.chain(of_trace).map(|(label, chords, command)| {
        let act = act.clone();
        palette::Command::new(label, chords.first().copied(), move || act(command))
    });
    let of_measure = Measure::ALL.map(|measure| {
        let label = format!("Compare {}", measure.label().to_lowercase());
        palette::Command::new(label, None, move || address.set_measure(measure))
    });
    of_key.chain(of_measure).collect()
}

/// What the columns show, whether equal rows are there, and the details.
#[component]
fn CompareToolbar(
    state: CompareState,
    has_details: RwSignal<bool>,
    is_identical: Memo<bool>,
    find_input: NodeRef<Input>,
) -> impl IntoView {
    let address = state.address;
    let finder = Finder {
        query: address.find,
        bad: memo(move || state.find.with(|find| find.as_ref().err().map(|bad| bad.message.clone()))),
        found: memo(move || {
            let matches = state.matches.get()?;
            let here = state.selected.get().and_then(|pair| matches.binary_search(&pair).ok());
            Some(FoundAt { here, n: matches.len() })
        }),
        note: memo(|| None),
        only_matches: None,
        go: Callback::new(move |is_forward| state.go_to_match(is_forward)),
        leave: Callback::new(move |()| state.focus()),
        say: Callback::new(move |sentence| state.announcement.set(sentence)),
    };
    let find_label = "Find runs of both traces by name, model, type or status";
    let name = unique_id("measure");
    let choice = move |measure: Measure| {
        view! {
            <label class="compare-measure">
                <input
                    type="radio"
                    class="visually-hidden"
                    name=name.clone()
                    prop:checked=live(move || address.measure.get() == measure)
                    on:change=move |_| address.set_measure(measure)
                />
                {measure.label()}
            </label>
        }
        .into_any()
    };
    let n_hidden = memo(move || state.rows.with(|rows| rows.n_equal_hidden));
    view! {
        <div class="trace-toolbar" role="toolbar" aria-label="Comparison">
            <fieldset class="compare-measures">
                <legend class="visually-hidden">"Columns show"</legend>
                {Measure::ALL.into_iter().map(choice).collect_view()}
            </fieldset>
            <button
                type="button"
                class="button"
                class:is-on=live(move || address.only_differences.get())
                aria-pressed=live(move || address.only_differences.get().to_string())
                title="Hide or show equal rows (Shift+H)"
                disabled=live(move || is_identical.get() && !address.only_differences.get())
                on:click=move |_| {
                    state.carry_out(Command::ToggleEqual);
                }
            >
                "Only differences"
            </button>
            <When when=move || n_hidden.get() != 0>
                <span class="compare-hidden" role="status">
                    {dynamic(move || match n_hidden.get() {
                        1 => "1 equal row hidden".to_owned(),
                        n => format!("{} equal rows hidden", grouped(n as i64)),
                    })}
                </span>
            </When>
            <span class="page-header-space"></span>
            <FindBox finder input=find_input placeholder="Find in both" label=find_label />
            <button
                type="button"
                class="button"
                class:is-on=live(move || has_details.get())
                aria-pressed=live(move || has_details.get().to_string())
                title="Details on or off (\\)"
                on:click=move |_| has_details.update(|has| *has = !*has)
            >
                "Details"
            </button>
        </div>
    }
}

/// One of the traces does not exist.
#[component]
fn OneNotFound(traces: Traces, which: &'static str) -> impl IntoView {
    let other = if which == "A" { traces.b } else { traces.a };
    view! {
        <div class="page-scroll">
            <div class="empty-state">
                <h2>{format!("There is no trace {which}")}</h2>
                <p>
                    "Nothing has been recorded under its id, or it was deleted. Two traces are needed to compare; choose "
                    "another one from the page of the trace that there is."
                </p>
                <a class="button" href=routes::trace(traces.project, other)>
                    "Open the other trace"
                </a>
            </div>
        </div>
    }
}

/// The keys worth knowing first.
#[component]
fn KeyHints() -> impl IntoView {
    const HINTS: [(&[&str], &str); 7] = [
        (&["<"], "first divergence"),
        (&[".", ","], "differences"),
        (&["Shift", "H"], "only differences"),
        (&["Shift", "X"], "swap"),
        (&["w", "s"], "zoom"),
        (&["/"], "find"),
        (&["?"], "all keys"),
    ];
    let hint = |(keys, label): (&[&'static str], &'static str)| {
        let caps = keys.iter().map(|key| view! { <kbd>{*key}</kbd> }).collect_view();
        view! { <span class="trace-hint">{caps} {label}</span> }.into_any()
    };
    view! { <footer class="trace-hints">{HINTS.into_iter().map(hint).collect_view()}</footer> }
}
