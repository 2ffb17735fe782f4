//! Manifests in and out of the editor, templates in three formats.

use super::render::{Values, render};
use super::template::problems;
use super::write::write;
use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value, json};

fn object(path: &[&str], kwargs: Value) -> Value {
    json!({"lc": 1, "type": "constructor", "id": path, "kwargs": kwargs})
}

fn template(text: &str, format: &str) -> Value {
    let inputs: Vec<String> = variables(text, Format::from_name(format).unwrap()).into_iter().collect();
    let kwargs = json!({"template": text, "template_format": format, "input_variables": inputs});
    object(&["langchain", "prompts", "prompt", "PromptTemplate"], kwargs)
}

fn message(class: &str, kwargs: Value) -> Value {
    object(&["langchain", "prompts", "chat", class], kwargs)
}

/// Every kind of message, and things that nobody has heard of.
fn rich() -> Value {
    let image = json!({"prompt": [template("see {x}", "f-string"), object(&["ImagePromptTemplate"], json!({"template": {"url": "{u}"}}))]});
    message(
        "ChatPromptTemplate",
        json!({
            "input_variables": ["question", "topic", "history"],
            "metadata": {"team": "support"},
            "partial_variables": {"today": "Monday"},
            "messages": [
                message("SystemMessagePromptTemplate", json!({"prompt": template("About {topic}, {today}", "f-string"), "additional_kwargs": {"cache": true}})),
                object(&["langchain", "schema", "messages", "AIMessage"], json!({"content": "{as is}", "type": "ai"})),
                message("MessagesPlaceholder", json!({"variable_name": "history", "n_messages": 5})),
                message("HumanMessagePromptTemplate", image),
                message("ChatMessagePromptTemplate", json!({"role": "developer", "prompt": template("{question}", "f-string")})),
            ],
        }),
    )
}

fn with_model(prompt: Value) -> Value {
    let model =
        object(&["langchain", "chat_models", "openai", "ChatOpenAI"], json!({"model": "gpt-4o", "temperature": 0.2}));
    let binding = object(
        &["langchain", "schema", "runnable", "RunnableBinding"],
        json!({"bound": model, "kwargs": {"tools": [{"type": "function"}]}, "config": {"tags": ["x"]}}),
    );
    object(
        &["langchain", "schema", "runnable", "RunnableSequence"],
        json!({"first": prompt, "last": binding, "name": "n"}),
    )
}

#[test]
fn every_kind_of_message_is_read() {
    let draft = manifest::read(&rich());
    let read: Vec<_> = draft
        .messages
        .iter()
        .map(|message| format!("{} {:?} {}", message.role, message.kind, message.text.lines().next().unwrap()))
        .collect();
    assert_eq!(
        read,
        [
            "system Template About {topic}, {today}",
            "ai Fixed {as is}",
            " Placeholder { is_optional: false } history",
            "human Json {",
            "developer Template {question}",
        ]
    );
    assert_eq!(draft.variables().into_iter().collect::<Vec<_>>(), ["history", "question", "today", "topic"]);
}

#[test]
fn what_was_not_edited_is_written_as_it_was() {
    let text = template("{a}", "mustache");
    let structured = object(
        &["langchain_core", "prompts", "structured", "StructuredPrompt"],
        json!({"messages": [], "input_variables": [], "schema_": {"type": "object"}, "structured_output_kwargs": {"strict": true}}),
    );
    let few_shot = object(&["langchain", "prompts", "few_shot", "FewShotPromptTemplate"], json!({"examples": []}));
    for original in [rich(), text, structured, few_shot, with_model(rich())] {
        let draft = manifest::read(&original);
        assert_eq!(draft.problems(), Vec::<String>::new());
        assert_eq!(write(&draft, Some(&original)).unwrap(), original);
    }
}

#[test]
fn an_edit_keeps_what_the_editor_does_not_know() {
    let original = with_model(rich());
    let mut draft = manifest::read(&original);
    draft.messages[0].text = "About {subject}".into();
    draft.messages.swap(0, 4);
    draft.messages.remove(1);
    draft.model = r#"{"model": "gpt-5"}"#.into();
    let edited = write(&draft, Some(&original)).unwrap();
    let prompt = &edited["kwargs"]["first"]["kwargs"];
    assert_eq!(prompt["metadata"], json!({"team": "support"}));
    assert_eq!(prompt["input_variables"], json!(["history", "question", "subject"]));
    let moved = &prompt["messages"][3]["kwargs"];
    assert_eq!(
        (&moved["additional_kwargs"], &moved["prompt"]["kwargs"]["input_variables"]),
        (&json!({"cache": true}), &json!(["subject"]))
    );
    let binding = &edited["kwargs"]["last"]["kwargs"];
    assert_eq!(
        (&binding["config"], &binding["bound"]["kwargs"]),
        (&json!({"tags": ["x"]}), &json!({"model": "gpt-5"}))
    );
    assert_eq!(edited["kwargs"]["name"], "n");
    // Read again, it is what was edited.
    let again = manifest::read(&edited);
    let texts = |draft: &Draft| draft.messages.iter().map(|message| message.text.clone()).collect::<Vec<_>>();
    assert_eq!(texts(&again), texts(&draft));
}

#[test]
fn a_role_a_schema_and_a_model_come_and_go() {
    let plain = write(&Draft::first(), None).unwrap();
    assert_eq!(fanlight_wire::prompt::manifest::check(&plain), Ok(()));
    assert_eq!(plain["kwargs"]["input_variables"], json!(["question"]));
    let mut draft = manifest::read(&plain);
    draft.messages[1].role = "developer".into();
    draft.schema = r#"{"type": "object"}"#.into();
    draft.provider = "ChatAnthropic".into();
    draft.model = r#"{"model": "claude"}"#.into();
    let full = write(&draft, Some(&plain)).unwrap();
    assert_eq!(full["id"], json!(["langchain", "schema", "runnable", "RunnableSequence"]));
    assert_eq!(full["kwargs"]["last"]["id"], json!(["langchain", "chat_models", "anthropic", "ChatAnthropic"]));
    let prompt = &full["kwargs"]["first"];
    assert_eq!(
        (&prompt["id"][3], &prompt["kwargs"]["messages"][1]["kwargs"]["role"]),
        (&json!("StructuredPrompt"), &json!("developer"))
    );
    assert_eq!(manifest::read(&full).messages[1].role, "developer");

    let mut draft = manifest::read(&full);
    (draft.schema, draft.provider, draft.model, draft.messages[1].role) =
        ("".into(), "".into(), "".into(), "human".into());
    assert_eq!(write(&draft, Some(&full)).unwrap(), plain);
}

#[test]
fn what_cannot_be_saved_is_said_before() {
    let mut draft = Draft::first();
    draft.schema = "[1]".into();
    draft.tools = "{".into();
    draft.messages[1].text = "{a b} {".into();
    draft
        .messages
        .push(DraftMessage { kind: MessageKind::Placeholder { is_optional: false }, ..DraftMessage::default() });
    let problems = write(&draft, None).unwrap_err();
    expect![[r#"
        The output schema: a JSON object was expected
        The tools: not JSON: EOF while parsing an object at line 1 column 1
        Message 2: {a b} is no variable; write {{ and }} for braces
        Message 2: a { is never closed; write {{ for a brace
        Message 3: a place for messages needs the name of a variable
        The model needs a class, such as ChatOpenAI
    "#]]
    .assert_eq(&(problems.join("\n") + "\n"));
}

/// The pieces of a template, one a line.
#[track_caller]
fn check_pieces(text: &str, format: Format, expected: Expect) {
    let lines = pieces(text, format).into_iter().map(|piece| format!("{:<12} {:?}\n", &text[piece.span], piece.kind));
    expected.assert_eq(&lines.collect::<String>());
}

#[test]
fn an_f_string_is_taken_apart() {
    check_pieces(
        "Hi {name}, {{x}} {n:>3}{a.b}}",
        Format::FString,
        expect![[r#"
            Hi           Text
            {name}       Variable { name: Some("name"), path: "name" }
            ,            Text
            {{           Escape("{")
            x            Text
            }}           Escape("}")
                         Text
            {n:>3}       Variable { name: Some("n"), path: "n:>3" }
            {a.b}        Bad("{a.b} is no variable; write {{ and }} for braces")
            }            Bad("a } closes nothing; write }} for a brace")
        "#]],
    );
}

#[test]
fn mustache_sections_hide_what_is_in_them() {
    let text = "{{who.name}} {{#items}}{{title}}{{.}}{{/items}}{{^none}}{{{raw}}}{{/none}}{{! note }}{{& amp}}";
    assert_eq!(variables(text, Format::Mustache).into_iter().collect::<Vec<_>>(), ["amp", "items", "none", "who"]);
    assert_eq!(problems("{{#a}}{{/b}} {{>p}} {{", Format::Mustache).len(), 3);
    assert_eq!(problems("{{#a}}", Format::Mustache), ["the section a is never closed"]);
}

#[test]
fn jinja2_names_from_outside_are_found() {
    let text = "{% for item in items if item.ok and limit > 3 %}{{ loop.index }} {{ item.name | default('x', true) }}{% endfor %}\
                {{ user.name }}{{ total|round(digits) }}{% set t = tax %}{{ t }}{# {{ no }} #}{% if x is not defined %}{{ f(key=value) }}{% endif %}";
    let found: Vec<String> = variables(text, Format::Jinja2).into_iter().collect();
    assert_eq!(found, ["digits", "f", "items", "limit", "tax", "total", "user", "value", "x"]);
    assert_eq!(problems("{% if", Format::Jinja2), ["{% is never closed"]);
}

fn values(pairs: &[(&str, &str)]) -> Values {
    pairs.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

#[test]
fn values_are_put_in() {
    let with = |text: &str, format, pairs: &[(&str, &str)]| render(text, format, &values(pairs));
    assert_eq!(with("Hi {name}, {{x}}", Format::FString, &[("name", "Ada <3")]).text(), "Hi Ada <3, {x}");
    let mustache = "{{#items}}{{n}}{{^last}}, {{/last}}{{/items}} {{{raw}}} {{esc}} {{a.b}}";
    let rendered = with(
        mustache,
        Format::Mustache,
        &[("items", r#"[{"n": 1}, {"n": 2, "last": true}]"#), ("raw", "<b>"), ("esc", "<b>"), ("a", r#"{"b": "c"}"#)],
    );
    assert_eq!(rendered.text(), "1, 2 <b> &lt;b&gt; c");
    let jinja = with("{{ user.name }}{% if x %}", Format::Jinja2, &[("user", r#"{"name": "Ada"}"#)]);
    assert_eq!((jinja.text().as_str(), jinja.is_partial), ("Ada{% if x %}", true));
    let missing = with("{a} {b}", Format::FString, &[("a", "")]);
    assert_eq!(
        (missing.text(), missing.missing.into_iter().collect::<Vec<_>>()),
        (" {b}".into(), vec!["b".to_owned()])
    );
}

#[test]
fn a_section_in_a_section_in_a_section_does_not_fill_the_memory() {
    let many = format!("[{}1]", "1,".repeat(200));
    let text = "{{#a}}{{#a}}{{#a}}{{#a}}x{{/a}}{{/a}}{{/a}}{{/a}}";
    let rendered = render(text, Format::Mustache, &values(&[("a", &many)]));
    assert!(rendered.is_partial && rendered.text().len() < 300 * 1024);
}

proptest! {
    #[test]
    fn pieces_cover_any_template(text in r"([a-zé{}%#/^!&=.>| -]|\{\{|\}\}|\n){0,40}") {
        for format in Format::ALL {
            let mut at = 0;
            for piece in pieces(&text, format) {
                prop_assert_eq!(piece.span.start, at);
                at = piece.span.end;
            }
            prop_assert_eq!(at, text.len());
            render(&text, format, &values(&[("a", "[1, [2]]"), ("b", "x")]));
        }
    }

    #[test]
    fn without_values_a_template_reads_as_it_is(text in r"[a-z ]{0,5}(\{[a-z]{1,3}\}[a-z ]{0,5}){0,5}") {
        prop_assert_eq!(render(&text, Format::FString, &Values::new()).text(), text);
    }

    #[test]
    fn what_is_written_is_read_again(texts in prop::collection::vec(r"[a-z ]{0,9}(\{[a-z]{1,3}\})?", 0..6)) {
        let messages = texts.iter().map(|text| DraftMessage { role: "system".into(), text: text.clone(), ..DraftMessage::default() });
        let draft = Draft { messages: messages.collect(), ..Draft::default() };
        let again = manifest::read(&write(&draft, None).unwrap());
        let read: Vec<String> = again.messages.into_iter().map(|message| message.text).collect();
        prop_assert_eq!(read, texts);
    }
}
