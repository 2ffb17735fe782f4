//! Server-sent events.

mod support;

use axum::body::Body;
use axum::http::Request;
use http_body_util::BodyExt;
use serde_json::Value;
use std::time::Duration;
use support::{TestApp, id, run};
use tower::ServiceExt;

#[tokio::test]
async fn a_reader_is_told_what_changed_and_let_go_when_the_server_stops() {
    let app = TestApp::new();
    let request = Request::get("/api/fanlight/v1/live").header("host", "localhost").body(Body::empty()).unwrap();
    let response = app.app.router().oneshot(request).await.unwrap();
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    let mut body = response.into_body();
    let mut text = String::new();
    app.post("/runs", &run(1, "a")).await.expect(202);
    while !text.contains("event: change") {
        let frame = tokio::time::timeout(Duration::from_secs(5), body.frame()).await.expect("an event in time");
        text += std::str::from_utf8(frame.unwrap().unwrap().data_ref().unwrap()).unwrap();
    }
    let data = text.lines().find_map(|line| line.strip_prefix("data: ")).unwrap();
    let change: Value = serde_json::from_str(data).unwrap();
    assert_eq!((&change["traces"][0], &change["n_new_traces"]), (&Value::from(id(1)), &Value::from(1)));
    app.app.is_stopping.cancel();
    while tokio::time::timeout(Duration::from_secs(5), body.frame()).await.expect("the stream ends").is_some() {}
}
