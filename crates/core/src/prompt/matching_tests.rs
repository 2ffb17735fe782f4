//! What was put into a template is read off the text again.

use super::super::render::render;
use super::*;
use proptest::prelude::*;
use serde_json::json;

/// `template | rendered | values`, variables in brackets, what differs between bars.
fn drawn(matched: &Matched) -> String {
    let side = |side: &[Stretch]| -> String {
        let one = |stretch: &Stretch| match &stretch.kind {
            StretchKind::Text => stretch.text.clone(),
            StretchKind::Variable(path) => format!("[{path}={}]", stretch.text),
            StretchKind::Left => format!("<{}>", stretch.text),
            StretchKind::Differs => format!("|{}|", stretch.text),
        };
        side.iter().map(one).collect()
    };
    side(&matched.rendered)
}

#[track_caller]
fn check(template: &str, format: Format, rendered: &str, known: Value, expected: &str) {
    let Value::Object(known) = known else { panic!("known values are an object") };
    assert_eq!(drawn(&match_text(template, format, rendered, &known)), expected);
}

#[test]
fn what_stands_between_the_words_of_the_template_are_the_values() {
    let check = |template, rendered, expected| check(template, Format::FString, rendered, json!({}), expected);
    check("Help {who} with {what}.", "Help Ada with a refund.", "Help [who=Ada] with [what=a refund].");
    check("{all}", "any\nthing", "[all=any\nthing]");
    check("As JSON: {{\"a\": {a}}}", "As JSON: {\"a\": 1}", "As JSON: {\"a\": [a=1]}");
    check("{a} and {a}", "x and y and x and y", "[a=x and y] and [a=x and y]");
    check("Nothing here", "Nothing here", "Nothing here");
    check("{a}.", ".", ".");
}

#[test]
fn a_known_value_is_preferred_where_others_would_fit() {
    check("{a} {b}", Format::FString, "x y z", json!({"a": "x y"}), "[a=x y] [b=z]");
    check("{a} {b}", Format::FString, "x y z", json!({"a": "other"}), "[a=x] [b=y z]");
    check("{a}{b}", Format::FString, "xyz", json!({"b": "yz"}), "[a=x][b=yz]");
    check("{n} of {m}", Format::FString, "3 of 4", json!({"n": 3, "m": [4]}), "[n=3] of [m=4]");
}

#[test]
fn fields_sections_and_statements_are_told_apart() {
    check("Hi {{user.name}}!", Format::Mustache, "Hi A &amp; B!", json!({}), "Hi [user.name=A &amp; B]!");
    check(
        "{{#docs}}- {{title}}\n{{/docs}}Q: {{q}}",
        Format::Mustache,
        "- a\n- b\nQ: why",
        json!({}),
        "<- a\n- b\n>Q: [q=why]",
    );
    check(
        "Of {{ x | upper }}: {% if y %}yes{% endif %}{{ z }}!",
        Format::Jinja2,
        "Of A: yes b!",
        json!({"z": "b"}),
        "Of <A>: <yes >[z=b]!",
    );
    let matched = match_text("{{user.name}}, {{user.tier}}", Format::Mustache, "Ada, gold", &Map::new());
    assert_eq!(by_variable(&matched.values)["user"], r#"{"name":"Ada","tier":"gold"}"#);
}

#[test]
fn a_text_that_is_another_says_where_and_keeps_the_values_that_are_certain() {
    let matched = match_text("Help {who}. Be very kind.", Format::FString, "Help Ada. Be kind, always.", &Map::new());
    assert!(!matched.is_same);
    assert_eq!(drawn(&matched), "Help [who=Ada]. Be kind|, always|.");
    assert_eq!(matched.values["who"], "Ada");
    let gone = matched.template.iter().filter(|it| it.kind == StretchKind::Differs).map(|it| it.text.as_str());
    assert_eq!(gone.collect::<Vec<_>>(), ["very "]);
}

#[test]
fn a_template_that_could_be_matched_in_too_many_ways_ends() {
    let template = "{a}x{b}x{c}x{d}x{e}x{f}x{a}y".to_owned();
    let rendered = "x".repeat(3000);
    assert!(!match_text(&template, Format::FString, &rendered, &Map::new()).is_same);
}

proptest! {
    #[test]
    fn values_without_the_words_between_them_come_back(
        texts in prop::collection::vec("[.,;]{1,3}", 1..6), values in prop::collection::vec("[a-z <&\u{e9}\n]{0,6}", 5), is_mustache: bool
    ) {
        let format = if is_mustache { Format::Mustache } else { Format::FString };
        let mut template = String::new();
        let mut put = Values::new();
        for (nth, (text, value)) in texts.iter().zip(&values).enumerate() {
            let name = format!("v{nth}");
            template += &format!("{}{text}", format.write(&name));
            // What is escaped has the sign that ends it.
            put.insert(name, if is_mustache { value.replace(['<', '&'], "") } else { value.clone() });
        }
        let rendered = render(&template, format, &put).text();
        let matched = match_text(&template, format, &rendered, &Map::new());
        prop_assert!(matched.is_same);
        prop_assert_eq!(by_variable(&matched.values), put);
    }

    #[test]
    fn what_is_found_renders_to_the_same_text(
        template in "(\\{[abc]\\}|[xy ]|\\{\\{){0,8}", values in prop::collection::vec("[xy ]{0,4}", 3), knows: bool
    ) {
        let put: Values = ["a", "b", "c"].into_iter().map(str::to_owned).zip(values).collect();
        let rendered = render(&template, Format::FString, &put).text();
        let known = if knows { typed(&put) } else { Map::new() };
        let matched = match_text(&template, Format::FString, &rendered, &known);
        let text = |side: &[Stretch]| side.iter().map(|it| it.text.as_str()).collect::<String>();
        prop_assert_eq!(text(&matched.rendered), rendered.clone());
        if knows {
            prop_assert!(matched.is_same);
        }
        if matched.is_same {
            prop_assert_eq!(render(&template, Format::FString, &by_variable(&matched.values)).text(), rendered);
        }
    }

    #[test]
    fn both_sides_are_all_there_whatever_the_text(template in "(\\{[ab]\\}|[xy \n]){0,10}", rendered in "[xyz \n]{0,20}") {
        let matched = match_text(&template, Format::FString, &rendered, &Map::new());
        let text = |side: &[Stretch]| side.iter().map(|it| it.text.as_str()).collect::<String>();
        prop_assert_eq!(text(&matched.template), template);
        prop_assert_eq!(text(&matched.rendered), rendered);
    }
}
