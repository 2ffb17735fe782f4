//! One payload per library, as their SDKs are seen to send them.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

/// One line per card: who, then the parts; results after an arrow beside their call.
fn draw(conversation: &Conversation) -> String {
    let mut drawn = String::new();
    for card in pair(&conversation.inputs, &conversation.outputs) {
        let side = if card.is_output { "<" } else { ">" };
        let name = card.message.name.as_ref().map_or(String::new(), |name| format!(" ({name})"));
        let finish = card.message.finish_reason.as_ref().map_or(String::new(), |reason| format!(" · {reason}"));
        drawn.push_str(&format!("{side} {}{name}{finish}\n", card.message.role.label()));
        let mut results = card.results.iter();
        for part in &card.message.parts {
            drawn.push_str(&format!("    {}\n", draw_part(part)));
            if matches!(part, Part::ToolCall(_))
                && let Some(Some(result)) = results.next()
            {
                drawn.push_str(&format!("      -> {}\n", draw_result(result)));
            }
        }
    }
    if conversation.n_repeated > 0 {
        drawn.push_str(&format!("{} repeated\n", conversation.n_repeated));
    }
    drawn
}

fn draw_part(part: &Part) -> String {
    match part {
        Part::Text(text) => format!("{text:?}"),
        Part::Reasoning(text) => format!("thinks {text:?}"),
        Part::Refusal(text) => format!("refuses {text:?}"),
        Part::Json(text) => format!("json {text}"),
        Part::ToolCall(call) => {
            format!("calls {}({}) {}", call.name, call.arguments.text(), call.id.as_deref().unwrap_or("no id"))
        }
        Part::ToolResult(result) => format!("result {}", draw_result(result)),
        Part::Media(media) => format!("{:?} {} {:?}", media.kind, media.mime_type, media.source),
    }
}

fn draw_result(result: &ToolResult) -> String {
    let parts: Vec<String> = result.parts.iter().map(draw_part).collect();
    format!("{}{}", if result.is_error { "failed " } else { "" }, parts.join(" + "))
}

#[track_caller]
pub(super) fn check(inputs: &str, outputs: &str, expected: Expect) {
    check_run(RunType::Llm, inputs, outputs, expected);
}

#[track_caller]
fn check_run(run_type: RunType, inputs: &str, outputs: &str, expected: Expect) {
    for text in [inputs, outputs] {
        serde_json::from_str::<serde::de::IgnoredAny>(text).expect("the test's payloads are JSON");
    }
    expected.assert_eq(&draw(&conversation(run_type, Some(inputs), Some(outputs))));
}

#[test]
fn openai_chat_with_tools_and_images() {
    check(
        r#"{"model":"gpt-4o-mini","messages":[
            {"role":"developer","content":"Be brief."},
            {"role":"user","content":[{"type":"text","text":"What is this?"},{"type":"image_url","image_url":{"url":"data:image/png;base64,AAAA"}},
              {"type":"image_url","image_url":"https://x.example/a.png"},{"type":"input_audio","input_audio":{"data":"BBBB","format":"wav"}},
              {"type":"file","file":{"filename":"a.pdf","file_data":"data:application/pdf;base64,CCCC"}}]},
            {"role":"assistant","content":null,"tool_calls":[{"id":"c1","type":"function","function":{"name":"search","arguments":"{\"q\":\"cat\"}"}}]},
            {"role":"tool","tool_call_id":"c1","content":"{\"hits\":3}"}]}"#,
        r#"{"id":"x","choices":[{"index":0,"finish_reason":"stop","message":{"role":"assistant","content":"A cat.","refusal":null}}],"usage":{}}"#,
        expect![[r#"
            > system
                "Be brief."
            > user
                "What is this?"
                Image image/png Base64("AAAA")
                Image  Remote("https://x.example/a.png")
                Audio audio/wav Base64("BBBB")
                File application/pdf Base64("CCCC")
            > assistant
                calls search({"q":"cat"}) c1
                  -> json {"hits":3}
            < assistant · stop
                "A cat."
        "#]],
    );
}

#[test]
fn openai_responses() {
    check(
        r#"{"instructions":"Be brief.","input":[{"role":"user","content":[{"type":"input_text","text":"Weather?"},{"type":"input_image","image_url":"data:image/png;base64,AA"}]},
            {"type":"function_call","call_id":"c1","name":"weather","arguments":"{\"city\":\"Oslo\"}"},
            {"type":"function_call_output","call_id":"c1","output":"12 °C"}]}"#,
        r#"{"output":[{"type":"reasoning","summary":[{"type":"summary_text","text":"Easy."}]},
            {"type":"message","role":"assistant","content":[{"type":"output_text","text":"It is 12 °C."}]}]}"#,
        expect![[r#"
            > system
                "Be brief."
            > user
                "Weather?"
                Image image/png Base64("AA")
            > assistant
                calls weather({"city":"Oslo"}) c1
                  -> "12 °C"
            < assistant
                thinks "Easy."
            < assistant
                "It is 12 °C."
        "#]],
    );
    check(
        r#"{"input":"Hi","instructions":"Be kind."}"#,
        r#"{"output":[]}"#,
        expect![[r#"
        > system
            "Be kind."
        > user
            "Hi"
    "#]],
    );
}

#[test]
fn anthropic_blocks() {
    check(
        r#"{"system":[{"type":"text","text":"You are Claude."}],"messages":[
            {"role":"user","content":"Find it"},
            {"role":"assistant","content":[{"type":"thinking","thinking":"Hm."},{"type":"text","text":"Looking."},{"type":"tool_use","id":"t1","name":"find","input":{"what":"it"}}]},
            {"role":"user","content":[{"type":"tool_result","tool_use_id":"t1","is_error":true,"content":[{"type":"text","text":"not found"}]}]},
            {"role":"user","content":[{"type":"image","source":{"type":"base64","media_type":"image/jpeg","data":"AAAA"}}]}]}"#,
        r#"{"role":"assistant","stop_reason":"end_turn","content":[{"type":"text","text":"Sorry."},{"type":"new_block","x":1}]}"#,
        expect![[r#"
            > system
                "You are Claude."
            > user
                "Find it"
            > assistant
                thinks "Hm."
                "Looking."
                calls find({"what":"it"}) t1
                  -> failed "not found"
            > user
                Image image/jpeg Base64("AAAA")
            < assistant · end_turn
                "Sorry."
                json {"type":"new_block","x":1}
        "#]],
    );
}

#[test]
fn gemini_parts() {
    check(
        r#"{"config":{"system_instruction":"Short."},"contents":[{"role":"user","parts":[{"text":"Hi"},{"inline_data":{"mime_type":"image/png","data":"AA"}}]},
            {"role":"model","parts":[{"functionCall":{"name":"now","args":{}}}]},
            {"role":"user","parts":[{"functionResponse":{"name":"now","response":{"time":"noon"}}}]}]}"#,
        r#"{"candidates":[{"content":{"role":"model","parts":[{"text":"Thinking","thought":true},{"text":"Noon."}]},"finishReason":"STOP"}]}"#,
        expect![[r#"
            > system
                "Short."
            > user
                "Hi"
                Image image/png Base64("AA")
            > assistant
                calls now({}) no id
                  -> json {"time":"noon"}
            < assistant · STOP
                thinks "Thinking"
                "Noon."
        "#]],
    );
}

#[test]
fn langchain_serialised_messages_and_generations() {
    check(
        r#"{"messages":[[
            {"lc":1,"type":"constructor","id":["langchain","schema","messages","SystemMessage"],"kwargs":{"content":"Be brief.","type":"system"}},
            {"lc":1,"type":"constructor","id":["langchain","schema","messages","HumanMessage"],"kwargs":{"content":[{"type":"text","text":"Hi"}]}},
            {"lc":1,"type":"constructor","id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"","additional_kwargs":{"tool_calls":[{"id":"c1","function":{"name":"f","arguments":"{}"}}]},"tool_calls":[{"name":"f","args":{"a":1},"id":"c1","type":"tool_call"}]}},
            {"lc":1,"type":"constructor","id":["langchain","schema","messages","ToolMessage"],"kwargs":{"content":"done","tool_call_id":"c1","name":"f"}}]]}"#,
        r#"{"generations":[[{"text":"Hello","generation_info":{"finish_reason":"stop"},"type":"ChatGeneration",
            "message":{"lc":1,"type":"constructor","id":["langchain","schema","messages","AIMessage"],"kwargs":{"content":"Hello","response_metadata":{"finish_reason":"length"}}}}]],"llm_output":null}"#,
        expect![[r#"
            > system
                "Be brief."
            > user
                "Hi"
            > assistant
                calls f({"a":1}) c1
                  -> "done"
            < assistant · length
                "Hello"
        "#]],
    );
    check(
        r#"{"prompts":["Once upon"]}"#,
        r#"{"generations":[[{"text":" a time"}]]}"#,
        expect![[r#"
        > user
            "Once upon"
        < assistant
            " a time"
    "#]],
    );
}

#[test]
fn langgraph_states_show_only_what_is_new() {
    check_run(
        RunType::Chain,
        r#"{"messages":[{"type":"human","content":"Hi","id":"1"}]}"#,
        r#"{"messages":[{"type":"human","content":"Hi","id":"1"},{"type":"ai","content":"Hello","tool_calls":[],"id":"2"}]}"#,
        expect![[r#"
            > user
                "Hi"
            < assistant
                "Hello"
            1 repeated
        "#]],
    );
}

#[test]
fn pairs_of_role_and_content_and_batches_of_data_forms() {
    check_run(
        RunType::Prompt,
        r#"{"messages":[["system","S"],["human","H"]]}"#,
        r#"{"output":{"messages":[{"type":"human","data":{"content":"H","type":"human"}}]}}"#,
        expect![[r#"
        > system
            "S"
        > user
            "H"
        < user
            "H"
    "#]],
    );
}

#[test]
fn the_ai_sdk_of_vercel() {
    check(
        r#"{"messages":[{"role":"user","content":[{"type":"image","image":"AAAA","mimeType":"image/png"}]},
            {"role":"assistant","content":[{"type":"tool-call","toolCallId":"c","toolName":"f","args":{"a":1}}]},
            {"role":"tool","content":[{"type":"tool-result","toolCallId":"c","toolName":"f","result":{"ok":true}}]}]}"#,
        r#"{"text":"Fine","toolCalls":[{"type":"tool-call","toolCallId":"d","toolName":"g","input":{}}],"finishReason":"tool-calls"}"#,
        expect![[r#"
            > user
                Image image/png Base64("AAAA")
            > assistant
                calls f({"a":1}) c
                  -> json {"ok":true}
            < assistant · tool-calls
                "Fine"
                calls g({}) d
        "#]],
    );
}

#[test]
fn plain_questions_and_answers() {
    check_run(
        RunType::Chain,
        r#"{"question":"Why?","user_id":"u"}"#,
        r#"{"answer":"Because.","score":1}"#,
        expect![[r#"
        > user
            "Why?"
        < assistant
            "Because."
    "#]],
    );
    check_run(
        RunType::Chain,
        r#"{"anything":"Only text"}"#,
        r#"{"output":["str","eam","ed"]}"#,
        expect![[r#"
        > user
            "Only text"
        < assistant
            "streamed"
    "#]],
    );
    check_run(
        RunType::Chain,
        r#"{"input":{"input":"Nested"},"chat_history":[]}"#,
        "\"Bare\"",
        expect![[r#"
        > user
            "Nested"
        < assistant
            "Bare"
    "#]],
    );
    check_run(
        RunType::Chain,
        r#"{"chat_history":[{"role":"user","content":"a"},{"role":"assistant","content":"b"}],"input":"c"}"#,
        "{}",
        expect![[r#"
        > user
            "a"
        > assistant
            "b"
        > user
            "c"
    "#]],
    );
}

#[test]
fn data_is_no_conversation() {
    check_run(RunType::Tool, r#"{"input":"cat"}"#, r#"{"output":"3 hits"}"#, expect![""]);
    check_run(RunType::Chain, r#"{"ids":["a","b"],"n":1}"#, r#"{"rows":[{"a":1}],"output":null}"#, expect![""]);
    check_run(RunType::Chain, "[1,2]", "null", expect![""]);
}

#[test]
fn results_without_their_call_stay_messages() {
    check(
        r#"{"messages":[{"role":"tool","tool_call_id":"zz","content":"lost"}]}"#,
        "{}",
        expect![[r#"
        > tool
            result "lost"
    "#]],
    );
}

proptest! {
    #[test]
    fn any_payload_is_read(text in r#"(\{"messages":)?([\[\]{},]|"role":|"content":|"user"|"type":|"text"|"tool_calls":|"id":|null|1|"x"){0,30}"#) {
        let conversation = conversation(RunType::Chain, Some(&text), Some(&text));
        pair(&conversation.inputs, &conversation.outputs);
    }
}
