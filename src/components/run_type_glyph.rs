//! What kind of work a run is: a letter on the kind's colour.

use fanlight_wire::RunType;
use leptos::prelude::*;

/// The letter that stands for a run type.
pub fn run_type_letter(run_type: RunType) -> &'static str {
    match run_type {
        RunType::Chain => "·",
        RunType::Llm => "L",
        RunType::Tool => "T",
        RunType::Retriever => "R",
        RunType::Embedding => "E",
        RunType::Prompt => "P",
        RunType::Parser => "O",
    }
}

/// The run type in the reader's words.
pub fn run_type_label(run_type: RunType) -> &'static str {
    match run_type {
        RunType::Chain => "Chain",
        RunType::Llm => "LLM",
        RunType::Tool => "Tool",
        RunType::Retriever => "Retriever",
        RunType::Embedding => "Embedding",
        RunType::Prompt => "Prompt",
        RunType::Parser => "Output parser",
    }
}

/// A small square with the type's letter; its name on hover and for screen readers.
#[component]
pub fn RunTypeGlyph(run_type: RunType) -> impl IntoView {
    view! {
        <span
            class=format!("run-type-glyph is-{run_type}")
            role="img"
            aria-label=run_type_label(run_type)
            title=run_type_label(run_type)
        >
            {run_type_letter(run_type)}
        </span>
    }
}
