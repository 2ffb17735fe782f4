//! The size of an element, kept up to date.

use crate::components::erased::effect;
use leptos::html::ElementType;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{Element, ResizeObserver};

/// Inner size in CSS pixels, scroll bars left out.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Size {
    pub width_px: f64,
    pub height_px: f64,
}

/// The size of the element behind `node`; zero until it is on the page.
pub fn use_element_size<E>(node: NodeRef<E>) -> ReadSignal<Size>
where
    E: ElementType,
    E::Output: JsCast + Clone + AsRef<Element> + 'static,
{
    let size = RwSignal::new(Size::default());
    effect(move || {
        let Some(element) = node.get() else { return };
        let element: Element = AsRef::<Element>::as_ref(&element).clone();
        let measured = element.clone();
        let measure = move || {
            let now = Size { width_px: measured.client_width().into(), height_px: measured.client_height().into() };
            if size.try_get_untracked().is_some_and(|before| before != now) {
                size.set(now);
            }
        };
        measure();
        let on_resize = Closure::<dyn FnMut()>::new(measure);
        let Ok(observer) = ResizeObserver::new(on_resize.as_ref().unchecked_ref()) else { return };
        observer.observe(&element);
        let kept = StoredValue::new_local((observer, on_resize));
        on_cleanup(move || {
            kept.try_with_value(|(observer, _)| observer.disconnect());
        });
    });
    size.read_only()
}
