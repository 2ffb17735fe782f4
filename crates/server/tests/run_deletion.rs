//! Traces that are deleted.

mod support;

use serde_json::json;
use support::{TestApp, child, id, run};

#[tokio::test]
async fn traces_are_deleted_by_id_with_all_their_runs() {
    let app = TestApp::new();
    app.send_runs([run(1, "a"), child(2, &[1], "b"), run(3, "c")]).await;
    let project = app.project_id("default").await;
    app.post("/runs/delete", &json!({"session_id": project, "trace_ids": [id(1), id(404)]})).await.expect(202);
    app.get(&format!("/runs/{}", id(1))).await.expect(404);
    app.get(&format!("/runs/{}", id(2))).await.expect(404);
    app.get(&format!("/runs/{}", id(3))).await.expect(200);
}

#[tokio::test]
async fn traces_are_deleted_by_any_pair_of_metadata() {
    let app = TestApp::new();
    let of_user = |n: u32, user: &str| {
        let mut run = run(n, "a");
        run["extra"] = json!({"metadata": {"user_id": user}});
        run
    };
    let mut elsewhere = of_user(4, "ann");
    elsewhere["session_name"] = json!("other");
    app.send_runs([of_user(1, "ann"), of_user(2, "bob"), of_user(3, "cy"), elsewhere]).await;
    let project = app.project_id("default").await;
    let body = json!({"session_id": project, "metadata": {"user_id": ["ann", "bob"]}});
    app.post("/runs/delete/traces", &body).await.expect(202);
    let left = app.post("/runs/query", &json!({})).await.ok();
    let mut left: Vec<&str> = left["runs"].as_array().unwrap().iter().map(|run| run["id"].as_str().unwrap()).collect();
    left.sort_unstable();
    assert_eq!(left, [id(3), id(4)]);
    app.post("/runs/delete", &json!({"metadata": {"user_id": "ann"}})).await.expect(202);
    app.get(&format!("/runs/{}", id(4))).await.expect(404);
}

#[tokio::test]
async fn a_deletion_that_does_not_say_what_deletes_nothing() {
    let app = TestApp::new();
    app.send_runs([run(1, "a")]).await;
    let project = app.project_id("default").await;
    for body in [
        json!({}),
        json!({"session_id": project}),
        json!({"trace_ids": [id(1)]}),
        json!({"session_id": project, "metadata": {}}),
        json!({"session_id": project, "trace_ids": [id(1)], "metadata": {"a": "b"}}),
        json!({"session_id": project, "trace_ids": vec![id(1); 1001]}),
        json!({"session_id": project, "trace_ids": ["x"]}),
    ] {
        app.post("/runs/delete", &body).await.expect(422);
    }
    app.get(&format!("/runs/{}", id(1))).await.expect(200);
}
