//! Whether an element is on screen, or nearly: for what is fetched when the reader comes near it.

use crate::components::erased::effect;
use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Whether the element behind `node` is in view or within `margin` of it (as in CSS: `600px`). False until it is on
/// the page.
pub fn use_seen<E>(node: NodeRef<E>, margin: &'static str) -> ReadSignal<bool>
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<Element> + 'static,
{
    let is_seen = RwSignal::new(false);
    effect(move || {
        let element = node.get().map(|element| AsRef::<Element>::as_ref(&element).clone());
        watch(element, margin, is_seen);
    });
    is_seen.read_only()
}

fn watch(element: Option<Element>, margin: &str, is_seen: RwSignal<bool>) {
    let Some(element) = element else {
        is_seen.set(false);
        return;
    };
    let on_change = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        // Several changes may come at once: the last one holds.
        let newest = entries.iter().last().and_then(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok());
        let now = newest.is_some_and(|entry| entry.is_intersecting());
        if is_seen.try_get_untracked().is_some_and(|before| before != now) {
            is_seen.set(now);
        }
    });
    let init = IntersectionObserverInit::new();
    init.set_root_margin(margin);
    // A scroller clips what is in it before the margin of the window counts: the margin is the scroller's.
    if let Ok(Some(scroller)) = element.closest(".page-scroll") {
        init.set_root(Some(&scroller));
    }
    let observer = IntersectionObserver::new_with_options(on_change.as_ref().unchecked_ref(), &init);
    let Ok(observer) = observer else { return };
    observer.observe(&element);
    let kept = StoredValue::new_local((observer, on_change));
    on_cleanup(move || {
        kept.try_with_value(|(observer, _)| observer.disconnect());
    });
}
