//! A button that opens a menu of actions, moved through by arrow keys.

use super::popover::{Popover, PopoverPanel};
use crate::components::erased::{Keyed, effect, live};
use leptos::html;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlElement, KeyboardEvent};

/// One action of a [`Menu`].
#[derive(Clone)]
pub struct MenuItem {
    pub label: String,
    pub is_danger: bool,
    pub on_select: Callback<()>,
}

/// A menu of `items`. `label` names the button; its children are what the button shows.
#[component]
pub fn Menu(
    #[prop(into)] label: String,
    #[prop(into)] items: Signal<Vec<MenuItem>>,
    #[prop(default = "button is-quiet is-icon")] button_class: &'static str,
    children: Children,
) -> impl IntoView {
    let popover = Popover::new();
    let list = NodeRef::<html::Div>::new();
    effect(move || {
        // The list exists once the panel is open.
        if list.get().is_some() {
            focus_item(list, Step::First);
        }
    });
    let on_keydown = move |event: KeyboardEvent| {
        let step = match event.key().as_str() {
            "ArrowDown" => Step::By(1),
            "ArrowUp" => Step::By(-1),
            "Home" => Step::First,
            "End" => Step::Last,
            "Tab" => {
                popover.close();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        focus_item(list, step);
    };
    let menu_label = label.clone();
    view! {
        <button
            type="button"
            class=button_class
            node_ref=popover.button
            popovertarget=popover.id()
            aria-haspopup="menu"
            aria-expanded=live(move || popover.is_open().get().to_string())
            aria-label=label.clone()
            title=label
        >
            {children()}
        </button>
        <PopoverPanel popover is_end_aligned=true>
            <div class="menu" role="menu" aria-label=menu_label.clone() node_ref=list on:keydown=on_keydown>
                <Keyed each=move || items.get() key=|item| item.label.clone() let:item>
                    <button
                        type="button"
                        role="menuitem"
                        tabindex="-1"
                        class="menu-item"
                        class:is-danger=item.is_danger
                        on:click=move |_| {
                            popover.close();
                            item.on_select.run(());
                        }
                    >
                        {item.label.clone()}
                    </button>
                </Keyed>
            </div>
        </PopoverPanel>
    }
}

enum Step {
    First,
    Last,
    By(i32),
}

fn focus_item(list: NodeRef<html::Div>, step: Step) {
    let Some(list) = list.get_untracked() else { return };
    let items = list.children();
    let n_items = items.length() as i32;
    let focused = document().active_element();
    let current = (0..n_items).find(|&idx| items.item(idx as u32) == focused);
    let idx = match step {
        Step::First => 0,
        Step::Last => n_items - 1,
        Step::By(delta) => current.map_or(0, |current| (current + delta).rem_euclid(n_items.max(1))),
    };
    if let Some(item) = items.item(idx.max(0) as u32).and_then(|item| item.dyn_into::<HtmlElement>().ok()) {
        let _ = item.focus();
    }
}
