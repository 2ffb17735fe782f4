//! What the data takes, and how long it is kept.

mod support;

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::{TestApp, id, run};

const STORAGE: &str = "/api/fanlight/v1/storage";

/// Asks until the report is as expected: removal goes on in the background.
async fn wait_until(app: &TestApp, is_so: impl Fn(&Value) -> bool) -> Value {
    let begun = Instant::now();
    loop {
        let report = app.get(STORAGE).await.ok();
        if is_so(&report) || begun.elapsed() > Duration::from_secs(20) {
            assert!(is_so(&report), "{report}");
            return report;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

#[tokio::test]
async fn the_report_has_every_project_with_its_part() {
    let app = TestApp::new();
    let mut elsewhere = run(3, "c");
    elsewhere["session_name"] = json!("other");
    app.send_runs([run(1, "a"), run(2, "b"), elsewhere]).await;
    let report = app.get(STORAGE).await.ok();
    assert!(report["file_bytes"].as_u64().unwrap() > 0);
    let of = |name: &str| {
        report["projects"].as_array().unwrap().iter().find(|project| project["name"] == name).unwrap().clone()
    };
    assert_eq!((&of("default")["n_runs"], &of("default")["n_traces"]), (&json!(2), &json!(2)));
    assert_eq!((&of("other")["n_runs"], &of("other")["retention"]), (&json!(1), &json!({"days": null})));
}

#[tokio::test]
async fn a_deleted_project_is_seen_to_go() {
    let app = TestApp::new();
    let runs = (1..=300).map(|n| {
        let mut run = run(n, "a");
        run["session_name"] = json!("doomed");
        run
    });
    app.send_runs(runs).await;
    let project = app.project_id("doomed").await;
    app.delete(&format!("/sessions/{project}")).await.expect(202);
    let names = |report: &Value| report["projects"].to_string();
    let report = app.get(STORAGE).await.ok();
    assert!(!names(&report).contains("doomed"), "{report}");
    wait_until(&app, |report| report["n_doomed_runs"] == 0).await;
}

#[tokio::test]
async fn traces_past_their_retention_go() {
    let app = TestApp::new();
    let mut old = run(1, "old");
    old["start_time"] = json!("2020-01-01T00:00:00Z");
    old["end_time"] = json!("2020-01-01T00:00:01Z");
    let mut new = run(2, "new");
    new["start_time"] = json!(chrono::Utc::now().to_rfc3339());
    new["end_time"] = Value::Null;
    for run in [&mut old, &mut new] {
        run.as_object_mut().unwrap().remove("dotted_order");
    }
    app.send_runs([old, new]).await;
    let project = app.project_id("default").await;
    let path = format!("/api/fanlight/v1/projects/{project}/retention");
    assert_eq!(app.put(&path, &json!({"days": 30})).await.ok(), json!({"days": 30}));
    let report = wait_until(&app, |report| report["projects"][0]["n_runs"] == 1).await;
    assert_eq!(report["projects"][0]["retention"], json!({"days": 30}));
    app.get(&format!("/runs/{}", id(1))).await.expect(404);
    app.get(&format!("/runs/{}", id(2))).await.expect(200);
    assert_eq!(app.put(&path, &json!({"days": null})).await.ok(), json!({"days": null}));
}

#[tokio::test]
async fn retention_is_a_number_of_days_or_for_ever() {
    let app = TestApp::new();
    let project = app.project_id("default").await;
    let path = format!("/api/fanlight/v1/projects/{project}/retention");
    for days in [
        json!({}),
        json!({"days": 0}),
        json!({"days": -1}),
        json!({"days": 36_501}),
        json!({"days": 1.5}),
        json!({"days": "7"}),
        json!({"days": 1e30}),
    ] {
        app.put(&path, &days).await.expect(422);
    }
    app.put(&path, &json!({"days": 36_500})).await.expect(200);
    app.put(&format!("/api/fanlight/v1/projects/{}/retention", id(404)), &json!({"days": 1})).await.expect(404);
    app.put("/api/fanlight/v1/projects/x/retention", &json!({"days": 1})).await.expect(422);
}
