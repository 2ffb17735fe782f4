//! `support_agent`: one model with tools that act, recorded by the Anthropic wrapper.

use super::corpus::{self, ToolUse};
use super::llm::{self, CLAUDE_HAIKU, CLAUDE_OPUS, Call, Model, Recorder, Reply};
use super::message::{Message, ToolCall};
use super::retrieval;
use super::scene::{Done, Failure, Outcome, Scene, after};
use super::talk::{Mishap, Talk};
use super::trace::RunIdx;
use fanlight_wire::{RunType, Timestamp};
use serde_json::json;

/// Tokens that the definitions of the agent's nine tools take.
const N_TOOL_TOKENS: u64 = 1640;

const PROMPT: &str = "support-agent";

/// Plays one turn; the outputs of a good one hold `response`. `image_url` is a picture that the user sent along.
pub fn support_agent(scene: &mut Scene<'_>, talk: &Talk, start: Timestamp, image_url: Option<String>) -> Outcome {
    scene.step(None, "support_agent", RunType::Chain, start, talk.root_inputs(), |scene, root| {
        let documents = retrieval::documents(scene, &talk.turn.docs, talk.best_score);
        let found =
            retrieval::retrieve(scene, (root, "search_help_center"), after(start, 8.0), &talk.turn.ask, documents);
        let values = [
            ("company", "Acme Corp".to_owned()),
            ("tier_instructions", talk.tier_instructions().to_owned()),
            ("context", retrieval::as_context(&found.outputs)),
        ];
        let system = scene.corpus.prompt(PROMPT).text(talk.version, "system", &values);
        scene.trace.prompt_uses.push((root, PROMPT, talk.version));
        let mut messages = talk.messages(system, talk.turn.ask.clone());
        if let Some(url) = image_url {
            messages.pop();
            messages.push(Message::UserWithImage(talk.turn.ask.clone(), url));
        }
        let model = if talk.person.2 == "enterprise" { CLAUDE_OPUS } else { CLAUDE_HAIKU };
        let mut began = after(found.at, 4.0);
        if let Some(tool) = &talk.turn.tool {
            began = use_tool(scene, talk, (root, model), began, tool, &mut messages)?;
        }
        let call = agent_call(model, messages);
        let done = match talk.mishap {
            Mishap::Timeout => return Err(llm::failing_call(scene, root, began, call, (corpus::TIMEOUT, 20_000.0))),
            Mishap::Interrupted => {
                let failure = llm::failing_call(scene, root, began, call, ("CancelledError()", 500.0));
                return Err(Failure { is_interruption: true, ..failure });
            }
            _ => llm::call(scene, root, began, call, talk.turn.answer.clone().into()),
        };
        let has_action_item = talk.turn.tool.as_ref().is_some_and(|tool| !tool.name.starts_with("lookup"));
        let outputs = json!({"response": talk.turn.answer, "has_action_item": has_action_item});
        Ok(Done { at: after(done.at, 5.0), outputs })
    })
}

fn use_tool(
    scene: &mut Scene<'_>,
    talk: &Talk,
    (root, model): (RunIdx, Model),
    start: Timestamp,
    tool: &ToolUse,
    messages: &mut Vec<Message>,
) -> Result<Timestamp, Failure> {
    let tool_call = ToolCall {
        id: format!("toolu_{:016x}", scene.chance.whole(0, u64::MAX)),
        name: tool.name.clone(),
        arguments: tool.arguments.clone(),
    };
    let text = match talk.language {
        "fr" => "Je vérifie cela tout de suite.",
        "ja" => "確認いたします。",
        _ => "Let me look that up for you.",
    };
    let reply = Reply { text: text.into(), tool_call: Some(tool_call.clone()) };
    let asked = llm::call(scene, root, start, agent_call(model, messages.clone()), reply);
    let began = after(asked.at, 2.0);
    if talk.mishap == Mishap::ToolDown {
        let error = corpus::TOOL.replace("{tool}", &tool.name);
        let sent = (tool.arguments.clone(), error.as_str());
        return Err(scene.failing_leaf(root, &tool.name, RunType::Tool, began, 5_000.0, sent));
    }
    let used = (tool.arguments.clone(), tool.result.clone());
    let done = scene.leaf(root, &tool.name, RunType::Tool, began, 180.0, used);
    messages.push(Message::ToolCall(tool_call.clone()));
    messages.push(Message::ToolResult(tool_call.id, tool_call.name, tool.result.to_string()));
    Ok(after(done.at, 2.0))
}

fn agent_call(model: Model, messages: Vec<Message>) -> Call {
    let recorder = Recorder::Wrapper;
    Call { model, recorder, messages, temperature: 0.5, is_streamed: true, n_hidden_tokens: N_TOOL_TOKENS }
}
