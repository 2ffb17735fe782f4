//! Retrievers: a question is embedded, documents come back with their scores.

use super::scene::{Done, Scene};
use super::trace::RunIdx;
use fanlight_wire::{RunType, Timestamp};
use serde_json::{Value, json};

/// Which index answered; a rebuild gives it a new name.
pub const INDEX: &str = "kb-v3";

/// A document as LangChain returns it, scored by its rank.
pub fn documents(scene: &mut Scene<'_>, keys: &[String], best_score: f64) -> Vec<Value> {
    let mut score = best_score;
    let mut found = Vec::with_capacity(keys.len());
    for key in keys {
        let document = &scene.corpus.documents[key];
        found.push(json!({
            "page_content": document.text,
            "type": "Document",
            "metadata": {"title": document.title, "source": document.source, "updated": document.updated,
                         "index": INDEX, "score": (score * 1000.0).round() / 1000.0},
        }));
        score -= scene.chance.between(0.02, 0.11);
    }
    found
}

/// Embeds `query` and fetches `documents`; the outputs are `{"documents": […]}`.
pub fn retrieve(
    scene: &mut Scene<'_>,
    (parent, name): (RunIdx, &str),
    start: Timestamp,
    query: &str,
    documents: Vec<Value>,
) -> Done {
    let inputs = json!({"query": query});
    let outcome = scene.step(Some(parent), name, RunType::Retriever, start, inputs, |scene, retriever| {
        let n_tokens = super::message::estimate_tokens(query);
        let embedding = json!({"model": "text-embedding-3-small", "dimensions": 1536,
                               "usage_metadata": {"input_tokens": n_tokens, "total_tokens": n_tokens}});
        let embedded =
            scene.leaf(retriever, "embed_query", RunType::Embedding, start, 38.0, (json!({"input": query}), embedding));
        let last = scene.trace.runs.len() - 1;
        scene.trace.run_mut(RunIdx(last)).metadata.extend([
            ("ls_provider".to_owned(), json!("openai")),
            ("ls_model_name".to_owned(), json!("text-embedding-3-small")),
        ]);
        let at = super::scene::after(embedded.at, scene.chance.around(55.0));
        Ok(Done { at, outputs: json!({"documents": documents}) })
    });
    match outcome {
        Ok(done) => done,
        Err(failure) => Done { at: failure.at, outputs: json!({"documents": []}) },
    }
}

/// Fetches what is remembered about the user; the outputs are `{"documents": […]}`.
pub fn recall(scene: &mut Scene<'_>, parent: RunIdx, start: Timestamp, user_id: &str, facts: &[String]) -> Done {
    let documents: Vec<_> = facts
        .iter()
        .map(|fact| json!({"page_content": fact, "type": "Document", "metadata": {"source": "memory", "user_id": user_id}}))
        .collect();
    let found = (json!({"query": user_id, "k": 5}), json!({"documents": documents}));
    scene.leaf(parent, "memory_agent", RunType::Retriever, start, 90.0, found)
}

/// The documents as the text that a prompt quotes, one paragraph each.
pub fn as_context(documents: &Value) -> String {
    let quote = |document: &Value| {
        let title = document["metadata"]["title"].as_str().unwrap_or("Memory");
        format!("[{title}]\n{}", document["page_content"].as_str().unwrap_or_default())
    };
    documents["documents"].as_array().into_iter().flatten().map(quote).collect::<Vec<_>>().join("\n\n")
}
