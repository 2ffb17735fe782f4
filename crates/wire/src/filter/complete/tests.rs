//! What is offered where the bar `|` stands.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;

/// Each line with its cursor, what is offered (at most four of it), and the text after the first choice or a value `v 1`.
#[track_caller]
fn check(lines: &str, expected: Expect) {
    let mut shown = String::new();
    for line in lines.trim().lines().map(str::trim) {
        let cursor = line.find('|').expect(line);
        let text = line.replace('|', "");
        let completion = at(&text, cursor);
        let list = |name: &str, choices: &[Choice]| {
            let texts: Vec<&str> = choices.iter().take(4).map(|choice| choice.text.trim()).collect();
            let more = if choices.len() > 4 { " …" } else { "" };
            (format!("{name} {}{more}", texts.join(" ")), choices.first().map(|choice| choice.text.clone()))
        };
        let (offered, first) = match &completion.kind {
            CompletionKind::Names(choices) => list("names", choices),
            CompletionKind::Operators(choices) => list("operators", choices),
            CompletionKind::Words(choices) => list("words", choices),
            CompletionKind::Values { of, prefix } => (format!("values of {of} like {prefix:?}"), None),
            CompletionKind::Nothing => ("nothing".to_owned(), None),
        };
        let is_values = matches!(completion.kind, CompletionKind::Values { .. });
        let after = match first {
            Some(first) => Some(completion.insert(&text, &first)),
            None => is_values.then(|| completion.insert_value(&text, "v 1")),
        };
        shown += &format!("{line}\n    {offered}\n");
        if let Some((mut text, cursor)) = after {
            text.insert(cursor, '|');
            shown += &format!("    {text}\n");
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn names_and_values_are_offered_in_the_short_form() {
    check(
        r#"
        |
        sta|
        type:llm |
        type:llm lat|
        type:llm | status:error
        -ta|
        (sta|)
        st|:error
        tok|
        status:|
        status:e|
        -status:error,p|
        status:e|,pending
        latency:|
        latency:>|
        latency:>5|
        name:|
        name:foo|
        name:"foo b|
        tag:a,|
        me|
        meta.|
        meta.en|
        meta.env:|
        meta.env:pr|
        meta:e|
        score.cor|
        score.correctness:<|
        feedback:u|
        input:ref|
        has:f|
        is:|
        after:20|
        any(ty|
        any(type:to|
        "some te|
        wheather:|
        N|
        model:gp|t-4
        source:|
        error:tim|
        "#,
        expect![[r#"
            |
                names status: type: name: latency: …
                status:|
            sta|
                names status: start:
                status:|
            type:llm |
                names status: type: name: latency: …
                type:llm status:|
            type:llm lat|
                names latency: ttft:
                type:llm latency:|
            type:llm | status:error
                names status: type: name: latency: …
                type:llm status:| status:error
            -ta|
                names tag: status: tokens: cost: …
                -tag:|
            (sta|)
                names status: start:
                (status:|)
            st|:error
                names status: start: ttft: cost: …
                status:|error
            tok|
                names tokens: ttft: prompt_tokens: completion_tokens: …
                tokens:|
            status:|
                words pending success error interrupted
                status:pending|
            status:e|
                words error
                status:error|
            -status:error,p|
                words pending
                -status:error,pending|
            status:e|,pending
                words error
                status:error|,pending
            latency:|
                operators > >= < <= …
                latency:>|
            latency:>|
                words 100ms 500ms 1s 2s …
                latency:>100ms|
            latency:>5|
                words 500ms 5s 5m
                latency:>500ms|
            name:|
                values of name like ""
                name:"v 1"|
            name:foo|
                values of name like "foo"
                name:"v 1"|
            name:"foo b|
                values of name like "foo b"
                name:"v 1"|
            tag:a,|
                values of tag like ""
                tag:a,"v 1"|
            me|
                names meta: metadata_value: name: ttft: …
                meta:|
            meta.|
                values of metadata like ""
                meta."v 1":|
            meta.en|
                values of metadata like "en"
                meta."v 1":|
            meta.env:|
                values of metadata.env like ""
                meta.env:"v 1"|
            meta.env:pr|
                values of metadata.env like "pr"
                meta.env:"v 1"|
            meta:e|
                values of metadata like "e"
                meta:"v 1"|
            score.cor|
                values of feedback like "cor"
                score."v 1":|
            score.correctness:<|
                words 0 0.5 1
                score.correctness:<0|
            feedback:u|
                values of feedback like "u"
                feedback:"v 1"|
            input:ref|
                nothing
            has:f|
                words feedback
                has:feedback|
            is:|
                words root
                is:root|
            after:20|
                nothing
            any(ty|
                names type:
                any(type:|
            any(type:to|
                words tool
                any(type:tool|
            "some te|
                nothing
            wheather:|
                nothing
            N|
                names name: NOT type: latency: …
                name:|
            model:gp|t-4
                values of model like "gp"
                model:"v 1"|
            source:|
                words api app model auto_eval
                source:api|
            error:tim|
                values of error_kind like "tim"
                error:"v 1"|
        "#]],
    );
}

#[test]
fn functions_fields_and_values_are_offered_in_calls() {
    check(
        r#"
        and(|
        and(e|
        eq(|
        eq(sta|
        gt(l|
        eq(status, |
        eq(status, "er|
        eq(status, "er|")
        eq(status, "er"|
        and(eq(name, "x"), |
        in(name, [|
        in(name, ["a", "b|"])
        has(|
        has(tags, |
        has(tags, "be|")
        exists(metadata, "e|
        and(eq(metadata_key, "env"), eq(metadata_value, "p|"))
        search(|
        search("te|
        gt(latency, |
        not(any_run(|
        like(|
        eq(name, "x") |
        "#,
        expect![[r#"
            and(|
                names and( or( not( eq( …
                and(and(|
            and(e|
                names eq( exists( neq( gte( …
                and(eq(|
            eq(|
                names status, run_type, name, latency, …
                eq(status, |
            eq(sta|
                names status, start_time,
                eq(status, |
            gt(l|
                names latency, first_token_latency, total_tokens, completion_tokens, …
                gt(latency, |
            eq(status, |
                words "pending" "success" "error" "interrupted"
                eq(status, "pending"|
            eq(status, "er|
                words "error"
                eq(status, "error"|
            eq(status, "er|")
                words "error"
                eq(status, "error"|)
            eq(status, "er"|
                nothing
            and(eq(name, "x"), |
                names and( or( not( eq( …
                and(eq(name, "x"), and(|
            in(name, [|
                values of name like ""
                in(name, ["v 1"|
            in(name, ["a", "b|"])
                values of name like "b"
                in(name, ["a", "v 1"|])
            has(|
                names tags, metadata,
                has(tags, |
            has(tags, |
                values of tag like ""
                has(tags, "v 1"|
            has(tags, "be|")
                values of tag like "be"
                has(tags, "v 1"|)
            exists(metadata, "e|
                values of metadata like "e"
                exists(metadata, "v 1"|
            and(eq(metadata_key, "env"), eq(metadata_value, "p|"))
                values of metadata.env like "p"
                and(eq(metadata_key, "env"), eq(metadata_value, "v 1"|))
            search(|
                names inputs, outputs, error, name,
                search(inputs, |
            search("te|
                nothing
            gt(latency, |
                words "100ms" "500ms" "1s" "2s" …
                gt(latency, "100ms"|
            not(any_run(|
                names and( or( not( eq( …
                not(any_run(and(|
            like(|
                names name, error, error_kind, tags, …
                like(name, |
            eq(name, "x") |
                names and( or( not( eq( …
                eq(name, "x") and(|
        "#]],
    );
}

#[test]
fn every_choice_has_its_line_of_help() {
    let CompletionKind::Names(choices) = at("", 0).kind else { panic!("names are offered at the start") };
    assert!(choices.iter().all(|choice| !choice.help.is_empty() && !choice.example.is_empty()));
}

proptest! {
    #[test]
    fn completing_never_panics_and_stays_in_the_text(
        text in r#"([a-z]{1,3}|status|meta|and\(|eq\(|:|\.|"|\\|\(|\)|\[|,|>|=|\*|-| |é|検){0,12}"#,
        cursor in 0usize..40,
    ) {
        let completion = at(&text, cursor);
        prop_assert!(text.get(completion.replace.clone()).is_some(), "{:?}", completion);
        prop_assert!(completion.replace.start <= text.floor_char_boundary(cursor));
    }
}
