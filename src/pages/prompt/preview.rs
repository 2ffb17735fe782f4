//! Sample values for the variables, and how the messages read with them.

use super::editor::Editor;
use crate::components::erased::{Keyed, dynamic, live, memo};
use crate::components::unique_id;
use crate::prompt::render::{Part, PartKind, Values, render};
use crate::prompt::{DraftMessage, MessageKind, Shape};
use leptos::prelude::*;

#[component]
pub fn Preview(editor: Editor) -> impl IntoView {
    let variables = memo(move || editor.with(|draft| draft.variables()));
    let messages = memo(move || editor.with(|draft| draft.messages.clone()));
    let is_text = memo(move || editor.with(|draft| draft.shape == Shape::Text));
    view! {
        <aside class="prompt-preview" aria-label="Preview">
            <section>
                <h2>"Sample values"</h2>
                {dynamic(move || {
                    variables
                        .with(|variables| variables.is_empty())
                        .then(|| view! { <p class="field-hint">"This prompt has no variables."</p> })
                })}
                <Keyed
                    each=move || variables.get()
                    key=|name| name.clone()
                    children=move |name| sample_field(editor, name)
                />
            </section>
            <section>
                <h2>"Preview"</h2>
                {dynamic(move || {
                    let values = editor.samples.get();
                    let (messages, is_text) = (messages.get(), is_text.get());
                    messages.into_iter().map(|message| message_view(&message, &values, is_text)).collect_view()
                })}
            </section>
        </aside>
    }
}

fn sample_field(editor: Editor, name: String) -> impl IntoView {
    let id = unique_id("sample");
    let (label, key) = (name.clone(), StoredValue::new(name));
    let value = memo(move || editor.samples.with(|samples| samples.get(&key.get_value()).cloned()).unwrap_or_default());
    view! {
        <div class="field prompt-sample">
            <label for=id.clone()>
                <code>{label}</code>
            </label>
            <textarea
                class="input"
                id=id
                rows="1"
                spellcheck="false"
                prop:value=live(move || value.get())
                on:input:target=move |event| editor.set_sample(&key.get_value(), event.target().value())
            ></textarea>
        </div>
    }
}

fn message_view(message: &DraftMessage, values: &Values, is_text: bool) -> AnyView {
    let plain = |text: &str| vec![Part { text: text.to_owned(), kind: PartKind::Text }];
    let (role, parts, note) = match message.kind {
        MessageKind::Template => {
            let rendered = render(&message.text, message.format, values);
            let note = rendered.is_partial.then_some("What only Python can run is left as it is.");
            (message.role.clone(), rendered.parts, note)
        }
        MessageKind::Fixed => (message.role.clone(), plain(&message.text), None),
        MessageKind::Json => (message.role.clone(), plain(&message.text), Some("Several parts, as JSON.")),
        MessageKind::Placeholder { .. } => {
            let value = values.get(&message.text).filter(|value| !value.is_empty());
            let text = value.cloned().unwrap_or_else(|| message.text.clone());
            let kind = if value.is_some() { PartKind::Value } else { PartKind::Missing };
            ("messages".to_owned(), vec![Part { text, kind }], None)
        }
    };
    let parts = parts.into_iter().map(part_view).collect_view();
    view! {
        <div class="prompt-preview-message">
            {(!is_text).then(|| view! { <h3>{role}</h3> })}
            <p class="prompt-preview-text">{parts}</p>
            {note.map(|note| view! { <p class="field-hint">{note}</p> })}
        </div>
    }
    .into_any()
}

fn part_view(Part { text, kind }: Part) -> AnyView {
    match kind {
        PartKind::Text | PartKind::Left => text.into_any(),
        PartKind::Value => view! { <mark class="prompt-value">{text}</mark> }.into_any(),
        PartKind::Missing => view! { <span class="template-variable">{text}</span> }.into_any(),
    }
}
