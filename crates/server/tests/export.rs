//! Whole sets of runs, downloaded.

mod support;

use axum::body::Body;
use axum::http::Request;
use fanlight_server::config::Limits;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use std::time::Duration;
use support::{Answer, TestApp, id, run};
use tower::ServiceExt;

const PATH: &str = "/api/fanlight/v1/runs/export";

fn text(answer: &Answer) -> &str {
    std::str::from_utf8(&answer.body).unwrap()
}

#[tokio::test]
async fn json_lines_hold_every_run_and_can_be_sent_again() {
    let app = TestApp::new();
    app.send_runs((1..=250).map(|n| run(n, &format!("run {n}")))).await;
    let answer = app.post(PATH, &json!({"query": {"order": "asc", "limit": 3}})).await.expect(200);
    assert_eq!((answer.header("content-type"), answer.header("x-fanlight-run-count")), ("application/x-ndjson", "250"));
    assert_eq!(answer.header("content-disposition"), "attachment; filename=\"runs.jsonl\"");
    let lines: Vec<Value> = text(&answer).lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(lines.len(), 250);
    assert_eq!(
        (&lines[0]["session_name"], &lines[0]["inputs"]),
        (&json!("default"), &json!({"question": "Question 60?"}))
    );

    let other = TestApp::new();
    other.send_runs(lines).await;
    assert_eq!(other.run(&id(77)).await["outputs"], json!({"answer": "Answer 77."}));
}

#[tokio::test]
async fn only_what_the_filter_finds_is_exported() {
    let app = TestApp::new();
    app.send_runs((1..=120).map(|n| run(n, if n % 2 == 0 { "even" } else { "odd" }))).await;
    let body = json!({"query": {"filter": "eq(name, \"even\")"}, "columns": ["name", "id"]});
    let answer = app.post(PATH, &body).await.expect(200);
    assert_eq!((answer.header("x-fanlight-run-count"), text(&answer).lines().count()), ("60", 60));
    assert!(text(&answer).lines().all(|line| line.starts_with(r#"{"name":"even","id":"#)), "{}", text(&answer));
    let none = app.post(PATH, &json!({"query": {"filter": "eq(name, \"nobody\")"}, "format": "csv"})).await.expect(200);
    assert_eq!((none.header("x-fanlight-run-count"), text(&none).lines().count()), ("0", 1));
}

#[tokio::test]
async fn a_table_is_quoted_and_runs_no_formula() {
    let app = TestApp::new();
    let mut hostile = run(1, "=HYPERLINK(\"http://evil\",\"x\")");
    hostile["tags"] = json!(["a", "b,c"]);
    hostile["extra"] = json!({"metadata": {"env": "-1+1", "score": -1.5, "nested": {"a": 1}}});
    hostile["error"] = json!("two\nlines");
    app.send_runs([hostile]).await;
    app.post("/feedback", &json!({"run_id": id(1), "key": "ok", "score": -0.5})).await.expect(200);
    app.post("/feedback", &json!({"run_id": id(1), "key": "tone", "value": "@rude"})).await.expect(200);
    let columns = [
        "name",
        "latency",
        "tags",
        "error",
        "metadata.env",
        "metadata.score",
        "metadata.nested",
        "metadata.none",
        "feedback.ok",
        "feedback.tone",
        "project",
    ];
    let body = json!({"format": "csv", "columns": columns});
    let answer = app.post(PATH, &body).await.expect(200);
    assert_eq!(answer.header("content-type"), "text/csv; charset=utf-8");
    let expected = concat!(
        "name,latency,tags,error,metadata.env,metadata.score,metadata.nested,metadata.none,feedback.ok,feedback.tone,project\r\n",
        "\"'=HYPERLINK(\"\"http://evil\"\",\"\"x\"\")\",60,\"a; b,c\",\"two\nlines\",'-1+1,-1.5,\"{\"\"a\"\":1}\",,-0.5,'@rude,default\r\n",
    );
    assert_eq!(text(&answer), expected);
}

#[tokio::test]
async fn wrong_exports_fail_before_they_begin() {
    let app = TestApp::new();
    for (body, status, part) in [
        (json!({"format": "xml"}), 422, "format"),
        (json!({"columns": ["colour"]}), 422, "\"colour\" is not a column"),
        (json!({"columns": []}), 422, "0 columns"),
        (json!({"columns": vec!["name"; 201]}), 422, "201 columns"),
        (json!({"query": {"filter": "eq("}}), 400, "filter, character 4"),
        (json!({"query": {"session": "x"}}), 422, "session"),
        (json!({"query": []}), 422, "query"),
    ] {
        let error = app.post(PATH, &body).await.expect(status).json();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(part), "{body}: {message}");
    }
}

#[tokio::test]
async fn a_reader_who_leaves_gives_the_turn_back() {
    let limits = Limits { exports: 1, wait_for_turn: Duration::from_millis(20), ..Limits::default() };
    let app = TestApp::with_limits(limits);
    app.send_runs((1..=900).map(|n| run(n, "a"))).await;
    let request = Request::post(PATH).header("host", "localhost:1984").body(Body::from("{}")).unwrap();
    let mut body = app.app.router().oneshot(request).await.unwrap().into_body();
    // The head and a page are there; the rest has not been read.
    while body.frame().await.unwrap().unwrap().into_data().unwrap().is_empty() {}
    app.post(PATH, &json!({})).await.expect(429);
    drop(body);
    app.post(PATH, &json!({})).await.expect(200);
}
