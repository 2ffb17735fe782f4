//! The messages of the prompt, each a card: its role, its text, what is wrong with it, and where it stands.

use super::editor::Editor;
use super::template_field::TemplateField;
use crate::components::erased::{Keyed, When, dynamic, live, memo};
use crate::components::icon::{Icon, IconView};
use crate::prompt::{DraftMessage, Format, MessageKind, Shape};
use leptos::prelude::*;

/// What a message can be made, by the value of the choice. Other roles stay what they are.
const KINDS: [(&str, &str); 4] =
    [("system", "System"), ("human", "Human"), ("ai", "AI"), ("placeholder", "Messages from a variable")];

#[component]
pub fn Messages(editor: Editor) -> impl IntoView {
    let shape = memo(move || editor.with(|draft| draft.shape));
    let n_messages = memo(move || editor.with(|draft| draft.messages.len()));
    view! {
        <section class="prompt-messages" aria-label="Messages">
            <FormatChoice editor />
            <ol>
                <Keyed each=move || 0..n_messages.get() key=|nth| *nth children=move |nth| card(editor, nth) />
            </ol>
            <When when=move || shape.get() == Shape::Chat>
                <button type="button" class="button" on:click=move |_| add(editor)>
                    <IconView icon=Icon::Plus />
                    "Add a message"
                </button>
            </When>
        </section>
    }
}

fn add(editor: Editor) {
    editor.edit(None, |draft| {
        let format = draft.format();
        let role = if draft.messages.last().is_some_and(|last| last.role == "human") { "ai" } else { "human" };
        draft.messages.push(DraftMessage { role: role.to_owned(), format, ..DraftMessage::default() });
    });
}

/// How variables are written, in all templates at once.
#[component]
fn FormatChoice(editor: Editor) -> impl IntoView {
    let format = memo(move || editor.with(|draft| draft.format()));
    let choose = move |name: String| {
        let Some(format) = Format::from_name(&name) else { return };
        editor.edit(None, |draft| draft.messages.iter_mut().for_each(|message| message.format = format));
    };
    view! {
        <label class="prompt-format">
            "Variables are written "
            <select
                class="input"
                prop:value=live(move || format.get().name())
                on:change:target=move |event| choose(event.target().value())
            >
                {Format::ALL
                    .map(|format| {
                        view! {
                            <option value=format.name() selected=move || editor.with(|draft| draft.format()) == format>
                                {format!("{} ({})", format.write("name"), format.name())}
                            </option>
                        }
                    })
                    .collect_view()}
            </select>
        </label>
    }
}

fn card(editor: Editor, nth: usize) -> impl IntoView {
    let message = memo(move || editor.with(|draft| draft.messages.get(nth).cloned()).unwrap_or_default());
    let n_messages = memo(move || editor.with(|draft| draft.messages.len()));
    let shape = memo(move || editor.with(|draft| draft.shape));
    let text = Signal::derive(move || message.get().text);
    let format = Signal::derive(move || {
        message.with(|message| (message.kind == MessageKind::Template).then_some(message.format))
    });
    let label = Signal::derive(move || match message.with(|message| message.kind) {
        MessageKind::Placeholder { .. } => format!("Variable of message {}", nth + 1),
        _ if shape.get() == Shape::Text => "Template".to_owned(),
        _ => format!("Text of message {}", nth + 1),
    });
    let on_input = Callback::new(move |text: String| {
        editor.edit(Some(&format!("message {nth}")), |draft| {
            if let Some(message) = draft.messages.get_mut(nth) {
                message.text = text;
            }
        });
    });
    let swap = move |other: usize| editor.edit(None, move |draft| draft.messages.swap(nth, other));
    view! {
        <li class="prompt-message">
            <When when=move || shape.get() == Shape::Chat>
                <header class="prompt-message-head">
                    {kind_choice(editor, nth, message)} <span class="page-header-space"></span>
                    <button
                        type="button"
                        class="button is-quiet is-icon"
                        aria-label=format!("Move message {} up", nth + 1)
                        disabled=nth == 0
                        on:click=move |_| swap(nth.saturating_sub(1))
                    >
                        <IconView icon=Icon::ArrowUp />
                    </button>
                    <button
                        type="button"
                        class="button is-quiet is-icon is-turned"
                        aria-label=format!("Move message {} down", nth + 1)
                        disabled=live(move || nth + 1 >= n_messages.get())
                        on:click=move |_| swap(nth + 1)
                    >
                        <IconView icon=Icon::ArrowUp />
                    </button>
                    <button
                        type="button"
                        class="button is-quiet is-icon"
                        aria-label=format!("Remove message {}", nth + 1)
                        on:click=move |_| editor.edit(None, move |draft| drop(draft.messages.remove(nth)))
                    >
                        <IconView icon=Icon::Close />
                    </button>
                </header>
            </When>
            <TemplateField label text format on_input />
            <ul class="prompt-problems">
                {dynamic(move || {
                    let problems = message.with(DraftMessage::problems);
                    problems.into_iter().map(|problem| view! { <li>{problem}</li> }).collect_view()
                })}
            </ul>
        </li>
    }
}

/// The value of a message's choice.
fn chosen(message: &DraftMessage) -> String {
    match message.kind {
        MessageKind::Placeholder { .. } => "placeholder".to_owned(),
        MessageKind::Json => "json".to_owned(),
        MessageKind::Template | MessageKind::Fixed => message.role.clone(),
    }
}

fn kind_choice(editor: Editor, nth: usize, message: Memo<DraftMessage>) -> impl IntoView {
    let choose = move |choice: String| {
        editor.edit(None, |draft| {
            let Some(message) = draft.messages.get_mut(nth) else { return };
            let was_placeholder = matches!(message.kind, MessageKind::Placeholder { .. });
            if choice == "placeholder" {
                message.kind = MessageKind::Placeholder { is_optional: false };
                message.text = "history".to_owned();
                message.role = String::new();
            } else {
                if was_placeholder {
                    message.kind = MessageKind::Template;
                    message.text = String::new();
                }
                message.role = choice;
            }
        });
    };
    let other = memo(move || {
        let choice = message.with(chosen);
        let is_known = KINDS.iter().any(|(kind, _)| *kind == choice);
        (!is_known).then_some(choice)
    });
    let is_json = memo(move || message.with(|message| message.kind == MessageKind::Json));
    view! {
        {dynamic(move || {
            if is_json.get() {
                return view! { <span class="prompt-message-kind">"Several parts, as JSON"</span> }.into_any();
            }
            let option = move |value: String, title: String| {
                let is_chosen = message.with_untracked(chosen) == value;
                view! { <option value=value selected=is_chosen>{title}</option> }
            };
            view! {
                <select
                    class="input prompt-message-kind"
                    aria-label=format!("Role of message {}", nth + 1)
                    prop:value=live(move || message.with(chosen))
                    on:change:target=move |event| choose(event.target().value())
                >
                    {KINDS.map(|(value, title)| option(value.to_owned(), title.to_owned())).collect_view()}
                    {other.get().map(|role| option(role.clone(), role))}
                </select>
            }
                .into_any()
        })}
        <When when=move || message.with(|message| message.kind == MessageKind::Fixed)>
            <span class="chip">"sent as it is"</span>
        </When>
        <When when=move || message.with(|message| matches!(message.kind, MessageKind::Placeholder { .. }))>
            <label class="prompt-optional">
                <input
                    type="checkbox"
                    prop:checked=live(move || {
                        message.with(|message| message.kind == MessageKind::Placeholder { is_optional: true })
                    })
                    on:change:target=move |event| {
                        let is_optional = event.target().checked();
                        editor
                            .edit(
                                None,
                                |draft| {
                                    if let Some(message) = draft.messages.get_mut(nth) {
                                        message.kind = MessageKind::Placeholder { is_optional };
                                    }
                                },
                            );
                    }
                />
                "may be left out"
            </label>
        </When>
    }
}
