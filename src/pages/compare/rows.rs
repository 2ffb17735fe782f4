//! The pairs as a treegrid of recycled rows: what keyboards, screen readers and eyes read beside the bars.

use super::state::CompareState;
use crate::compare::difference::Difference;
use crate::compare::measure::Change;
use crate::compare::row_text::PairText;
use crate::components::erased::{Keyed, dynamic, effect, live, memo};
use crate::format::run_type::run_type_letter;
use crate::format::visible::visible;
use crate::waterfall::slots::{SPARE_SLOTS, assign};
use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;

/// Rows kept mounted above and below those in sight.
const OVERSCAN_ROWS: usize = (SPARE_SLOTS - 2) / 2;
/// Rows are placed relative to the start of a block of so many: browsers place far pixels imprecisely.
const BLOCK_ROWS: usize = 4096;

/// The rows in sight.
#[component]
pub fn PairRowsView(state: CompareState) -> impl IntoView {
    let n_slots = memo(move || {
        let geometry = state.geometry.get();
        (geometry.height_px / geometry.row_height_px.max(1.0)).ceil() as usize + 1 + SPARE_SLOTS
    });
    let active_row = memo(move || {
        let selected = state.selected.get()?;
        state.rows.with(|rows| rows.position_of_or_above(selected))
    });
    let slots = Memo::new(move |now: Option<&Vec<Option<usize>>>| {
        let n_rows = state.rows.with(|rows| rows.len());
        let shown = state.row_view().shown(n_rows);
        let mounted = shown.start.saturating_sub(OVERSCAN_ROWS)..(shown.end + OVERSCAN_ROWS).min(n_rows);
        assign(now.map_or(&[], Vec::as_slice), n_slots.get(), mounted, active_row.get())
    });
    let block_start = memo(move || state.row_view().shown(usize::MAX).start / BLOCK_ROWS * BLOCK_ROWS);
    let offset = move || {
        let row_height_px = state.geometry.get().row_height_px;
        format!("translateY({}px)", block_start.get() as f64 * row_height_px - state.scroll_top_px.get())
    };
    view! {
        <div class="pair-rows" role="rowgroup" style:transform=live(offset)>
            <Keyed each=move || 0..n_slots.get() key=|slot| *slot let:slot>
                <PairRow
                    state
                    row=Signal::derive(move || slots.with(|slots| slots.get(slot).copied().flatten()))
                    active_row
                    block_start
                />
            </Keyed>
        </div>
    }
}

/// One recycled row.
#[component]
fn PairRow(
    state: CompareState,
    #[prop(into)] row: Signal<Option<usize>>,
    active_row: Memo<Option<usize>>,
    block_start: Memo<usize>,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let row = memo(move || row.get());
    let text = memo(move || {
        let idx = state.rows.with(|rows| rows.pair_at(row.get()?))?;
        let (comparison, measure) = (state.comparison.get(), state.measure());
        state.folded.with(|folded| Some(PairText::new(&comparison, folded, measure, idx)))
    });
    let of_text = move |read: fn(&PairText) -> String| memo(move || text.with(|text| text.as_ref().map(read)));
    let pair = memo(move || text.with(|text| text.as_ref().map(|text| text.pair)));
    let is_active = memo(move || row.get().is_some() && row.get() == active_row.get());
    let is_selected = move || pair.get().is_some() && pair.get() == state.selected.get();
    let differs =
        move |which: Difference| text.with(|text| text.as_ref().is_some_and(|text| text.differences.contains(&which)));
    let y = move || {
        let row_height_px = state.geometry.get().row_height_px;
        let row = row.get().unwrap_or(0) as f64 - block_start.get() as f64;
        format!("{}px", row * row_height_px)
    };
    keep_focus(state, element, is_active);

    // Leptos knows no `aria-level`.
    let level = custom_attribute("aria-level", of_text(|text| (text.depth + 1).to_string()));
    let position = of_text(|text| text.position.to_string());
    let n_siblings = of_text(|text| text.n_siblings.to_string());
    let expanded = memo(move || {
        text.with(|text| text.as_ref().and_then(|text| text.is_expanded)).map(|it| if it { "true" } else { "false" })
    });
    let run_type = memo(move || text.with(|text| text.as_ref().map(|text| text.run_type)));
    let indent = memo(move || {
        let depth = text.with(|text| text.as_ref().map_or(0, |text| text.depth));
        let indent = depth.min(state.geometry.get().max_indent());
        (indent, depth - indent)
    });
    let badges = memo(move || text.with(|text| text.as_ref().map(Badges::of)));
    let change = memo(move || text.with(|text| text.as_ref().and_then(|text| text.change)));
    view! {
        <div
            node_ref=element
            class="pair-row"
            class:is-selected=live(is_selected)
            class:is-hovered=live(move || pair.get().is_some() && pair.get() == state.hovered.get())
            class:is-only-a=live(move || differs(Difference::OnlyA))
            class:is-only-b=live(move || differs(Difference::OnlyB))
            class:has-error=live(move || text.with(|text| text.as_ref().is_some_and(|text| text.has_error)))
            hidden=live(move || row.get().is_none())
            role="row"
            tabindex=live(move || if is_active.get() { "0" } else { "-1" })
            aria-label=of_text(|text| text.spoken.clone())
            aria-rowindex=live(move || row.get().map(|row| (row + 1).to_string()))
            {..level}
            aria-posinset=position
            aria-setsize=n_siblings
            aria-expanded=expanded
            aria-selected=live(move || if is_selected() { "true" } else { "false" })
            style:--row-y=live(y)
            style:--row-depth=live(move || indent.get().0.to_string())
        >
            <span class="pair-row-name" role="gridcell">
                <span class="pair-row-twist" aria-hidden="true"></span>
                {dynamic(move || {
                    run_type.get().map(|run_type| {
                        view! {
                            <span class=format!("run-type-glyph is-{run_type}") aria-hidden="true">
                                {run_type_letter(run_type)}
                            </span>
                        }
                    })
                })}
                <bdi class="pair-row-text">{of_text(|text| visible(&text.name).into_owned())}</bdi>
                <bdi class="pair-row-model">{of_text(|text| visible(&text.model).into_owned())}</bdi>
                {dynamic(move || badges.get().map(|badges| badges.view(indent.get().1)))}
            </span>
            <span class="pair-row-a" role="gridcell">{of_text(|text| text.a.clone())}</span>
            <span class="pair-row-b" role="gridcell">{of_text(|text| text.b.clone())}</span>
            <span
                class="pair-row-delta"
                class:is-more=live(move || change.get() == Some(Change::More))
                class:is-less=live(move || change.get() == Some(Change::Less))
                role="gridcell"
            >
                {of_text(|text| text.delta.clone())}
            </span>
            <span class="pair-row-output" role="gridcell">{of_text(|text| text.output.clone())}</span>
        </div>
    }
}

/// Focus follows the active row from slot to slot, but only while the tree has it.
fn keep_focus(state: CompareState, element: NodeRef<Div>, is_active: Memo<bool>) {
    let seen_requests = StoredValue::new(state.focus_requests.get_untracked());
    effect(move || {
        let requests = state.focus_requests.get();
        let is_asked = seen_requests.get_value() != requests;
        seen_requests.set_value(requests);
        let Some(element) = element.get() else { return };
        if !is_active.get() {
            return;
        }
        let focused = document().active_element();
        let is_in_tree = focused.is_some_and(|focused| {
            focused.closest(".pair-row").is_ok_and(|row| row.is_some_and(|row| !row.is_same_node(Some(&element))))
        });
        if is_asked || is_in_tree {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = element.focus_with_options(&options);
        }
    });
}

/// What stands behind a name.
#[derive(Clone, PartialEq)]
struct Badges {
    differences: Vec<Difference>,
    n_hidden: u32,
    n_different_hidden: u32,
}

impl Badges {
    fn of(text: &PairText) -> Self {
        let PairText { differences, n_hidden, n_different_hidden, .. } = text;
        Badges { differences: differences.clone(), n_hidden: *n_hidden, n_different_hidden: *n_different_hidden }
    }

    fn view(self, n_levels_more: u32) -> impl IntoView {
        let badge = |difference: Difference| {
            let side = match difference {
                Difference::OnlyA => "pair-row-badge is-only-a",
                Difference::OnlyB => "pair-row-badge is-only-b",
                // A column says how alike outputs are, where there is room for it.
                Difference::Outputs => "pair-row-badge is-output",
                _ => "pair-row-badge",
            };
            view! { <span class=side title=difference.sentence()>{difference.word()}</span> }.into_any()
        };
        let hidden = match (self.n_hidden, self.n_different_hidden) {
            (0, _) => None,
            (n, 0) => Some(format!("{n} equal")),
            (n, different) => Some(format!("{different} of {n} differ")),
        };
        (
            (n_levels_more > 0).then(|| view! { <span class="pair-row-note">{format!("+{n_levels_more}")}</span> }),
            self.differences.into_iter().map(badge).collect_view(),
            hidden.map(|hidden| view! { <span class="pair-row-note">{hidden}</span> }),
        )
    }
}
