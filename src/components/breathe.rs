//! Long work in slices: between two of them the browser may draw and hear keys.

use leptos::prelude::window;
use wasm_bindgen_futures::JsFuture;

/// How long a slice of work may take. A frame has 16 ms, and the rest of the page wants some of it.
pub const SLICE_MS: f64 = 8.0;

/// Lets the browser do what waits, then goes on.
pub async fn breathe() {
    let turn = js_sys::Promise::new(&mut |resolve, _| {
        // Without a timer there is no later: go on at once.
        if window().set_timeout_with_callback(&resolve).is_err() {
            let _ = resolve.call0(&wasm_bindgen::JsValue::NULL);
        }
    });
    // This promise never fails.
    let _ = JsFuture::from(turn).await;
}

/// Counts the time of a slice.
#[derive(Clone, Copy, Debug)]
pub struct Slice {
    began_ms: f64,
}

impl Slice {
    pub fn begin() -> Self {
        Slice { began_ms: js_sys::Date::now() }
    }

    /// Breathes when the slice has been long enough, and begins another.
    pub async fn breathe_if_long(&mut self) {
        if js_sys::Date::now() - self.began_ms >= SLICE_MS {
            breathe().await;
            *self = Slice::begin();
        }
    }
}
