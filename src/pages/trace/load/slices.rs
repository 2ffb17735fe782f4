//! Long work in short pieces: between them the browser draws and the reader is heard.

use wasm_bindgen_futures::JsFuture;

/// Well below the 50 ms from which on a reader feels it.
const SLICE_MS: f64 = 8.0;

pub struct Slices {
    began_ms: f64,
}

impl Slices {
    pub fn begin() -> Self {
        Slices { began_ms: js_sys::Date::now() }
    }

    /// Lets others run when this piece has lasted long enough.
    pub async fn rest_if_due(&mut self) {
        if js_sys::Date::now() - self.began_ms < SLICE_MS {
            return;
        }
        let next_task = js_sys::Promise::new(&mut |resolve, _| {
            // Without a window there is nobody to wait for.
            if let Some(window) = web_sys::window() {
                let _ = window.set_timeout_with_callback(&resolve);
            }
        });
        let _ = JsFuture::from(next_task).await;
        self.began_ms = js_sys::Date::now();
    }
}
