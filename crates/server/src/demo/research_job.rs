//! `batch_research_job`: one trace of thousands of runs. Suppliers are researched six at a time, each by five agents side
//! by side, and one page deep inside does not answer.

use super::corpus::{self, Topic, fill};
use super::llm::{self, CLAUDE_OPUS, Call, GPT_4O_MINI, GPT_5_4_MINI, Model, Recorder, Reply};
use super::message::{Message, ToolCall};
use super::scene::{Done, Outcome, Scene, after};
use super::trace::RunIdx;
use fanlight_wire::{RunType, Timestamp};
use serde_json::{Value, json};

/// How many suppliers are researched at the same time.
const N_LANES: usize = 6;

/// How large a job is.
#[derive(Clone, Copy)]
pub struct JobSize {
    pub n_suppliers: usize,
    /// Citations are checked until the trace has this many runs.
    pub n_runs: usize,
}

/// The trace of the size: 2,000 runs over all thirty suppliers.
pub const LARGE: JobSize = JobSize { n_suppliers: 30, n_runs: 2000 };
/// Two suppliers: what runs every few hours.
pub const SMALL: JobSize = JobSize { n_suppliers: 2, n_runs: 140 };

/// Plays a whole job.
pub fn batch_research_job(scene: &mut Scene<'_>, size: JobSize, start: Timestamp) -> Outcome {
    let suppliers = &scene.corpus.research.suppliers[..size.n_suppliers];
    let question = &scene.corpus.research.question;
    let inputs = json!({"question": question, "suppliers": suppliers, "max_concurrency": N_LANES});
    scene.step(None, "batch_research_job", RunType::Chain, start, inputs, |scene, root| {
        let plan: Vec<_> = scene.corpus.research.topics.iter().map(|topic| topic.key.as_str()).collect();
        let planned = think(scene, (root, "plan_research"), after(start, 30.0), GPT_5_4_MINI, question, json!({"topics": plan}))?;

        let mut lanes = [after(planned.at, 5.0); N_LANES];
        for (nth, supplier) in suppliers.iter().enumerate() {
            let lane = (0..N_LANES).min_by_key(|lane| lanes[*lane]).expect("there are lanes");
            let has_dead_page = nth == suppliers.len() / 2;
            lanes[lane] = after(research_supplier(scene, root, lanes[lane], supplier, has_dead_page)?.at, 8.0);
        }
        let all_done = lanes.into_iter().max().expect("there are lanes");

        // The report, its call and the citation step itself are three of the runs to come.
        let n_citations = size.n_runs.saturating_sub(scene.trace.runs.len() + 3);
        let checked = check_citations(scene, root, after(all_done, 4.0), n_citations)?;
        let best = scene.chance.pick(suppliers).clone();
        let report = json!({"recommendation": best, "n_suppliers": suppliers.len(),
            "summary": format!("{best} can deliver 20,000 shirts by the end of February with a valid certificate. The second \
                source should be {}, which is slower but has the shorter customs route.", suppliers[0])});
        let written = think(scene, (root, "write_report"), after(checked.at, 3.0), CLAUDE_OPUS, question, report.clone())?;
        Ok(Done { at: after(written.at, 20.0), outputs: report })
    })
}

fn research_supplier(
    scene: &mut Scene<'_>,
    root: RunIdx,
    start: Timestamp,
    supplier: &str,
    has_dead_page: bool,
) -> Outcome {
    scene.step(Some(root), "supplier_research", RunType::Chain, start, json!({"supplier": supplier}), |scene, idx| {
        scene.trace.run_mut(idx).metadata.insert("supplier".into(), json!(supplier));
        let topics = &scene.corpus.research.topics;
        let mut latest = start;
        let mut findings = serde_json::Map::new();
        for (nth, topic) in topics.iter().enumerate() {
            let began = after(start, 2.0 + nth as f64 * 1.5);
            let is_dead = has_dead_page && nth + 1 == topics.len();
            let done = research_topic(scene, idx, began, (supplier, topic), is_dead)?;
            latest = latest.max(done.at);
            findings.insert(topic.key.clone(), done.outputs["finding"].clone());
        }
        let question = format!("Summarise what we know about {supplier} in three sentences.");
        let summary = Value::Object(findings);
        think(scene, (idx, "summarise_supplier"), after(latest, 3.0), GPT_4O_MINI, &question, summary)
    })
}

fn research_topic(
    scene: &mut Scene<'_>,
    parent: RunIdx,
    start: Timestamp,
    (supplier, topic): (&str, &Topic),
    has_dead_page: bool,
) -> Outcome {
    let values = facts_about(scene, supplier);
    let (question, finding) = (fill(&topic.question, &values), fill(&topic.finding, &values));
    let inputs = json!({"question": question});
    scene.step(Some(parent), &format!("{}_agent", topic.key), RunType::Chain, start, inputs, |scene, agent| {
        let messages = vec![
            Message::System("Research one question about one supplier. Use the tools, quote your sources.".into()),
            Message::User(question.clone()),
        ];
        let shown = json!({"messages": messages.iter().map(Message::to_langchain).collect::<Vec<_>>()});
        let done = scene.leaf(
            agent,
            "ChatPromptTemplate",
            RunType::Prompt,
            after(start, 1.0),
            2.0,
            (json!({"question": question}), shown),
        );
        let tool_call = ToolCall {
            id: format!("call_{:012x}", scene.chance.whole(0, 0xffff_ffff_ffff)),
            name: "web_search".into(),
            arguments: json!({"query": format!("{supplier} {}", topic.key)}),
        };
        let reply = Reply { text: String::new(), tool_call: Some(tool_call.clone()) };
        let asked = llm::call(scene, agent, after(done.at, 1.0), job_call(GPT_4O_MINI, messages.clone()), reply);

        let url = format!("https://{}/{}", scene.chance.pick(&scene.corpus.research.hosts).clone(), slug(supplier));
        let hits = json!({"results": [{"title": format!("{supplier}: {}", topic.key), "url": url}]});
        let found = scene.leaf(
            agent,
            "web_search",
            RunType::Tool,
            after(asked.at, 1.0),
            420.0,
            (tool_call.arguments.clone(), hits.clone()),
        );
        let mut latest = found.at;
        for _ in 0..1 + usize::from(scene.chance.happens(0.25)) {
            let page = (json!({"url": url}), json!({"status": 200, "text": finding}));
            latest = latest.max(scene.leaf(agent, "fetch_page", RunType::Tool, after(found.at, 1.0), 650.0, page).at);
        }
        let notes =
            vec![json!({"page_content": finding, "type": "Document", "metadata": {"source": url, "score": 0.81}})];
        let known =
            super::retrieval::retrieve(scene, (agent, "notes_retriever"), after(found.at, 1.0), &question, notes);

        let mut messages = messages;
        messages.push(Message::ToolCall(tool_call.clone()));
        messages.push(Message::ToolResult(tool_call.id, tool_call.name, hits.to_string()));
        let answer = json!({"finding": finding, "source": url});
        let began = after(latest.max(known.at), 2.0);
        let said = llm::call(scene, agent, began, job_call(GPT_5_4_MINI, messages), answer.to_string().into());
        let parsed = (json!({"input": answer.to_string()}), answer.clone());
        let parsed = scene.leaf(agent, "JsonOutputParser", RunType::Parser, after(said.at, 0.5), 2.0, parsed);
        // A page that does not answer costs the check, not the finding.
        let verified = verify_claim(scene, agent, after(parsed.at, 1.0), (&finding, &url), has_dead_page);
        let (at, is_verified) = match verified {
            Ok(done) => (done.at, true),
            Err(failure) => (failure.at, false),
        };
        Ok(Done { at, outputs: json!({"finding": finding, "source": url, "is_verified": is_verified}) })
    })
}

fn verify_claim(
    scene: &mut Scene<'_>,
    agent: RunIdx,
    start: Timestamp,
    (claim, url): (&str, &str),
    has_dead_page: bool,
) -> Outcome {
    let inputs = json!({"claim": claim, "source": url});
    scene.step(Some(agent), "verify_claims", RunType::Chain, start, inputs, |scene, idx| {
        let began = after(start, 1.0);
        let fetched = if has_dead_page {
            let host = url.trim_start_matches("https://").split('/').next().unwrap_or_default();
            let error = corpus::PAGE_TIMEOUT.replace("{host}", host);
            return Err(scene.failing_leaf(
                idx,
                "fetch_page",
                RunType::Tool,
                began,
                8_010.0,
                (json!({"url": url}), &error),
            ));
        } else {
            scene.leaf(
                idx,
                "fetch_page",
                RunType::Tool,
                began,
                380.0,
                (json!({"url": url}), json!({"status": 200, "text": claim})),
            )
        };
        let messages =
            vec![Message::User(format!("Does the page support the claim?\n\nClaim: {claim}\n\nPage: {claim}"))];
        let verdict = json!({"supported": true});
        let done =
            llm::call(scene, idx, after(fetched.at, 1.0), job_call(GPT_4O_MINI, messages), verdict.to_string().into());
        Ok(Done { at: done.at, outputs: verdict })
    })
}

fn check_citations(scene: &mut Scene<'_>, root: RunIdx, start: Timestamp, n_citations: usize) -> Outcome {
    let inputs = json!({"n_citations": n_citations});
    scene.step(Some(root), "check_citations", RunType::Chain, start, inputs, |scene, idx| {
        let mut lanes = [after(start, 1.0); N_LANES];
        for nth in 0..n_citations {
            let lane = nth % N_LANES;
            let host = scene.chance.pick(&scene.corpus.research.hosts).clone();
            let checked = (json!({"citation": nth + 1, "host": host}), json!({"is_reachable": true, "status": 200}));
            lanes[lane] = scene.leaf(idx, "check_citation", RunType::Tool, lanes[lane], 140.0, checked).at;
        }
        let at = lanes.into_iter().max().expect("there are lanes");
        Ok(Done { at, outputs: json!({"n_reachable": n_citations}) })
    })
}

/// A chain around a single call: asks `question`, answers with `reply`.
fn think(
    scene: &mut Scene<'_>,
    (parent, name): (RunIdx, &str),
    start: Timestamp,
    model: Model,
    question: &str,
    reply: Value,
) -> Outcome {
    scene.step(Some(parent), name, RunType::Chain, start, json!({"question": question}), |scene, idx| {
        let messages = vec![
            Message::System("You plan and write procurement research for Acme. Answer with JSON only.".into()),
            Message::User(question.to_owned()),
        ];
        let done = llm::call(scene, idx, after(start, 2.0), job_call(model, messages), reply.to_string().into());
        Ok(Done { at: done.at, outputs: reply })
    })
}

fn job_call(model: Model, messages: Vec<Message>) -> Call {
    Call { model, recorder: Recorder::LangChain, messages, temperature: 0.0, is_streamed: true, n_hidden_tokens: 260 }
}

fn facts_about(scene: &mut Scene<'_>, supplier: &str) -> Vec<(&'static str, String)> {
    let chance = &mut scene.chance;
    let low = chance.whole(310, 540);
    let high = low + chance.whole(20, 90);
    let euros = |cents: u64| format!("{}.{:02}", cents / 100, cents % 100);
    vec![
        ("supplier", supplier.to_owned()),
        ("lines", chance.whole(4, 40).to_string()),
        ("capacity", format!("{},000", chance.whole(12, 240))),
        ("load", chance.whole(35, 97).to_string()),
        ("month", (*chance.pick(&["February", "May", "August", "November"])).to_owned()),
        ("low", euros(low)),
        ("high", euros(high)),
        ("days", chance.whole(4, 41).to_string()),
        ("issues", chance.whole(0, 6).to_string()),
    ]
}

fn slug(name: &str) -> String {
    name.to_lowercase().replace([' ', '&'], "-")
}
