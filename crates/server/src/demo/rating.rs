//! What people and evaluators thought of an answer.

use super::chance::Chance;
use super::corpus::Corpus;
use super::trace::Trace;
use fanlight_wire::{RunId, RunStatus, Timestamp};
use serde_json::{Value, json};

/// Feedback on a finished trace, as bodies of `POST /feedback`. Most traces get none.
pub fn rate(corpus: &Corpus, chance: &mut Chance, trace: &Trace) -> Vec<Value> {
    let root = trace.root();
    let Some(end) = root.end else { return Vec::new() };
    let status = if root.error.is_some() { RunStatus::Error } else { RunStatus::Success };
    let mut all = Vec::new();
    if chance.happens(0.24) {
        let is_good = status == RunStatus::Success && chance.happens(0.8);
        let comments = if is_good { &corpus.people.comments.good } else { &corpus.people.comments.bad };
        let comment = chance.happens(0.35).then(|| chance.pick(comments).clone());
        let at = later(chance, end, 5, 90);
        all.push(feedback(
            chance,
            trace,
            root.id,
            at,
            &[
                ("key", json!("user_rating")),
                ("score", json!(u8::from(is_good))),
                ("comment", json!(comment)),
                source("app"),
            ],
        ));
    }
    if status == RunStatus::Success && chance.happens(0.3) {
        let score = f64::from(chance.weighted(&[(10_u8, 60), (9, 22), (7, 10), (4, 5), (1, 3)])) / 10.0;
        let comment = match score {
            s if s >= 0.9 => "Every claim is supported by a retrieved passage.",
            s if s >= 0.6 => "Correct, but one detail is not in the passages.",
            _ => "The answer contradicts the second passage.",
        };
        let at = later(chance, end, 20, 60);
        all.push(feedback(
            chance,
            trace,
            root.id,
            at,
            &[("key", json!("correctness")), ("score", json!(score)), ("comment", json!(comment)), source("model")],
        ));
    }
    if status == RunStatus::Success && chance.happens(0.12) {
        let tone = *chance.pick(&["friendly", "friendly", "neutral", "too formal"]);
        let at = later(chance, end, 20, 60);
        all.push(feedback(
            chance,
            trace,
            root.id,
            at,
            &[("key", json!("tone")), ("value", json!(tone)), source("model")],
        ));
    }
    all
}

/// One body of `POST /feedback` on a run of `trace`, given at `at`.
pub fn feedback(chance: &mut Chance, trace: &Trace, run: RunId, at: Timestamp, fields: &[(&str, Value)]) -> Value {
    let mut body = json!({
        "id": chance.id_at(at), "run_id": run, "trace_id": trace.root().id, "created_at": at, "modified_at": at,
    });
    for (name, value) in fields.iter().filter(|field| !field.1.is_null()) {
        body[*name] = value.clone();
    }
    body
}

/// Who gives it: `app`, `api` or `model`.
pub fn source(kind: &str) -> (&'static str, Value) {
    ("feedback_source", json!({"type": kind}))
}

/// `low_s` to `high_s` seconds after `time`.
pub fn later(chance: &mut Chance, time: Timestamp, low_s: u64, high_s: u64) -> Timestamp {
    Timestamp(time.0 + i64::try_from(chance.whole(low_s, high_s)).unwrap_or(0) * 1_000_000_000)
}
