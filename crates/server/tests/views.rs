//! Saved views.

mod support;

use serde_json::{Value, json};
use support::{TestApp, id};

const PATH: &str = "/api/fanlight/v1/views";

#[tokio::test]
async fn a_view_is_saved_listed_changed_and_deleted() {
    let app = TestApp::new();
    let project = app.project_id("default").await;
    let list = format!("{PATH}?session_id={project}");
    assert_eq!(app.get(&list).await.ok(), json!([]));
    let view = json!({"session_id": project, "name": "Failures", "query": "filter=status%3Aerror&sort=latency"});
    let saved = app.post(PATH, &view).await.expect(201).json();
    let of = |view: &Value| (view["name"].clone(), view["query"].clone(), view["session_id"].clone());
    assert_eq!(of(&saved), of(&view));
    let path = format!("{PATH}/{}", saved["id"].as_str().unwrap());
    let changed = app.patch(&path, &json!({"name": "Slow failures"})).await.ok();
    assert_eq!((&changed["name"], &changed["query"]), (&json!("Slow failures"), &view["query"]));
    assert_eq!(app.get(&list).await.ok(), json!([changed]));
    app.delete(&path).await.expect(204);
    app.delete(&path).await.expect(404);
    app.patch(&path, &json!({"name": "x"})).await.expect(404);
    assert_eq!(app.get(&list).await.ok(), json!([]));
}

#[tokio::test]
async fn a_name_is_unique_in_its_project() {
    let app = TestApp::new();
    app.post("/sessions", &json!({"name": "other", "id": id(1)})).await.expect(200);
    let project = app.project_id("default").await;
    let view = |project: &str, name: &str| json!({"session_id": project, "name": name, "query": ""});
    app.post(PATH, &view(&project, "a")).await.expect(201);
    let conflict = app.post(PATH, &view(&project, "a")).await.expect(409).json();
    assert_eq!(conflict["code"], "conflict");
    app.post(PATH, &view(&id(1), "a")).await.expect(201);
    let b = app.post(PATH, &view(&project, "b")).await.expect(201).json();
    app.patch(&format!("{PATH}/{}", b["id"].as_str().unwrap()), &json!({"name": "a"})).await.expect(409);
}

#[tokio::test]
async fn views_have_limits() {
    let app = TestApp::new();
    let project = app.project_id("default").await;
    for view in [
        json!({"name": "a", "query": ""}),
        json!({"session_id": project, "query": ""}),
        json!({"session_id": project, "name": " ", "query": ""}),
        json!({"session_id": project, "name": "é".repeat(101), "query": ""}),
        json!({"session_id": project, "name": "a", "query": "x".repeat(4097)}),
        json!({"session_id": project, "name": 5, "query": ""}),
    ] {
        app.post(PATH, &view).await.expect(422);
    }
    app.post(PATH, &json!({"session_id": id(404), "name": "a", "query": ""})).await.expect(404);
    let longest = json!({"session_id": project, "name": "é".repeat(100), "query": "x".repeat(4096)});
    let saved = app.post(PATH, &longest).await.expect(201).json();
    let path = format!("{PATH}/{}", saved["id"].as_str().unwrap());
    app.patch(&path, &json!({"session_id": id(1)})).await.expect(422);
    app.get(PATH).await.expect(422);
    app.get(&format!("{PATH}?session_id=x")).await.expect(422);
}
