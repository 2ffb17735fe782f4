//! Runs and traces as LangSmith's v2 API returns them.

mod support;

use serde_json::{Value, json};
use support::{TestApp, child, id, run, usage};

const LONG_AGO: &str = "2000-01-01T00:00:00Z";

async fn library() -> (TestApp, String) {
    let app = TestApp::new();
    let mut root = run(1, "root");
    root["extra"] = json!({"metadata": {"env": "prod"}, "runtime": {"sdk": "x"}});
    let mut llm = child(2, &[1], "llm");
    llm["run_type"] = json!("llm");
    llm["outputs"] = usage();
    llm["events"] = json!([{"name": "new_token", "time": "2026-11-23T22:00:30Z", "kwargs": {}}]);
    let mut failed = run(3, "failed");
    failed["error"] = json!("ValueError: no\nTraceback");
    app.send_runs([root, llm, failed]).await;
    let project = app.project_id("default").await;
    (app, project)
}

fn all_fields() -> Value {
    json!([
        "ID",
        "NAME",
        "RUN_TYPE",
        "STATUS",
        "START_TIME",
        "END_TIME",
        "LATENCY_SECONDS",
        "FIRST_TOKEN_TIME",
        "ERROR",
        "ERROR_PREVIEW",
        "EXTRA",
        "METADATA",
        "EVENTS",
        "INPUTS",
        "INPUTS_PREVIEW",
        "OUTPUTS",
        "OUTPUTS_PREVIEW",
        "MANIFEST",
        "PARENT_RUN_IDS",
        "PROJECT_ID",
        "TRACE_ID",
        "THREAD_ID",
        "DOTTED_ORDER",
        "IS_ROOT",
        "REFERENCE_EXAMPLE_ID",
        "REFERENCE_DATASET_ID",
        "TOTAL_TOKENS",
        "PROMPT_TOKENS",
        "COMPLETION_TOKENS",
        "TOTAL_COST",
        "PROMPT_COST",
        "COMPLETION_COST",
        "PROMPT_TOKEN_DETAILS",
        "COMPLETION_TOKEN_DETAILS",
        "PROMPT_COST_DETAILS",
        "COMPLETION_COST_DETAILS",
        "PRICE_MODEL_ID",
        "TAGS",
        "APP_PATH",
        "ATTACHMENTS",
        "THREAD_EVALUATION_TIME",
        "IS_IN_DATASET",
        "LAST_QUEUED_AT",
        "SHARE_URL",
        "FEEDBACK_STATS",
        "LS_USER_ID"
    ])
}

#[tokio::test]
async fn a_run_has_every_field_that_is_selected_and_no_other() {
    let (app, project) = library().await;
    let feedback = json!({"run_id": id(2), "key": "ok", "score": 0.5, "comment": "half"});
    app.post("/feedback", &feedback).await.expect(200);
    let body =
        json!({"project_ids": [project], "run_type": "LLM", "selects": all_fields(), "min_start_time": LONG_AGO});
    let page = app.post("/api/v2/runs/query", &body).await.ok();
    insta::assert_json_snapshot!(page, {".items[].project_id" => "[project]", ".items[].app_path" => "[path]"});
    let body = json!({"project_ids": [project], "min_start_time": LONG_AGO, "run_type": "LLM"});
    let page = app.post("/api/v2/runs/query", &body).await.ok();
    assert_eq!(page, json!({"items": [{"id": id(2)}], "next_cursor": null, "has_more": false}));
}

#[tokio::test]
async fn one_run_is_read_from_its_project_only() {
    let (app, project) = library().await;
    let path = format!("/api/v2/runs/{}?project_id={project}&selects=ID&selects=METADATA&selects=ERROR", id(1));
    let expected = json!({"id": id(1), "metadata": {"env": "prod"}, "error": null});
    assert_eq!(app.get(&path).await.ok(), expected);
    assert_eq!(app.get(&format!("/api/v2/runs/{}?project_id={project}", id(3))).await.ok(), json!({"id": id(3)}));
    let problem = app.get(&format!("/api/v2/runs/{}?project_id={}", id(1), id(404))).await.expect(404);
    assert_eq!(problem.header("content-type"), "application/problem+json");
    assert_eq!((&problem.json()["status"], &problem.json()["title"]), (&json!(404), &json!("Not Found")));
    app.get(&format!("/api/v2/runs/{}?project_id={project}", id(404))).await.expect(404);
    app.get(&format!("/api/v2/runs/{}", id(1))).await.expect(422);
}

#[tokio::test]
async fn questions_are_filtered_sorted_and_paged() {
    let (app, project) = library().await;
    let app = &app;
    let ask = |more: Value| {
        let mut body = json!({"project_ids": [project], "min_start_time": LONG_AGO, "selects": ["NAME"]});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        async move { app.post("/api/v2/runs/query", &body).await.ok() }
    };
    let names = |page: &Value| -> Vec<String> {
        page["items"].as_array().unwrap().iter().map(|run| run["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(names(&ask(json!({"sort_order": "ASC"})).await), ["root", "llm", "failed"]);
    assert_eq!(names(&ask(json!({"has_error": true})).await), ["failed"]);
    assert_eq!(names(&ask(json!({"is_root": true, "filter": "eq(name, \"root\")"})).await), ["root"]);
    assert_eq!(names(&ask(json!({"tree_filter": "eq(run_type, \"llm\")"})).await), ["llm", "root"]);
    assert_eq!(names(&ask(json!({"trace_id": id(3)})).await), ["failed"]);
    assert_eq!(names(&ask(json!({"max_start_time": "2026-11-23T22:00:01Z"})).await), ["root"]);
    let first = ask(json!({"page_size": 2})).await;
    assert_eq!((names(&first), &first["has_more"]), (vec!["failed".to_owned(), "llm".into()], &json!(true)));
    let second = ask(json!({"page_size": 2, "cursor": first["next_cursor"]})).await;
    assert_eq!((names(&second), &second["next_cursor"]), (vec!["root".to_owned()], &Value::Null));
}

#[tokio::test]
async fn without_a_window_the_last_day_counts_on_every_page() {
    let app = TestApp::new();
    let now = chrono::Utc::now();
    let at = |n: u32, start: chrono::DateTime<chrono::Utc>| {
        let mut run = run(n, &format!("run {n}"));
        run["start_time"] = json!(start.to_rfc3339());
        run["end_time"] = json!(start.to_rfc3339());
        run.as_object_mut().unwrap().remove("dotted_order");
        run
    };
    let hours = chrono::Duration::hours;
    app.send_runs([at(1, now - hours(25)), at(2, now - hours(23)), at(3, now - hours(1)), at(4, now + hours(1))]).await;
    let project = app.project_id("default").await;
    let (mut seen, mut cursor) = (Vec::new(), Value::Null);
    loop {
        let body = json!({"project_ids": [project], "selects": ["NAME"], "page_size": 1, "cursor": cursor});
        let page = app.post("/api/v2/runs/query", &body).await.ok();
        seen.extend(page["items"].as_array().unwrap().iter().map(|run| run["name"].clone()));
        cursor = page["next_cursor"].clone();
        if cursor.is_null() {
            break;
        }
    }
    assert_eq!(json!(seen), json!(["run 4", "run 3", "run 2"]));
}

#[tokio::test]
async fn wrong_questions_are_problems() {
    let (app, project) = library().await;
    for (body, status, part) in [
        (json!({}), 422, "project_ids"),
        (json!({"project_ids": []}), 422, "project_ids"),
        (json!({"project_ids": [project], "reference_dataset_id": id(1)}), 422, "project_ids"),
        (json!({"project_ids": ["x"]}), 422, "project_ids"),
        (json!({"project_ids": [project], "page_size": 1001}), 422, "page_size"),
        (json!({"project_ids": [project], "page_size": 1e99}), 422, "page_size"),
        (json!({"project_ids": [project], "selects": ["COLOUR"]}), 422, "COLOUR"),
        (json!({"project_ids": [project], "filter": "eq(colour, 1)"}), 400, "character 4"),
        (json!({"project_ids": [project], "cursor": "x"}), 422, "cursor"),
        (json!({"project_ids": [project], "min_start_time": LONG_AGO, "cursor": "x"}), 422, "cursor"),
        (json!({"project_ids": [project], "ai_search": "slow ones"}), 501, "ai_search"),
        (json!({"project_ids": [project], "min_start_time": "yesterday"}), 422, "min_start_time"),
    ] {
        let problem = app.post("/api/v2/runs/query", &body).await.expect(status);
        assert_eq!(problem.header("content-type"), "application/problem+json", "{body}");
        let detail = problem.json()["detail"].as_str().unwrap().to_owned();
        assert!(detail.contains(part), "{body}: {detail}");
    }
    let refused = app.post("/api/v2/runs/query", &json!({"sem_filter": "x"})).await.expect(501);
    assert_eq!(refused.header("x-should-retry"), "false");
}

#[tokio::test]
async fn a_dataset_stands_for_the_experiments_on_it() {
    let app = TestApp::new();
    app.post("/sessions", &json!({"name": "exp", "reference_dataset_id": id(50)})).await.expect(200);
    let mut run = run(1, "case");
    run["session_name"] = json!("exp");
    app.send_runs([run]).await;
    let ask = json!({"reference_dataset_id": id(50), "selects": ["NAME"]});
    assert_eq!(app.post("/api/v2/runs/query", &ask).await.ok()["items"], json!([{"name": "case"}]));
    let ask = json!({"reference_dataset_id": id(51)});
    assert_eq!(app.post("/api/v2/runs/query", &ask).await.ok()["items"], json!([]));
}

#[tokio::test]
async fn a_client_that_wants_a_stream_gets_the_page_as_a_patch() {
    let (app, project) = library().await;
    let body = json!({"project_ids": [project], "min_start_time": LONG_AGO, "page_size": 1}).to_string();
    let answer = app.request("POST", "/api/v2/runs/query", &[("accept", "text/event-stream")], body).await.expect(200);
    let text = String::from_utf8(answer.body.to_vec()).unwrap();
    let data = text.strip_prefix("event: data\ndata: ").and_then(|rest| rest.strip_suffix("\n\n")).unwrap();
    let patch: Value = serde_json::from_str(data).unwrap();
    assert_eq!((&patch[0]["op"], &patch[0]["value"]["items"]), (&json!("add"), &json!([{"id": id(3)}])));
}

#[tokio::test]
async fn traces_come_as_roots_with_sums_apart() {
    let (app, project) = library().await;
    let body = json!({"project_id": project, "min_start_time": LONG_AGO, "tree_filter": "eq(run_type, \"llm\")",
        "selects": ["ID", "NAME", "TOTAL_TOKENS", "TOTAL_COST", "FIRST_TOKEN_TIME"]});
    let page = app.post("/api/v2/traces/query", &body).await.ok();
    let aggregates = json!({"total_tokens": 30, "total_cost": 3e-6, "first_token_time": "2026-11-23T22:00:30.000000Z"});
    let expected = json!([{"root_run": {"id": id(1), "name": "root"}, "trace_aggregates": aggregates}]);
    assert_eq!(page["items"], expected);
    let by_id = json!({"project_id": project, "min_start_time": LONG_AGO, "trace_ids": [id(3)]});
    assert_eq!(app.post("/api/v2/traces/query", &by_id).await.ok()["items"], json!([{"root_run": {"id": id(3)}}]));
    let before = json!({"project_id": project, "min_start_time": LONG_AGO, "max_start_time": "2026-11-23T22:00:03Z"});
    assert_eq!(app.post("/api/v2/traces/query", &before).await.ok()["items"], json!([{"root_run": {"id": id(1)}}]));
    app.post("/api/v2/traces/query", &json!({})).await.expect(422);
}

#[tokio::test]
async fn all_runs_of_a_trace_come_oldest_first_however_many_there_are() {
    let (app, project) = library().await;
    let children = (10..270).filter(|n| n % 60 > 2).map(|n| child(n, &[1], "many"));
    app.send_runs(children).await;
    let path = format!("/api/v2/traces/{}/runs?project_id={project}&selects=ID&selects=NAME&selects=INPUTS", id(1));
    let answer = app.get(&path).await.ok();
    let items = answer["items"].as_array().unwrap();
    assert_eq!((items.len(), &items[0]["name"]), (250, &json!("root")));
    assert_eq!(items[0]["inputs"], json!({"question": "Question 1?"}));
    let zipped = app.request("GET", &path, &[("accept-encoding", "gzip")], axum::body::Body::empty()).await.expect(200);
    let mut unzipped = String::new();
    std::io::Read::read_to_string(&mut flate2::read::GzDecoder::new(&zipped.body[..]), &mut unzipped).unwrap();
    assert_eq!(
        (zipped.header("content-encoding"), serde_json::from_str::<Value>(&unzipped).unwrap()),
        ("gzip", answer)
    );
    let llm = app.get(&format!("{path}&filter=eq(run_type,%22llm%22)")).await.ok();
    assert_eq!(llm["items"].as_array().unwrap().len(), 1);
    let unknown = app.get(&format!("/api/v2/traces/{}/runs?project_id={project}", id(404))).await.ok();
    assert_eq!(unknown, json!({"items": []}));
    app.get(&format!("/api/v2/traces/{}/runs?project_id={project}&filter=eq(", id(1))).await.expect(400);
}
