//! Boards of charts: kept in order, changed by one at a time, shared by a link.

mod support;

use serde_json::{Value, json};
use support::{TestApp, id};

const BOARDS: &str = "/api/fanlight/v1/boards";

fn chart(title: &str) -> Value {
    json!({"title": title, "mark": "area", "metrics": ["cost"], "runs": "models", "filter": "eq(status, \"error\")",
        "group_by": {"key": "model", "max_groups": 5, "rank_by": "cost"}, "width": 2})
}

fn titles(board: &Value) -> Vec<&str> {
    board["charts"].as_array().unwrap().iter().map(|chart| chart["title"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn a_board_is_made_arranged_shared_and_deleted() {
    let app = TestApp::new();
    let project = app.project_id("default").await;
    let body = json!({"session_id": project, "name": " Spend ", "charts": [chart("a"), chart("b")]});
    let made = app.post(BOARDS, &body).await.expect(201).json();
    assert_eq!((&made["name"], &made["revision"], titles(&made)), (&json!("Spend"), &json!(1), vec!["a", "b"]));
    let path = format!("{BOARDS}/{}", made["id"].as_str().unwrap());
    let shared = app.get(&path).await.ok();
    assert_eq!(shared, made, "what a link leads to");

    let arranged = json!({"revision": 1, "charts": [made["charts"][1], made["charts"][0], chart("c")]});
    let changed = app.patch(&path, &arranged).await.ok();
    assert_eq!((titles(&changed), &changed["revision"]), (vec!["b", "a", "c"], &json!(2)));
    let late = app.patch(&path, &arranged).await.expect(409).json();
    assert!(late["message"].as_str().unwrap().contains("revision 2"), "{late}");

    app.post(BOARDS, &body).await.expect(409);
    let copy = json!({"session_id": project, "name": "Copy", "charts": changed["charts"]});
    app.post(BOARDS, &copy).await.expect(201);
    let listed = app.get(&format!("{BOARDS}?session_id={project}")).await.ok();
    let names: Vec<_> = listed.as_array().unwrap().iter().map(|board| board["name"].as_str().unwrap()).collect();
    assert_eq!(names, ["Copy", "Spend"]);
    app.delete(&path).await.expect(204);
    app.get(&path).await.expect(404);
    app.delete(&path).await.expect(404);
}

#[tokio::test]
async fn a_deleted_board_comes_back_under_its_links() {
    let app = TestApp::new();
    let project = app.project_id("default").await;
    let body = json!({"session_id": project, "name": "Spend", "charts": [chart("a")]});
    let made = app.post(BOARDS, &body).await.expect(201).json();
    let path = format!("{BOARDS}/{}", made["id"].as_str().unwrap());
    let again = json!({"id": made["id"], "session_id": project, "name": "Other", "charts": [chart("a")]});
    app.post(BOARDS, &again).await.expect(409);
    app.patch(&path, &json!({"id": id(7)})).await.expect(422);
    app.delete(&path).await.expect(204);
    app.post(BOARDS, &again).await.expect(201);
    assert_eq!(app.get(&path).await.ok()["name"], json!("Other"));
}

#[tokio::test]
async fn boards_go_with_their_project() {
    let app = TestApp::new();
    let made = app.post("/sessions", &json!({"name": "short-lived"})).await.ok();
    let board = app.post(BOARDS, &json!({"session_id": made["id"], "name": "Mine"})).await.expect(201).json();
    app.delete(&format!("/sessions/{}", made["id"].as_str().unwrap())).await;
    app.get(&format!("{BOARDS}/{}", board["id"].as_str().unwrap())).await.expect(404);
}

#[tokio::test]
async fn charts_that_could_not_be_drawn_are_refused() {
    let app = TestApp::new();
    let project = app.project_id("default").await;
    let with = |field: &str, value: Value| {
        let mut chart = chart("a");
        chart[field] = value;
        json!({"session_id": project, "name": "Mine", "charts": [chart]})
    };
    for (body, status, what) in [
        (json!({"name": "Mine"}), 422, "session_id"),
        (json!({"session_id": project, "name": " "}), 422, "name"),
        (json!({"session_id": project, "name": "Mine", "charts": vec![chart("a"); 51]}), 422, "charts"),
        (with("title", json!("")), 422, "title"),
        (with("metrics", json!([])), 422, "metrics"),
        (with("metrics", json!(["speed"])), 422, "charts"),
        (with("mark", json!("heatmap")), 422, "heatmap"),
        (with("width", json!(4)), 422, "thirds"),
        (with("filter", json!("eq(name")), 400, "filter"),
        (with("group_by", json!({"key": "model", "max_groups": 21})), 422, "groups"),
    ] {
        let refused = app.post(BOARDS, &body).await.expect(status).json();
        assert!(refused["message"].as_str().unwrap().contains(what), "{body}: {refused}");
    }
    app.post(BOARDS, &json!({"session_id": id(404), "name": "Mine"})).await.expect(404);
}
