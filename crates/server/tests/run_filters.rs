//! Runs found by filters, and filters that are refused.

mod support;

use serde_json::{Value, json};
use support::{TestApp, child, id, run, usage};

/// Three traces: an answer with an LLM call below it, a failure, and a slow one of a thread.
async fn library() -> TestApp {
    let app = TestApp::new();
    let mut answer = run(1, "answer");
    answer["tags"] = json!(["prod", "beta"]);
    answer["extra"] = json!({"metadata": {"env": "prod", "version": 3, "user": "ann"}});
    let mut llm = child(2, &[1], "model");
    llm["run_type"] = json!("llm");
    llm["outputs"] = usage();
    let mut failure = run(3, "lookup");
    failure["error"] = json!("ValueError('no such order')\nTraceback …");
    failure["outputs"] = Value::Null;
    failure["extra"] = json!({"metadata": {"env": "staging", "version": "3"}});
    let mut slow = run(4, "slow");
    slow["end_time"] = json!("2026-11-23T22:10:00Z");
    slow["inputs"] = json!({"question": "Where is my refund?"});
    slow["extra"] = json!({"metadata": {"thread_id": "t/1 \"quoted\""}});
    app.send_runs([answer, llm, failure, slow]).await;
    let feedback = json!({"run_id": id(1), "key": "correctness", "score": 0.25, "comment": "meh"});
    app.post("/feedback", &feedback).await.expect(200);
    app
}

#[track_caller]
fn names(page: &Value) -> Vec<&str> {
    let mut names: Vec<&str> =
        page["runs"].as_array().unwrap().iter().map(|run| run["name"].as_str().unwrap()).collect();
    names.sort_unstable();
    names
}

#[tokio::test]
async fn each_kind_of_condition_finds_its_runs() {
    let app = library().await;
    for (filter, expected) in [
        (r#"eq(name, "answer")"#, vec!["answer"]),
        (r#"and(eq(run_type, "llm"), gt(total_tokens, 29))"#, vec!["model"]),
        (r#"or(neq(error, null), gt(latency, "5m"))"#, vec!["lookup", "slow"]),
        (r#"not(eq(is_root, true))"#, vec!["model"]),
        (r#"has(tags, "beta")"#, vec!["answer"]),
        (r#"has(metadata, '{"env": "prod"}')"#, vec!["answer"]),
        (r#"and(eq(metadata_key, "env"), neq(metadata_value, "prod"))"#, vec!["lookup"]),
        (r#"and(eq(metadata_key, "version"), eq(metadata_value, "3"))"#, vec!["answer", "lookup"]),
        (r#"and(eq(metadata_key, "version"), gte(metadata_value, 3))"#, vec!["answer"]),
        (r#"and(eq(feedback_key, "correctness"), lt(feedback_score, 0.4))"#, vec!["answer"]),
        (r#"eq(thread_id, "t/1 \"quoted\"")"#, vec!["slow"]),
        (r#"in(name, ["slow", "model", "nothing"])"#, vec!["model", "slow"]),
        (r#"search("REFUND")"#, vec!["slow"]),
        (r#"search(error, "order")"#, vec!["lookup"]),
        (r#"gte(total_cost, "0.000003")"#, vec!["answer", "model"]),
        (r#"lt(start_time, "2026-11-23T23:00:02+01:00")"#, vec!["answer"]),
        (r#"lt(start_time, "2026-11-23 22:00:02")"#, vec!["answer"]),
        (r#"like(name, "%O%")"#, vec!["lookup", "model", "slow"]),
        (r#"eq(name, "nobody")"#, vec![]),
    ] {
        let page = app.post("/runs/query", &json!({"filter": filter})).await.ok();
        assert_eq!(names(&page), expected, "{filter}");
    }
}

#[tokio::test]
async fn the_root_and_the_tree_can_be_filtered_too_and_all_must_hold() {
    let app = &library().await;
    let found = |body: Value| async move { names(&app.post("/runs/query", &body).await.ok()).join(" ") };
    assert_eq!(found(json!({"trace_filter": "eq(name, \"answer\")"})).await, "answer model");
    assert_eq!(found(json!({"tree_filter": "eq(run_type, \"llm\")"})).await, "answer model");
    let both = json!({"filter": "eq(is_root, true)", "tree_filter": "eq(run_type, \"llm\")"});
    assert_eq!(found(both).await, "answer");
    let none = json!({"trace_filter": "eq(name, \"lookup\")", "tree_filter": "eq(run_type, \"llm\")"});
    assert_eq!(found(none).await, "");
    assert_eq!(found(json!({"query": "refund", "run_type": "chain"})).await, "slow");
}

#[tokio::test]
async fn runs_are_sorted_by_what_is_asked_and_pages_follow_on() {
    let app = library().await;
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let body = json!({"sort": "latency", "order": "desc", "limit": 1, "cursor": cursor, "is_root": true});
        let page = app.post("/runs/query", &body).await.ok();
        seen.extend(names(&page).into_iter().map(str::to_owned));
        cursor = page["cursors"]["next"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!((seen[0].as_str(), seen.len()), ("slow", 3));
}

#[tokio::test]
async fn a_filter_that_cannot_be_read_is_400_with_its_place() {
    let app = TestApp::new();
    for (field, filter, place) in [
        ("filter", "eq(name, ", "character"),
        ("filter", "eq(colour, \"red\")", "character 4"),
        ("trace_filter", "nand(eq(name, \"x\"))", "character 1"),
        ("tree_filter", "eq(latency, \"soon\")", "character 13"),
        ("filter", "x", "character 1"),
        ("filter", "eq(start_time, \"2026-13-40\")", "character 16"),
    ] {
        let error = app.post("/runs/query", &json!({field: filter})).await.expect(400).json();
        let detail = error["detail"].as_str().expect("v1 says it in one sentence");
        assert!(detail.starts_with(&format!("{field}, ")) && detail.contains(place), "{filter}: {detail}");
    }
}

#[tokio::test]
async fn absurd_questions_are_refused_or_answered_as_the_nearest_possible() {
    let app = library().await;
    let long = format!("eq(name, \"{}\")", "x".repeat(17 * 1024));
    app.post("/runs/query", &json!({"filter": long})).await.expect(422);
    let deep = format!("{}eq(name, \"answer\"){}", "and(".repeat(2000), ")".repeat(2000));
    app.post("/runs/query", &json!({"filter": deep})).await.expect(400);
    let large = json!({"unknown": "x".repeat(2 << 20)});
    app.post("/runs/query", &large).await.expect(413);
    for limit in [json!(1e40), json!(-1), json!(0)] {
        app.post("/runs/query", &json!({"limit": limit})).await.expect(200);
    }
}

#[tokio::test]
async fn a_cursor_of_another_query_is_refused() {
    let app = library().await;
    let page = app.post("/runs/query", &json!({"limit": 1, "filter": "eq(is_root, true)"})).await.ok();
    let cursor = &page["cursors"]["next"];
    app.post("/runs/query", &json!({"limit": 1, "filter": "eq(is_root, true)", "cursor": cursor})).await.expect(200);
    app.post("/runs/query", &json!({"limit": 1, "filter": "eq(is_root, false)", "cursor": cursor})).await.expect(422);
}

#[tokio::test]
async fn a_filter_is_checked_without_being_executed() {
    let app = TestApp::new();
    let good = json!({"filter": "eq(name, \"x\")", "tree_filter": ""});
    assert_eq!(app.post("/runs/query/validate", &good).await.ok(), json!({"valid": true, "errors": []}));
    let bad = app.post("/runs/query/validate", &json!({"filter": "eq(name", "trace_filter": 5})).await.ok();
    assert_eq!((&bad["valid"], bad["errors"].as_array().unwrap().len()), (&json!(false), 2));
    assert_eq!(bad["errors"][0]["field"], "filter");
    assert!(bad["errors"][0]["position"].as_u64().unwrap() > 1);
}
