//! Conversations as LangSmith's v2 API returns them.

mod support;

use serde_json::{Value, json};
use support::{TestApp, child, id, run, usage};

const LONG_AGO: &str = "2000-01-01T00:00:00Z";

/// A thread of three turns whose name needs encoding, one of one turn, and a trace of none.
async fn conversations() -> (TestApp, String) {
    let app = TestApp::new();
    let turn = |n: u32, thread: &str| {
        let mut turn = run(n, &format!("turn {n}"));
        turn["extra"] = json!({"metadata": {"session_id": thread}});
        turn
    };
    let mut failed = turn(3, "a/b c%2F?");
    failed["error"] = json!("Timeout: too slow");
    let mut llm = child(9, &[4], "model");
    llm["run_type"] = json!("llm");
    llm["outputs"] = usage();
    app.send_runs([turn(1, "a/b c%2F?"), turn(2, "other"), failed, turn(4, "a/b c%2F?"), llm, run(5, "alone")]).await;
    app.post("/feedback", &json!({"run_id": id(1), "key": "ok", "score": 1})).await.expect(200);
    let project = app.project_id("default").await;
    (app, project)
}

const NAME: &str = "a%2Fb%20c%252F%3F";

#[tokio::test]
async fn threads_are_listed_those_that_spoke_last_first() {
    let (app, project) = conversations().await;
    let page =
        app.post("/api/v2/threads/query", &json!({"project_id": project, "min_start_time": LONG_AGO})).await.ok();
    insta::assert_json_snapshot!(page);
}

#[tokio::test]
async fn threads_are_filtered_and_paged() {
    let (app, project) = conversations().await;
    let app = &app;
    let ask = |more: Value| {
        let mut body = json!({"project_id": project, "min_start_time": LONG_AGO});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        async move { app.post("/api/v2/threads/query", &body).await.ok() }
    };
    let ids =
        |page: &Value| json!(page["items"].as_array().unwrap().iter().map(|t| &t["thread_id"]).collect::<Vec<_>>());
    assert_eq!(ids(&ask(json!({"filter": "neq(error, null)"})).await), json!(["a/b c%2F?"]));
    assert_eq!(ids(&ask(json!({"tree_filter": "eq(run_type, \"llm\")"})).await), json!(["a/b c%2F?"]));
    assert_eq!(ids(&ask(json!({"thread_filter": "eq(thread_id, \"other\")"})).await), json!(["other"]));
    assert_eq!(ids(&ask(json!({"max_start_time": "2026-11-23T22:00:02Z"})).await), json!(["a/b c%2F?"]));
    let first = ask(json!({"page_size": 1})).await;
    assert_eq!((ids(&first), &first["has_more"]), (json!(["a/b c%2F?"]), &json!(true)));
    let second = ask(json!({"page_size": 1, "cursor": first["next_cursor"]})).await;
    assert_eq!((ids(&second), &second["next_cursor"]), (json!(["other"]), &Value::Null));
    let stale = json!({"project_id": project, "min_start_time": LONG_AGO, "filter": "neq(error, null)",
        "cursor": first["next_cursor"]});
    app.post("/api/v2/threads/query", &stale).await.expect(422);
    for (body, status) in [
        (json!({}), 422),
        (json!({"project_id": project, "page_size": 101}), 422),
        (json!({"project_id": project, "filter": "eq("}), 400),
        (json!({"project_id": project, "thread_filter": "gt(latency, 5)"}), 422),
        (json!({"project_id": project, "ai_search": "x"}), 501),
    ] {
        let problem = app.post("/api/v2/threads/query", &body).await.expect(status);
        assert_eq!(problem.header("content-type"), "application/problem+json", "{body}");
    }
}

#[tokio::test]
async fn a_threads_name_may_hold_anything() {
    let (app, project) = conversations().await;
    let path = format!("/api/v2/threads/{NAME}/traces?project_id={project}&selects=NAME&selects=TURN_NUMBER");
    let page = app.get(&path).await.ok();
    let turns: Vec<(&Value, &Value)> =
        page["items"].as_array().unwrap().iter().map(|turn| (&turn["name"], &turn["turn_number"])).collect();
    let expected = [(json!("turn 1"), json!(1)), (json!("turn 3"), json!(2)), (json!("turn 4"), json!(3))];
    assert_eq!(turns, expected.iter().map(|(name, number)| (name, number)).collect::<Vec<_>>());
    let failed = app.get(&format!("{path}&filter=neq(error,null)")).await.ok();
    assert_eq!(failed["items"], json!([{"trace_id": id(3), "name": "turn 3", "turn_number": 2}]));
    let first = app.get(&format!("{path}&page_size=2")).await.ok();
    let cursor = first["next_cursor"].as_str().unwrap();
    let second = app.get(&format!("{path}&page_size=2&cursor={cursor}")).await.ok();
    assert_eq!(second["items"], json!([{"trace_id": id(4), "name": "turn 4", "turn_number": 3}]));
    for nobody in ["nobody", "query", "stats", "..", "%20"] {
        let turns = app.get(&format!("/api/v2/threads/{nobody}/traces?project_id={project}")).await.ok();
        assert_eq!(turns["items"], json!([]), "{nobody}");
    }
    app.get(&format!("/api/v2/threads/{NAME}/traces")).await.expect(422);
    app.get(&format!("{path}&page_size=0")).await.expect(422);
}

#[tokio::test]
async fn a_thread_has_statistics_of_all_its_turns() {
    let (app, project) = conversations().await;
    let selects = [
        "TURNS",
        "FIRST_START_TIME",
        "LAST_START_TIME",
        "LAST_END_TIME",
        "LATENCY_P50",
        "LATENCY_P99",
        "PROMPT_TOKENS",
        "PROMPT_COST",
        "COMPLETION_TOKENS",
        "COMPLETION_COST",
        "TOTAL_TOKENS",
        "TOTAL_COST",
        "PROMPT_TOKEN_DETAILS",
        "COMPLETION_TOKEN_DETAILS",
        "PROMPT_COST_DETAILS",
        "COMPLETION_COST_DETAILS",
        "FEEDBACK_STATS",
    ];
    let selects: String = selects.iter().map(|select| format!("&selects={select}")).collect();
    let stats = app.get(&format!("/api/v2/threads/{NAME}/stats?session_id={project}{selects}")).await.ok();
    insta::assert_json_snapshot!(stats);
    let path = format!("/api/v2/threads/{NAME}/stats?session_id={project}&selects=TURNS");
    let filter = "&filter=lt(start_time,%222026-11-23T22:00:04%22)";
    assert_eq!(app.get(&format!("{path}{filter}")).await.ok(), json!({"turns": 2}));
    let nobody = format!("/api/v2/threads/nobody/stats?session_id={project}&selects=TURNS&selects=LATENCY_P50");
    assert_eq!(app.get(&nobody).await.ok(), json!({"turns": 0, "latency_p50_seconds": null}));
    app.get(&format!("/api/v2/threads/x/stats?session_id={project}")).await.expect(422);
    app.get(&format!("/api/v2/threads/x/stats?session_id={project}&selects=COLOUR")).await.expect(422);
}

#[tokio::test]
async fn all_threads_together_have_statistics_too() {
    let (app, project) = conversations().await;
    let body = json!({"project_id": project, "min_start_time": LONG_AGO,
        "select": ["THREAD_COUNT", "TRACE_COUNT", "TOTAL_TOKENS", "TOTAL_COST", "ERROR_RATE"]});
    let stats = app.post("/api/v2/threads/stats", &body).await.ok();
    let expected =
        json!({"thread_count": 2, "trace_count": 4, "total_tokens": 30, "total_cost": 3e-6, "error_rate": 0.25});
    assert_eq!(stats, expected);
    let body = json!({"project_id": project, "min_start_time": LONG_AGO, "select": ["THREAD_COUNT", "TRACE_COUNT"],
        "filter": "eq(metadata_key, \"session_id\")", "trace_filter": "eq(metadata_value, \"other\")",
        "thread_filter": "neq(thread_id, \"nobody\")"});
    let stats = app.post("/api/v2/threads/stats", &body).await.ok();
    assert_eq!(stats, json!({"thread_count": 1, "trace_count": 1}));
    app.post("/api/v2/threads/stats", &json!({"project_id": project})).await.expect(422);
}
