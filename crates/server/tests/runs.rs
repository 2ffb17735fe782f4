//! Runs on their way out.

mod support;

use serde_json::{Value, json};
use support::{TestApp, id, run};

fn names(page: &Value) -> Vec<&str> {
    page["runs"].as_array().unwrap().iter().map(|run| run["name"].as_str().unwrap()).collect()
}

/// A trace of a root, an LLM call with usage, and a tool call below it.
async fn send_trace(app: &TestApp) {
    let mut llm = run(2, "llm");
    let mut tool = run(3, "tool");
    let dotted = |n: u32| format!("20261123T2200{n:02}000000Z{}", id(n));
    llm["run_type"] = json!("llm");
    llm["outputs"] = json!({"usage_metadata": {"input_tokens": 10, "output_tokens": 20, "total_tokens": 30,
        "input_cost": 1e-6, "output_cost": 2e-6, "input_token_details": {"audio": 1, "foo": 2},
        "input_cost_details": {"audio": 1e-7, "foo": 2e-7}}});
    tool["run_type"] = json!("tool");
    for (child, parent, dotted_order) in [
        (&mut llm, 1, format!("{}.{}", dotted(1), dotted(2))),
        (&mut tool, 2, format!("{}.{}.{}", dotted(1), dotted(2), dotted(3))),
    ] {
        child["trace_id"] = json!(id(1));
        child["parent_run_id"] = json!(id(parent));
        child["dotted_order"] = json!(dotted_order);
    }
    app.post("/runs/batch", &json!({"post": [tool, llm, run(1, "root")]})).await.expect(202);
}

#[tokio::test]
async fn a_run_has_every_field_of_the_contract() {
    let app = TestApp::new();
    send_trace(&app).await;
    let run = app.run(&id(1)).await;
    insta::assert_json_snapshot!(run, {
        ".session_id" => "[project]",
        ".app_path" => insta::dynamic_redaction(|path, _| {
            let path = path.as_str().unwrap();
            assert!(path.starts_with("/o/") && path.contains("/projects/p/") && path.contains("/r/"), "{path}");
            "[path]"
        }),
    });
}

#[tokio::test]
async fn trap_7_costs_are_exact_decimals_with_details_and_roll_up_to_the_root() {
    let app = TestApp::new();
    send_trace(&app).await;
    let query = json!({"id": [id(1)], "select": ["total_tokens", "total_cost"]});
    let root = &app.post("/runs/query", &query).await.ok()["runs"][0];
    assert_eq!(root["total_tokens"], 30);
    assert_eq!((&root["prompt_cost"], &root["total_cost"]), (&json!("0.000001"), &json!("0.000003")));
    assert_eq!(root["prompt_token_details"], json!({"audio": 1, "foo": 2}));
    assert_eq!(root["prompt_cost_details"], json!({"audio": "0.0000001", "foo": "0.0000002"}));
}

#[tokio::test]
async fn children_are_found_by_trace_parent_and_is_root() {
    let app = &TestApp::new();
    send_trace(app).await;
    let query = |body: Value| async move { app.post("/runs/query", &body).await.ok() };
    assert_eq!(names(&query(json!({"trace": id(1), "order": "asc"})).await), ["root", "llm", "tool"]);
    let children = query(json!({"trace": id(1), "is_root": false})).await;
    assert_eq!(names(&children), ["tool", "llm"]);
    assert!(children["runs"].as_array().unwrap().iter().all(|run| !run["parent_run_id"].is_null()));
    assert_eq!(names(&query(json!({"parent_run": id(2)})).await), ["tool"]);
    assert_eq!(names(&query(json!({"execution_order": 1})).await), ["root"]);
    assert_eq!(names(&query(json!({"run_type": "llm"})).await), ["llm"]);
}

#[tokio::test]
async fn trap_13_pages_are_full_until_the_last_and_skip_nothing_while_runs_arrive() {
    let app = TestApp::new();
    let runs: Vec<Value> = (1..=25).map(|n| run(n, &format!("run {n}"))).collect();
    app.post("/runs/batch", &json!({"post": runs})).await.expect(202);
    let (mut seen, mut cursor, mut n_pages) = (Vec::new(), Value::Null, 0);
    loop {
        let page = app.post("/runs/query", &json!({"limit": 10, "cursor": cursor})).await.ok();
        seen.extend(names(&page).into_iter().map(str::to_owned));
        cursor = page["cursors"]["next"].clone();
        n_pages += 1;
        if cursor.is_null() {
            break;
        }
        assert_eq!(names(&page).len(), 10);
        // Newer runs do not shift older pages.
        app.post("/runs", &run(30 + n_pages, "late")).await.expect(202);
    }
    assert_eq!((n_pages, seen.len()), (3, 25));
    assert_eq!((seen[0].as_str(), seen[24].as_str()), ("run 25", "run 1"));
}

#[tokio::test]
async fn select_leaves_out_what_is_large_and_limits_are_clamped() {
    let app = TestApp::new();
    app.post("/runs", &run(1, "a")).await.expect(202);
    let page = app.post("/runs/query", &json!({"select": ["name", "colour"], "limit": 5000})).await.ok();
    let run = &page["runs"][0];
    assert_eq!((run.get("outputs"), &run["inputs"], &run["name"]), (None, &json!({}), &json!("a")));
}

#[tokio::test]
async fn what_means_nothing_is_left_out_and_a_foreign_cursor_is_refused() {
    let app = TestApp::new();
    app.post("/runs/query", &json!({"filter": "", "use_experimental_search": false, "unknown": 1})).await.expect(200);
    app.post("/runs/query", &json!({"cursor": "x"})).await.expect(422);
    app.post("/runs/query", &json!({"execution_order": 2})).await.expect(422);
}

#[tokio::test]
async fn a_link_to_a_run_is_given_before_the_run_is_there() {
    let app = TestApp::new();
    let path =
        format!("/api/v2/runs/{0}/url?project_id={1}&trace_id={0}&start_time=2026-11-23T22%3A01%3A17Z", id(1), id(2));
    let url = app.get(&path).await.ok()["url"].as_str().unwrap().to_owned();
    assert!(url.starts_with("http://localhost:1984/o/"), "{url}");
    assert!(url.contains(&format!("/projects/p/{}/r/{}", id(2), id(1))), "{url}");
}

#[tokio::test]
async fn a_skeleton_has_the_shape_of_the_trace() {
    let app = TestApp::new();
    send_trace(&app).await;
    let skeleton = app.get(&format!("/api/fanlight/v1/traces/{}/skeleton", id(1))).await.ok();
    let skeleton: fanlight_wire::skeleton::TraceSkeleton = serde_json::from_value(skeleton).unwrap();
    assert!(skeleton.is_consistent());
    assert_eq!(skeleton.parent_idx, [-1, 0, 1]);
}
