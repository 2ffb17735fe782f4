//! Feedback.

mod support;

use serde_json::{Value, json};
use support::{TestApp, id, run};

#[tokio::test]
async fn feedback_is_given_read_changed_and_taken_back() {
    let app = TestApp::new();
    app.post("/runs", &run(1, "a")).await.expect(202);
    let feedback = json!({"id": id(5), "key": "correct", "run_id": id(1), "score": true, "value": null, "comment": "ok",
        "feedback_source": {"type": "api", "metadata": {"a": 1}}, "feedbackConfig": null});
    let created = app.post("/feedback", &feedback).await.ok();
    insta::assert_json_snapshot!(created, {".created_at" => "[time]", ".modified_at" => "[time]", ".session_id" => "[project]"});
    let changed = app.patch(&format!("/feedback/{}", id(5)), &json!({"score": 0.25, "comment": null})).await.ok();
    assert_eq!((&changed["score"], &changed["comment"]), (&json!(0.25), &Value::Null));
    let stats = &app.run(&id(1)).await["feedback_stats"]["correct"];
    assert_eq!((&stats["n"], &stats["avg"]), (&json!(1), &json!(0.25)));
    app.delete(&format!("/feedback/{}", id(5))).await.expect(200);
    app.get(&format!("/feedback/{}", id(5))).await.expect(404);
}

#[tokio::test]
async fn trap_14_run_and_trace_are_there_even_when_null() {
    let app = TestApp::new();
    let project = app.get("/sessions?name=default").await.ok()[0]["id"].clone();
    let feedback = app.post("/feedback", &json!({"key": "k", "session_id": project, "score": 1})).await.ok();
    let keys = ["run_id", "trace_id"].map(|key| feedback.as_object().unwrap().get(key).cloned());
    assert_eq!(keys, [Some(Value::Null), Some(Value::Null)]);
}

#[tokio::test]
async fn the_same_id_twice_is_one_piece_of_feedback() {
    let app = TestApp::new();
    for score in [0.0, 1.0] {
        app.post("/feedback", &json!({"id": id(5), "key": "k", "run_id": id(1), "score": score})).await.expect(200);
    }
    let all = app.get(&format!("/feedback?run={}", id(1))).await.ok();
    assert_eq!((all.as_array().unwrap().len(), &all[0]["score"]), (1, &json!(1.0)));
}

#[tokio::test]
async fn lists_are_filtered() {
    let app = TestApp::new();
    for (n, key, source) in [(1, "a", "api"), (2, "b", "model"), (3, "b", "app")] {
        let feedback =
            json!({"id": id(n), "key": key, "run_id": id(n), "score": n, "feedback_source": {"type": source}});
        app.post("/feedback", &feedback).await.expect(200);
    }
    let count = |query: String| {
        let app = &app;
        async move { app.get(&format!("/feedback?{query}")).await.ok().as_array().unwrap().len() }
    };
    assert_eq!(count(format!("run={}&run={}", id(1), id(2))).await, 2);
    assert_eq!(count("key=b".into()).await, 2);
    assert_eq!(count("source=FeedbackSourceType.MODEL".into()).await, 1);
    assert_eq!(count("has_comment=True".into()).await, 0);
    assert_eq!(count("limit=1&offset=1".into()).await, 1);
    app.get(&format!("/feedback?user={}", id(1))).await.expect(422);
}

#[tokio::test]
async fn what_cannot_be_kept_is_refused_with_its_field() {
    let app = TestApp::new();
    let refused = app.post("/feedback", &json!({"run_id": id(1)})).await.expect(422);
    assert_eq!(
        refused.json(),
        json!({"detail": [{"loc": ["body", "key"], "msg": "is missing", "type": "value_error"}]})
    );
}
