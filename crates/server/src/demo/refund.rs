//! The refund-policy incident: the retriever returns an internal draft about electronics, and the model answers a question
//! about clothing from it, confidently and wrong. After the index was rebuilt, the same question is answered well.

use super::chance::Chance;
use super::chat::process_chat;
use super::corpus::{Corpus, Person, Turn};
use super::rating::{feedback, later, source};
use super::scene::Scene;
use super::talk::{Mishap, Talk, Version};
use super::trace::{Setting, Trace};
use fanlight_wire::{RunType, Timestamp};
use serde_json::{Value, json};

const ASK: &str = "What is your refund policy for clothing?";
const WRONG: &str = "Our return policy allows **14 days** from delivery. A restocking fee of **15 %** applies once the packaging has been \
    opened, and the refund is issued as **store credit**. To start a return:\n\n1. Open Orders → Return item\n2. Choose a reason and \
    print the label\n\nReturn shipping is paid by you.";
const RIGHT: &str = "You can return clothing within **30 days** of delivery for a full refund, as long as it is unworn, unwashed and \
    still carries its tags. To start a return:\n\n1. Open Orders → Return item\n2. Choose a reason and print the label\n\nReturn \
    shipping is free in the EU, the UK and the US, and the money arrives within 5 business days after the parcel reaches us.";

/// Plays the question, answered wrongly or well, with the feedback that followed.
pub fn ask_about_clothing(
    corpus: &Corpus,
    chance: Chance,
    mut setting: Setting,
    person: &Person,
    start: Timestamp,
    is_answered_well: bool,
) -> (Trace, Vec<Value>) {
    let (answer, docs, best_score) = if is_answered_well {
        (RIGHT, ["returns-clothing", "returns-how-to", "returns-international"], 0.93)
    } else {
        (WRONG, ["returns-electronics-draft", "returns-how-to", "gift-cards"], 0.89)
    };
    setting
        .metadata
        .insert("knowledge_index_built".into(), json!(if is_answered_well { "2026-11-24" } else { "2026-11-17" }));
    let talk = Talk {
        person: person.clone(),
        conversation_id: setting.metadata["conversation_id"].as_str().unwrap_or_default().to_owned(),
        language: "en",
        intent: "returns".into(),
        turn: Turn {
            ask: ASK.into(),
            answer: answer.into(),
            docs: docs.map(String::from).to_vec(),
            memory: vec!["Bought a linen shirt and a coat two weeks ago.".into()],
            search: None,
            tool: None,
        },
        history: Vec::new(),
        version: Version::Stable,
        mishap: Mishap::None,
        best_score,
    };
    let mut scene = Scene::new(corpus, chance, setting);
    let _ = process_chat(&mut scene, &talk, start);
    let feedback = if is_answered_well { praise(&mut scene) } else { complain(&mut scene) };
    (scene.trace, feedback)
}

fn complain(scene: &mut Scene<'_>) -> Vec<Value> {
    let Scene { chance, trace, .. } = scene;
    let end = trace.root().end.unwrap_or(trace.root().start);
    let root = trace.root().id;
    // The last call is the aggregator's: the one that said it.
    let said = trace.runs.iter().rfind(|run| run.run_type == RunType::Llm).map_or(root, |run| run.id);
    let rated_at = later(chance, end, 20, 60);
    let judged_at = later(chance, end, 8, 15);
    vec![
        feedback(
            chance,
            trace,
            root,
            rated_at,
            &[
                ("key", json!("user_rating")),
                ("score", json!(0.0)),
                source("app"),
                ("comment", json!("Wrong answer about clothing. Your website says 30 days and free returns!")),
            ],
        ),
        feedback(
            chance,
            trace,
            root,
            judged_at,
            &[
                ("key", json!("correctness")),
                ("score", json!(0.0)),
                source("model"),
                (
                    "comment",
                    json!(
                        "Contradicts the published policy: clothing can be returned within 30 days for a full refund."
                    ),
                ),
                ("correction", json!({"answer": RIGHT})),
            ],
        ),
        feedback(
            chance,
            trace,
            said,
            judged_at,
            &[
                ("key", json!("failure_mode")),
                ("value", json!("wrong_document")),
                source("model"),
                ("comment", json!("Faithful to its context; the context was an internal draft about electronics.")),
            ],
        ),
        feedback(
            chance,
            trace,
            root,
            judged_at,
            &[
                ("key", json!("routed_for_review")),
                ("score", json!(0.5)),
                source("api"),
                ("comment", json!("High-stakes topic detected")),
            ],
        ),
    ]
}

fn praise(scene: &mut Scene<'_>) -> Vec<Value> {
    let Scene { chance, trace, .. } = scene;
    let end = trace.root().end.unwrap_or(trace.root().start);
    let root = trace.root().id;
    let judged_at = later(chance, end, 8, 15);
    let rated_at = later(chance, end, 20, 60);
    vec![
        feedback(
            chance,
            trace,
            root,
            rated_at,
            &[
                ("key", json!("user_rating")),
                ("score", json!(1.0)),
                source("app"),
                ("comment", json!("Clear, and it matches the website.")),
            ],
        ),
        feedback(
            chance,
            trace,
            root,
            judged_at,
            &[
                ("key", json!("correctness")),
                ("score", json!(1.0)),
                source("model"),
                ("comment", json!("Every claim is supported by a retrieved passage.")),
            ],
        ),
    ]
}
