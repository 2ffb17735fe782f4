//! Finding a project by a part of its name: a field in the page's header, `?q=` in its address.

use crate::components::erased::{live, memo};
use crate::components::icon::{Icon, IconView};
use crate::components::key_sheet::use_key_help;
use crate::components::keyboard::free_action;
use crate::keys::{Binding, KeyGroup};
use crate::routes;
use leptos::prelude::*;
use leptos::{ev, html};
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_location, use_navigate};

const KEYS: &[Binding<()>] = &[Binding { chords: &["/"], action: (), label: "Find a project" }];

/// What the address looks for.
pub fn sought() -> Memo<String> {
    let search = use_location().search;
    memo(move || {
        let pairs = search.with(|search| routes::query_pairs(search));
        pairs.into_iter().find(|(key, _)| key == "q").map(|(_, value)| value).unwrap_or_default()
    })
}

/// Whether every word of `sought` occurs in the name or the description, in any case.
pub fn matches(name: &str, description: Option<&str>, sought: &str) -> bool {
    let (name, description) = (name.to_lowercase(), description.unwrap_or_default().to_lowercase());
    sought.to_lowercase().split_whitespace().all(|word| name.contains(word) || description.contains(word))
}

/// The address of the page with another search.
fn address(search: &str, sought: &str) -> String {
    let mut pairs = routes::query_pairs(search);
    pairs.retain(|(key, _)| key != "q");
    if !sought.is_empty() {
        pairs.push(("q".into(), sought.into()));
    }
    let pairs: Vec<(&str, String)> = pairs.iter().map(|(key, value)| (key.as_str(), value.clone())).collect();
    let query = routes::query_of(&pairs);
    if query.is_empty() { routes::projects() } else { format!("{}?{query}", routes::projects()) }
}

/// The field. `/` leads to it.
#[component]
pub fn FindProjects(sought: Memo<String>, on_find: Callback<String>) -> impl IntoView {
    let field = NodeRef::<html::Input>::new();
    use_key_help(KeyGroup::new("Projects", KEYS));
    let listener = window_event_listener(ev::keydown, move |event| {
        let Some(field) = free_action(KEYS, &event).and_then(|()| field.get_untracked()) else { return };
        event.prevent_default();
        let _ = field.focus();
        field.select();
    });
    on_cleanup(move || listener.remove());
    view! {
        <div class="find-projects" role="search">
            <IconView icon=Icon::Search />
            <input
                node_ref=field
                class="input"
                type="search"
                aria-label="Find a project"
                placeholder="Find a project"
                autocomplete="off"
                spellcheck="false"
                prop:value=live(move || sought.get())
                on:input:target=move |event| on_find.run(event.target().value())
            />
        </div>
    }
}

/// Changes what is looked for, in place.
pub fn use_find() -> Callback<String> {
    let (navigate, search) = (StoredValue::new_local(use_navigate()), use_location().search);
    Callback::new(move |sought: String| {
        let options = NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() };
        let address = search.with_untracked(|search| address(search, &sought));
        navigate.with_value(|navigate| navigate(&address, options));
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_must_occur_somewhere() {
        assert!(matches("Checkout agent", None, ""));
        assert!(matches("Checkout agent", None, "AGENT check"));
        assert!(matches("Checkout agent", Some("in production"), "prod agent"));
        assert!(!matches("Checkout agent", None, "agents"));
    }

    #[test]
    fn searching_keeps_the_order() {
        assert_eq!(address("?sort=-cost&q=old", "a b"), "/?sort=-cost&q=a%20b");
        assert_eq!(address("?q=old", ""), "/");
    }
}
