//! `process_chat`: the multi-agent graph. A router chooses agents, they look things up, an aggregator answers.

use super::corpus;
use super::llm::{self, CLAUDE_HAIKU, Call, GPT_4O_MINI, GPT_5_4_MINI, GPT_6_LUNA, Model, Recorder, Reply};
use super::message::{Message, ToolCall};
use super::retrieval;
use super::scene::{Done, Failure, Outcome, Scene, after};
use super::talk::{Mishap, Talk, Version};
use super::trace::RunIdx;
use fanlight_wire::{RunType, Timestamp};
use serde_json::{Value, json};

const ROUTER: &str = "You route customer messages for Acme. Decide the intent and which agents are needed: knowledge, memory, \
    research, writing. Answer with JSON only: {\"intent\", \"agents\", \"language\", \"confidence\", \"reasoning\"}.";
const RESEARCHER: &str = "You are the research agent. Collect the facts that answer the question, using only the context and \
    your tools. Answer with JSON only: {\"findings\": [..], \"sources\": [..], \"confidence\": 0..1}.";
const WRITER: &str = "You are the writing agent. Turn the findings into a friendly, precise draft in the customer's language. \
    Never promise what the findings do not say.";
/// Of the aggregator.
const PROMPT: &str = "answer-from-context";

/// Answers shorter than this need no draft.
const DRAFT_MIN_CHARS: usize = 190;

/// Plays one turn; the outputs of a good one hold `response`.
pub fn process_chat(scene: &mut Scene<'_>, talk: &Talk, start: Timestamp) -> Outcome {
    scene.step(None, "process_chat", RunType::Chain, start, talk.root_inputs(), |scene, root| {
        scene.trace.run_mut(root).metadata.insert("intent".into(), json!(talk.intent));
        let question = json!({"messages": [{"role": "user", "content": talk.turn.ask}], "intent": null});
        let began = after(start, scene.chance.between(20.0, 60.0));
        let name = "agent_graph_execution";
        let graph = scene.step(Some(root), name, RunType::Chain, began, question, |scene, graph| {
            scene.trace.run_mut(graph).tags = vec!["graph".into(), "multi-agent".into()];
            play_graph(scene, talk, graph, after(began, 3.0))
        })?;
        let at = after(graph.at, scene.chance.between(60.0, 140.0));
        Ok(Done { at, outputs: graph.outputs })
    })
}

fn play_graph(scene: &mut Scene<'_>, talk: &Talk, graph: RunIdx, start: Timestamp) -> Outcome {
    let has_draft = talk.turn.answer.chars().count() >= DRAFT_MIN_CHARS;
    let mut agents = vec!["knowledge", "memory", "research"];
    if has_draft {
        agents.push("writing");
    }
    let routed = route(scene, talk, graph, start, &agents)?;

    // Knowledge and memory are looked up side by side.
    let documents = retrieval::documents(scene, &talk.turn.docs, talk.best_score);
    let began = after(routed.at, 4.0);
    let knowledge = retrieval::retrieve(scene, (graph, "knowledge_agent"), began, &talk.turn.ask, documents);
    let memory = retrieval::recall(scene, graph, after(began, 0.6), &talk.person.0, &talk.turn.memory);
    let context = retrieval::as_context(&knowledge.outputs);

    let began = after(knowledge.at.max(memory.at), 6.0);
    let mut done = research(scene, talk, graph, began, &context)?;
    if has_draft {
        done = write_draft(scene, talk, graph, after(done.at, 3.0), &done.outputs)?;
    }
    let answer = aggregate(scene, talk, graph, after(done.at, 3.0), &context)?;
    let response_length = talk.turn.answer.chars().count();
    agents.push("aggregator");
    let outputs = json!({"response": talk.turn.answer, "intent": talk.intent, "agents_used": agents,
                         "response_length": response_length});
    Ok(Done { at: answer.at, outputs })
}

fn route(scene: &mut Scene<'_>, talk: &Talk, graph: RunIdx, start: Timestamp, agents: &[&str]) -> Outcome {
    let inputs = json!({"message": talk.turn.ask});
    scene.step(Some(graph), "orchestrator_router", RunType::Chain, start, inputs, |scene, router| {
        scene.trace.run_mut(router).tags = vec!["orchestrator".into(), "router".into()];
        // Of the same question at temperature 0 a model is as sure each time.
        let confidence = f64::from(78 + talk.turn.ask.bytes().map(u32::from).sum::<u32>() % 21) / 100.0;
        let decision = json!({
            "intent": talk.intent, "agents": agents, "language": talk.language, "confidence": confidence,
            "reasoning": format!("A question about {} that the knowledge base should cover.", talk.intent.replace('_', " ")),
        });
        let began = after(start, 2.0);
        let prompt = talk.messages(ROUTER.into(), talk.turn.ask.clone());
        let call = chain_call(model_for(talk, GPT_4O_MINI), prompt, 0.0, false, 340);
        let done = match talk.mishap {
            Mishap::RateLimit => return Err(refused(scene, talk, router, began, 3)),
            Mishap::RateLimitOvercome => {
                let began = after(refused(scene, talk, router, began, 2).at, 400.0);
                llm::call(scene, router, began, call, decision.to_string().into())
            }
            _ => llm::call(scene, router, began, call, decision.to_string().into()),
        };
        Ok(Done { at: done.at, outputs: decision })
    })
}

/// Attempts that the provider refuses, with growing pauses between them.
fn refused(scene: &mut Scene<'_>, talk: &Talk, parent: RunIdx, start: Timestamp, n_attempts: u32) -> Failure {
    let mut began = start;
    let mut attempt = |scene: &mut Scene<'_>, nth: u32| {
        let prompt = talk.messages(ROUTER.into(), talk.turn.ask.clone());
        let call = chain_call(model_for(talk, GPT_4O_MINI), prompt, 0.0, false, 340);
        let failure = llm::failing_call(scene, parent, began, call, (corpus::RATE_LIMIT, 70.0));
        began = after(failure.at, 250.0 * f64::from(nth));
        failure
    };
    let first = attempt(scene, 1);
    (2..=n_attempts).fold(first, |_, nth| attempt(scene, nth))
}

fn research(scene: &mut Scene<'_>, talk: &Talk, graph: RunIdx, start: Timestamp, context: &str) -> Outcome {
    let inputs = json!({"question": talk.turn.ask, "context": context});
    scene.step(Some(graph), "research_agent", RunType::Chain, start, inputs, |scene, agent| {
        scene.trace.run_mut(agent).tags = vec!["agent".into(), "research".into()];
        let question = format!("Context:\n{context}\n\nQuestion: {}", talk.turn.ask);
        let variables = json!({"question": talk.turn.ask, "context": context});
        let mut messages = talk.messages(RESEARCHER.into(), question);
        let shown = json!({"messages": messages.iter().map(Message::to_langchain).collect::<Vec<_>>()});
        let done = scene.leaf(agent, "ChatPromptTemplate", RunType::Prompt, start, 4.0, (variables, shown));
        let began = search(scene, talk, agent, after(done.at, 1.0), &mut messages)?;
        find_facts(scene, talk, agent, began, messages)
    })
}

/// Lets the model call the search tool, when this turn has something to search for.
fn search(
    scene: &mut Scene<'_>,
    talk: &Talk,
    agent: RunIdx,
    start: Timestamp,
    messages: &mut Vec<Message>,
) -> Result<Timestamp, Failure> {
    let Some(search) = &talk.turn.search else { return Ok(start) };
    let tool_call = ToolCall {
        id: format!("call_{:012x}", scene.chance.whole(0, 0xffff_ffff_ffff)),
        name: "web_search".into(),
        arguments: json!({"query": search.query, "max_results": 5}),
    };
    let reply = Reply { text: String::new(), tool_call: Some(tool_call.clone()) };
    let call = chain_call(model_for(talk, GPT_5_4_MINI), messages.clone(), 0.2, true, 620);
    let asked = llm::call(scene, agent, start, call, reply);
    let began = after(asked.at, 2.0);
    let arguments = tool_call.arguments.clone();
    let results = json!({"results": search.results});
    messages.push(Message::ToolCall(tool_call.clone()));
    let (at, text) = if talk.mishap == Mishap::SearchDown {
        let sent = (arguments, corpus::SEARCH_UNAVAILABLE);
        let failure = scene.failing_leaf(agent, "web_search", RunType::Tool, began, 900.0, sent);
        (failure.at, "The search engine is not available right now. Answer from the context alone.".to_owned())
    } else {
        let done = scene.leaf(agent, "web_search", RunType::Tool, began, 320.0, (arguments, results.clone()));
        (done.at, results.to_string())
    };
    messages.push(Message::ToolResult(tool_call.id, tool_call.name, text));
    Ok(after(at, 2.0))
}

/// Asks for the findings as JSON and parses them.
fn find_facts(scene: &mut Scene<'_>, talk: &Talk, agent: RunIdx, start: Timestamp, messages: Vec<Message>) -> Outcome {
    let facts: Vec<_> = talk.turn.docs.iter().map(|key| first_sentences(&scene.corpus.documents[key].text)).collect();
    let sources: Vec<_> = talk.turn.docs.iter().map(|key| scene.corpus.documents[key].source.clone()).collect();
    let confidence = (talk.best_score * 100.0).round() / 100.0;
    let findings = json!({"findings": facts, "sources": sources, "confidence": confidence});
    let n_broken = match talk.mishap {
        Mishap::JsonRepaired => 1,
        Mishap::Json => 2,
        _ => 0,
    };
    let mut began = start;
    for nth in 1..=n_broken {
        let broken = format!(
            "Here are my findings as JSON:\n\n```json\n{{\"findings\": [\"{}\", \"sources\": [\"kb-v3\"]}}\n```",
            facts[0]
        );
        let call = chain_call(model_for(talk, GPT_5_4_MINI), messages.clone(), 0.2, true, 620);
        let said = llm::call(scene, agent, began, call, broken.clone().into());
        let error = corpus::JSON_PARSE.replace("{finding}", &facts[0]);
        let sent = (json!({"input": broken}), error.as_str());
        let failure = scene.failing_leaf(agent, "JsonOutputParser", RunType::Parser, after(said.at, 1.0), 3.0, sent);
        began = after(failure.at, 5.0);
        if nth == 2 {
            return Err(failure);
        }
    }
    let call = chain_call(model_for(talk, GPT_5_4_MINI), messages, 0.2, true, 620);
    let said = llm::call(scene, agent, began, call, findings.to_string().into());
    let parsed = (json!({"input": findings.to_string()}), findings);
    Ok(scene.leaf(agent, "JsonOutputParser", RunType::Parser, after(said.at, 1.0), 3.0, parsed))
}

fn write_draft(scene: &mut Scene<'_>, talk: &Talk, graph: RunIdx, start: Timestamp, findings: &Value) -> Outcome {
    scene.step(Some(graph), "writing_agent", RunType::Chain, start, findings.clone(), |scene, agent| {
        scene.trace.run_mut(agent).tags = vec!["agent".into(), "writing".into()];
        let system = format!("{WRITER}\n{}", talk.tier_instructions());
        let messages = talk.messages(system, format!("Findings:\n{findings}\n\nCustomer: {}", talk.turn.ask));
        let call = chain_call(CLAUDE_HAIKU, messages, 0.7, true, 180);
        let began = after(start, 2.0);
        if talk.mishap == Mishap::Timeout {
            return Err(llm::failing_call(scene, agent, began, call, (corpus::TIMEOUT, 20_000.0)));
        }
        let draft = talk.turn.answer.replace("**", "");
        let done = llm::call(scene, agent, began, call, draft.clone().into());
        Ok(Done { at: done.at, outputs: json!({"draft": draft, "tone": "friendly"}) })
    })
}

fn aggregate(scene: &mut Scene<'_>, talk: &Talk, graph: RunIdx, start: Timestamp, context: &str) -> Outcome {
    let inputs = json!({"question": talk.turn.ask, "context": context});
    scene.step(Some(graph), "aggregator", RunType::Chain, start, inputs, |scene, agent| {
        scene.trace.run_mut(agent).tags = vec!["aggregator".into(), "synthesis".into()];
        let values = [("context", context.to_owned()), ("question", talk.turn.ask.clone())];
        let text = |role: &str| scene.corpus.prompt(PROMPT).text(talk.version, role, &values);
        let messages = talk.messages(text("system"), text("human"));
        scene.trace.prompt_uses.push((agent, PROMPT, talk.version));
        let call = chain_call(model_for(talk, GPT_4O_MINI), messages, 0.7, true, 420);
        if talk.mishap == Mishap::Interrupted {
            let mut failure = llm::failing_call(scene, agent, after(start, 2.0), call, ("CancelledError()", 700.0));
            failure.is_interruption = true;
            return Err(failure);
        }
        let done = llm::call(scene, agent, after(start, 2.0), call, talk.turn.answer.clone().into());
        Ok(Done { at: done.at, outputs: json!({"response": talk.turn.answer}) })
    })
}

/// The beta tries one cheaper model everywhere.
fn model_for(talk: &Talk, stable: Model) -> Model {
    match talk.version {
        Version::Stable => stable,
        Version::Beta => GPT_6_LUNA,
    }
}

fn chain_call(model: Model, messages: Vec<Message>, temperature: f64, is_streamed: bool, n_hidden_tokens: u64) -> Call {
    Call { model, recorder: Recorder::LangChain, messages, temperature, is_streamed, n_hidden_tokens }
}

fn first_sentences(text: &str) -> String {
    text.split_inclusive(". ").take(2).collect::<String>().trim_end().to_owned()
}
