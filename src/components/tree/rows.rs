//! The rows in sight as a fixed set of recycled elements: what leaves the screen shows what comes.
//!
//! Elements never move in the page: one that did would lose the keyboard's focus.

use super::focus::RowFocus;
use crate::components::erased::{Keyed, live, memo};
use crate::waterfall::row_view::RowView;
use crate::waterfall::slots::{SPARE_SLOTS, assign};
use leptos::ev::FocusEvent;
use leptos::prelude::*;

/// Rows kept mounted above and below those in sight.
const OVERSCAN_ROWS: usize = (SPARE_SLOTS - 2) / 2;
/// Rows are placed relative to the start of a block of so many: browsers place far pixels imprecisely.
const BLOCK_ROWS: usize = 4096;

/// Which element shows which row. Copy it freely.
#[derive(Clone, Copy)]
pub struct RowSlots {
    view: Signal<RowView>,
    active: Memo<Option<usize>>,
    n_slots: Memo<usize>,
    slots: Memo<Vec<Option<usize>>>,
    block_start: Memo<usize>,
    /// `aria-rowindex` of the first row.
    first_index: usize,
}

impl RowSlots {
    /// `active` is the row that the keyboard is at: it stays mounted, however far away. It is the only one while rows are
    /// too low to be read (`has_names` is false).
    pub fn new(
        n_rows: Signal<usize>,
        view: Signal<RowView>,
        active: Memo<Option<usize>>,
        has_names: Signal<bool>,
    ) -> Self {
        let n_slots = memo(move || {
            let view = view.get();
            let n_in_sight = (view.height_px / view.row_height_px.max(1.0)).ceil() as usize;
            if has_names.get() { n_in_sight + 1 + SPARE_SLOTS } else { 1 }
        });
        let slots = Memo::new(move |now: Option<&Vec<Option<usize>>>| {
            let n_rows = n_rows.get();
            let shown = if has_names.get() { view.get().shown(n_rows) } else { 0..0 };
            let mounted = match shown.is_empty() {
                true => 0..0,
                false => shown.start.saturating_sub(OVERSCAN_ROWS)..(shown.end + OVERSCAN_ROWS).min(n_rows),
            };
            let active = active.get().filter(|&row| row < n_rows);
            assign(now.map_or(&[], Vec::as_slice), n_slots.get(), mounted, active)
        });
        let block_start = memo(move || view.get().shown(usize::MAX).start / BLOCK_ROWS * BLOCK_ROWS);
        RowSlots { view, active, n_slots, slots, block_start, first_index: 1 }
    }

    /// The same below a row of headings.
    pub fn below_headings(self) -> Self {
        RowSlots { first_index: 2, ..self }
    }

    fn slot(self, slot: usize) -> RowSlot {
        let row = memo(move || self.slots.with(|slots| slots.get(slot).copied().flatten()));
        let y = Signal::derive(move || {
            let row = row.get().unwrap_or(0) as f64 - self.block_start.get() as f64;
            format!("{}px", row * self.view.get().row_height_px)
        });
        let is_active = memo(move || row.get().is_some() && row.get() == self.active.get());
        RowSlot { row, is_active, y, first_index: self.first_index }
    }
}

/// One of the elements. Copy it freely.
#[derive(Clone, Copy)]
pub struct RowSlot {
    /// The row that it shows; `None`: it is hidden.
    pub row: Memo<Option<usize>>,
    /// The keyboard is at its row.
    pub is_active: Memo<bool>,
    /// Where the row stands, as a length in CSS.
    pub y: Signal<String>,
    first_index: usize,
}

impl RowSlot {
    /// For `aria-rowindex`.
    pub fn index(&self) -> Option<usize> {
        self.row.get().map(|row| row + self.first_index)
    }
}

/// The rows in sight, each drawn by `draw`.
#[component]
pub fn TreeRows(slots: RowSlots, focus: RowFocus, draw: Callback<RowSlot, AnyView>) -> impl IntoView {
    let offset = move || {
        let view = slots.view.get();
        format!("translateY({}px)", slots.block_start.get() as f64 * view.row_height_px - view.scroll_top_px)
    };
    view! {
        <div
            class="tree-rows"
            role="rowgroup"
            style:transform=live(offset)
            on:focusin=move |_| focus.on_focus_in()
            on:focusout=move |event: FocusEvent| focus.on_focus_out(&event)
        >
            <Keyed each=move || 0..slots.n_slots.get() key=|slot| *slot let:slot>
                {draw.run(slots.slot(slot))}
            </Keyed>
        </div>
    }
}
