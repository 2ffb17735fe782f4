//! The tree as a treegrid of recycled rows: what keyboards, screen readers and eyes read beside the bars.

use super::keys::TREE_KEYS;
use super::row_text::{RowSource, RowText};
use super::slots::{SPARE_SLOTS, assign};
use super::state::Waterfall;
use crate::components::erased::{Keyed, dynamic, effect, live, memo};
use crate::components::keyboard::action;
use crate::format::digits::grouped;
use crate::format::run_type::run_type_letter;
use leptos::ev::KeyboardEvent;
use leptos::html::Div;
use leptos::prelude::*;
use leptos::tachys::html::attribute::custom::custom_attribute;

/// Rows kept mounted above and below those in sight.
const OVERSCAN_ROWS: usize = (SPARE_SLOTS - 2) / 2;
/// Rows are placed relative to the start of a block of so many: browsers place far pixels imprecisely.
const BLOCK_ROWS: usize = 4096;

/// The rows in sight. `on_command` gets the keys that are not the tree's own.
#[component]
pub fn RunRows(state: Waterfall) -> impl IntoView {
    let n_slots = memo(move || {
        let geometry = state.geometry.get();
        if !geometry.has_names() {
            return 1;
        }
        (geometry.height_px / geometry.row_height_px.max(1.0)).ceil() as usize + 1 + SPARE_SLOTS
    });
    let active_row = memo(move || state.active_row());
    let slots = Memo::new(move |now: Option<&Vec<Option<usize>>>| {
        let n_rows = state.rows.with(|rows| rows.len());
        let shown = state.row_view().shown(n_rows);
        if !state.geometry.get().has_names() {
            // Rows too low to read: only the one that the keyboard is at.
            return assign(now.map_or(&[], Vec::as_slice), 1, 0..0, active_row.get());
        }
        let mounted = shown.start.saturating_sub(OVERSCAN_ROWS)..(shown.end + OVERSCAN_ROWS).min(n_rows);
        assign(now.map_or(&[], Vec::as_slice), n_slots.get(), mounted, active_row.get())
    });
    let block_start = memo(move || state.row_view().shown(usize::MAX).start / BLOCK_ROWS * BLOCK_ROWS);
    let offset = move || {
        let row_height_px = state.geometry.get().row_height_px;
        format!("translateY({}px)", block_start.get() as f64 * row_height_px - state.scroll_top_px.get())
    };
    view! {
        <div class="run-rows" role="rowgroup" style:transform=live(offset)>
            <Keyed each=move || 0..n_slots.get() key=|slot| *slot let:slot>
                <RunRow
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
fn RunRow(
    state: Waterfall,
    #[prop(into)] row: Signal<Option<usize>>,
    active_row: Memo<Option<usize>>,
    block_start: Memo<usize>,
) -> impl IntoView {
    let element = NodeRef::<Div>::new();
    let row = memo(move || row.get());
    let text = memo(move || {
        let (critical_path, tree) = (state.critical_path.get(), state.tree.get());
        let (rows, collapsed) = (state.rows.read(), state.collapsed.read());
        let kind = rows.row_at(row.get()?)?;
        let critical_path = critical_path.as_deref();
        let source = RowSource { tree: &tree, rows: &rows, collapsed: &collapsed, critical_path, now_ns: 0 };
        Some(RowText::new(&source, kind))
    });
    let of_text = move |read: fn(&RowText) -> String| memo(move || text.with(|text| text.as_ref().map(read)));
    let run = memo(move || text.with(|text| text.as_ref().and_then(|text| text.run)));
    let is_active = memo(move || row.get().is_some() && row.get() == active_row.get());
    let is_selected = move || run.get().is_some() && run.get() == state.selected.get();
    let is_faded = move || {
        let Some(run) = run.get() else { return false };
        state.matches.with(|matches| matches.as_ref().is_some_and(|matches| matches.binary_search(&run).is_err()))
    };
    let y = move || {
        let row_height_px = state.geometry.get().row_height_px;
        let row = row.get().unwrap_or(0) as f64 - block_start.get() as f64;
        format!("{}px", row * row_height_px)
    };

    // Focus follows the active row from slot to slot, but only while the tree has it.
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
            focused.closest(".run-row").is_ok_and(|row| row.is_some_and(|row| !row.is_same_node(Some(&element))))
        });
        if is_asked || is_in_tree {
            let options = web_sys::FocusOptions::new();
            options.set_prevent_scroll(true);
            let _ = element.focus_with_options(&options);
        }
    });

    // Leptos knows no `aria-level`.
    let level = custom_attribute("aria-level", of_text(|text| (text.depth + 1).to_string()));
    let position = of_text(|text| text.position.to_string());
    let n_siblings = of_text(|text| text.n_siblings.to_string());
    let expanded = memo(move || {
        text.with(|text| text.as_ref().and_then(|text| text.is_expanded)).map(|it| if it { "true" } else { "false" })
    });
    let glyph = memo(move || text.with(|text| text.as_ref().and_then(|text| text.run_type)));
    let has_error = memo(move || text.with(|text| text.as_ref().is_some_and(|text| text.has_error)));
    let is_group =
        memo(move || text.with(|text| text.as_ref().is_some_and(|text| text.run.is_none() && text.run_type.is_some())));
    let is_gap =
        memo(move || text.with(|text| text.as_ref().is_some_and(|text| text.run.is_none() && text.run_type.is_none())));
    let indent = memo(move || {
        let depth = text.with(|text| text.as_ref().map_or(0, |text| text.depth));
        let indent = depth.min(state.geometry.get().max_indent());
        (indent, depth - indent)
    });
    let badges = memo(move || {
        text.with(|text| {
            text.as_ref().map(|text| Badges {
                n_members: if text.run_type.is_some() { text.n_members } else { 0 },
                n_hidden: text.n_hidden,
                n_errors: text.n_errors,
                n_running: text.n_running,
                n_feedback: text.n_feedback,
            })
        })
    });
    view! {
        <div
            node_ref=element
            class="run-row"
            class:is-selected=live(is_selected)
            class:is-hovered=live(move || run.get().is_some() && run.get() == state.hovered.get())
            class:is-faded=live(is_faded)
            class:has-error=has_error
            class:is-group=is_group
            class:is-gap=is_gap
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
            <span class="run-row-name" role="gridcell">
                <span class="run-row-twist" aria-hidden="true"></span>
                {dynamic(move || {
                    glyph.get().map(|run_type| {
                        view! {
                            <span class=format!("run-type-glyph is-{run_type}") aria-hidden="true">
                                {run_type_letter(run_type)}
                            </span>
                        }
                    })
                })}
                <bdi class="run-row-text">{of_text(|text| text.name.clone())}</bdi>
                <bdi class="run-row-model">{of_text(|text| text.aside.clone())}</bdi>
                {dynamic(move || badges.get().map(|badges| badge_views(indent.get().1, badges)))}
            </span>
            <span class="visually-hidden" role="gridcell">{of_text(|text| text.start.clone())}</span>
            <span class="visually-hidden" role="gridcell">{of_text(|text| text.duration.clone())}</span>
            <span class="run-row-tokens" role="gridcell">{of_text(|text| text.tokens.clone())}</span>
            <span class="run-row-cost" role="gridcell">{of_text(|text| text.cost.clone())}</span>
        </div>
    }
}

/// Counts beside a name; 0 shows nothing.
#[derive(Clone, Copy, PartialEq, Eq)]
struct Badges {
    n_members: u32,
    n_hidden: u32,
    n_errors: usize,
    n_running: usize,
    n_feedback: u16,
}

fn badge_views(n_levels_more: u32, badges: Badges) -> impl IntoView {
    let Badges { n_members, n_hidden, n_errors, n_running, n_feedback } = badges;
    let badge = |is_shown: bool, class: &'static str, title: &'static str, text: String| {
        is_shown.then(|| view! { <span class=format!("run-row-badge {class}") title=title>{text}</span> })
    };
    [
        badge(n_levels_more > 0, "", "Levels that are not indented", format!("+{n_levels_more}")),
        badge(n_members > 0, "is-members", "Equal runs in this row", format!("×{}", grouped(n_members.into()))),
        badge(n_hidden > 0, "", "Runs folded away", grouped(n_hidden.into())),
        badge(n_errors > 0, "is-error", "", format!("{} failed", grouped(n_errors as i64))),
        badge(n_running > 0, "", "", format!("{} running", grouped(n_running as i64))),
        badge(n_feedback > 0, "is-feedback", "Feedback", n_feedback.to_string()),
    ]
    .into_iter()
    .flatten()
    .collect_view()
}

/// Carries out the tree's own keys. To be called for key presses inside the rows.
pub fn on_tree_key(state: Waterfall, event: &KeyboardEvent, on_details: Callback<()>) {
    let Some(command) = action(TREE_KEYS, event) else { return };
    event.prevent_default();
    event.stop_propagation();
    if !state.carry_out(command) {
        on_details.run(());
    }
}
