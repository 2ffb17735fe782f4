//! One row of the table: a path, how often and how long it ran, and how much of the trace that is.

use super::state::AggregateState;
use crate::aggregate::rows::PathRow;
use crate::aggregate::{Aggregate, PathIdx};
use crate::components::erased::{dynamic, effect, live, memo};
use crate::format::NOTHING;
use crate::format::cost::cost;
use crate::format::digits::{grouped, percent};
use crate::format::duration::duration;
use crate::format::run_type::{run_type_label, run_type_letter};
use crate::format::tokens::tokens;
use crate::model::RunTree;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;
use wasm_bindgen::JsCast;

/// Deeper levels stand as far right as this one.
const MAX_INDENT: u32 = 12;

/// What the cells say, in the order of the columns after the name.
#[derive(Clone, PartialEq)]
struct Cells {
    name: String,
    run_type: fanlight_wire::RunType,
    depth: u32,
    figures: [String; 8],
    has_errors: bool,
    /// Of everything, in the unit that is on.
    share: f64,
    spoken: String,
}

/// Draws `path` where the rows have it.
#[component]
pub fn PathRowView(state: AggregateState, path: PathIdx, on_pick: Callback<()>) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let at = memo(move || state.rows.with(|rows| rows.position_of(path).and_then(|at| Some((at, rows.get(at)?)))));
    let row = move || at.get().map(|(_, row)| row);
    let cells = memo(move || {
        let aggregate = state.aggregate.get();
        let tree = state.waterfall.tree.get();
        ((path as usize) < aggregate.len()).then(|| cells(&tree, &aggregate, path, state))
    });
    let is_selected = memo(move || state.selected.get() == Some(path));
    let is_faded =
        move || state.matching.with(|matching| matching.as_ref().is_some_and(|found| !found.contains(&path)));

    // The keyboard follows the selection while the table has it.
    let seen_requests = StoredValue::new(state.focus_requests.get_untracked());
    effect(move || {
        let requests = state.focus_requests.get();
        let is_asked = seen_requests.get_value() != requests;
        seen_requests.set_value(requests);
        let Some(element) = element.get() else { return };
        let is_free =
            document().active_element().is_none_or(|element| element.matches("body, .path-row").unwrap_or(false));
        if is_selected.get() && (is_asked || (state.has_keyboard.get_value() && is_free)) {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = element.focus_with_options(&options);
        }
    });
    let on_click = move |event: leptos::ev::MouseEvent| {
        let target = event.target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        let is_twist = target.is_some_and(|target| target.closest(".run-row-twist").is_ok_and(|twist| twist.is_some()));
        if is_twist && row().is_some_and(|row| row.is_expanded.is_some()) {
            state.toggle(path);
            return;
        }
        state.select(path);
        on_pick.run(());
    };
    let expanded = move || row().and_then(|row: PathRow| row.is_expanded).map(|is| if is { "true" } else { "false" });
    // Leptos knows no `aria-level`.
    let level = custom_attribute("aria-level", live(move || cells.get().map(|cells| (cells.depth + 1).to_string())));
    view! {
        <div
            node_ref=element
            class="path-row"
            class:is-selected=is_selected
            class:is-faded=live(is_faded)
            role="row"
            tabindex=live(move || if is_selected.get() { "0" } else { "-1" })
            aria-label=live(move || cells.get().map(|cells| cells.spoken))
            aria-rowindex=live(move || at.get().map(|(at, _)| (at + 2).to_string()))
            {..level}
            aria-posinset=live(move || row().map(|row| row.position.to_string()))
            aria-setsize=live(move || row().map(|row| row.n_siblings.to_string()))
            aria-expanded=live(expanded)
            aria-selected=live(move || is_selected.get().to_string())
            style:--row=live(move || at.get().map_or(0, |(at, _)| at).to_string())
            on:click=on_click
        >
            {dynamic(move || cells.get().map(cell_views))}
        </div>
    }
}

fn cell_views(cells: Cells) -> impl IntoView {
    let (indent, run_type) = (cells.depth.min(MAX_INDENT), cells.run_type);
    let n_more = cells.depth - indent;
    view! {
        <span class="path-cell is-name" role="gridcell" style:--row-depth=indent.to_string()>
            <span class="run-row-twist" aria-hidden="true"></span>
            <span class=format!("run-type-glyph is-{run_type}") aria-hidden="true">
                {run_type_letter(run_type)}
            </span>
            <bdi class="run-row-text">{cells.name}</bdi>
            {(n_more > 0).then(|| view! { <span class="run-row-badge">{format!("+{n_more}")}</span> })}
            <span class=format!("path-bar is-{run_type}") aria-hidden="true" style:--share=format!("{:.4}", cells.share)></span>
        </span>
        {cells
            .figures
            .into_iter()
            .enumerate()
            .map(|(idx, figure)| {
                let is_failed = idx == 7 && cells.has_errors;
                view! {
                    <span class="path-cell" class:is-failed=is_failed role="gridcell">
                        {figure}
                    </span>
                }
            })
            .collect_view()}
    }
}

fn cells(tree: &RunTree, aggregate: &Aggregate, at: PathIdx, state: AggregateState) -> Cells {
    let path = aggregate.path(at);
    let unit = state.unit.get();
    let name = match tree.name(path.first) {
        "" => "unnamed".to_owned(),
        name => name.chars().take(200).collect(),
    };
    let of_time = |ns: u64| duration(i64::try_from(ns).unwrap_or(i64::MAX));
    let share = (aggregate.weight(at, unit) as f64 / state.whole.get().max(1) as f64).min(1.0);
    let figures = [
        grouped(path.n_runs.into()),
        of_time(path.total_ns),
        of_time(path.self_ns),
        of_time(aggregate.percentile_ns(tree, at, 50)),
        of_time(aggregate.percentile_ns(tree, at, 95)),
        if path.n_tokens > 0 { tokens(path.n_tokens as i64) } else { NOTHING.into() },
        path.cost.map_or_else(|| NOTHING.into(), cost),
        if path.n_errors > 0 { grouped(path.n_errors.into()) } else { NOTHING.into() },
    ];
    let mut spoken = format!(
        "{} {name}, {} runs, total {}, {} of all {unit}, self {}",
        run_type_label(path.run_type),
        figures[0],
        figures[1],
        percent(share),
        figures[2],
    );
    for (label, figure) in [("tokens", &figures[5]), ("cost", &figures[6]), ("failed", &figures[7])] {
        if figure != NOTHING {
            spoken.push_str(&format!(", {label} {figure}"));
        }
    }
    Cells { name, run_type: path.run_type, depth: path.depth, has_errors: path.n_errors > 0, figures, share, spoken }
}
