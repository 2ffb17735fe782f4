//! The rules of the language, each as a sentence. Whoever answers filters in another way must agree with all of them.

use super::*;
use crate::filter::{parse, testing::run_facts};
use crate::{Timestamp, TraceId};
use serde_json::json;

/// Whether a run changed by `change` passes the filter.
#[track_caller]
fn holds_for(filter: &str, change: impl FnOnce(&mut RunFacts)) -> bool {
    let mut run = run_facts();
    change(&mut run);
    matches(&parse(filter).expect(filter), 0, &[run])
}

/// Each of the filters, of one run.
#[track_caller]
fn check(change: impl Fn(&mut RunFacts), filters: &[(&str, bool)]) {
    for (filter, expected) in filters {
        assert_eq!(holds_for(filter, &change), *expected, "{filter}");
    }
}

#[test]
fn an_absent_value_equals_only_null() {
    check(
        |run| run.end_time = None,
        &[
            ("eq(end_time, null)", true),
            ("neq(end_time, null)", false),
            ("eq(latency, 5)", false),
            ("neq(latency, 5)", true),
            ("gt(latency, 0)", false),
            ("lte(latency, 0)", false),
            ("not(gt(latency, 0))", true),
            ("in(latency, [0, 1])", false),
        ],
    );
}

#[test]
fn a_present_value_is_never_null() {
    check(
        |_| {},
        &[
            ("neq(start_time, null)", true),
            ("eq(name, null)", false),
            ("neq(name, null)", true),
            ("eq(id, null)", false),
        ],
    );
}

#[test]
fn an_empty_disjunction_holds_for_none_and_an_empty_conjunction_for_all() {
    check(|_| {}, &[("or()", false), ("and()", true), ("", true), ("not(or())", true), ("in(name, [])", false)]);
}

#[test]
fn latency_is_end_minus_start_and_never_negative() {
    let start = Timestamp(1_000_000_000_000);
    check(
        |run| {
            run.start_time = start;
            run.end_time = Some(Timestamp(start.0 + 1_500_000_000));
            run.first_token_time = Some(Timestamp(start.0 - 1));
        },
        &[
            (r#"eq(latency, "1.5s")"#, true),
            (r#"gt(latency, "1500ms")"#, false),
            ("gte(latency, 1.5)", true),
            ("eq(ttft, 0)", true),
        ],
    );
}

#[test]
fn tags_are_a_set() {
    check(
        |run| run.tags = vec!["beta".into(), "Blue".into()],
        &[
            (r#"has(tags, "beta")"#, true),
            (r#"eq(tags, "blue")"#, false),
            (r#"neq(tags, "beta")"#, false),
            (r#"neq(tags, "other")"#, true),
            (r#"in(tags, ["other", "beta"])"#, true),
            (r#"like(tags, "b%e")"#, true),
            ("eq(tags, null)", false),
        ],
    );
    check(
        |run| run.tags.clear(),
        &[("eq(tags, null)", true), ("neq(tags, null)", false), (r#"like(tags, "%")"#, false)],
    );
}

#[test]
fn texts_are_equal_with_case_and_alike_without() {
    check(
        |run| run.name = "Search Orders".into(),
        &[
            (r#"eq(name, "Search Orders")"#, true),
            (r#"eq(name, "search orders")"#, false),
            (r#"like(name, "search%")"#, true),
            (r#"like(name, "search")"#, false),
            (r#"in(name, ["search orders"])"#, false),
        ],
    );
}

#[test]
fn like_is_false_of_an_absent_text() {
    check(|run| run.model = None, &[(r#"like(model, "%")"#, false), (r#"not(like(model, "%"))"#, true)]);
}

#[test]
fn an_error_is_called_by_the_word_before_its_first_bracket_or_colon() {
    let kinds = [
        ("ValueError: no such order", Some("ValueError")),
        ("RateLimitError('Error code: 429')\n\nTraceback (most recent call last):", Some("RateLimitError")),
        ("\n  openai.APIError: x", Some("openai.APIError")),
        ("TimeoutError", Some("TimeoutError")),
        ("Connection refused", None),
        ("Error code: 429", None),
        (": x", None),
        ("", None),
    ];
    for (error, kind) in kinds {
        assert_eq!(error_kind(error), kind, "{error:?}");
    }
    check(
        |run| run.error = Some("Connection refused".into()),
        &[("eq(error_kind, null)", true), ("eq(error, null)", false)],
    );
}

#[test]
fn metadata_contains_an_object_when_each_entry_is_equal() {
    check(
        |run| {
            run.metadata = json!({"env": "prod", "n": 1, "user": {"id": 1, "plan": "pro"}}).as_object().unwrap().clone()
        },
        &[
            (r#"has(metadata, '{"env": "prod"}')"#, true),
            (r#"has(metadata, '{"env": "prod", "n": 1.0}')"#, true),
            (r#"has(metadata, '{"n": "1"}')"#, false),
            (r#"has(metadata, '{"user": {"plan": "pro", "id": 1}}')"#, true),
            (r#"has(metadata, '{"user": {"id": 1}}')"#, false),
            (r#"has(metadata, '{}')"#, true),
            (r#"exists(metadata, "user")"#, true),
            (r#"exists(metadata, "other")"#, false),
        ],
    );
}

#[test]
fn key_and_value_are_of_the_same_row() {
    check(
        |run| run.metadata = json!({"env": "dev", "region": "prod"}).as_object().unwrap().clone(),
        &[
            (r#"and(eq(metadata_key, "env"), eq(metadata_value, "prod"))"#, false),
            (r#"and(and(eq(metadata_key, "env")), and(eq(metadata_value, "prod")))"#, true),
            (r#"and(eq(metadata_key, "env"), neq(metadata_value, "prod"))"#, true),
            (r#"and(neq(metadata_key, "env"), neq(metadata_value, "prod"))"#, true),
            (r#"and(neq(metadata_key, "region"), neq(metadata_value, "prod"))"#, false),
            (r#"and(neq(metadata_key, "env"), eq(metadata_value, "prod"))"#, true),
            (r#"neq(metadata_key, "env")"#, false),
            (r#"neq(metadata_key, "other")"#, true),
            (r#"neq(metadata_value, "prod")"#, false),
            (r#"and(eq(metadata_key, "other"), neq(metadata_value, "prod"))"#, false),
        ],
    );
}

#[test]
fn numbers_and_booleans_compare_with_their_kind_and_texts_with_the_text_of_any_scalar() {
    check(
        |run| {
            let metadata =
                json!({"n": 1, "f": 1.0, "t": "1", "b": true, "big": 12345678901234567i64, "list": [1], "z": null});
            run.metadata = metadata.as_object().unwrap().clone();
        },
        &[
            (r#"and(eq(metadata_key, "n"), eq(metadata_value, 1))"#, true),
            (r#"and(eq(metadata_key, "n"), eq(metadata_value, "1"))"#, true),
            (r#"and(eq(metadata_key, "f"), eq(metadata_value, "1"))"#, true),
            (r#"and(eq(metadata_key, "t"), eq(metadata_value, 1))"#, false),
            (r#"and(eq(metadata_key, "t"), neq(metadata_value, 1))"#, true),
            (r#"and(eq(metadata_key, "b"), eq(metadata_value, true))"#, true),
            (r#"and(eq(metadata_key, "b"), eq(metadata_value, "true"))"#, true),
            (r#"and(eq(metadata_key, "b"), eq(metadata_value, 1))"#, false),
            (r#"and(eq(metadata_key, "big"), eq(metadata_value, "12345678901234567"))"#, true),
            (r#"and(eq(metadata_key, "list"), eq(metadata_value, 1))"#, false),
            (r#"and(eq(metadata_key, "list"), neq(metadata_value, null))"#, true),
            (r#"and(eq(metadata_key, "list"), like(metadata_value, "%"))"#, false),
            (r#"and(eq(metadata_key, "z"), eq(metadata_value, null))"#, true),
            (r#"and(eq(metadata_key, "z"), neq(metadata_value, "x"))"#, true),
            (r#"and(eq(metadata_key, "z"), like(metadata_value, "%"))"#, false),
            (r#"and(eq(metadata_key, "n"), gte(metadata_value, 1), lt(metadata_value, 2))"#, true),
            (r#"and(eq(metadata_key, "t"), gt(metadata_value, 0))"#, false),
            (r#"and(eq(metadata_key, "n"), gt(metadata_value, "05"))"#, true),
            (r#"and(eq(metadata_key, "n"), in(metadata_value, ["2", 1]))"#, true),
        ],
    );
}

#[test]
fn inputs_are_rows_of_dotted_paths_without_positions() {
    check(
        |run| run.inputs = Some(json!({"messages": [{"content": "a"}, {"content": "Refund it", "n": 3}], "empty": []})),
        &[
            (r#"eq(input_key, "messages.content")"#, true),
            (r#"eq(input_key, "messages")"#, false),
            (r#"eq(input_key, "empty")"#, false),
            (r#"and(eq(input_key, "messages.content"), like(input_value, "refund%"))"#, true),
            (r#"and(eq(input_key, "messages.n"), eq(input_value, 3))"#, true),
            (r#"like(input_value, "%refund%")"#, true),
            (r#"like(output_value, "%refund%")"#, false),
            (r#"neq(output_key, "messages")"#, true),
        ],
    );
}

#[test]
fn feedback_is_tested_row_by_row() {
    let row = |key: &str, score, source: &str| FeedbackFacts {
        key: key.into(),
        score,
        value: Some(json!("good")),
        comment: None,
        source: source.into(),
    };
    check(
        |run| run.feedback = vec![row("correctness", Some(0.25), "app"), row("tone", None, "model")],
        &[
            ("lt(feedback_score, 0.5)", true),
            (r#"and(eq(feedback_key, "correctness"), lt(feedback_score, 0.5))"#, true),
            (r#"and(eq(feedback_key, "tone"), lt(feedback_score, 0.5))"#, false),
            (r#"and(eq(feedback_key, "tone"), eq(feedback_score, null))"#, true),
            (r#"and(eq(feedback_key, "tone"), eq(feedback_value, "good"), eq(feedback_source, "model"))"#, true),
            ("neq(feedback_score, null)", true),
            ("neq(feedback_comment, null)", false),
            (r#"neq(feedback_key, "tone")"#, false),
        ],
    );
    check(|run| run.feedback.clear(), &[("eq(feedback_score, null)", false), (r#"neq(feedback_key, "tone")"#, true)]);
}

#[test]
fn searched_words_may_stand_in_different_parts_unless_one_is_named() {
    check(
        |run| {
            run.name = "checkout".into();
            run.inputs = Some(json!({"refund_key": "the order"}));
            run.error = Some("Timeout".into());
            run.tags = vec!["beta-test".into()];
            run.metadata = json!({"region": "Zürich"}).as_object().unwrap().clone();
            run.model = Some("gpt-4o".into());
        },
        &[
            (r#"search("ORDER timeout")"#, true),
            (r#"search(inputs, "order timeout")"#, false),
            (r#"search(inputs, "order the")"#, true),
            (r#"search("beta zurich 4o checkout")"#, true),
            (r#"search("refund")"#, false),
            (r#"search("region")"#, false),
            (r#"search(name, "order")"#, false),
            (r#"search(error, "timeout")"#, true),
        ],
    );
}

#[test]
fn a_search_without_words_holds_for_all() {
    let filter = Filter::Search { within: None, text: "…".into() };
    assert!(matches(&filter, 0, &[run_facts()]));
}

#[test]
fn the_root_and_the_others_are_those_of_the_run_s_own_trace() {
    let (root, mut child, mut stranger) = (run_facts(), run_facts(), run_facts());
    child.is_root = false;
    child.name = "child".into();
    stranger.trace_id = TraceId(uuid::Uuid::from_u128(9));
    stranger.name = "stranger".into();
    let trace = [child, root, stranger];
    let check = |filter: &str, expected: [bool; 3]| {
        let filter = parse(filter).unwrap();
        assert_eq!([0, 1, 2].map(|idx| matches(&filter, idx, &trace)), expected, "{filter:?}");
    };
    check(r#"root_run(neq(name, "child"))"#, [true, true, true]);
    check(r#"root_run(eq(name, "stranger"))"#, [false, false, true]);
    check(r#"any_run(eq(name, "child"))"#, [true, true, false]);
    check(r#"not(any_run(eq(name, "child")))"#, [false, false, true]);
    check(r#"and(eq(is_root, true), any_run(eq(name, "child")))"#, [false, true, false]);
}

#[test]
fn a_root_that_is_not_known_yet_passes_nothing() {
    assert!(!holds_for("root_run(and())", |run| run.is_root = false));
    assert!(holds_for("not(root_run(and()))", |run| run.is_root = false));
    assert!(holds_for("any_run(and())", |run| run.is_root = false));
}
