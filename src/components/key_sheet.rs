//! The sheet behind `?`: every key that works on the screen, from the tables that bind them.

use super::dialog::Dialog;
use super::keyboard::is_mac;
use crate::components::erased::dynamic;
use crate::keys::{KeyGroup, caps};
use leptos::prelude::*;

/// The groups that the screen offers, in the order in which its parts registered them. From context.
#[derive(Clone, Copy)]
pub struct KeySheet {
    pub is_open: RwSignal<bool>,
    groups: RwSignal<Vec<(u64, KeyGroup)>>,
    n_added: StoredValue<u64>,
}

impl KeySheet {
    /// Provides the sheet. Called once, by the application.
    pub fn provide() -> Self {
        let sheet =
            KeySheet { is_open: RwSignal::new(false), groups: RwSignal::new(Vec::new()), n_added: StoredValue::new(0) };
        provide_context(sheet);
        sheet
    }

    fn add(&self, group: KeyGroup) {
        let id = self.n_added.get_value();
        self.n_added.set_value(id + 1);
        self.groups.update(|groups| groups.push((id, group)));
        let groups = self.groups;
        on_cleanup(move || {
            groups.try_update(|groups| groups.retain(|(other, _)| *other != id));
        });
    }
}

/// Lists `group` on the sheet for as long as the current owner (a page, usually) lives.
pub fn use_key_help(group: KeyGroup) {
    expect_context::<KeySheet>().add(group);
}

/// The dialog itself. Once per page, in the shell.
#[component]
pub fn KeySheetDialog() -> impl IntoView {
    let sheet: KeySheet = expect_context();
    view! {
        <Dialog is_open=sheet.is_open title="Keyboard shortcuts" is_wide=true>
            <div class="key-sheet">
                {dynamic(move || sheet.groups.get().into_iter().map(|(_, group)| key_group(group)).collect_view())}
            </div>
        </Dialog>
    }
}

fn key_group(group: KeyGroup) -> impl IntoView {
    let is_mac = is_mac();
    let chord_view = move |chord: &str| {
        let caps = caps(chord, is_mac).into_iter().map(|cap| view! { <kbd>{cap}</kbd> }).collect_view();
        view! { <span class="key-sheet-chord">{caps}</span> }
    };
    view! {
        <section class="key-sheet-group">
            <h3>{group.title}</h3>
            <dl>
                {group
                    .keys
                    .into_iter()
                    .map(|help| {
                        view! {
                            <div class="key-sheet-line">
                                <dt>{help.label}</dt>
                                <dd>{help.chords.iter().map(|chord| chord_view(chord)).collect_view()}</dd>
                            </div>
                        }
                    })
                    .collect_view()}
            </dl>
        </section>
    }
}
