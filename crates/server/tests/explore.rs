//! Facets, histogram and suggestions: what a page shows beside a list of runs.

mod support;

use fanlight_server::config::Limits;
use fanlight_server::store::sqlite::SqliteOptions;
use serde_json::{Value, json};
use std::time::Duration;
use support::{TestApp, child, id, run, usage};

async fn library() -> TestApp {
    let app = TestApp::new();
    let tagged = |n: u32, name: &str, tags: &[&str], env: &str| {
        let mut run = run(n, name);
        run["tags"] = json!(tags);
        run["extra"] = json!({"metadata": {"env": env}});
        run
    };
    let mut failed = tagged(2, "checkout", &["beta"], "prod");
    failed["error"] = json!("Timeout: too slow");
    let mut llm = child(4, &[1], "model");
    llm["run_type"] = json!("llm");
    llm["outputs"] = usage();
    app.send_runs([tagged(1, "checkout", &["prod", "beta"], "prod"), failed, tagged(3, "Search", &[], "test"), llm])
        .await;
    app
}

#[tokio::test]
async fn facets_count_values_as_if_their_own_condition_were_not_there() {
    let app = library().await;
    let body = json!({"is_root": true, "filter": "eq(status, \"error\")", "max_values": 2,
        "facets": ["status", "name", "tag", "metadata", "metadata.env", "error_kind", "feedback"]});
    insta::assert_json_snapshot!(app.post("/api/fanlight/v1/runs/facets", &body).await.ok());
    let count = app.post("/api/fanlight/v1/runs/facets", &json!({"filter": "has(tags, \"beta\")"})).await.ok();
    assert_eq!(count, json!({"n_runs": 2, "facets": []}));
}

#[tokio::test]
async fn a_histogram_has_bars_of_a_width_that_people_use() {
    let app = library().await;
    let body = json!({"is_root": true, "start_time": "2026-11-23T22:00:00Z", "end_time": "2026-11-23T22:00:05Z",
        "n_buckets": 10});
    let histogram = app.post("/api/fanlight/v1/runs/histogram", &body).await.ok();
    let sum = |bars: &Value| bars.as_array().unwrap().iter().map(|n| n.as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum(&histogram["n_success"]), sum(&histogram["n_error"]), sum(&histogram["n_other"])), (2, 1, 0));
    assert_eq!(histogram["latency"].as_array().unwrap().len(), histogram["n_success"].as_array().unwrap().len());
    assert_eq!(histogram["start"], "2026-11-23T22:00:00.000000Z");
    let nothing = app.post("/api/fanlight/v1/runs/histogram", &json!({"filter": "eq(name, \"nobody\")"})).await.ok();
    assert_eq!((&nothing["start"], &nothing["n_success"]), (&Value::Null, &json!([])));
}

#[tokio::test]
async fn suggestions_begin_with_what_was_typed_before_they_contain_it() {
    let app = library().await;
    let app = &app;
    let suggest = |body: Value| async move { app.post("/api/fanlight/v1/runs/suggest", &body).await.ok() };
    let names = suggest(json!({"of": "name", "text": "C"})).await;
    assert_eq!(names, json!([{"value": "checkout", "count": 2}, {"value": "Search", "count": 1}]));
    let values = suggest(json!({"of": "metadata.env", "limit": 1})).await;
    assert_eq!(values, json!([{"value": "prod", "count": 2}]));
    assert_eq!(suggest(json!({"of": "metadata", "text": "en"})).await, json!([{"value": "env", "count": 3}]));
}

#[tokio::test]
async fn wrong_questions_say_what_is_wrong() {
    let app = TestApp::new();
    for (path, body, status, part) in [
        ("facets", json!({"facets": ["colour"]}), 422, "facets"),
        ("facets", json!({"facets": vec!["name"; 41]}), 422, "41 facets"),
        ("facets", json!({"facets": [format!("metadata.{}", "k".repeat(600))]}), 422, "600 bytes"),
        ("facets", json!({"filter": "eq("}), 400, "filter, character 4"),
        ("histogram", json!({"n_buckets": "many"}), 422, "n_buckets"),
        ("histogram", json!({"run_type": "agent"}), 422, "run_type"),
        ("suggest", json!({}), 422, "of: is missing"),
        ("suggest", json!({"of": "name", "text": "x".repeat(2000)}), 422, "2000 bytes"),
    ] {
        let error = app.post(&format!("/api/fanlight/v1/runs/{path}"), &body).await.expect(status).json();
        let message = error["message"].as_str().unwrap();
        assert!(message.contains(part), "{path}: {message}");
    }
    let large = json!({"unknown": "x".repeat(2 << 20)});
    app.post("/api/fanlight/v1/runs/facets", &large).await.expect(413);
}

#[tokio::test]
async fn ten_thousand_tags_are_counted_and_the_most_frequent_listed() {
    let app = TestApp::new();
    for hundred in 0..10u32 {
        let runs = (0..100u32).map(|n| {
            let n = hundred * 100 + n;
            let mut run = run(n + 1, "many");
            let own = (0..10).map(|tag| format!("tag {}", n * 10 + tag));
            run["tags"] = json!(own.chain(["everywhere".to_owned()]).collect::<Vec<_>>());
            run
        });
        app.send_runs(runs).await;
    }
    let body = json!({"facets": ["tag"], "max_values": 100_000});
    let facets = app.post("/api/fanlight/v1/runs/facets", &body).await.ok();
    let tags = &facets["facets"][0];
    assert_eq!((&tags["n_values"], tags["values"].as_array().unwrap().len()), (&json!(10_001), 200));
    assert_eq!(tags["values"][0], json!({"value": "everywhere", "count": 1000}));
    let one = app.post("/runs/query", &json!({"filter": "has(tags, \"tag 7777\")"})).await.ok();
    assert_eq!((&one["runs"][0]["id"], one["runs"].as_array().unwrap().len()), (&json!(id(778)), 1));
}

#[tokio::test]
async fn who_comes_when_all_turns_are_taken_is_told_to_come_again() {
    let limits = Limits { heavy_reads: 1, wait_for_turn: Duration::from_millis(20), ..Limits::default() };
    let app = TestApp::with_limits(limits);
    let turn = app.app.heavy_reads.take().await.unwrap();
    for (path, body) in [
        ("/api/fanlight/v1/runs/facets", json!({})),
        ("/api/fanlight/v1/runs/histogram", json!({})),
        ("/api/fanlight/v1/runs/suggest", json!({"of": "name"})),
        ("/api/fanlight/v1/runs/export", json!({})),
        ("/runs/stats", json!({})),
    ] {
        let busy = app.post(path, &body).await.expect(429);
        assert_eq!(busy.header("retry-after"), "1", "{path}");
    }
    drop(turn);
    app.post("/runs/stats", &json!({})).await.expect(200);
}

/// Runs that have not ended are indexed after 30 s, and read until then.
#[tokio::test]
async fn an_answer_says_how_many_runs_were_not_searched() {
    let options = SqliteOptions { max_unindexed_read: 2, ..SqliteOptions::default() };
    let app = TestApp::with(Limits::default(), options);
    app.send_runs((1..=5).map(|n| {
        let mut run = run(n, "a");
        run["end_time"] = Value::Null;
        run
    }))
    .await;
    let query = |filter: &str| json!({"filter": filter});
    for path in ["/runs/query", "/runs/stats", "/api/fanlight/v1/runs/facets", "/api/fanlight/v1/runs/export"] {
        let mut body = query("search(\"question\")");
        if path.ends_with("export") {
            body = json!({"query": body, "format": "jsonl"});
        }
        let answer = app.post(path, &body).await.expect(200);
        assert_eq!(answer.header("x-fanlight-unsearched-runs"), "3", "{path}");
    }
    // Runs that are no candidates are not missed, and what needs no search says nothing.
    let filter = format!("and(eq(id, \"{}\"), search(\"question\"))", id(1));
    let narrowed = app.post("/runs/query", &query(&filter)).await.expect(200);
    assert_eq!(narrowed.header("x-fanlight-unsearched-runs"), "1");
    let unsearched = app.post("/runs/query", &query("eq(name, \"a\")")).await.expect(200);
    assert_eq!(unsearched.header("x-fanlight-unsearched-runs"), "");
}
