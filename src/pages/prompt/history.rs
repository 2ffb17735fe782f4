//! The versions of the prompt, newest first, with their tags; the one that is open is marked.

use super::editor::Editor;
use super::load::PromptLoad;
use super::stored;
use crate::components::erased::{Keyed, When, dynamic, live, memo};
use crate::components::relative_time::RelativeTime;
use crate::format::digits;
use crate::prompt::history::{short_hash, signature};
use crate::routes;
use fanlight_wire::prompt::{PromptCommit, TagMove};
use leptos::prelude::*;

#[component]
pub fn History(load: PromptLoad, editor: Editor) -> impl IntoView {
    let open = memo(move || load.opened.with(|opened| opened.as_ref().and_then(|opened| opened.hash.clone())));
    let n_all = memo(move || load.prompt.with(|prompt| prompt.as_ref().map_or(0, |prompt| prompt.num_commits)));
    let n_shown = memo(move || load.commits.with(Vec::len));
    view! {
        <nav class="prompt-history" aria-label="Versions">
            <When
                when=move || n_shown.get() == 0
            >
                <p class="page-note">"No versions yet. Write the first one and save it."</p>
            </When>
            <ol>
                <Keyed
                    each=move || load.commits.get()
                    key=|commit| format!("{} {:?}", commit.commit_hash, commit.commit_tags)
                    children=move |commit| version(load, editor, commit, open)
                />
            </ol>
            <When when=move || (n_shown.get() as u64) < n_all.get()>
                <p class="page-note">
                    {dynamic(move || {
                        let n_older = i64::try_from(n_all.get()).unwrap_or(i64::MAX) - n_shown.get() as i64;
                        format!("{} older versions are found by their hash, in the address.", digits::grouped(n_older))
                    })}
                </p>
            </When>
            <When when=move || load.moves.with(|moves| !moves.is_empty())>
                <details class="prompt-moves">
                    <summary>"Tag history"</summary>
                    <ol>
                        {dynamic(move || {
                            let name = load.name.get_untracked();
                            load.moves.get().into_iter().map(|step| move_view(&name, step)).collect_view()
                        })}
                    </ol>
                </details>
            </When>
        </nav>
    }
}

fn version(load: PromptLoad, editor: Editor, commit: PromptCommit, open: Memo<Option<String>>) -> impl IntoView {
    let name = load.name.get_untracked();
    let hash = commit.commit_hash.clone();
    let is_open = {
        let hash = hash.clone();
        memo(move || open.with(|open| open.as_deref() == Some(hash.as_str())))
    };
    let has_draft = {
        let name = name.clone();
        memo(move || match is_open.get() {
            true => editor.is_changed(),
            false => stored::draft(&name, Some(&hash)).is_some(),
        })
    };
    let title = commit.description.clone().unwrap_or_else(|| "No description".to_owned());
    let tags = commit.commit_tags.iter().map(|tag| view! { <bdi class="chip">{tag.clone()}</bdi> }).collect_view();
    view! {
        <li>
            <a
                class="prompt-version"
                href=routes::prompt_version(&name, short_hash(&commit.commit_hash))
                aria-current=live(move || is_open.get().then_some("true"))
            >
                <bdi class="prompt-version-title">{title}</bdi>
                <span class="prompt-version-line">
                    <code>{short_hash(&commit.commit_hash).to_owned()}</code>
                    {tags}
                    {dynamic(move || has_draft.get().then(|| view! { <span class="chip is-draft">"draft"</span> }))}
                </span>
                <span class="prompt-version-line is-faint">
                    <RelativeTime time=commit.created_at />
                    " · "
                    <bdi>{signature(commit.author.as_deref(), commit.client.as_deref())}</bdi>
                </span>
            </a>
        </li>
    }
}

fn move_view(name: &str, step: TagMove) -> impl IntoView + use<> {
    let at = |hash: &str| {
        let href = routes::prompt_version(name, short_hash(hash));
        view! {
            <a href=href>
                <code>{short_hash(hash).to_owned()}</code>
            </a>
        }
    };
    let from = step.previous_commit_hash.as_deref().map(at);
    let to = step.commit_hash.as_deref().map(at);
    let words = match (from.is_some(), to.is_some()) {
        (true, true) => " moved to ",
        (false, true) => " put on ",
        _ => " removed from ",
    };
    let (place, before) = match to {
        Some(to) => (Some(to), from),
        None => (from, None),
    };
    view! {
        <li>
            <bdi class="chip">{step.name}</bdi>
            {words}
            {place}
            {before.map(|before| view! { ", from " {before} })}
            <span class="is-faint">
                " by " <bdi>{signature(step.author.as_deref(), step.client.as_deref())}</bdi> ", "
                <RelativeTime time=step.created_at />
            </span>
        </li>
    }
}
