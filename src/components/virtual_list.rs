//! A grid of any length drawn by a few recycled rows, moved through by the keyboard.
//!
//! The caller gives the cells of a row; scrolling, slots, the row cursor and the focus are kept here. Rows have one
//! height, which the style sheet says in `--list-row-height`.

use super::element_size::use_element_size;
use super::virtual_rows::{self, Viewport};
use crate::components::erased::{Keyed, effect, live, memo};
use leptos::html;
use leptos::prelude::*;
use std::ops::Range;
use wasm_bindgen::JsCast;
use web_sys::{FocusOptions, HtmlElement, MouseEvent, ScrollIntoViewOptions, ScrollLogicalPosition};

/// The state of one list, made by its page so that it can move the list and remember where it was.
#[derive(Clone, Copy)]
pub struct ListState {
    pub scroller: NodeRef<html::Div>,
    /// The row that has, or had last, the focus.
    pub cursor: RwSignal<Option<usize>>,
    /// The column of the cell that has the focus, counted as `aria-colindex` does; `None` for the whole row.
    pub cell: RwSignal<Option<usize>>,
    /// As if all of the list could be scrolled.
    pub viewport: RwSignal<Viewport>,
    n_rows: RwSignal<usize>,
}

impl ListState {
    pub fn new() -> Self {
        Self {
            scroller: NodeRef::new(),
            cursor: RwSignal::new(None),
            cell: RwSignal::new(None),
            n_rows: RwSignal::new(0),
            viewport: RwSignal::new(Viewport { scroll_top_px: 0.0, height_px: 0.0, row_height_px: 32.0 }),
        }
    }

    /// Whether the first row is in view.
    pub fn is_at_top(&self) -> bool {
        self.viewport.with_untracked(|viewport| viewport.scroll_top_px < viewport.row_height_px)
    }

    pub fn scroll_to(&self, scroll_top_px: f64) {
        if let Some(scroller) = self.scroller.get_untracked() {
            let (viewport, n_rows) = (self.viewport.get_untracked(), self.n_rows.get_untracked());
            let capped_px = virtual_rows::capped_scroll_px(viewport, n_rows, scroll_top_px);
            scroller.set_scroll_top(capped_px.round() as i32);
            self.read_scroll();
        }
    }

    /// Moves the cursor to a row, brings it into view and gives it the focus.
    pub fn move_to(self, row_idx: usize) {
        self.scroll_to(virtual_rows::scroll_to_show(self.viewport.get_untracked(), row_idx));
        self.cursor.set(Some(row_idx));
        // The slot that will draw the row learns so in the next turn.
        request_animation_frame(move || self.focus_cursor());
    }

    /// Gives the focus to the cursor's row, or to its cell, if it is drawn, else to the list itself.
    pub fn focus_cursor(self) {
        let Some(Some(scroller)) = self.scroller.try_get_untracked() else { return };
        let row = self.cursor.get_untracked().and_then(|row_idx| {
            let mut selector = format!("[aria-rowindex='{}']", aria_row_index(row_idx));
            if let Some(cell) = self.cell.get_untracked() {
                selector.push_str(&format!(" > [aria-colindex='{cell}']"));
            }
            scroller.query_selector(&selector).ok()??.dyn_into::<HtmlElement>().ok()
        });
        if self.cell.get_untracked().is_some()
            && let Some(cell) = &row
        {
            let options = ScrollIntoViewOptions::new();
            options.set_block(ScrollLogicalPosition::Nearest);
            options.set_inline(ScrollLogicalPosition::Nearest);
            cell.scroll_into_view_with_scroll_into_view_options(&options);
        }
        let options = FocusOptions::new();
        options.set_prevent_scroll(true);
        let _ = row.as_ref().unwrap_or(&scroller).focus_with_options(&options);
    }

    /// Whether the keyboard focus is in the list.
    pub fn has_focus(&self) -> bool {
        let focused = document().active_element();
        self.scroller.get_untracked().is_some_and(|scroller| scroller.contains(focused.as_deref()))
    }

    fn read_scroll(&self) {
        if let Some(scroller) = self.scroller.get_untracked() {
            let (scroll_top_px, n_rows) = (f64::from(scroller.scroll_top()), self.n_rows.get_untracked());
            self.viewport.update(|viewport| {
                *viewport = virtual_rows::uncapped(Viewport { scroll_top_px, ..*viewport }, n_rows);
            });
        }
    }
}

impl Default for ListState {
    fn default() -> Self {
        Self::new()
    }
}

/// The header is row 1.
fn aria_row_index(row_idx: usize) -> usize {
    row_idx + 2
}

/// A list of `n_rows` rows named `label`.
#[component]
pub fn VirtualList(
    state: ListState,
    #[prop(into)] label: String,
    #[prop(into)] n_rows: Signal<usize>,
    /// The rows are not all known yet.
    #[prop(into)]
    is_open_ended: Signal<bool>,
    /// The header's cells, `role="columnheader"`.
    header: ViewFn,
    /// The cells of one slot, `role="gridcell"` and `aria-colindex`; the signal says which row the slot draws.
    cells: Callback<Memo<usize>, AnyView>,
    /// Whether a row is selected; read where signals are tracked.
    is_selected: Callback<usize, bool>,
    #[prop(into)] n_columns: Signal<usize>,
    /// A click, or a click of the middle button, on a row.
    on_click: Callback<(usize, MouseEvent)>,
    /// The drawn rows, whenever they change.
    on_range: Callback<Range<usize>>,
) -> impl IntoView {
    let size = use_element_size(state.scroller);
    let header_row = NodeRef::<html::Div>::new();
    effect(move || {
        let (size, scroller) = (size.get(), state.scroller.get());
        let Some(row_height_px) = scroller.as_deref().and_then(row_height_px) else { return };
        // The header stays on top of the rows.
        let header_height_px = header_row.get().map_or(0, |header| header.offset_height());
        state.viewport.update(|viewport| {
            viewport.height_px = (size.height_px - f64::from(header_height_px)).max(0.0);
            viewport.row_height_px = row_height_px;
        });
    });
    effect(move || state.n_rows.set(n_rows.get()));
    let n_slots = memo(move || state.viewport.with(|viewport| virtual_rows::n_slots(*viewport)));
    let range = memo(move || state.viewport.with(|viewport| virtual_rows::visible_rows(*viewport, n_rows.get())));
    effect(move || on_range.run(range.get()));
    effect(move || {
        // A row that is recycled while it has the focus would leave the reader on some other row.
        let is_drawn = state.cursor.get_untracked().is_some_and(|cursor| range.with(|range| range.contains(&cursor)));
        if state.has_focus() && (!is_drawn || is_focused(state.scroller)) {
            request_animation_frame(move || state.focus_cursor());
        }
    });
    let content_height = move || {
        let row_height_px = state.viewport.with(|viewport| viewport.row_height_px);
        format!("{}px", virtual_rows::content_height_px(n_rows.get(), row_height_px))
    };
    // Rows stand where the whole list would have them, moved by what the capped scroll area lacks.
    let shift_rows = memo(move || {
        let n_rows = n_rows.get();
        state.viewport.with(|viewport| {
            let capped_px = virtual_rows::capped_scroll_px(*viewport, n_rows, viewport.scroll_top_px);
            (viewport.scroll_top_px - capped_px) / viewport.row_height_px.max(1.0)
        })
    });
    // With the cursor out of sight the list itself can be tabbed to.
    let is_cursor_drawn = memo(move || state.cursor.get().is_some_and(|cursor| range.with(|it| it.contains(&cursor))));
    view! {
        <div
            class="virtual-list"
            role="grid"
            aria-label=label
            aria-multiselectable="true"
            aria-colcount=live(move || n_columns.get().to_string())
            aria-rowcount=live(move || if is_open_ended.get() { -1 } else { n_rows.get() as i32 + 1 })
            tabindex=live(move || if is_cursor_drawn.get() { "-1" } else { "0" })
            node_ref=state.scroller
            on:scroll=move |_| state.read_scroll()
        >
            <div class="virtual-list-header" role="row" aria-rowindex="1" node_ref=header_row>
                {header.run()}
            </div>
            <div class="virtual-list-rows" role="rowgroup" style:--list-height=live(content_height)>
                <Keyed each=move || 0..n_slots.get() key=|slot| *slot let:slot>
                    {
                        let row = memo(move || {
                            range.with(|range| virtual_rows::row_of_slot(slot, range.start, n_slots.get()))
                        });
                        let is_cursor = memo(move || state.cursor.get() == Some(row.get()));
                        view! {
                            <div
                                class="virtual-list-row"
                                class:is-current=is_cursor
                                role="row"
                                hidden=live(move || range.with(|range| !range.contains(&row.get())))
                                aria-rowindex=live(move || aria_row_index(row.get()).to_string())
                                aria-selected=live(move || is_selected.run(row.get()).to_string())
                                tabindex=live(move || if is_cursor.get() { "0" } else { "-1" })
                                style:--row=live(move || (row.get() as f64 - shift_rows.get()).to_string())
                                on:click=move |event| on_click.run((row.get_untracked(), event))
                                on:auxclick=move |event| on_click.run((row.get_untracked(), event))
                                on:focus=move |_| {
                                    state.cursor.set(Some(row.get_untracked()));
                                    state.cell.set(None);
                                }
                            >
                                {cells.run(row)}
                            </div>
                        }
                    }
                </Keyed>
            </div>
        </div>
    }
}

fn is_focused(scroller: NodeRef<html::Div>) -> bool {
    let focused = document().active_element();
    scroller.get_untracked().is_some_and(|scroller| scroller.is_same_node(focused.as_deref()))
}

/// What the style sheet says, in pixels.
fn row_height_px(scroller: &HtmlElement) -> Option<f64> {
    let style = window().get_computed_style(scroller).ok()??;
    let text = style.get_property_value("--list-row-height").ok()?;
    text.trim().strip_suffix("px")?.parse().ok()
}
