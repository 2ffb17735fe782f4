//! What the versions of a prompt did in production.

mod support;

use fanlight_server::config::Limits;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;
use support::{TestApp, child, id, run};

const PATH: &str = "/api/fanlight/v1/prompts/versions";

const A: &str = "aaaaaaaa11112222333344445555666677778888999900001111222233334444";
const B: &str = "bbbbbbbb11112222333344445555666677778888999900001111222233334444";

/// A root run made by a version of `support`, a number of milliseconds long.
fn made_by(n: u32, commit: &str, latency_ms: u64) -> Value {
    let mut run = run(n, "answer");
    run["start_time"] = json!("2026-11-23T22:00:00.000000Z");
    run["end_time"] = json!(format!("2026-11-23T22:00:{:02}.{:03}000Z", latency_ms / 1000, latency_ms % 1000));
    run["extra"] = json!({"metadata": {"lc_hub_owner": "-", "lc_hub_repo": "support", "lc_hub_commit_hash": commit}});
    run
}

fn score(n: u32, key: &str, score: f64) -> Value {
    json!({"run_id": id(n), "trace_id": id(n), "key": key, "score": score})
}

#[tokio::test]
async fn versions_are_told_apart_by_the_metadata_of_their_runs() {
    let app = TestApp::new();
    let mut failed = made_by(3, B, 3000);
    failed["error"] = json!("Timeout");
    let mut elsewhere = made_by(5, A, 9000);
    elsewhere["extra"]["metadata"]["lc_hub_repo"] = json!("other");
    app.send_runs([made_by(1, A, 1000), made_by(2, &A[..8], 2000), failed, run(4, "plain"), elsewhere]).await;
    for feedback in [score(1, "tone", 1.0), score(1, "tone", 0.0), score(2, "tone", 1.0), score(3, "tone", 0.25)] {
        app.post("/feedback", &feedback).await.ok();
    }
    let mut answer = app.post(PATH, &json!({"repo": "support", "n_buckets": 2})).await.ok();
    for version in answer["versions"].as_array_mut().unwrap() {
        version.as_object_mut().unwrap().retain(|key, _| {
            ["commit", "recorded_as", "n", "n_errors", "latency_p50", "feedback", "series"].contains(&key.as_str())
        });
    }
    insta::assert_json_snapshot!(answer);
}

#[tokio::test]
async fn a_trace_counts_for_the_version_that_any_run_of_it_names() {
    let app = TestApp::new();
    let mut prompt = child(2, &[1], "ChatPromptTemplate");
    prompt["run_type"] = json!("prompt");
    prompt["extra"] = made_by(2, A, 1)["extra"].clone();
    let mut llm = child(3, &[1], "ChatOpenAI");
    llm["run_type"] = json!("llm");
    llm["extra"] = prompt["extra"].clone();
    app.send_runs([run(1, "chain"), prompt, llm]).await;
    // Another trace asks both versions.
    let mut second = child(12, &[11], "second");
    second["extra"] = made_by(12, B, 1)["extra"].clone();
    let mut first = child(13, &[11], "first");
    first["extra"] = made_by(13, A, 1)["extra"].clone();
    app.send_runs([run(11, "chain"), first, second]).await;
    app.post("/feedback", &json!({"run_id": id(3), "trace_id": id(1), "key": "ok", "score": true})).await.ok();
    let traces = app.post(PATH, &json!({"repo": "support"})).await.ok();
    assert_eq!((&traces["n_mixed"], traces["versions"].as_array().unwrap().len()), (&json!(1), 1));
    assert_eq!(
        (&traces["versions"][0]["n"], &traces["versions"][0]["feedback"]["ok"]["n_ones"]),
        (&json!(1), &json!(1))
    );
    assert_eq!(traces["versions"][0]["latency_p50"]["value"], 60.0);
    let calls = app.post(PATH, &json!({"repo": "support", "unit": "llm_call"})).await.ok();
    assert_eq!(
        (&calls["n_mixed"], &calls["versions"][0]["n"], &calls["versions"][0]["feedback"]["ok"]["n"]),
        (&json!(0), &json!(1), &json!(1))
    );
}

#[tokio::test]
async fn the_period_the_project_and_a_filter_say_which_runs_count() {
    let app = TestApp::new();
    let mut late = made_by(2, A, 1000);
    late["start_time"] = json!("2026-11-24T08:00:00.000000Z");
    late["end_time"] = json!("2026-11-24T08:00:01.000000Z");
    late["tags"] = json!(["beta"]);
    let mut other = made_by(3, B, 1000);
    other["session_name"] = json!("other");
    app.send_runs([made_by(1, A, 1000), late, other]).await;
    let app = &app;
    let count = |body: Value| async move {
        let mut body = body;
        body["repo"] = json!("support");
        let answer = app.post(PATH, &body).await.ok();
        let of =
            |version: &Value| (version["commit"].as_str().unwrap()[..1].to_owned(), version["n"].as_u64().unwrap());
        answer["versions"].as_array().unwrap().iter().map(of).collect::<Vec<_>>()
    };
    let is = |expected: &[(&str, u64)]| expected.iter().map(|(name, n)| ((*name).to_owned(), *n)).collect::<Vec<_>>();
    assert_eq!(count(json!({})).await, is(&[("a", 2), ("b", 1)]));
    assert_eq!(count(json!({"start_time": "2026-11-24T00:00:00Z"})).await, is(&[("a", 1)]));
    assert_eq!(
        count(json!({"end_time": "2026-11-24T00:00:00Z", "session": [app.project_id("default").await]})).await,
        is(&[("a", 1)])
    );
    assert_eq!(count(json!({"filter": "has(tags, \"beta\")"})).await, is(&[("a", 1)]));
    assert_eq!(count(json!({"commits": [B]})).await, is(&[("b", 1)]));
    assert_eq!(count(json!({"owner": "somebody"})).await, is(&[("a", 2), ("b", 1)]));
}

#[tokio::test]
async fn wrong_questions_say_what_is_wrong() {
    let app = TestApp::new();
    for (body, status, part) in [
        (json!({}), 422, "repo: is missing"),
        (json!({"repo": "x".repeat(600)}), 422, "600 bytes"),
        (json!({"repo": "x", "unit": "day"}), 422, "unit"),
        (json!({"repo": "x", "commits": vec!["a"; 101]}), 422, "101 entries"),
        (json!({"repo": "x", "feedback": vec!["a"; 101]}), 422, "101 entries"),
        (json!({"repo": "x", "filter": "eq("}), 400, "filter, character 4"),
    ] {
        let error = app.post(PATH, &body).await.expect(status).json();
        assert!(error["message"].as_str().unwrap().contains(part), "{error}");
    }
    let nobody = app.post(PATH, &json!({"repo": "nobody", "n_buckets": 1e9})).await.ok();
    assert_eq!((&nobody["versions"], &nobody["series_start"]), (&json!([]), &Value::Null));
}

#[tokio::test]
async fn who_comes_when_all_turns_are_taken_is_told_to_come_again() {
    let limits = Limits { heavy_reads: 1, wait_for_turn: Duration::from_millis(20), ..Limits::default() };
    let app = TestApp::with_limits(limits);
    let turn = app.app.heavy_reads.take().await.unwrap();
    let busy = app.post(PATH, &json!({"repo": "support"})).await.expect(429);
    assert_eq!(busy.header("retry-after"), "1");
    drop(turn);
    app.post(PATH, &json!({"repo": "support"})).await.expect(200);
}

/// What a version did, counted one run at a time.
#[derive(Default)]
struct Counted {
    n: u64,
    n_errors: u64,
    latencies: Vec<f64>,
    scores: BTreeMap<u32, Vec<f64>>,
}

type Made = (bool, bool, u64, Option<f64>);

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn sums_are_those_of_counting_every_run(runs in prop::collection::vec(any_run(), 1..60), is_many: bool) {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(check_against_counting(runs, is_many));
    }
}

fn any_run() -> impl Strategy<Value = Made> {
    (any::<bool>(), any::<bool>(), 0u64..20_000, prop::option::of((0u8..=4).prop_map(|n| f64::from(n) / 4.0)))
}

/// With many runs, all feedback is read at once instead of that of each run.
async fn check_against_counting(runs: Vec<Made>, is_many: bool) {
    let app = TestApp::new();
    let mut counted: BTreeMap<&str, Counted> = BTreeMap::new();
    let mut sent = Vec::new();
    for (n, (is_b, is_error, latency_ms, score_of)) in (1u32..).zip(&runs) {
        let commit = if *is_b { B } else { A };
        let mut run = made_by(n, commit, *latency_ms);
        let of = counted.entry(commit).or_default();
        if *is_error {
            run["error"] = json!("Broken");
        }
        of.n += 1;
        of.n_errors += u64::from(*is_error);
        of.latencies.push(*latency_ms as f64 / 1000.0);
        of.scores.entry(n).or_default().extend(score_of);
        sent.push(run);
    }
    if is_many {
        sent.extend((1001..2001).map(|n| made_by(n, "cccccccc", 1)));
    }
    app.send_runs(sent).await;
    for (n, (.., score_of)) in (1u32..).zip(&runs) {
        if let Some(one) = score_of {
            app.post("/feedback", &score(n, "tone", *one)).await.ok();
        }
    }
    let answer = app.post(PATH, &json!({"repo": "support"})).await.ok();
    for (commit, mut expected) in counted {
        let versions = answer["versions"].as_array().unwrap();
        let version = versions.iter().find(|version| version["commit"] == commit).unwrap();
        assert_eq!((&version["n"], &version["n_errors"]), (&json!(expected.n), &json!(expected.n_errors)));
        expected.latencies.sort_by(f64::total_cmp);
        let middle = (expected.latencies.len() - 1) as f64 / 2.0;
        let (low, high) = (expected.latencies[middle.floor() as usize], expected.latencies[middle.ceil() as usize]);
        let median = version["latency_p50"]["value"].as_f64().unwrap();
        assert!((median - (low + high) / 2.0).abs() < 1e-9);
        let scores: Vec<f64> = expected.scores.into_values().flatten().collect();
        if scores.is_empty() {
            assert_eq!(version["feedback"]["tone"], Value::Null);
            continue;
        }
        let mean = scores.iter().sum::<f64>() / scores.len() as f64;
        let squares = scores.iter().map(|score| (score - mean).powi(2)).sum::<f64>();
        let variance = if scores.len() > 1 { squares / (scores.len() - 1) as f64 } else { 0.0 };
        let tone = &version["feedback"]["tone"];
        assert_eq!(tone["n"], scores.len());
        assert!((tone["mean"].as_f64().unwrap() - mean).abs() < 1e-9);
        assert!((tone["variance"].as_f64().unwrap() - variance).abs() < 1e-9);
    }
}
