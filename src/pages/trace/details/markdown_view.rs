//! Draws the nodes of [`crate::markdown`]: one element for each, every text a text node.

use crate::format::visible::visible;
use crate::markdown::{Block, Inline, Item, parse};
use leptos::prelude::*;

/// `text` as markdown. Headings are drawn bold, not as headings: they are not part of this page's outline.
#[component]
pub fn MarkdownView(text: String) -> impl IntoView {
    view! {
        <div class="markdown" dir="auto">
            {blocks(parse(&text))}
        </div>
    }
}

fn shown(text: &str) -> String {
    visible(text).into_owned()
}

fn blocks(list: Vec<Block>) -> AnyView {
    list.into_iter().map(block).collect_view().into_any()
}

fn block(block: Block) -> AnyView {
    match block {
        Block::Paragraph(inner) => view! { <p dir="auto">{inlines(inner)}</p> }.into_any(),
        Block::Heading(level, inner) => {
            view! { <p class=format!("markdown-heading is-level-{level}") dir="auto">{inlines(inner)}</p> }.into_any()
        }
        Block::Code { language, text } => view! {
            <figure class="markdown-code">
                {(!language.is_empty()).then(|| view! { <figcaption>{shown(&language)}</figcaption> })}
                <pre dir="ltr"><code>{shown(text.trim_end_matches('\n'))}</code></pre>
            </figure>
        }
        .into_any(),
        Block::Quote(inner) => view! { <blockquote>{blocks(inner)}</blockquote> }.into_any(),
        Block::List { start: Some(start), items } => {
            view! { <ol start=start.to_string()>{items.into_iter().map(item).collect_view()}</ol> }.into_any()
        }
        Block::List { start: None, items } => {
            view! { <ul>{items.into_iter().map(item).collect_view()}</ul> }.into_any()
        }
        Block::Table(rows) => table(rows),
        Block::Rule => view! { <hr /> }.into_any(),
    }
}

fn item(item: Item) -> impl IntoView {
    let mark = item.is_done.map(|is_done| {
        let (sign, words) = if is_done { ("☑", "Done: ") } else { ("☐", "To do: ") };
        view! { <span aria-hidden="true">{sign} " "</span> <span class="visually-hidden">{words}</span> }
    });
    view! { <li class:is-task=item.is_done.is_some()>{mark} {blocks(item.blocks)}</li> }
}

fn table(rows: Vec<Vec<Vec<Inline>>>) -> AnyView {
    let mut rows = rows.into_iter();
    let head = rows.next().unwrap_or_default();
    view! {
        <div class="markdown-table">
            <table>
                <thead>
                    <tr>{head.into_iter().map(|cell| view! { <th scope="col" dir="auto">{inlines(cell)}</th> }).collect_view()}</tr>
                </thead>
                <tbody>
                    {rows
                        .map(|row| {
                            view! {
                                <tr>
                                    {row
                                        .into_iter()
                                        .map(|cell| view! { <td dir="auto">{inlines(cell)}</td> })
                                        .collect_view()}
                                </tr>
                            }
                        })
                        .collect_view()}
                </tbody>
            </table>
        </div>
    }
    .into_any()
}

fn inlines(list: Vec<Inline>) -> AnyView {
    list.into_iter().map(inline).collect_view().into_any()
}

fn inline(inline: Inline) -> AnyView {
    match inline {
        Inline::Text(text) => shown(&text).into_any(),
        Inline::Code(code) => view! { <code>{shown(&code)}</code> }.into_any(),
        Inline::Strong(inner) => view! { <strong>{inlines(inner)}</strong> }.into_any(),
        Inline::Emphasis(inner) => view! { <em>{inlines(inner)}</em> }.into_any(),
        Inline::Struck(inner) => view! { <s>{inlines(inner)}</s> }.into_any(),
        Inline::Link { url: Some(url), label, .. } => view! {
            <a
                href=url.as_str().to_owned()
                title=url.as_str().to_owned()
                target="_blank"
                rel="noopener noreferrer nofollow"
            >
                <bdi>{inlines(label)}</bdi>
            </a>
        }
        .into_any(),
        Inline::Link { url: None, address, label } => view! {
            <span class="markdown-inert">
                <bdi>{inlines(label)}</bdi>
                " ("
                <bdi>{shown(&address)}</bdi>
                ")"
            </span>
        }
        .into_any(),
        Inline::Image { address, description } => view! {
            <span class="markdown-inert">
                "[image: "
                <bdi>{shown(&description)}</bdi>
                " "
                <bdi>{shown(&address)}</bdi>
                "]"
            </span>
        }
        .into_any(),
        Inline::LineBreak => view! { <br /> }.into_any(),
    }
}
