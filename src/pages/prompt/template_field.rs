//! A field for a template, its variables in colour: the text is drawn behind a field whose own letters are transparent.

use crate::components::erased::{dynamic, live};
use crate::prompt::{Format, Piece, PieceKind, pieces};
use leptos::prelude::*;

/// Longer templates are drawn without colours: a key press must stay cheap.
const MAX_COLOURED_BYTES: usize = 64 * 1024;

/// A field that grows with its text. `format` is `None` where braces are only braces.
#[component]
pub fn TemplateField(
    #[prop(into)] label: Signal<String>,
    #[prop(into)] text: Signal<String>,
    #[prop(into)] format: Signal<Option<Format>>,
    on_input: Callback<String>,
) -> impl IntoView {
    let ink = move || {
        let text = text.get();
        match format.get().filter(|_| text.len() <= MAX_COLOURED_BYTES) {
            Some(format) => {
                pieces(&text, format).into_iter().map(|piece| piece_view(&text, piece)).collect_view().into_any()
            }
            None => text.into_any(),
        }
    };
    view! {
        <div class="template-field">
            // The line break gives room for a line that has just been begun.
            <pre class="template-ink" aria-hidden="true">
                {dynamic(ink)}
                "\n"
            </pre>
            <textarea
                class="template-input"
                aria-label=live(move || label.get())
                spellcheck="true"
                rows="1"
                prop:value=live(move || text.get())
                on:input:target=move |event| on_input.run(event.target().value())
            ></textarea>
        </div>
    }
}

fn piece_view(template: &str, Piece { span, kind }: Piece) -> AnyView {
    let text = template[span].to_owned();
    let class = match kind {
        PieceKind::Text => return text.into_any(),
        PieceKind::Variable { .. } | PieceKind::Section { .. } | PieceKind::SectionEnd { .. } => "template-variable",
        PieceKind::Statement { .. } => "template-statement",
        PieceKind::Escape(_) | PieceKind::Comment => "template-faint",
        PieceKind::Bad(_) => "template-bad",
    };
    view! { <span class=class>{text}</span> }.into_any()
}
