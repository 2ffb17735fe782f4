//! What the browser says about the screen: pixel density and media queries, as signals.

use crate::components::erased::effect;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

/// Device pixels per CSS pixel; changes with the browser's zoom and when the window moves to another screen.
pub fn use_device_pixel_ratio() -> Signal<f64> {
    let ratio = RwSignal::new(window().device_pixel_ratio());
    let listening = StoredValue::new_local(None::<(web_sys::MediaQueryList, Closure<dyn FnMut(JsValue)>)>);
    // A media query knows one density: after each change the next one is asked for.
    effect(move || {
        let query = format!("(resolution: {}dppx)", ratio.get());
        let Ok(Some(media)) = window().match_media(&query) else { return };
        let on_change = Closure::new(move |_| {
            ratio.try_set(window().device_pixel_ratio());
        });
        media.set_onchange(Some(on_change.as_ref().unchecked_ref()));
        if let Some((old, _)) = listening.try_update_value(|it| it.replace((media, on_change))).flatten() {
            old.set_onchange(None);
        }
    });
    on_cleanup(move || {
        if let Some((media, _)) = listening.try_update_value(Option::take).flatten() {
            media.set_onchange(None);
        }
    });
    ratio.into()
}

/// Whether a media query holds now and whenever it changes.
pub fn use_media(query: &'static str) -> Signal<bool> {
    let media = window().match_media(query).ok().flatten();
    let holds = RwSignal::new(media.as_ref().is_some_and(|media| media.matches()));
    let Some(media) = media else { return holds.into() };
    let on_change = {
        let media = media.clone();
        Closure::<dyn FnMut(JsValue)>::new(move |_| {
            holds.try_set(media.matches());
        })
    };
    media.set_onchange(Some(on_change.as_ref().unchecked_ref()));
    let listening = StoredValue::new_local(Some((media, on_change)));
    on_cleanup(move || {
        if let Some((media, _)) = listening.try_update_value(Option::take).flatten() {
            media.set_onchange(None);
        }
    });
    holds.into()
}
