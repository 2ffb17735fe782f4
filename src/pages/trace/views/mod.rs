//! The views of a trace below the toolbar, one at a time: the address says which.
//!
//! All of them show one [`Waterfall`] state: what is selected, searched for and zoomed to stays when the view changes.
//! Each view but the tree is a part of its own, fetched when it is first shown.

mod aggregate;
mod choice;
mod graph;
mod lanes;
mod messages;
mod run_list;
mod switch;

use crate::components::part::{fetch_ahead, part};
use crate::components::skeleton::RowsSkeleton;
use crate::trace_view::{ViewKind, XUnit};
use crate::waterfall::Waterfall;
use leptos::prelude::*;

pub use choice::{ViewCommands, use_unit, use_view};
pub use switch::ViewBar;

/// What every view is given.
#[derive(Clone, Copy)]
pub struct ViewProps {
    pub state: Waterfall,
    pub unit: Memo<XUnit>,
    pub on_unit: Callback<XUnit>,
    /// Enter on a run: the reader wants its details.
    pub on_details: Callback<()>,
    /// A run was clicked or tapped.
    pub on_pick: Callback<()>,
}

/// The view named `kind`; `tree` draws the tree, which is part of the page.
pub fn view_of(kind: ViewKind, tree: &ViewFn, props: ViewProps) -> AnyView {
    let waiting = || view! { <RowsSkeleton n_rows=12 /> };
    match kind {
        ViewKind::Tree => tree.run(),
        ViewKind::Lanes => part(lanes::fetch, move || lanes::lanes(props), waiting),
        ViewKind::Aggregate => part(aggregate::fetch, move || aggregate::aggregate(props), waiting),
        ViewKind::Graph => part(graph::fetch, move || graph::graph(props), waiting),
        ViewKind::Messages => part(messages::fetch, move || messages::messages(props), waiting),
    }
}

/// Fetches the code of a view that the reader may be about to show.
pub fn fetch_view(kind: ViewKind) {
    match kind {
        ViewKind::Tree => {}
        ViewKind::Lanes => fetch_ahead(lanes::fetch()),
        ViewKind::Aggregate => fetch_ahead(aggregate::fetch()),
        ViewKind::Graph => fetch_ahead(graph::fetch()),
        ViewKind::Messages => fetch_ahead(messages::fetch()),
    }
}
