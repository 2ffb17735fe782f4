//! What kind of work a run is, as a letter and in the reader's words.

use fanlight_wire::RunType;

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
