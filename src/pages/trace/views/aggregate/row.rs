//! One row of the table: a path, how often and how long it ran, and how much of the trace that is.

use super::state::AggregateState;
use crate::aggregate::rows::PathRow;
use crate::aggregate::{Aggregate, PathIdx};
use crate::components::erased::{dynamic, live, memo};
use crate::components::tree::{RowFocus, RowLabel, RowLook, RowSlot, TreeRow};
use crate::format::NOTHING;
use crate::format::cost::cost;
use crate::format::digits::{grouped, percent};
use crate::format::duration::duration;
use crate::format::run_type::run_type_label;
use crate::format::tokens::tokens;
use crate::model::RunTree;
use leptos::prelude::*;

/// Deeper levels stand as far right as this one.
const MAX_INDENT: u32 = 12;

/// What the cells say, in the order of the columns after the name.
#[derive(Clone, PartialEq)]
struct Cells {
    name: String,
    run_type: fanlight_wire::RunType,
    depth: u32,
    figures: [String; N_FIGURES],
    has_errors: bool,
    /// Of everything, in the unit that is on.
    share: f64,
    spoken: String,
}

const N_FIGURES: usize = 8;
/// The figure that counts failed runs.
const FAILED: usize = 7;

/// One recycled row.
#[component]
pub fn PathRowView(state: AggregateState, at: RowSlot, focus: RowFocus) -> impl IntoView {
    let row = memo(move || state.rows.with(|rows| rows.get(at.row.get()?)));
    let cells = memo(move || {
        let PathRow { path, .. } = row.get()?;
        let aggregate = state.aggregate.get();
        let tree = state.waterfall.tree.get();
        ((path as usize) < aggregate.len()).then(|| cells(&tree, &aggregate, path, state))
    });
    let label = memo(move || {
        let row = row.get()?;
        cells.with(|cells| {
            let Cells { name, run_type, depth, spoken, .. } = cells.as_ref()?;
            Some(RowLabel {
                run_type: Some(*run_type),
                name: name.clone(),
                depth: *depth,
                position: row.position,
                n_siblings: row.n_siblings,
                is_expanded: row.is_expanded,
                spoken: spoken.clone(),
                ..RowLabel::default()
            })
        })
    });
    let look = memo(move || {
        let Some(PathRow { path, .. }) = row.get() else { return RowLook::default() };
        RowLook {
            is_selected: state.selected.get() == Some(path),
            is_faded: state.matching.with(|matching| matching.as_ref().is_some_and(|found| !found.contains(&path))),
            ..RowLook::default()
        }
    });
    let bar = move || {
        cells.with(|cells| {
            let Cells { run_type, share, .. } = cells.as_ref()?;
            Some(view! {
                <span class=format!("path-bar is-{run_type}") aria-hidden="true" style:--share=format!("{share:.4}")></span>
            })
        })
    };
    let figure = move |idx: usize| {
        let words = live(move || cells.with(|cells| cells.as_ref().map(|cells| cells.figures[idx].clone())));
        let is_failed =
            live(move || idx == FAILED && cells.with(|cells| cells.as_ref().is_some_and(|it| it.has_errors)));
        view! {
            <span class="path-cell" class:is-failed=is_failed role="gridcell">
                {words}
            </span>
        }
        .into_any()
    };
    view! {
        <TreeRow at focus label look max_indent=Signal::stored(MAX_INDENT) behind_name=dynamic(bar)>
            {(0..N_FIGURES).map(figure).collect_view()}
        </TreeRow>
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
