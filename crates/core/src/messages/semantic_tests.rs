//! OpenTelemetry's conventions, as instrumentations are seen to send them.

use super::tests::check;
use expect_test::expect;

#[test]
fn opentelemetrys_messages_as_lists_and_inside_strings() {
    let parts = r#"[{"role":"user","parts":[{"type":"text","content":"Weather?"},{"type":"blob","modality":"image","mime_type":"image/png","content":"AAAA"},
        {"type":"uri","modality":"image","uri":"https://x.example/a.png"}]},
        {"role":"assistant","parts":[{"type":"reasoning","content":"Ask."},{"type":"tool_call","id":"c1","name":"weather","arguments":{"city":"Oslo"}}]},
        {"role":"tool","parts":[{"type":"tool_call_response","id":"c1","response":{"temp":12}}]}]"#;
    let answer = r#"[{"role":"assistant","parts":[{"type":"text","content":"It is 12 °C."}],"finish_reason":"stop"}]"#;
    let expected = expect![[r#"
        > system
            "Be brief."
        > user
            "Weather?"
            Image image/png Base64("AAAA")
            Image  Remote("https://x.example/a.png")
        > assistant
            thinks "Ask."
            calls weather({"city":"Oslo"}) c1
              -> json {"temp":12}
        < assistant · stop
            "It is 12 °C."
    "#]];
    let instructions = r#"[{"type":"text","content":"Be brief."}]"#;
    check(
        &format!(r#"{{"gen_ai.system_instructions":{instructions},"gen_ai.input.messages":{parts}}}"#),
        &format!(r#"{{"gen_ai.output.messages":{answer}}}"#),
        expected,
    );
    let quoted = |text: &str| serde_json::to_string(text).unwrap();
    check(
        &format!(
            r#"{{"gen_ai.request.model":"m","gen_ai.system_instructions":{},"gen_ai.input.messages":{}}}"#,
            quoted(instructions),
            quoted(parts)
        ),
        &format!(r#"{{"gen_ai.output.messages":{}}}"#, quoted(answer)),
        expect![[r#"
            > system
                "Be brief."
            > user
                "Weather?"
                Image image/png Base64("AAAA")
                Image  Remote("https://x.example/a.png")
            > assistant
                thinks "Ask."
                calls weather({"city":"Oslo"}) c1
                  -> json {"temp":12}
            < assistant · stop
                "It is 12 °C."
        "#]],
    );
}

#[test]
fn opentelemetrys_older_attributes() {
    check(
        r#"{"gen_ai.prompt.0.role":"system","gen_ai.prompt.0.content":"Be brief.","gen_ai.prompt.1.role":"user","gen_ai.prompt.1.content":"Hi"}"#,
        r#"{"gen_ai.completion.0.role":"assistant","gen_ai.completion.0.finish_reason":"tool_calls",
            "gen_ai.completion.0.tool_calls.0.id":"c1","gen_ai.completion.0.tool_calls.0.name":"find","gen_ai.completion.0.tool_calls.0.arguments":"{\"q\":1}"}"#,
        expect![[r#"
            > system
                "Be brief."
            > user
                "Hi"
            < assistant · tool_calls
                calls find({"q":1}) c1
        "#]],
    );
}
