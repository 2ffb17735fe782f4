//! What runs amount to, and the conversations that they make up.

mod support;

use serde_json::{Value, json};
use support::{TestApp, child, id, run, usage};

#[tokio::test]
async fn statistics_are_over_the_runs_that_a_filter_finds() {
    let app = TestApp::new();
    let mut llm = child(2, &[1], "model");
    llm["run_type"] = json!("llm");
    llm["outputs"] = usage();
    let mut failed = run(3, "b");
    failed["error"] = json!("no");
    failed["tags"] = json!(["x"]);
    app.send_runs([run(1, "a"), llm, failed]).await;
    let feedback = json!({"run_id": id(1), "key": "ok", "score": 1});
    app.post("/feedback", &feedback).await.expect(200);

    let project = app.project_id("default").await;
    let stats = app.post("/runs/stats", &json!({"session": [project], "is_root": true})).await.ok();
    insta::assert_json_snapshot!(stats);
    let stats = app.post("/runs/stats", &json!({"filter": "neq(error, null)"})).await.ok();
    assert_eq!((&stats["run_count"], &stats["error_rate"]), (&json!(1), &json!(1.0)));
}

#[tokio::test]
async fn statistics_of_nothing_are_an_answer() {
    let app = TestApp::new();
    let stats = app.post("/runs/stats", &json!({"session": [id(404)]})).await.ok();
    assert_eq!((&stats["run_count"], &stats["latency_p50"]), (&json!(0), &Value::Null));
}

#[tokio::test]
async fn statistics_come_by_group() {
    let app = TestApp::new();
    let run_of = |n: u32, env: &str| {
        let mut run = run(n, if n < 3 { "a" } else { "b" });
        run["extra"] = json!({"metadata": {"env": env}});
        run
    };
    app.send_runs([run_of(1, "prod"), run_of(2, "test"), run_of(3, "prod")]).await;
    let by = |group_by: Value| json!({"group_by": group_by});
    let groups = app.post("/runs/stats", &by(json!({"attribute": "metadata", "path": "env"}))).await.ok();
    assert_eq!((&groups["prod"]["run_count"], &groups["test"]["run_count"]), (&json!(2), &json!(1)));
    let groups = app.post("/runs/stats", &by(json!({"attribute": "name", "max_groups": 1}))).await.ok();
    assert_eq!(groups.as_object().unwrap().keys().collect::<Vec<_>>(), ["a"]);
    app.post("/runs/stats", &by(json!({"attribute": "metadata"}))).await.expect(422);
    app.post("/runs/stats", &by(json!("name"))).await.expect(422);
}

/// Two conversations, one of three turns with a failure in it, and a trace of none.
async fn conversations() -> TestApp {
    let app = TestApp::new();
    let turn = |n: u32, thread: &str| {
        let mut turn = run(n, "chat");
        turn["extra"] = json!({"metadata": {"thread_id": thread}});
        turn
    };
    let mut failed = turn(3, "t 1/2");
    failed["error"] = json!("Timeout: too slow");
    failed["outputs"] = Value::Null;
    let mut llm = child(9, &[4], "model");
    llm["run_type"] = json!("llm");
    llm["outputs"] = usage();
    llm["extra"] = json!({"metadata": {"thread_id": "t 1/2"}});
    app.send_runs([turn(1, "t 1/2"), turn(2, "other"), failed, turn(4, "t 1/2"), llm, run(5, "alone")]).await;
    app
}

#[tokio::test]
async fn conversations_are_grouped_counted_and_paged() {
    let app = conversations().await;
    let project = app.project_id("default").await;
    let body = |more: Value| {
        let mut body = json!({"session_id": project, "group_by": "conversation"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let answer = app.post("/runs/group", &body(json!({}))).await.ok();
    insta::assert_json_snapshot!(answer);
    let second = app.post("/runs/group", &body(json!({"offset": 1, "limit": 1}))).await.ok();
    assert_eq!((&second["groups"][0]["group_key"], &second["total"]), (&json!("other"), &json!(2)));
    let failed = app.post("/runs/group", &body(json!({"filter": "neq(error, null)"}))).await.ok();
    assert_eq!((&failed["groups"][0]["count"], &failed["total"]), (&json!(1), &json!(1)));

    let found = app.post("/runs/query", &json!({"filter": answer["groups"][0]["filter"], "is_root": true})).await.ok();
    assert_eq!(found["runs"].as_array().unwrap().len(), 3);

    let stats = app.post("/runs/group/stats", &body(json!({}))).await.ok();
    assert_eq!(
        (&stats["group_count"], &stats["run_count"], &stats["total_tokens"]),
        (&json!(2), &json!(4), &json!(30))
    );
    app.post("/runs/group", &json!({"group_by": "conversation"})).await.expect(422);
    app.post("/runs/group", &body(json!({"group_by": "colour"}))).await.expect(422);
    app.post("/runs/group", &body(json!({"filter": "eq("}))).await.expect(400);
}

#[tokio::test]
async fn a_conversation_is_told_in_messages() {
    let app = conversations().await;
    let project = app.project_id("default").await;
    let path = |select: &str| format!("/runs/threads/t%201%2F2?session_id={project}{select}");
    let told = app.get(&path("&select=all_messages")).await.ok();
    let messages: Vec<Value> = told["previews"]["all_messages"]
        .as_str()
        .unwrap()
        .split("\n\n")
        .map(|message| serde_json::from_str(message).unwrap())
        .collect();
    let contents: Vec<&str> = messages.iter().map(|message| message["content"].as_str().unwrap()).collect();
    let expected = ["Question 1?", "Answer 1.", "Question 3?", "Timeout: too slow", "Question 4?", "Answer 4."];
    assert_eq!((contents, &told["thread_id"]), (expected.to_vec(), &json!("t 1/2")));

    let kinds = app.get(&path("")).await.ok();
    assert_eq!(kinds["previews"].as_object().unwrap().len(), 3);
    app.get(&path("&select=haiku")).await.expect(422);
    app.get("/runs/threads/t").await.expect(422);
    app.get(&format!("/runs/threads/unknown?session_id={project}")).await.expect(404);
}
