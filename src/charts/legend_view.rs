//! The names of a chart's series with their colours: a click shows one alone, a click with Ctrl or ⌘ hides it.

use crate::charts::color::Color;
use crate::charts::legend::Legend;
use crate::components::erased::{Keyed, live};
use crate::format::visible::visible;
use leptos::prelude::*;
use web_sys::MouseEvent;

/// Shows `entries`: name, colour, and how strongly it is drawn.
#[component]
pub fn LegendView(entries: Memo<Vec<(String, Color, f64)>>, legend: RwSignal<Legend>) -> impl IntoView {
    let names = move || entries.with_untracked(|all| all.iter().map(|(name, ..)| name.clone()).collect::<Vec<_>>());
    view! {
        <ul class="plot-legend" aria-label="Series">
            <Keyed each=move || entries.get() key=|(name, color, _)| (name.clone(), *color) let:entry>
                {
                    let (name, color, _) = entry;
                    let (shown, clicked) = (name.clone(), name.clone());
                    let on_click = move |event: MouseEvent| {
                        let is_toggle = event.ctrl_key() || event.meta_key();
                        legend.update(|legend| match is_toggle {
                            true => legend.toggle(&clicked, &names()),
                            false => legend.isolate(&clicked, &names()),
                        });
                    };
                    view! {
                        <li>
                            <button
                                type="button"
                                class="plot-legend-entry"
                                title="Click: this one alone; with Ctrl or ⌘: hide or show it"
                                aria-pressed=live(move || legend.with(|legend| legend.is_shown(&shown)).to_string())
                                on:click=on_click
                            >
                                <span class=format!("plot-swatch is-{}", color.token()) aria-hidden="true"></span>
                                <bdi>{visible(&name).into_owned()}</bdi>
                            </button>
                        </li>
                    }
                }
            </Keyed>
        </ul>
    }
}
