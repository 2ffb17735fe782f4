//! `GET /runs/threads/{thread_id}`: what was said in a conversation, as text.

use super::run_groups::thread_filter;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::params::Params;
use axum::Json;
use axum::extract::{Path, State};
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, RawJson, Run};
use serde_json::{Map, Value, json};

/// The ways in which a conversation can be told.
const KINDS: [&str; 3] = ["human_ai_pairs", "first_human_last_ai", "all_messages"];

/// Most turns that are told; the last ones of a longer conversation.
const MAX_TURNS: usize = 200;

/// Most bytes of inputs and outputs that are looked through for them.
const MAX_BYTES: usize = 8 << 20;

/// The messages of one conversation, each a JSON object, with blank lines between: all of them, one question and answer
/// per turn, or the first question and the last answer. `session_id` is required; `select` names kinds, all without it.
///
/// For everybody; reads the payloads of up to 200 turns. 404 when the project has no such thread.
pub async fn find_thread_previews(
    State(app): State<App>,
    Path(thread_id): Path<String>,
    params: Params,
) -> AppResult<Json<Value>> {
    let project = params.id::<ProjectId>("session_id")?;
    let project = project.ok_or_else(|| AppError::invalid("query", "session_id", "is missing"))?;
    let selected = params.texts("select");
    if let Some(unknown) = selected.iter().find(|kind| !KINDS.contains(kind)) {
        let message = format!("{unknown:?} is not one of {}", KINDS.join(", "));
        return Err(AppError::invalid("query", "select", message));
    }
    let _turn = app.heavy_reads.take().await?;
    let turns = read_turns(&app, project, &thread_id).await?;
    if turns.is_empty() {
        return Err(AppError::not_found(format!("the project has no thread {thread_id:?}")));
    }
    let previews: Map<String, Value> = KINDS
        .iter()
        .filter(|kind| selected.is_empty() || selected.contains(kind))
        .map(|kind| ((*kind).to_owned(), Value::String(tell(kind, &turns))))
        .collect();
    Ok(Json(json!({"thread_id": thread_id, "previews": previews})))
}

/// One trace of the conversation: what its root was given and what it gave back.
struct Turn {
    inputs: Vec<Value>,
    outputs: Vec<Value>,
}

/// The last turns, oldest first.
async fn read_turns(app: &App, project: ProjectId, thread_id: &str) -> AppResult<Vec<Turn>> {
    let mut query = RunQuery {
        project: Some(project),
        is_root: Some(true),
        filter: Some(thread_filter(thread_id)),
        order: Some(Order::Desc),
        select: Some(["inputs", "outputs", "error"].map(str::to_owned).into()),
        limit: Some(20),
        ..RunQuery::default()
    };
    let (mut turns, mut n_bytes) = (Vec::new(), 0);
    loop {
        let page = app.store.query_runs(query.clone()).await?;
        for run in &page.runs {
            n_bytes += [&run.inputs, &run.outputs]
                .iter()
                .map(|json| json.as_ref().map_or(0, |json| json.get().len()))
                .sum::<usize>();
            turns.push(turn_from_run(run));
        }
        query.cursor = page.cursors.next;
        if query.cursor.is_none() || turns.len() >= MAX_TURNS || n_bytes > MAX_BYTES {
            turns.reverse();
            return Ok(turns);
        }
    }
}

fn turn_from_run(run: &Run) -> Turn {
    let parse = |json: &Option<RawJson>| json.as_ref().and_then(|json| serde_json::from_str(json.get()).ok());
    let mut outputs = messages(parse(&run.outputs), "ai");
    if let (true, Some(error)) = (outputs.is_empty(), &run.error) {
        outputs.push(json!({"type": "ai", "content": error, "status": "error"}));
    }
    Turn { inputs: messages(parse(&run.inputs), "human"), outputs }
}

/// The messages that a payload holds: its `messages`, in one list or a list of lists; else the one thing it says, by a
/// speaker.
fn messages(payload: Option<Value>, speaker: &str) -> Vec<Value> {
    let Some(Value::Object(mut fields)) = payload else { return Vec::new() };
    if let Some(Value::Array(listed)) = fields.remove("messages") {
        let flat = listed.into_iter().flat_map(|entry| match entry {
            Value::Array(inner) => inner,
            one => vec![one],
        });
        return flat.filter(Value::is_object).collect();
    }
    // OpenAI's answer to a chat completion.
    if let Some(Value::Object(message)) =
        fields.get_mut("choices").and_then(|choices| choices.get_mut(0)?.get_mut("message"))
    {
        return vec![Value::Object(std::mem::take(message))];
    }
    let texts: Vec<Value> = fields.into_iter().map(|(_, value)| value).filter(|value| !value.is_null()).collect();
    match <[Value; 1]>::try_from(texts) {
        Ok([Value::Object(message)]) if message.contains_key("content") => vec![Value::Object(message)],
        Ok([content]) => vec![json!({"type": speaker, "content": content})],
        Err(texts) if texts.is_empty() => Vec::new(),
        Err(texts) => vec![json!({"type": speaker, "content": texts})],
    }
}

fn tell(kind: &str, turns: &[Turn]) -> String {
    let told: Vec<&Value> = match kind {
        "all_messages" => turns.iter().fold(Vec::new(), |mut told, turn| {
            let n_known = history(&told, &turn.inputs);
            told.extend(turn.inputs.iter().skip(n_known).chain(&turn.outputs));
            told
        }),
        "human_ai_pairs" => turns.iter().flat_map(|turn| question(turn).into_iter().chain(answer(turn))).collect(),
        _ => {
            let first = turns.iter().find_map(question);
            first.into_iter().chain(turns.iter().rev().find_map(answer)).collect()
        }
    };
    told.iter().map(|message| message.to_string()).collect::<Vec<_>>().join("\n\n")
}

/// How many of a turn's first inputs only repeat what was told: its end, or its beginning where an answer came back in
/// other words. A single message that both begin with may just have been said twice.
fn history(told: &[&Value], inputs: &[Value]) -> usize {
    let ends_so = |n: &usize| told[told.len() - n..].iter().copied().eq(&inputs[..*n]);
    let overlap = (1..=told.len().min(inputs.len())).rev().find(ends_so).unwrap_or(0);
    let common = told.iter().zip(inputs).take_while(|(told, input)| **told == *input).count();
    if common >= 2 { overlap.max(common) } else { overlap }
}

/// The last thing a person said.
fn question(turn: &Turn) -> Option<&Value> {
    let is_human = |message: &&Value| ["human", "user"].contains(&speaker_of(message));
    turn.inputs.iter().rev().find(is_human).or(turn.inputs.last())
}

fn answer(turn: &Turn) -> Option<&Value> {
    turn.outputs.last()
}

fn speaker_of(message: &Value) -> &str {
    message["role"].as_str().or(message["type"].as_str()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn turn(inputs: Value, outputs: Value) -> Turn {
        Turn { inputs: messages(Some(inputs), "human"), outputs: messages(Some(outputs), "ai") }
    }

    #[track_caller]
    fn check(kind: &str, turns: &[Turn], expected: &[Value]) {
        let told = tell(kind, turns);
        let told: Vec<Value> = told
            .split("\n\n")
            .filter(|line| !line.is_empty())
            .map(|line| serde_json::from_str(line).unwrap())
            .collect();
        assert_eq!(told, expected);
    }

    #[test]
    fn history_that_each_turn_repeats_is_told_once() {
        let said = |role: &str, content: &str| json!({"role": role, "content": content});
        let (a, b, c, d) = (said("user", "a"), said("assistant", "b"), said("user", "c\n\nc"), said("assistant", "d"));
        let turns = [
            turn(json!({"messages": [a]}), json!({"choices": [{"message": b}]})),
            turn(json!({"messages": [[a, b, c]]}), json!({"output": d})),
        ];
        check("all_messages", &turns, &[a.clone(), b.clone(), c.clone(), d.clone()]);
        check("human_ai_pairs", &turns, &[a.clone(), b, c, d.clone()]);
        check("first_human_last_ai", &turns, &[a, d]);
    }

    #[test]
    fn a_word_that_is_said_twice_is_told_twice() {
        let turns = [("yes", "what?"), ("yes", "ah")].map(|(q, a)| turn(json!({"q": q}), json!({"a": a})));
        let all: Vec<Value> = turns.iter().flat_map(|turn| turn.inputs.iter().chain(&turn.outputs).cloned()).collect();
        check("all_messages", &turns, &all);
    }

    #[test]
    fn plain_questions_and_answers_get_a_speaker() {
        let turns = [turn(json!({"question": "six times seven?"}), json!({"answer": 42, "sources": ["x"]}))];
        let expected =
            [json!({"type": "human", "content": "six times seven?"}), json!({"type": "ai", "content": [42, ["x"]]})];
        check("all_messages", &turns, &expected);
    }

    #[test]
    fn nothing_said_is_nothing_told() {
        check("human_ai_pairs", &[turn(json!({}), json!(null))], &[]);
    }
}
