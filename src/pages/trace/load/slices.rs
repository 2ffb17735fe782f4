//! Long work in short pieces: between them the browser draws and the reader is heard.

use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::MessageChannel;

/// Well below the 50 ms from which on a reader feels it, with room for what a piece takes itself.
const SLICE_MS: f64 = 8.0;

pub struct Slices {
    began_ms: f64,
    /// `None` where the browser has none: then the work is done in one piece.
    channel: Option<MessageChannel>,
}

impl Slices {
    pub fn begin() -> Self {
        Slices { began_ms: js_sys::Date::now(), channel: MessageChannel::new().ok() }
    }

    /// Lets others run when this piece has lasted long enough.
    pub async fn rest_if_due(&mut self) {
        if js_sys::Date::now() - self.began_ms < SLICE_MS {
            return;
        }
        if let Some(channel) = &self.channel {
            // A message to oneself comes back as the next task. Timers would wait four milliseconds each.
            let next_task = js_sys::Promise::new(&mut |resolve, _| channel.port1().set_onmessage(Some(&resolve)));
            if channel.port2().post_message(&JsValue::NULL).is_ok() {
                let _ = JsFuture::from(next_task).await;
            }
        }
        self.began_ms = js_sys::Date::now();
    }
}

impl Drop for Slices {
    fn drop(&mut self) {
        if let Some(channel) = &self.channel {
            channel.port1().close();
        }
    }
}
