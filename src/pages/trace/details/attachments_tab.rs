//! Files sent with a run. Shown or played when this server keeps them; never opened, only saved.

use super::run_data::RunData;
use crate::components::erased::{Keyed, memo};
use crate::format::bytes::bytes;
use crate::format::visible::visible;
use crate::messages::media::{AUDIO_TYPES, IMAGE_TYPES};
use fanlight_wire::run::Attachment;
use leptos::prelude::*;
use std::sync::Arc;

/// The attachments of a run.
#[component]
pub fn AttachmentsTab(data: Memo<Arc<RunData>>) -> impl IntoView {
    let attachments = memo(move || data.with(|data| data.run.attachments.clone().unwrap_or_default()));
    let origin = StoredValue::new(window().location().origin().unwrap_or_default());
    view! {
        <ul class="attachments">
            <Keyed
                each=move || attachments.get()
                key=|(name, attachment)| (name.clone(), attachment.size_bytes)
                let((key, attachment))
            >
                {attachment_view(&key, attachment, &origin.get_value())}
            </Keyed>
        </ul>
    }
}

fn attachment_view(key: &str, attachment: Attachment, origin: &str) -> impl IntoView + use<> {
    let name = key.strip_prefix("attachment.").unwrap_or(key).to_owned();
    let mime_type = attachment.mime_type.unwrap_or_default();
    let essence = mime_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    let size = attachment.size_bytes.map(bytes);
    let address = own_address(&attachment.presigned_url, origin);
    let preview = address.clone().and_then(|address| {
        if IMAGE_TYPES.contains(&essence.as_str()) {
            Some(view! { <img class="media-image" src=address alt=name.clone() loading="lazy" /> }.into_any())
        } else if AUDIO_TYPES.contains(&essence.as_str()) {
            Some(view! { <audio controls preload="none" src=address aria-label=name.clone()></audio> }.into_any())
        } else {
            None
        }
    });
    let action = match address {
        Some(address) => view! {
            <a class="button" href=address download=name.clone()>
                "Download"
            </a>
        }
        .into_any(),
        None => view! {
            <span class="media-elsewhere">
                "Kept elsewhere: " <bdi class="media-address">{visible(&attachment.presigned_url).into_owned()}</bdi>
            </span>
        }
        .into_any(),
    };
    view! {
        <li class="attachment">
            <header class="attachment-head">
                <h3 class="attachment-name" dir="auto">
                    {visible(&name).into_owned()}
                </h3>
                <span class="media-details">{visible(&mime_type).into_owned()} " " {size}</span>
                {action}
            </header>
            {preview}
        </li>
    }
}

/// The path of an attachment on this server; `None` when it is kept by another.
fn own_address(address: &str, origin: &str) -> Option<String> {
    let path = match address.strip_prefix(origin) {
        Some(path) if !origin.is_empty() => path,
        _ => address,
    };
    (path.starts_with('/') && !path.starts_with("//") && !path.contains('\\')).then(|| path.to_owned())
}

#[cfg(test)]
mod tests {
    use super::own_address;

    #[test]
    fn only_files_of_this_server_are_linked() {
        let check = |address: &str, expected: Option<&str>| {
            assert_eq!(own_address(address, "http://localhost:1984").as_deref(), expected);
        };
        check("/public/download?jwt=x", Some("/public/download?jwt=x"));
        check("http://localhost:1984/public/a", Some("/public/a"));
        check("http://localhost:19840/a", None);
        check("https://elsewhere.example/a", None);
        check("//elsewhere.example/a", None);
        check("/\\elsewhere.example/a", None);
        check("javascript:alert(1)", None);
    }
}
