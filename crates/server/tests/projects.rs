//! Projects, which the API calls sessions.

mod support;

use serde_json::{Value, json};
use support::{TestApp, id, run};

#[tokio::test]
async fn trap_10_there_is_always_a_project() {
    let app = TestApp::new();
    let projects = app.get("/sessions?limit=1").await.ok();
    assert_eq!(projects[0]["name"], "default");
    assert_eq!(projects[0]["tenant_id"], app.get("/settings").await.ok()["id"]);
}

#[tokio::test]
async fn trap_6_taken_names_are_409_unknown_ids_404_unknown_names_empty() {
    let app = TestApp::new();
    app.post("/sessions", &json!({"name": "p"})).await.expect(200);
    app.post("/sessions", &json!({"name": "p"})).await.expect(409);
    app.post("/sessions?upsert=True", &json!({"name": "p", "description": "d"})).await.expect(200);
    assert_eq!(app.get("/sessions?name=p").await.ok()[0]["description"], "d");
    app.get(&format!("/sessions/{}", id(404))).await.expect(404);
    app.delete(&format!("/sessions/{}", id(404))).await.expect(404);
    assert_eq!(app.get("/sessions?name=nobody").await.ok(), json!([]));
    app.post("/sessions", &json!({"description": "nameless"})).await.expect(422);
}

#[tokio::test]
async fn trap_14_the_reference_dataset_is_there_even_when_null() {
    let app = TestApp::new();
    app.post("/sessions", &json!({"name": "p", "id": id(1)})).await.expect(200);
    let project = app.get(&format!("/sessions/{}", id(1))).await.ok();
    assert_eq!(project.as_object().unwrap().get("reference_dataset_id"), Some(&Value::Null));
}

#[tokio::test]
async fn statistics_come_when_asked_for() {
    let app = TestApp::new();
    app.post("/runs/batch", &json!({"post": [run(1, "a"), run(2, "b")]})).await.expect(202);
    let plain = app.get("/sessions?name=default").await.ok();
    assert!(plain[0].get("run_count").is_none());
    let project = app.get("/sessions?name=default&include_stats=true").await.ok()[0].clone();
    insta::assert_json_snapshot!(project, {".id" => "[id]", ".tenant_id" => "[id]", ".start_time" => "[time]"});
}

#[tokio::test]
async fn a_project_is_changed_and_deleted_with_its_runs() {
    let app = TestApp::new();
    let mut run = run(1, "a");
    run["session_name"] = json!("p");
    app.post("/runs", &run).await.expect(202);
    let project = app.get("/sessions?name=p").await.ok()[0]["id"].as_str().unwrap().to_owned();
    let changed = app.patch(&format!("/sessions/{project}"), &json!({"name": "q", "description": null})).await.ok();
    assert_eq!(changed["name"], "q");
    app.patch(&format!("/sessions/{project}"), &json!({"name": "default"})).await.expect(409);
    app.delete(&format!("/sessions/{project}")).await.expect(202);
    app.get(&format!("/runs/{}", id(1))).await.expect(404);
    app.post("/sessions", &json!({"name": "r", "id": id(8)})).await.expect(200);
    app.delete(&format!("/sessions?session_ids={}", id(8))).await.expect(202);
    app.get(&format!("/sessions/{}", id(8))).await.expect(404);
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged() {
    let app = TestApp::new();
    for name in ["Beta", "alpha", "alphabet"] {
        app.post("/sessions", &json!({"name": name, "extra": {"metadata": {"n": name.len()}}})).await.expect(200);
    }
    let names = |path: &'static str| {
        let app = &app;
        async move {
            let projects = app.get(path).await.ok();
            projects.as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
        }
    };
    assert_eq!(names("/sessions?name_contains=ALPHA&sort_by=name&sort_by_desc=false").await, ["alpha", "alphabet"]);
    assert_eq!(names("/sessions?metadata=%7B%22n%22%3A4%7D").await, ["Beta"]);
    assert_eq!(names("/sessions?limit=1&offset=3&sort_by=start_time").await.len(), 1);
    for refused in ["sort_by=feedback", "tag_value_id=1", "dataset_version=x"] {
        app.get(&format!("/sessions?{refused}")).await.expect(422);
    }
    app.get("/sessions?use_approx_stats=true&facets=true").await.expect(200);
}

#[tokio::test]
async fn projects_are_found_by_the_filter_language() {
    let app = TestApp::new();
    for (name, team) in [("checkout", "shop"), ("checkout-test", "qa"), ("search", "shop")] {
        app.post("/sessions", &json!({"name": name, "extra": {"metadata": {"team": team}}})).await.expect(200);
    }
    let app = &app;
    let find = |filter: &str| {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        async move { app.get(&format!("/sessions?sort_by=name&sort_by_desc=false&filter={filter}")).await }
    };
    for (filter, expected) in [
        (r#"eq(name, "checkout")"#, vec!["checkout"]),
        (r#"like(name, "CHECK%")"#, vec!["checkout", "checkout-test"]),
        (r#"search("test")"#, vec!["checkout-test"]),
        (r#"has(metadata, '{"team": "shop"}')"#, vec!["checkout", "search"]),
        (r#"and(eq(metadata_key, "team"), neq(metadata_value, "shop"))"#, vec!["checkout-test"]),
        (r#"lt(start_time, "2000-01-01")"#, vec![]),
    ] {
        let found = find(filter).await.ok();
        let names: Vec<&str> = found.as_array().unwrap().iter().map(|p| p["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{filter}");
    }
    for unreadable in ["eq(name", r#"eq(status, "error")"#, "gt(error_rate, often)"] {
        find(unreadable).await.expect(400);
    }
    for refused in [r#"has(tags, "a")"#, r#"search(inputs, "a")"#, r#"any_run(eq(name, "a"))"#] {
        find(refused).await.expect(422);
    }
}

#[tokio::test]
async fn projects_are_found_by_what_their_traces_amount_to() {
    let app = TestApp::new();
    // A trace of one second that cost nothing, and one of four seconds that failed and was judged.
    for (id, project, end, error) in [(1, "fast", 1, None), (2, "slow", 4, Some("boom")), (3, "slow", 4, None)] {
        let run = json!({
            "id": uuid::Uuid::from_u128(id), "name": "trace", "run_type": "llm", "session_name": project,
            "start_time": "2026-11-20T10:00:00Z", "end_time": format!("2026-11-20T10:00:0{end}Z"), "error": error,
            "inputs": {}, "outputs": {"usage_metadata": {"input_tokens": 10 * id, "output_tokens": 1, "total_tokens": 10 * id + 1}},
        });
        app.post("/runs", &run).await.expect(202);
    }
    let judged = |key: &str, more: serde_json::Value| {
        let mut feedback = json!({"run_id": uuid::Uuid::from_u128(3), "key": key});
        feedback.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        feedback
    };
    for feedback in [judged("correctness", json!({"score": 0.25})), judged("topic", json!({"value": "billing"}))] {
        app.post("/feedback", &feedback).await.ok();
    }
    let app = &app;
    let find = |filter: &str| {
        let filter: String = form_urlencoded::byte_serialize(filter.as_bytes()).collect();
        async move { app.get(&format!("/sessions?sort_by=name&sort_by_desc=false&filter={filter}")).await.ok() }
    };
    for (filter, expected) in [
        ("gt(latency, 2)", vec!["slow"]),
        (r#"lte(latency_p99, "1s")"#, vec!["fast"]),
        ("eq(latency, null)", vec!["default"]),
        ("gte(error_rate, 0.5)", vec!["slow"]),
        ("lt(error_rate, 0.5)", vec!["fast"]),
        ("in(run_count, [0, 1])", vec!["default", "fast"]),
        ("and(gt(total_tokens, 20), lt(total_tokens, 100))", vec!["slow"]),
        (r#"gt(last_run_start_time, "2026-11-20")"#, vec!["fast", "slow"]),
        (r#"and(eq(feedback_key, "correctness"), lt(feedback_score, 0.5))"#, vec!["slow"]),
        (r#"and(eq(feedback_key, "correctness"), gt(feedback_score, 0.5))"#, vec![]),
        (r#"and(eq(feedback_key, "topic"), eq(feedback_value, "billing"))"#, vec!["slow"]),
        (r#"or(eq(name, "fast"), not(lt(error_rate, 1)))"#, vec!["default", "fast"]),
    ] {
        let found = find(filter).await;
        let found = found.as_array().unwrap();
        let names: Vec<&str> = found.iter().map(|p| p["name"].as_str().unwrap()).collect();
        assert_eq!(names, expected, "{filter}");
        assert!(found.iter().all(|project| project.get("run_count").is_none()), "numbers come when asked for");
    }
}
