//! What two traces are compared by.

mod support;

use fanlight_server::config::Limits;
use fanlight_wire::digest::{TraceDigests, json_digest, plain_digest};
use serde_json::{Value, json};
use std::time::Duration;
use support::{TestApp, child, id, run};

fn path(n: u32) -> String {
    format!("/api/fanlight/v1/traces/{}/digests", id(n))
}

async fn digests(app: &TestApp, n: u32) -> TraceDigests {
    serde_json::from_value(app.get(&path(n)).await.ok()).expect("what the server says the dashboard reads")
}

fn with(mut run: Value, inputs: Value, outputs: Value) -> Value {
    run["inputs"] = inputs;
    run["outputs"] = outputs;
    run
}

#[tokio::test]
async fn runs_that_were_given_and_returned_the_same_have_the_same_digests() {
    let app = TestApp::new();
    let answer = |id: &str| json!({"id": id, "text": "within 30 days"});
    let failed = |mut run: Value| {
        run["error"] = json!("Timeout: too slow");
        run
    };
    app.send_runs([
        with(run(1, "agent"), json!({"q": 1, "k": 2}), json!({})),
        with(child(2, &[1], "chat"), json!({"q": 1}), answer("chatcmpl-1")),
        with(run(3, "agent"), json!({"k": 2, "q": 1}), json!({})),
        failed(with(child(4, &[3], "chat"), json!({"q": 2}), answer("chatcmpl-2"))),
    ])
    .await;
    let (one, other) = (digests(&app, 1).await, digests(&app, 3).await);
    assert!(one.is_consistent() && one.n_left_out == 0);
    assert_eq!(one.ids.iter().map(ToString::to_string).collect::<Vec<_>>(), [id(1), id(2)]);
    assert_eq!(one.inputs[0], Some(json_digest(r#"{"q":1,"k":2}"#)));
    assert_eq!((one.inputs[0], one.outputs[0]), (other.inputs[0], None));
    assert_eq!(one.outputs[1], other.outputs[1]);
    assert!(one.inputs[1] != other.inputs[1] && one.sketches[1].is_some());
    assert_eq!((one.errors[1], other.errors[1]), (None, Some(plain_digest("Timeout: too slow"))));
}

#[tokio::test]
async fn a_patch_counts_for_what_it_leaves() {
    let app = TestApp::new();
    app.send_runs([with(run(1, "agent"), json!({"q": 1}), Value::Null)]).await;
    assert_eq!(digests(&app, 1).await.outputs, [None]);
    app.patch(&format!("/runs/{}", id(1)), &json!({"outputs": {"a": 1}})).await.expect(202);
    assert_eq!(digests(&app, 1).await.outputs, [Some(json_digest(r#"{"a":1}"#))]);
}

#[tokio::test]
async fn what_is_no_trace_is_not_found() {
    let app = TestApp::new();
    app.get(&path(9)).await.expect(404);
    app.get("/api/fanlight/v1/traces/nine/digests").await.expect(422);
}

#[tokio::test]
async fn too_many_at_once_are_turned_away() {
    let limits = Limits { heavy_reads: 1, wait_for_turn: Duration::from_millis(20), ..Limits::default() };
    let app = TestApp::with_limits(limits);
    app.send_runs([run(1, "agent")]).await;
    let turn = app.app.heavy_reads.take().await.expect("the first turn is free");
    let refused = app.get(&path(1)).await.expect(429);
    assert_eq!(refused.header("retry-after"), "1");
    drop(turn);
    app.get(&path(1)).await.expect(200);
}
