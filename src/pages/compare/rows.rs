//! The pairs as rows: what keyboards, screen readers and eyes read beside the bars.

use super::state::CompareState;
use crate::compare::Comparison;
use crate::compare::difference::Difference;
use crate::compare::measure::Change;
use crate::compare::row_text::PairText;
use crate::components::erased::{live, memo};
use crate::components::tree::{RowBadge, RowFocus, RowLabel, RowLook, RowSlot, RowSlots, TreeRow, TreeRows};
use crate::format::visible::visible;
use leptos::prelude::*;

/// The rows in sight.
#[component]
pub fn PairRowsView(state: CompareState) -> impl IntoView {
    let slots = RowSlots::new(
        Signal::derive(move || state.rows.with(|rows| rows.len())),
        Signal::derive(move || state.row_view()),
        memo(move || {
            let selected = state.selected.get()?;
            state.rows.with(|rows| rows.position_of_or_above(selected))
        }),
        Signal::stored(true),
    );
    let focus = RowFocus::new(state.focus_requests);
    let draw = Callback::new(move |at| view! { <PairRow state at focus /> }.into_any());
    view! { <TreeRows slots focus draw /> }
}

/// One recycled row.
#[component]
fn PairRow(state: CompareState, at: RowSlot, focus: RowFocus) -> impl IntoView {
    let text = memo(move || {
        let idx = state.rows.with(|rows| rows.pair_at(at.row.get()?))?;
        let (comparison, measure) = (state.comparison.get(), state.measure());
        state.folded.with(|folded| Some(PairText::new(&comparison, folded, measure, idx)))
    });
    let label = memo(move || {
        let comparison = state.comparison.get();
        text.with(|text| text.as_ref().map(|text| label_of(&comparison, text)))
    });
    let look = memo(move || {
        text.with(|text| {
            let Some(text) = text else { return RowLook::default() };
            RowLook {
                is_selected: state.selected.get() == Some(text.pair),
                is_hovered: state.hovered.get() == Some(text.pair),
                is_faded: state
                    .matches
                    .with(|matches| matches.as_ref().is_some_and(|matches| matches.binary_search(&text.pair).is_err())),
                has_error: text.has_error,
                class: match () {
                    _ if text.differences.contains(&Difference::OnlyA) => "is-only-a",
                    _ if text.differences.contains(&Difference::OnlyB) => "is-only-b",
                    _ => "",
                },
            }
        })
    });
    let cell = move |read: fn(&PairText) -> &String| {
        live(move || text.with(|text| text.as_ref().map(|text| read(text).clone())))
    };
    let change = memo(move || text.with(|text| text.as_ref().and_then(|text| text.change)));
    view! {
        <TreeRow at focus label look max_indent=Signal::derive(move || state.geometry.get().max_indent())>
            <span class="pair-row-a" role="gridcell">{cell(|text| &text.a)}</span>
            <span class="pair-row-b" role="gridcell">{cell(|text| &text.b)}</span>
            <span
                class="pair-row-delta"
                class:is-more=live(move || change.get() == Some(Change::More))
                class:is-less=live(move || change.get() == Some(Change::Less))
                role="gridcell"
            >
                {cell(|text| &text.delta)}
            </span>
            <span class="pair-row-output" role="gridcell">{cell(|text| &text.output)}</span>
        </TreeRow>
    }
}

fn label_of(comparison: &Comparison, text: &PairText) -> RowLabel {
    let is_judged = comparison.baseline().is_some();
    let badge = |&difference: &Difference| {
        let class = match difference {
            Difference::OnlyA => "is-difference is-only-a",
            Difference::OnlyB => "is-difference is-only-b",
            Difference::Outputs => "is-difference is-output",
            _ => "is-difference",
        };
        RowBadge::new(class, comparison.sentence(difference), comparison.word(difference))
    };
    let hidden = match (text.n_hidden, text.n_different_hidden) {
        (0, _) => None,
        (n, 0) if is_judged => Some(format!("{n} as usual")),
        (n, different) if is_judged => Some(format!("{different} of {n} unusual")),
        (n, 0) => Some(format!("{n} equal")),
        (n, different) => Some(format!("{different} of {n} differ")),
    };
    let badges = text.differences.iter().map(badge);
    RowLabel {
        run_type: Some(text.run_type),
        name: visible(&text.name).into_owned(),
        aside: visible(&text.model).into_owned(),
        badges: badges.chain(hidden.map(|hidden| RowBadge::new("is-note", "", hidden))).collect(),
        depth: text.depth,
        position: text.position,
        n_siblings: text.n_siblings,
        is_expanded: text.is_expanded,
        spoken: text.spoken.clone(),
    }
}
