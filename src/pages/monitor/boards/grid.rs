//! The charts of a board, and a place for one more.

use super::chart_view::chart_view;
use super::editor::ChartForm;
use super::handle::{Arrangement, Focus, KEYS};
use super::{Boards, Failure};
use crate::charts::figure::Shared;
use crate::components::dialog::Dialog;
use crate::components::erased::{Keyed, When, dynamic, effect, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::key_sheet::use_key_help;
use crate::keys::KeyGroup;
use crate::monitor::board_change::{Change, ChartKey, Refusal, keys_of, place_of};
use crate::pages::monitor::data::Data;
use fanlight_wire::board::{Chart, MAX_CHARTS};
use fanlight_wire::monitor::Metric;
use leptos::html;
use leptos::prelude::*;
use uuid::Uuid;

/// Which chart the form is about: none is one more.
pub type Edited = Option<(ChartKey, Chart)>;

/// Draws a board.
#[component]
pub fn BoardGrid(data: Data, boards: Boards, board: Uuid, shared: Shared) -> impl IntoView {
    let arrangement = Arrangement::new(boards, board);
    let Arrangement { charts, focus, .. } = arrangement;
    use_key_help(KeyGroup::new("On the handle of a chart", KEYS));
    let (edited, is_open) = (RwSignal::new(None as Edited), RwSignal::new(false));
    let failure = RwSignal::new(None::<String>);
    let open = move |what: Edited| {
        failure.set(None);
        edited.set(what);
        is_open.set(true);
    };
    let on_edit = Callback::new(move |key: ChartKey| {
        let chart = charts.with_untracked(|charts| place_of(charts, key).map(|idx| charts[idx].clone()));
        open(chart.map(|chart| (key, chart)));
    });
    // The form closes when the chart is saved: what was typed is not lost to a conflict or a broken connection.
    let is_saving = RwSignal::new(false);
    let on_save = Callback::new(move |chart: Chart| {
        let change = match edited.get_untracked() {
            Some((key, _)) => Change::Replace(key, chart),
            None => Change::Add(chart),
        };
        is_saving.set(true);
        let wanted = arrangement.focus_after(&change);
        boards.change(
            board,
            change,
            Box::new(move |done| {
                is_saving.try_set(false);
                match done {
                    Ok(()) => {
                        is_open.try_set(false);
                        focus.try_set(wanted);
                    }
                    Err(Failure::Refused(Refusal::Gone)) => {
                        edited.try_set(None);
                        failure.try_set(Some(format!("{}. Save again to add yours as one more.", Refusal::Gone)));
                    }
                    Err(error) => {
                        failure.try_set(Some(error.to_string()));
                    }
                }
            }),
        );
    });
    let items = memo(move || charts.with(|charts| keys_of(charts)));
    let n_charts = memo(move || charts.with(Vec::len));
    let add = NodeRef::<html::Button>::new();
    effect(move || {
        if focus.get() == Some(Focus::Add) && add.get().is_some() {
            request_animation_frame(move || {
                if let Some(add) = add.try_get_untracked().flatten() {
                    let _ = add.focus();
                    focus.try_set(None);
                }
            });
        }
    });
    let title = move || if edited.with(Option::is_none) { "Add a chart" } else { "Edit the chart" }.to_owned();
    let chart_in_form = move || {
        let new = || Chart { metrics: vec![Metric::LatencyP95], ..Chart::default() };
        edited.get_untracked().map_or_else(new, |(_, chart)| chart)
    };
    view! {
        <section class="board" aria-label="Charts of this board">
            <div class="monitor-grid" node_ref=arrangement.grid>
                <Keyed
                    each=move || items.get()
                    key=|key| *key
                    children=move |key| chart_view(data, shared, arrangement, key, on_edit)
                />
            </div>
            <When when=move || n_charts.get() < MAX_CHARTS>
                <div class="board-add" class:is-first=live(move || n_charts.get() == 0)>
                    <When when=move || n_charts.get() == 0>
                        <p>"A board holds charts of your own: pick what to measure, of which runs."</p>
                    </When>
                    <button node_ref=add type="button" class="button" on:click=move |_| open(None)>
                        <IconView icon=Icon::Plus />
                        "Add a chart…"
                    </button>
                </div>
            </When>
            <p class="visually-hidden" role="status">
                {dynamic(move || arrangement.said.get())}
            </p>
        </section>
        <Dialog is_open title=Signal::derive(title)>
            <ChartForm data chart=chart_in_form() failure is_saving on_save />
        </Dialog>
    }
}
