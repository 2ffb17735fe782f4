//! Traces as they are read.

use super::*;
use crate::messages::conversation;
use crate::model::fixtures::trace_from_text;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value, json};

/// One line per message, asides indented, notes after a bar.
fn draw(tree: &RunTree, entries: &[Entry]) -> String {
    let card = |card: &Card| {
        let results = card.results.iter().flatten().count();
        let text = card.message.parts.iter().filter_map(|part| part.text()).collect::<Vec<_>>().join(" + ");
        let answered = if results > 0 { format!(" [{results} answered]") } else { String::new() };
        format!("{}: {text}{answered}", card.message.role.label())
    };
    let mut drawn = String::new();
    for entry in entries {
        let notes: Vec<&str> = entry.notes.iter().map(|&run| tree.name(run)).collect();
        let notes = if notes.is_empty() { String::new() } else { format!(" | {}", notes.join(", ")) };
        match &entry.what {
            What::Message(it) => drawn.push_str(&format!("{}{notes}\n", card(it))),
            What::Aside { cards, n_calls } => {
                drawn.push_str(&format!("aside of {} ({n_calls} calls){notes}\n", tree.name(entry.run)));
                cards.iter().for_each(|it| drawn.push_str(&format!("    {}\n", card(it))));
            }
        }
    }
    drawn
}

fn spoken(tree: &RunTree, payloads: &[(RunIdx, Value, Value)]) -> Vec<Spoken> {
    let read = |(run, inputs, outputs): &(RunIdx, Value, Value)| Spoken {
        run: *run,
        conversation: conversation(tree.run_type(*run), Some(&inputs.to_string()), Some(&outputs.to_string())),
    };
    payloads.iter().map(read).collect()
}

#[track_caller]
fn check(trace: &str, payloads: &[(RunIdx, Value, Value)], expected: Expect) {
    let tree = trace_from_text(trace);
    expected.assert_eq(&draw(&tree, &transcript(&tree, spoken(&tree, payloads))));
}

fn user(text: &str) -> Value {
    json!({"role": "user", "content": text})
}

fn assistant(text: &str) -> Value {
    json!({"role": "assistant", "content": text})
}

fn calls(id: &str, name: &str) -> Value {
    json!({"role": "assistant", "content": null, "tool_calls": [{"id": id, "function": {"name": name, "arguments": "{\"q\": 1}"}}]})
}

fn result(id: &str, text: &str) -> Value {
    json!({"role": "tool", "tool_call_id": id, "content": text})
}

#[test]
fn an_agents_calls_repeat_their_history_and_it_is_read_once() {
    let system = json!({"role": "system", "content": "Be kind."});
    check(
        "agent 0..100
            plan:llm 10..20
            search:tool 20..40
            answer:llm 50..60",
        &[
            (0, json!({"question": "Where is it?"}), json!({"answer": "On its way."})),
            (
                1,
                json!({"messages": [system, user("Where is it?")]}),
                json!({"choices": [{"message": calls("c1", "search")}]}),
            ),
            (
                3,
                json!({"messages": [system, user("Where is it?"), calls("c1", "search"), result("c1", "found")]}),
                json!({"choices": [{"message": assistant("On its way.")}]}),
            ),
        ],
        expect![[r#"
            system: Be kind.
            user: Where is it?
            assistant: {"q": 1} [1 answered] | plan, search
            assistant: On its way. | answer
        "#]],
    );
}

#[test]
fn calls_that_share_nothing_stand_aside_where_they_happened() {
    check(
        "chat 0..100
            classify:llm 5..9
            docs:retriever 10..20
            answer:llm 30..60
            judge:llm 70..80
            judge:llm 81..90",
        &[
            (0, json!({"input": "Refund?"}), json!({"output": "30 days."})),
            (1, json!({"messages": [user("Classify: Refund?")]}), json!({"role": "assistant", "content": "returns"})),
            (3, json!({"messages": [user("Refund?")]}), json!({"role": "assistant", "content": "30 days."})),
            (4, json!({"messages": [user("Judge this")]}), json!({"role": "assistant", "content": "Good"})),
            (
                5,
                json!({"messages": [user("Judge this"), assistant("Good"), user("Sure?")]}),
                json!({"role": "assistant", "content": "Yes"}),
            ),
        ],
        expect![[r#"
            user: Refund? | docs
            aside of classify (1 calls) | classify
                user: Classify: Refund?
                assistant: returns
            assistant: 30 days. | answer
            aside of judge (2 calls) | judge, judge
                user: Judge this
                assistant: Good
                user: Sure?
                assistant: Yes
        "#]],
    );
}

#[test]
fn who_only_looks_at_the_question_stands_aside_and_who_said_the_answer_is_named_there() {
    check(
        "chat 0..100
            route:llm 5..9
            write:llm 30..60",
        &[
            (0, json!({"input": "Refund?"}), json!({"output": "30 days."})),
            (1, json!({"messages": [user("Refund?")]}), json!({"role": "assistant", "content": "to: returns"})),
            (2, json!({"messages": [user("Facts: …")]}), json!({"role": "assistant", "content": "30 days."})),
        ],
        expect![[r#"
            user: Refund?
            aside of route (1 calls) | route
                user: Refund?
                assistant: to: returns
            aside of write (1 calls)
                user: Facts: …
                assistant: 30 days.
            assistant: 30 days. | write
        "#]],
    );
    // While the trace is under way, the last call may be about to answer.
    check(
        "chat 0..
            write:llm 30..",
        &[(0, json!({"input": "Refund?"}), json!({})), (1, json!({"messages": [user("Refund?")]}), json!({}))],
        expect![[r#"
            user: Refund? | write
        "#]],
    );
}

#[test]
fn the_same_words_may_be_said_twice() {
    check(
        "chat:llm 0..10
        chat:llm 20..30",
        &[
            (0, json!({"messages": [user("more")]}), json!({"role": "assistant", "content": "one"})),
            (
                1,
                json!({"messages": [user("more"), assistant("one"), user("more")]}),
                json!({"role": "assistant", "content": "one"}),
            ),
        ],
        expect![[r#"
            user: more
            assistant: one | chat
            user: more
            assistant: one | chat
        "#]],
    );
}

#[test]
fn a_trace_that_says_nothing_has_no_transcript() {
    check("job 0..10", &[(0, json!({"n": 1, "m": 2}), json!({"rows": []}))], expect![""]);
}

#[test]
fn two_thousand_messages_are_read_in_their_order() {
    let messages: Vec<Value> = (0..2000)
        .map(|n| if n % 2 == 0 { user(&format!("question {n}")) } else { assistant(&format!("answer {n}")) })
        .collect();
    let tree = trace_from_text("chat 0..10\n    call:llm 1..9");
    let all = json!({"messages": messages});
    let entries = transcript(
        &tree,
        spoken(
            &tree,
            &[(0, all.clone(), json!({"output": "end"})), (1, all, json!({"role": "assistant", "content": "end"}))],
        ),
    );
    assert_eq!(entries.len(), 2001);
    let text = |idx: usize| match &entries[idx].what {
        What::Message(card) => card.message.plain_text(),
        What::Aside { .. } => String::new(),
    };
    assert_eq!((text(0).as_str(), text(1999).as_str(), text(2000).as_str()), ("question 0", "answer 1999", "end"));
}

#[test]
fn notes_say_what_a_run_did() {
    let tree = trace_from_text(
        "agent 0..1000
            ChatOpenAI:llm 0..700 model=gpt-4o cost=0.01
            search:tool 0..310
            docs:retriever 0..120
            broken:tool 0..5 error
            late:tool 900..",
    );
    let words: Vec<String> = (1..6)
        .map(|run| notes::words(&tree, run, 1_000_000_000, (run == 3).then_some(5)))
        .map(|(name, words)| format!("{name} {words}"))
        .collect();
    expect![[r#"
        gpt-4o took 700 ms · $0.01
        search ran 310 ms
        docs found 5 documents in 120 ms
        broken failed after 5 ms
        late running for 100 ms"#]]
    .assert_eq(&words.join("\n"));
}

proptest! {
    #[test]
    fn every_noted_run_is_noted_once_whatever_is_said(picks in proptest::collection::vec((0u32..5, 0usize..4, 0usize..4), 0..8)) {
        let tree = trace_from_text("a 0..9\n    b:llm 1..2\n    c:llm 3..4\n    d:tool 5..6\n    e:llm 7..8");
        let words = ["yes", "no", "more", ""];
        let payloads: Vec<(RunIdx, Value, Value)> = picks
            .iter()
            .map(|&(run, input, output)| (run, json!({"messages": [user(words[input]), user(words[output])]}), assistant(words[output])))
            .collect();
        let entries = transcript(&tree, spoken(&tree, &payloads));
        if !entries.is_empty() {
            let mut noted: Vec<RunIdx> = entries.iter().flat_map(|entry| entry.notes.clone()).collect();
            noted.sort_unstable();
            prop_assert_eq!(noted, vec![1, 2, 3, 4]);
        }
    }
}
