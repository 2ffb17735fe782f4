//! Who talks to the demo application and when: a week of conversations, made into traces with their feedback.

use super::chance::Chance;
use super::chat::process_chat;
use super::corpus::{Conversation, Corpus, Person, RECEIPT_PNG, ToolUse, Turn, fill, fill_json};
use super::rag::rag_pipeline;
use super::rating::rate;
use super::refund::ask_about_clothing;
use super::research_job::{self, JobSize, batch_research_job};
use super::scene::Scene;
use super::schedule::conversation_starts;
use super::support::support_agent;
use super::talk::{MISHAPS, Mishap, Talk, Version};
use super::trace::{Setting, Trace};
use super::{DemoOptions, MAIN_PROJECT, RESEARCH_PROJECT};
use base64::Engine;
use fanlight_wire::Timestamp;
use serde_json::{Map, Value, json};

const MINUTE_NS: i64 = 60_000_000_000;

/// A trace and what was said about it.
pub type Scored = (Trace, Vec<Value>);

/// Everything that happened in the week before `options.now`, oldest trace first.
pub fn week(corpus: &Corpus, options: &DemoOptions) -> Vec<Scored> {
    let mut chance = Chance::new(options.seed, 0);
    let mut week = Vec::new();
    for (nth, start) in conversation_starts(&mut chance, options.n_conversations, options.now).into_iter().enumerate() {
        week.extend(conversation(corpus, options, 1000 + nth as u64, start));
    }
    let minutes_ago = |minutes: i64| Timestamp(options.now.0 - minutes * MINUTE_NS);
    // The last two are one person asking again, once the index was rebuilt: what differs is what was found.
    for (stream, setting_stream, minutes, person, is_answered_well) in
        [(1, 1, 1571, 3, false), (2, 2, 47, 0, false), (3, 2, 12, 0, true)]
    {
        let person = &corpus.people.en[person];
        let setting =
            setting(&mut Chance::new(options.seed, setting_stream), person, Version::Stable, "returns-policy");
        let chance = Chance::new(options.seed, 512 + stream);
        week.push(ask_about_clothing(corpus, chance, setting, person, minutes_ago(minutes), is_answered_well));
    }
    week.push(receipt(corpus, options, minutes_ago(21)));
    for nth in 0..i64::from(options.n_research_jobs) {
        week.push(job(corpus, options, 100 + nth as u64, research_job::SMALL, minutes_ago(70 + nth * 1430)));
    }
    if options.has_large_trace {
        week.push(job(corpus, options, 99, research_job::LARGE, minutes_ago(35)));
    }
    week.sort_by_key(|(trace, _)| trace.root().start);
    week
}

/// One conversation: its turns become traces of one thread.
fn conversation(corpus: &Corpus, options: &DemoOptions, stream: u64, start: Timestamp) -> Vec<Scored> {
    let mut chance = Chance::new(options.seed, stream);
    let language = chance.weighted(&[("en", 74), ("fr", 16), ("ja", 10)]);
    let (people, conversations) = match language {
        "fr" => (&corpus.people.fr, &corpus.french),
        "ja" => (&corpus.people.ja, &corpus.japanese),
        _ => (&corpus.people.en, &corpus.english),
    };
    let person = chance.pick(people).clone();
    let conversation: &Conversation = chance.pick(conversations);
    let version = chance.weighted(&[(Version::Stable, 80), (Version::Beta, 20)]);
    let setting = setting(&mut chance, &person, version, &conversation.key);
    let values = values(&mut chance, &person, language);

    let mut traces: Vec<Scored> = Vec::new();
    let mut history = Vec::new();
    let mut start = start;
    for (nth, turn) in conversation.turns.iter().enumerate() {
        let turn_chance = Chance::new(options.seed, stream * 64 + nth as u64);
        let talk = Talk {
            person: person.clone(),
            conversation_id: setting.metadata["conversation_id"].as_str().unwrap_or_default().to_owned(),
            language,
            intent: conversation.intent.clone(),
            turn: filled(turn, &values),
            history: history.clone(),
            version,
            mishap: mishap(&mut chance, &conversation.agent, turn),
            best_score: chance.between(0.78, 0.95),
        };
        let mut scene = Scene::new(corpus, turn_chance, setting.clone());
        let outcome = match conversation.agent.as_str() {
            "rag-pipeline" => rag_pipeline(&mut scene, &talk, start),
            "support_agent" => support_agent(&mut scene, &talk, start, None),
            _ => process_chat(&mut scene, &talk, start),
        };
        let feedback = rate(corpus, &mut scene.chance, &scene.trace);
        traces.push((scene.trace, feedback));
        let end = outcome.map_or_else(|failure| failure.at, |done| done.at);
        // The user reads, thinks and types. What would happen after now has not happened.
        start = Timestamp(end.0 + (chance.between(0.4, 4.0) * MINUTE_NS as f64) as i64);
        if start.0 > options.now.0 - MINUTE_NS / 2 {
            break;
        }
        history.push((talk.turn.ask, talk.turn.answer));
    }
    // Nothing ends or is rated later than now.
    traces.retain(|(trace, _)| trace.root().end.is_some_and(|end| end <= options.now));
    for (_, feedback) in &mut traces {
        let now = json!(options.now);
        feedback.retain(|body| body["created_at"].as_str() <= now.as_str());
    }
    traces
}

/// Only a mishap that this application can have: the others have nothing to break.
fn mishap(chance: &mut Chance, agent: &str, turn: &Turn) -> Mishap {
    let mishap = chance.weighted(&MISHAPS);
    let is_possible = match mishap {
        Mishap::None | Mishap::Interrupted => true,
        Mishap::RateLimit => agent != "support_agent",
        Mishap::Timeout => agent != "rag-pipeline",
        Mishap::RateLimitOvercome | Mishap::JsonRepaired | Mishap::Json => agent == "process_chat",
        Mishap::SearchDown => agent == "process_chat" && turn.search.is_some(),
        Mishap::ToolDown => agent == "support_agent" && turn.tool.is_some(),
    };
    if is_possible { mishap } else { Mishap::None }
}

/// A customer sends a picture of a receipt; the file is attached to the trace as well.
fn receipt(corpus: &Corpus, options: &DemoOptions, start: Timestamp) -> Scored {
    let mut chance = Chance::new(options.seed, 4);
    let person = corpus.people.en[4].clone();
    let setting = setting(&mut chance, &person, Version::Stable, "receipt");
    let talk = Talk {
        conversation_id: setting.metadata["conversation_id"].as_str().unwrap_or_default().to_owned(),
        language: "en",
        intent: "billing".into(),
        turn: Turn {
            ask: "I only bought one shirt. Can you check this receipt?".into(),
            answer: "Thanks for the photo, Grace. Receipt **R-20931** lists the white linen shirt twice, at **39.90 EUR** each, and \
                only one left the warehouse. I have refunded **39.90 EUR** to the card ending 4417; it arrives within 5 \
                business days."
                .into(),
            docs: vec!["billing-duplicate".into(), "returns-how-to".into()],
            memory: Vec::new(),
            search: None,
            tool: Some(ToolUse {
                name: "refund_line_item".into(),
                arguments: json!({"receipt": "R-20931", "line": 2, "amount_eur": "39.90"}),
                result: json!({"refund": "rf_71c0", "status": "accepted", "arrives_within_days": 5}),
            }),
        },
        history: Vec::new(),
        version: Version::Stable,
        mishap: Mishap::None,
        best_score: 0.84,
        person,
    };
    let mut scene = Scene::new(corpus, chance, setting);
    let picture = base64::engine::general_purpose::STANDARD.encode(RECEIPT_PNG);
    let _ = support_agent(&mut scene, &talk, start, Some(format!("data:image/png;base64,{picture}")));
    scene.trace.attachments.push(("receipt", "image/png", RECEIPT_PNG));
    (scene.trace, Vec::new())
}

fn job(corpus: &Corpus, options: &DemoOptions, stream: u64, size: JobSize, start: Timestamp) -> Scored {
    let setting = Setting {
        project: RESEARCH_PROJECT.to_owned(),
        tags: vec!["batch".into(), "research".into()],
        metadata: Map::from_iter([
            ("environment".to_owned(), json!("batch")),
            ("triggered_by".to_owned(), json!("schedule")),
            ("revision_id".to_owned(), json!("9b1f27e")),
        ]),
    };
    let mut scene = Scene::new(corpus, Chance::new(options.seed, stream), setting);
    let _ = batch_research_job(&mut scene, size, start);
    let feedback = rate(corpus, &mut scene.chance, &scene.trace);
    (scene.trace, feedback)
}

fn setting(chance: &mut Chance, person: &Person, version: Version, topic: &str) -> Setting {
    let (name, revision, environment) = match version {
        Version::Stable => ("v2.3", "4be03d1", "prod"),
        Version::Beta => ("v2.4-beta", "c27a9f5", "beta"),
    };
    let region = *chance.pick(&["eu", "eu", "us", "apac"]);
    Setting {
        project: MAIN_PROJECT.to_owned(),
        tags: ["chat", "main-flow", environment, region, name].map(String::from).to_vec(),
        metadata: Map::from_iter([
            ("conversation_id".to_owned(), json!(format!("{topic}-{:08x}", chance.whole(0, 0xffff_ffff)))),
            ("user_id".to_owned(), json!(person.0)),
            ("customer_tier".to_owned(), json!(person.2)),
            ("environment".to_owned(), json!(environment)),
            ("region".to_owned(), json!(region)),
            ("app_version".to_owned(), json!(name)),
            ("revision_id".to_owned(), json!(revision)),
        ]),
    }
}

fn values(chance: &mut Chance, person: &Person, language: &str) -> Vec<(&'static str, String)> {
    let cities: &[&str] = match language {
        "fr" => &["Lyon", "Nantes", "Genève", "Lille"],
        "ja" => &["札幌", "福岡"],
        _ => &["Leeds", "Utrecht", "Austin", "Cork"],
    };
    let amount = chance.whole(1900, 48_000);
    vec![
        ("name", person.1.clone()),
        ("account", format!("acc_{}", chance.whole(10_000, 99_999))),
        ("invoice", format!("INV-{}", chance.whole(20_000, 69_999))),
        ("order", format!("A-{}", chance.whole(100_000, 999_999))),
        ("amount", format!("{}.{:02} EUR", amount / 100, amount % 100)),
        ("seats", chance.whole(6, 24).to_string()),
        ("city", (*chance.pick(cities)).to_owned()),
    ]
}

fn filled(turn: &Turn, values: &[(&str, String)]) -> Turn {
    Turn {
        ask: fill(&turn.ask, values),
        answer: fill(&turn.answer, values),
        docs: turn.docs.clone(),
        memory: turn.memory.iter().map(|fact| fill(fact, values)).collect(),
        search: turn.search.clone(),
        tool: turn.tool.as_ref().map(|tool| ToolUse {
            name: tool.name.clone(),
            arguments: fill_json(&tool.arguments, values),
            result: fill_json(&tool.result, values),
        }),
    }
}
