//! The menu of what can be done with rows: how far they unfold, and what they leave out.

use crate::components::icon::{Icon, IconView};
use crate::components::menu::{Menu, MenuItem};
use crate::format::digits::grouped;
use crate::model::run_set::RunSet;
use crate::waterfall::Waterfall;
use crate::waterfall::collapse::Collapsed;
use crate::waterfall::keys::Command;
use leptos::prelude::*;

/// Names in the menu are cut to this.
const MOST_CHARS: usize = 40;

/// A button and its menu. What would change nothing is not in it.
#[component]
pub fn RowMenu(state: Waterfall) -> impl IntoView {
    let folding = state.folding;
    let item = |label: String, act: Callback<()>| MenuItem { label, is_danger: false, on_select: act };
    let command = move |label: String, command: Command| {
        let act = Callback::new(move |()| {
            state.carry_out(command);
            state.focus();
        });
        item(label, act)
    };
    let expand_all = Callback::new(move |()| {
        state.collapsed.set(Collapsed::none());
        let firsts = state.groups.with_untracked(|groups| groups.as_slice().iter().map(|group| group.first).collect());
        folding.open_groups.set(firsts);
        state.reveal_selected();
        state.focus();
    });
    let usual = Callback::new(move |()| {
        state.collapsed.set(folding.on_open.get_value());
        folding.open_groups.set(RunSet::default());
        state.reveal_selected();
        state.focus();
    });
    let items = Signal::derive(move || {
        let mut items = vec![
            item("Expand all".into(), expand_all),
            command("Collapse all".into(), Command::UnfoldLevels(1)),
            command("Unfold two levels".into(), Command::UnfoldLevels(2)),
            command("Unfold three levels".into(), Command::UnfoldLevels(3)),
            item("Fold as the trace opened".into(), usual),
        ];
        let selected = state.selected.get().filter(|&run| run != 0);
        if let Some(run) = selected {
            let name: String = state.tree.with(|tree| tree.name(run).chars().take(MOST_CHARS).collect());
            items.push(command(format!("Show only {name}"), Command::Solo));
            items.push(command(format!("Hide runs called {name}"), Command::HideName));
        }
        let left_out = state.selected.get().map(|run| (run, state.tree.with(|tree| tree.n_left_out(run))));
        if let Some((run, n_runs)) = left_out.filter(|&(_, n_runs)| n_runs > 0) {
            let load = Callback::new(move |()| state.ask_below(run));
            items.push(item(format!("Load {} runs left out here", grouped(n_runs.into())), load));
        }
        if folding.solo.get().is_some() {
            items.push(command("Show the whole trace".into(), Command::LeaveSolo));
        }
        if folding.hidden_names.with(|names| !names.is_empty()) {
            items.push(command("Show hidden names".into(), Command::ShowHiddenNames));
        }
        items
    });
    view! {
        <Menu label="Rows" items button_class="button">
            "Rows" <IconView icon=Icon::ChevronDown />
        </Menu>
    }
}
