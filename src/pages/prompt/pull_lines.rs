//! The lines that pull this version, for programs.

use super::load::PromptLoad;
use crate::components::copy_button::CopyButton;
use crate::components::erased::{dynamic, live, memo};
use crate::components::popover::{Popover, PopoverPanel};
use crate::prompt::history::short_hash;
use crate::prompt::snippet::{Language, pull};
use leptos::prelude::*;

/// A button with a panel: the line for either language, by hash and by each tag that is here.
#[component]
pub fn PullLines(load: PromptLoad) -> impl IntoView {
    let popover = Popover::new();
    let names = memo(move || match load.commit() {
        Some(commit) => {
            std::iter::once(short_hash(&commit.commit_hash).to_owned()).chain(commit.commit_tags).collect::<Vec<_>>()
        }
        None => Vec::new(),
    });
    view! {
        <button
            type="button"
            class="button"
            node_ref=popover.button
            popovertarget=popover.id()
            aria-expanded=live(move || popover.is_open().get().to_string())
            disabled=live(move || names.with(Vec::is_empty))
        >
            "Pull…"
        </button>
        <PopoverPanel popover is_end_aligned=true>
            <div class="pull-lines">
                {dynamic(move || {
                    let name = load.name.get();
                    names.get().into_iter().enumerate().map(|(nth, version)| lines(&name, &version, nth == 0)).collect_view()
                })}
            </div>
        </PopoverPanel>
    }
}

fn lines(name: &str, version: &str, is_hash: bool) -> impl IntoView + use<> {
    let title = match is_hash {
        true => "Always this version".to_owned(),
        false => format!("Whatever is tagged {version}"),
    };
    let line = |language, language_name: &'static str| {
        let line = pull(language, name, Some(version));
        let (shown, label) = (line.clone(), format!("Copy the {language_name} line for {version}"));
        view! {
            <div class="pull-line">
                <span class="is-faint">{language_name}</span>
                <code>{shown}</code>
                <CopyButton text=Signal::stored(line) label />
            </div>
        }
    };
    let (python, javascript) = (line(Language::Python, "Python"), line(Language::JavaScript, "JavaScript"));
    view! {
        <section>
            <h2>{title}</h2>
            {python}
            {javascript}
        </section>
    }
}
