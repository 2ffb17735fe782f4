//! `/prompts/:name/compare/:versions`: two versions of a prompt, what differs between them, and which one wins.
//!
//! [`load`] fetches both, [`address`] keeps what is looked at in the URL, [`state`] is what the parts share, [`keys`]
//! what can be done. [`mod@view`] arranges header, toolbar, variables, the lines ([`lines`], [`mod@line`]) and what the
//! versions did in production ([`production`]).

mod address;
mod header;
pub mod keys;
mod line;
mod lines;
mod load;
pub mod period;
mod production;
mod state;
mod toolbar;
mod variables;
mod view;

use crate::components::erased::{dynamic, memo};
use crate::components::part::Drawn;
use crate::pages::not_found::NotFoundPage;
use leptos::prelude::*;
use leptos::wasm_split::wasm_split;
use leptos_meta::Title;
use leptos_router::hooks::use_params_map;
use view::PromptDiffView;

/// The page, in a file of its own.
#[wasm_split(prompt_diff, fallible, preload(fetch), wasm_split_path = leptos::wasm_split)]
pub fn page() -> Drawn {
    Ok(view! { <PromptDiffPage /> }.into_any())
}

/// Which versions are compared: hashes, beginnings of them, or tags.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Compared {
    name: String,
    a: String,
    b: String,
}

/// Compares two versions; others in the address start afresh.
#[component]
fn PromptDiffPage() -> impl IntoView {
    let params = use_params_map();
    let compared = memo(move || {
        let params = params.read();
        let versions = params.get("versions")?;
        let (a, b) = versions.split_once("..")?;
        let is_named = !a.is_empty() && !b.is_empty();
        is_named.then(|| Compared { name: params.get("name").unwrap_or_default(), a: a.to_owned(), b: b.to_owned() })
    });
    view! {
        <Title text="Compare versions" />
        {dynamic(move || match compared.get() {
            Some(compared) => view! { <PromptDiffView compared /> }.into_any(),
            None => view! { <NotFoundPage /> }.into_any(),
        })}
    }
}
