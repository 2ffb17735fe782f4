//! What belongs to the prompt beside its messages: the schema of the answer, the model with its settings, tools.

use super::editor::Editor;
use super::template_field::TemplateField;
use crate::components::erased::{When, dynamic, live, memo};
use crate::components::unique_id;
use crate::prompt::settings::{schema_summary, settings_summary};
use crate::prompt::{Draft, Shape};
use leptos::prelude::*;

#[component]
pub fn Settings(editor: Editor) -> impl IntoView {
    let shape = memo(move || editor.with(|draft| draft.shape));
    view! {
        <When when=move || shape.get() == Shape::Chat>
            {json_section(editor, "Output schema", "JSON Schema of the answer. Empty: any text.", |draft| &mut draft.schema, |draft| schema_summary(&draft.schema))}
        </When>
        <details class="prompt-section">
            <summary>
                <h2>"Model and tools"</h2>
                <span class="prompt-section-summary">{dynamic(move || editor.with(settings_summary))}</span>
            </summary>
            <Provider editor />
            {json_field(editor, "Model settings", "What the model is made with, as JSON.", |draft| &mut draft.model)}
            {json_field(editor, "Tools", "What each call is given, as JSON: tools, tool_choice.", |draft| &mut draft.tools)}
        </details>
    }
}

/// A prompt that the editor does not take apart.
#[component]
pub fn WholeJson(editor: Editor) -> impl IntoView {
    view! {
        <section class="prompt-section">
            <p class="field-hint">"This kind of prompt is edited as JSON."</p>
            {json_field(editor, "Manifest", "As LangChain serialises it.", |draft| &mut draft.json)}
        </section>
    }
}

#[component]
fn Provider(editor: Editor) -> impl IntoView {
    let (id, hint) = (unique_id("prompt-provider"), unique_id("prompt-provider-hint"));
    view! {
        <div class="field">
            <label for=id.clone()>"Model class"</label>
            <input
                class="input"
                id=id
                autocomplete="off"
                spellcheck="false"
                placeholder="none"
                aria-describedby=hint.clone()
                prop:value=live(move || editor.with(|draft| draft.provider.clone()))
                on:input:target=move |event| {
                    let value = event.target().value();
                    editor.edit(Some("provider"), |draft| draft.provider = value);
                }
            />
            <p class="field-hint" id=hint>
                "LangChain's class, such as ChatOpenAI. Empty: the prompt comes without a model."
            </p>
        </div>
    }
}

/// Which text of the draft a field is about.
type Place = fn(&mut Draft) -> &mut String;

fn json_section(
    editor: Editor,
    title: &'static str,
    hint: &'static str,
    place: Place,
    summary: fn(&Draft) -> String,
) -> impl IntoView {
    view! {
        <details class="prompt-section">
            <summary>
                <h2>{title}</h2>
                <span class="prompt-section-summary">{dynamic(move || editor.with(summary))}</span>
            </summary>
            {json_field(editor, title, hint, place)}
        </details>
    }
}

fn json_field(editor: Editor, label: &'static str, hint: &'static str, place: Place) -> impl IntoView {
    let text = Signal::derive(move || editor.draft_text(place));
    let on_input = Callback::new(move |text: String| editor.edit(Some(label), |draft| *place(draft) = text));
    view! {
        <div class="field">
            <span aria-hidden="true">{label}</span>
            <TemplateField label text format=None on_input />
            <p class="field-hint">{hint}</p>
        </div>
    }
}
