//! Images, sounds and files of a message. What is not in the payload is named, never fetched.

use super::save::save;
use crate::format::bytes::bytes;
use crate::format::visible::visible;
use crate::messages::media::{Media, MediaKind, Source, decode_base64};
use leptos::prelude::*;

/// Draws a file: shown or played where that is safe, else named with a way to save it.
#[component]
pub fn MediaView(media: Media) -> impl IntoView {
    let kind = match media.kind {
        MediaKind::Image => "Image",
        MediaKind::Audio => "Audio",
        MediaKind::File => "File",
    };
    match &media.source {
        Source::Remote(address) => elsewhere(format!("{kind} elsewhere, not loaded:"), address).into_any(),
        Source::Reference(id) => elsewhere(format!("{kind} kept by the model's vendor:"), id).into_any(),
        Source::Base64(_) => {
            let details = [Some(media.mime_type.clone()), media.size_bytes().map(bytes)];
            let details = details.into_iter().flatten().filter(|text| !text.is_empty()).collect::<Vec<_>>().join(" · ");
            let name = media.name.clone().unwrap_or_else(|| kind.to_owned());
            let shown = media.inline_address().map(|address| match media.kind {
                MediaKind::Audio => {
                    view! { <audio controls preload="metadata" src=address aria-label=name.clone()></audio> }.into_any()
                }
                _ => view! { <img class="media-image" src=address alt=name.clone() loading="lazy" /> }.into_any(),
            });
            view! {
                <figure class="media">
                    {shown}
                    <figcaption>
                        <bdi>{visible(&name).into_owned()}</bdi>
                        <span class="media-details">{visible(&details).into_owned()}</span>
                        <button type="button" class="button is-quiet" on:click=move |_| save_media(&media)>
                            "Download"
                        </button>
                    </figcaption>
                </figure>
            }
            .into_any()
        }
    }
}

fn elsewhere(words: String, address: &str) -> impl IntoView {
    let address: String = address.chars().take(500).collect();
    view! {
        <p class="media-elsewhere">
            {words} " " <bdi class="media-address">{visible(&address).into_owned()}</bdi>
        </p>
    }
}

fn save_media(media: &Media) {
    if let Source::Base64(data) = &media.source
        && let Some(data) = decode_base64(data)
    {
        // Saved as plain bytes: a file from a trace is not opened as anything by itself.
        save(&media.file_name(), "application/octet-stream", &data);
    }
}
