//! Saves what is on screen as a file, without asking the server again.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Blob, BlobPropertyBag, HtmlElement, Url};

/// Offers `bytes` as a download. Nothing happens where the browser refuses.
pub fn save(file_name: &str, mime_type: &str, bytes: &[u8]) {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    let options = BlobPropertyBag::new();
    options.set_type(mime_type);
    let Ok(blob) = Blob::new_with_u8_array_sequence_and_options(&parts, &options) else { return };
    let Ok(address) = Url::create_object_url_with_blob(&blob) else { return };
    if let Some(link) = document().create_element("a").ok().and_then(|link| link.dyn_into::<HtmlElement>().ok()) {
        let _ = link.set_attribute("href", &address);
        let _ = link.set_attribute("download", file_name);
        link.click();
    }
    // The download has its own hold on the data once the click is handled.
    set_timeout(move || drop(Url::revoke_object_url(&address)), std::time::Duration::from_secs(60));
}

/// A button that saves what `text` returns under `file_name`.
#[component]
pub fn SaveButton(
    #[prop(into)] text: Callback<(), String>,
    #[prop(into)] file_name: String,
    #[prop(default = "application/json")] mime_type: &'static str,
    #[prop(into)] label: String,
) -> impl IntoView {
    view! {
        <button
            type="button"
            class="button is-quiet"
            on:click=move |_| save(&file_name, mime_type, text.run(()).as_bytes())
        >
            {label}
        </button>
    }
}
