//! A week in the life of a made-up support application, sent through the public API like any application's traces.
//!
//! [`send`] is the way in. `cast` decides who talks when; `chat`, `rag`, `support` and `research_job` play the
//! applications; `refund` is the incident worth finding; `content/` holds the words. Nothing here reaches into the store.

mod cast;
mod chance;
mod chat;
mod corpus;
mod llm;
mod message;
mod post;
mod prompts;
mod rag;
mod rating;
mod refund;
mod research_job;
mod retrieval;
mod scene;
mod schedule;
mod support;
mod talk;
mod trace;

#[cfg(test)]
mod tests;

use fanlight_wire::Timestamp;
use post::Poster;
use serde_json::{Value, json};

/// Where the conversations are.
pub const MAIN_PROJECT: &str = "production-agent";
/// Where the batch jobs are, the trace of 2,000 runs among them.
pub const RESEARCH_PROJECT: &str = "supplier-research";

/// What to make up.
#[derive(Clone, Debug)]
pub struct DemoOptions {
    /// The same seed and `now` give the same week.
    pub seed: u64,
    /// When the week ends.
    pub now: Timestamp,
    /// Each has one to three turns, and each turn is a trace.
    pub n_conversations: usize,
    /// Small batch jobs of 140 runs, about one a day.
    pub n_research_jobs: u32,
    /// Whether to add the trace of 2,000 runs.
    pub has_large_trace: bool,
}

impl Default for DemoOptions {
    /// A few hundred traces over the last seven days.
    fn default() -> Self {
        let now = Timestamp(chrono::Utc::now().timestamp_micros() * 1000);
        DemoOptions { seed: 1984, now, n_conversations: 200, n_research_jobs: 6, has_large_trace: true }
    }
}

/// What was sent.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct DemoSummary {
    pub n_traces: usize,
    pub n_runs: usize,
    pub n_feedback: usize,
}

/// Makes up a week of traces and sends it to the server at `base_url`, oldest first. Blocks until all is stored.
///
/// Fails when the server cannot be reached or refuses something; what was sent until then stays.
pub fn send(base_url: &str, options: &DemoOptions) -> anyhow::Result<DemoSummary> {
    let corpus = corpus::Corpus::load()?;
    let poster = Poster::new(base_url);
    for (name, description) in [
        (MAIN_PROJECT, "Customer chat of the Acme store. Demo data."),
        (RESEARCH_PROJECT, "Nightly supplier research. Demo data."),
    ] {
        let project = json!({"name": name, "description": description, "extra": {"metadata": {"team": "support-ai"}}});
        poster.post_json("/sessions?upsert=true", &project)?;
    }

    let pushed = prompts::push(&poster, &corpus.prompts)?;
    let mut summary = DemoSummary::default();
    let mut waiting: Vec<Value> = Vec::new();
    let mut all_feedback = Vec::new();
    for (mut trace, feedback) in cast::week(&corpus, options) {
        pushed.stamp(&mut trace);
        summary.n_traces += 1;
        summary.n_runs += trace.runs.len();
        if trace.attachments.is_empty() {
            waiting.extend(trace.runs.iter().map(|run| trace.to_wire(run)));
        } else {
            poster.post_with_attachments(&trace)?;
        }
        if waiting.len() >= 100 {
            poster.post_runs(&waiting)?;
            waiting.clear();
        }
        all_feedback.extend(feedback);
    }
    poster.post_runs(&waiting)?;
    for feedback in &all_feedback {
        poster.post_json("/feedback", feedback)?;
    }
    summary.n_feedback = all_feedback.len();
    Ok(summary)
}

/// Whether the server already holds the demo's conversations.
pub fn is_loaded(base_url: &str) -> anyhow::Result<bool> {
    let projects = Poster::new(base_url).get_json(&format!("/sessions?name={MAIN_PROJECT}&limit=1"))?;
    Ok(projects.as_array().is_some_and(|projects| !projects.is_empty()))
}
