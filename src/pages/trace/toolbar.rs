//! What can be done with the waterfall, for those who would rather click than know the keys.

use super::find_box::TraceFindBox;
use super::row_menu::RowMenu;
use super::views::ViewCommands;
use crate::components::erased::{When, dynamic, live, memo};
use crate::trace_view::{ViewKind, XUnit};
use crate::waterfall::keys::Command;
use crate::waterfall::{ChartOptions, Waterfall};
use leptos::html::Input;
use leptos::prelude::*;

/// Zoom, folding, critical path, find, details.
#[component]
pub fn TraceToolbar(state: Waterfall, find_input: NodeRef<Input>, has_details: RwSignal<bool>) -> impl IntoView {
    let has_zoom = memo(move || state.window.get().is_some());
    let n_errors = memo(move || state.tree.with(|tree| tree.errors().len()));
    let can_fold = memo(move || state.tree.with(|tree| tree.n_runs() > 1));
    let view_commands: ViewCommands = expect_context();
    let run = move |command: Command| {
        move |_| {
            let _ = view_commands.carry_out(command) || state.carry_out(command);
        }
    };
    // What a view has no use for is not offered in it.
    let is_tree = memo(move || state.view.get() == ViewKind::Tree);
    let has_time_axis =
        memo(move || state.view.get().has_time_axis() && (is_tree.get() || state.x_unit.get() == XUnit::Time));
    view! {
        <div class="trace-toolbar" role="toolbar" aria-label="Waterfall">
            <When when=move || has_time_axis.get()>
                <span class="button-group">
                    <button type="button" class="button is-icon" aria-label="Zoom out" title="Zoom out (s)" disabled=live(move || !has_zoom.get()) on:click=run(Command::ZoomOut)>"−"</button>
                    <button type="button" class="button is-icon" aria-label="Zoom in" title="Zoom in (w)" on:click=run(Command::ZoomIn)>"+"</button>
                    <button type="button" class="button" title="Fit the whole trace (0)" disabled=live(move || !has_zoom.get()) on:click=run(Command::FitTrace)>"Fit"</button>
                </span>
            </When>
            <When when=move || can_fold.get() && is_tree.get()>
                <RowMenu state />
            </When>
            <When when=move || can_fold.get() && has_time_axis.get()>
                <button
                    type="button"
                    class="button is-rare"
                    class:is-on=state.shows_critical_path
                    aria-pressed=live(move || state.shows_critical_path.get().to_string())
                    title="What the trace waited for (p)"
                    on:click=run(Command::ToggleCriticalPath)
                >
                    "Critical path"
                </button>
            </When>
            <When when=move || { n_errors.get() > 0 }>
                <button type="button" class="button trace-errors" title="Next error (e)" on:click=run(Command::NextError)>
                    {dynamic(move || if n_errors.get() == 1 { "1 error".to_owned() } else { format!("{} errors", n_errors.get()) })}
                </button>
            </When>
            <When when=move || state.view.get().has_time_axis()>
                <ChartOptions state />
            </When>
            <span class="page-header-space"></span>
            <TraceFindBox state input=find_input />
            <button
                type="button"
                class="button"
                class:is-on=has_details
                aria-pressed=live(move || has_details.get().to_string())
                title="Details on or off (\\)"
                on:click=move |_| has_details.update(|has| *has = !*has)
            >
                "Details"
            </button>
        </div>
    }
}
