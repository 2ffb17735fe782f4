//! The run exactly as the server keeps it, printed a page of lines at a time.

use super::copy::CopyIcon;
use super::run_data::RunData;
use super::save::SaveButton;
use crate::components::erased::{Keyed, When, dynamic, memo};
use crate::format::bytes::bytes;
use crate::format::visible::visible;
use crate::json_view::pretty::{Position, page};
use leptos::prelude::*;
use std::sync::Arc;

const LINES_PER_PAGE: usize = 400;

/// The JSON of a run.
#[component]
pub fn RawTab(data: Memo<Arc<RunData>>) -> impl IntoView {
    let text = memo(move || data.with(|data| Arc::clone(&data.text)));
    let n_pages = RwSignal::new(1usize);
    let pages = memo(move || text.with(|text| read_pages(text, n_pages.get())));
    let whole = move |()| text.get_untracked().to_string();
    view! {
        <div class="raw">
            <div class="raw-tools">
                <span class="payload-size">{dynamic(move || bytes(text.with(|text| text.len()) as u64))}</span>
                <CopyIcon text=whole label="Copy the run as JSON" />
                <SaveButton
                    text=whole
                    file_name=data.with_untracked(|data| format!("run-{}.json", data.run.id))
                    label="Download JSON"
                />
            </div>
            <Keyed
                each=move || pages.with(|(pages, _)| pages.iter().cloned().enumerate().collect::<Vec<_>>())
                key=|entry| entry.clone()
                let((_, printed))
            >
                <pre class="raw-page" dir="ltr">{visible(&printed).into_owned()}</pre>
            </Keyed>
            <When when=move || pages.with(|(_, has_more)| *has_more)>
                <button type="button" class="button" on:click=move |_| n_pages.update(|n| *n += 1)>
                    "Show more lines"
                </button>
            </When>
        </div>
    }
}

/// The first pages, and whether there are more.
fn read_pages(text: &str, n_pages: usize) -> (Vec<String>, bool) {
    let (mut pages, mut next) = (Vec::new(), Some(Position::default()));
    while let Some(from) = next.filter(|_| pages.len() < n_pages) {
        let (printed, after) = page(text, from, LINES_PER_PAGE);
        pages.push(printed);
        next = after;
    }
    (pages, next.is_some())
}
