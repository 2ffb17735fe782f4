//! Charts over many runs, and the way from a chart to runs.

mod support;

use fanlight_server::config::Limits;
use serde_json::{Value, json};
use std::time::Duration;
use support::{TestApp, child, id, run, usage};

const MONITOR: &str = "/api/fanlight/v1/monitor";

/// Four traces: two good ones of one name, a failed one of another, and one with a model run below it. Runs start at the
/// second of their number and take a minute.
async fn fleet() -> TestApp {
    let app = TestApp::new();
    let tagged = |n: u32, name: &str, tags: &[&str], version: &str| {
        let mut run = run(n, name);
        run["tags"] = json!(tags);
        run["extra"] = json!({"metadata": {"version": version, "user_id": format!("user {n}")}});
        run
    };
    let mut failed = tagged(2, "refund", &["beta"], "v2");
    failed["error"] = json!("Timeout: too slow");
    failed["end_time"] = json!("2026-11-23T22:09:02.000000Z");
    let mut model = child(5, &[4], "model");
    model["run_type"] = json!("llm");
    model["outputs"] = usage();
    app.send_runs([
        tagged(1, "checkout", &["prod", "beta"], "v1"),
        failed,
        tagged(3, "checkout", &[], "v2"),
        tagged(4, "checkout", &["prod"], "v2"),
        model,
    ])
    .await;
    for (n, score) in [(1, 1.0), (3, 0.0), (4, 0.5)] {
        app.post("/feedback", &json!({"run_id": id(n), "key": "rating", "score": score})).await.expect(200);
    }
    app
}

async fn series(app: &TestApp, body: Value) -> Value {
    app.post(&format!("{MONITOR}/series"), &body).await.ok()
}

/// `label or kind: metric=total over n; …` of each group.
fn totals(series: &Value) -> Vec<String> {
    let groups = series["groups"].as_array().unwrap();
    let describe = |group: &Value| {
        let name = group["label"].as_str().or(group["kind"].as_str()).unwrap();
        let columns = group["columns"].as_array().unwrap().iter().map(|column| {
            let total = &column["total"];
            format!("{}={}/{}", column["metric"].as_str().unwrap(), total["value"], total["n"])
        });
        format!("{name}: {}", columns.collect::<Vec<_>>().join(" "))
    };
    groups.iter().map(describe).collect()
}

#[tokio::test]
async fn metrics_come_by_bucket_and_for_the_whole_range() {
    let app = fleet().await;
    let body = json!({"is_root": true, "start_time": "2026-11-23T22:00:00Z", "end_time": "2026-11-23T22:00:04Z",
        "bucket_seconds": 1, "metrics": ["count", "error_count", "error_rate", "latency_p50", "latency_max", "cost",
        "total_tokens", "feedback.rating"]});
    insta::assert_json_snapshot!(series(&app, body).await);
}

#[tokio::test]
async fn the_end_of_a_range_is_not_part_of_it() {
    let app = fleet().await;
    let count = |from: &str, until: &str| {
        json!({"is_root": true, "metrics": ["count"],
            "start_time": format!("2026-11-23T22:00:{from}Z"), "end_time": format!("2026-11-23T22:00:{until}Z")})
    };
    for (from, until, n) in [("00", "02", 1), ("02", "05", 3)] {
        assert_eq!(series(&app, count(from, until)).await["n_runs"], n);
    }
}

#[tokio::test]
async fn groups_are_the_largest_then_the_others_then_those_without() {
    let app = fleet().await;
    let by = |key: &str, more: Value| {
        let mut group_by = json!({"key": key});
        group_by.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        json!({"is_root": true, "metrics": ["count"], "group_by": group_by})
    };
    let by_name = series(&app, by("name", json!({}))).await;
    assert_eq!(totals(&by_name), ["checkout: count=3.0/3", "refund: count=1.0/1"]);
    let by_errors = series(&app, by("name", json!({"max_groups": 1, "rank_by": "errors"}))).await;
    assert_eq!(totals(&by_errors), ["refund: count=1.0/1", "other: count=3.0/3"]);
    assert_eq!(by_errors["n_groups"], 2);
    let by_tag = series(&app, by("tag", json!({}))).await;
    assert_eq!(totals(&by_tag), ["beta: count=2.0/2", "prod: count=2.0/2", "without: count=1.0/1"]);
    assert_eq!(by_tag["is_overlapping"], true);
    let by_version = series(&app, by("metadata.version", json!({}))).await;
    assert_eq!(totals(&by_version), ["v2: count=3.0/3", "v1: count=1.0/1"]);
    let by_project = series(&app, by("project", json!({}))).await;
    assert_eq!(totals(&by_project), ["default: count=4.0/4"]);
    let by_nothing = series(&app, by("metadata.no such key", json!({}))).await;
    assert_eq!(totals(&by_nothing), ["without: count=4.0/4"]);
}

#[tokio::test]
async fn statistics_and_series_agree() {
    let app = fleet().await;
    for query in
        [json!({"is_root": true}), json!({}), json!({"filter": "eq(name, \"checkout\")"}), json!({"error": true})]
    {
        let stats = app.post("/runs/stats", &query).await.ok();
        let mut body = query.clone();
        let words = [
            "count",
            "latency_p50",
            "latency_p99",
            "total_tokens",
            "prompt_tokens",
            "completion_tokens",
            "cost",
            "cost_p50",
            "error_rate",
            "streaming_rate",
        ];
        body["metrics"] = json!(words);
        let series = series(&app, body).await;
        let of = [
            "run_count",
            "latency_p50",
            "latency_p99",
            "total_tokens",
            "prompt_tokens",
            "completion_tokens",
            "total_cost",
            "cost_p50",
            "error_rate",
            "streaming_rate",
        ];
        for (column, field) in series["groups"][0]["columns"].as_array().unwrap().iter().zip(of) {
            assert_eq!(column["total"]["value"].as_f64(), stats[field].as_f64(), "{field} of {query}");
        }
    }
}

#[tokio::test]
async fn a_projects_statistics_and_its_series_agree() {
    let app = fleet().await;
    let id = app.project_id("default").await;
    let project = app.get(&format!("/sessions/{id}?include_stats=true")).await.ok();
    let words = ["count", "latency_p50", "latency_p99", "total_tokens", "cost", "error_rate"];
    let of = ["run_count", "latency_p50", "latency_p99", "total_tokens", "total_cost", "error_rate"];
    let series = series(&app, json!({"session": [id], "is_root": true, "metrics": words})).await;
    for (column, field) in series["groups"][0]["columns"].as_array().unwrap().iter().zip(of) {
        let number = |value: &Value| value.as_f64().or_else(|| value.as_str()?.parse().ok());
        assert!(number(&project[field]).is_some(), "{field}: {}", project[field]);
        assert_eq!(number(&column["total"]["value"]), number(&project[field]), "{field}");
    }
}

#[tokio::test]
async fn costs_are_exact_and_what_has_no_price_is_counted() {
    let app = fleet().await;
    let mut unpriced = child(6, &[4], "model");
    unpriced["run_type"] = json!("llm");
    unpriced["outputs"] = json!({"usage_metadata": {"input_tokens": 7, "output_tokens": 1, "total_tokens": 8}});
    app.send_runs([unpriced]).await;
    let body = json!({"filter": "eq(run_type, \"llm\")", "metrics": ["cost", "unpriced_count", "count"]});
    let series = series(&app, body).await;
    let columns = &series["groups"][0]["columns"];
    assert_eq!((&columns[0]["total"]["exact"], &columns[0]["total"]["n"]), (&json!("0.000003"), &json!(1)));
    assert_eq!((&columns[1]["total"]["value"], &columns[2]["total"]["value"]), (&json!(1.0), &json!(2.0)));
}

#[tokio::test]
async fn days_follow_the_clocks_of_a_zone() {
    let app = TestApp::new();
    // Clocks in Berlin were set back at 01:00 UTC.
    let at = |n: u32, time: &str| {
        let mut run = run(n, "a");
        run["start_time"] = json!(time);
        run["end_time"] = json!(time);
        run
    };
    app.send_runs([
        at(1, "2026-10-24T21:59:59Z"),
        at(2, "2026-10-24T22:00:00Z"),
        at(3, "2026-10-25T22:59:59Z"),
        at(4, "2026-10-25T23:00:00Z"),
    ])
    .await;
    let body = |zone: &str| json!({"metrics": ["count"], "bucket_seconds": 86_400, "time_zone": zone});
    let counts = |series: Value| series["groups"][0]["columns"][0]["values"].clone();
    assert_eq!(counts(series(&app, body("Europe/Berlin")).await), json!([1.0, 2.0, 1.0]));
    assert_eq!(counts(series(&app, body("UTC")).await), json!([2.0, 2.0]));
    let refused = app.post(&format!("{MONITOR}/series"), &body("Mars/Base")).await.expect(422).json();
    assert!(refused["message"].as_str().unwrap().contains("Mars/Base"), "{refused}");
}

#[tokio::test]
async fn a_heatmap_holds_every_run_once_and_says_the_true_largest() {
    let app = fleet().await;
    let body = json!({"is_root": true, "n_columns": 10, "n_rows": 40});
    let heatmap = app.post(&format!("{MONITOR}/heatmap"), &body).await.ok();
    let n: u64 = heatmap["counts"]
        .as_array()
        .unwrap()
        .iter()
        .flat_map(|column| column.as_array().unwrap())
        .map(|n| n.as_u64().unwrap())
        .sum();
    assert_eq!((n, &heatmap["n_runs"], &heatmap["max"]), (4, &json!(4), &json!(540.0)));
    let bounds: Vec<f64> = serde_json::from_value(heatmap["bounds"].clone()).unwrap();
    assert!(bounds[0] == 0.0 && bounds.last().unwrap() > &540.0 && bounds.len() <= 41, "{bounds:?}");
    // The box around the top row holds what the row does.
    let area = json!({"min": bounds[bounds.len() - 2], "max": bounds[bounds.len() - 1]});
    let found = app.post(&format!("{MONITOR}/exemplars"), &json!({"is_root": true, "area": area})).await.ok();
    assert_eq!((&found["n_runs"], &found["exemplars"][0]["run_id"]), (&json!(1), &json!(id(2))));
    let tokens = app.post(&format!("{MONITOR}/heatmap"), &json!({"is_root": true, "of": "tokens"})).await.ok();
    assert_eq!((&tokens["n_runs"], &tokens["n_without"], &tokens["max"]), (&json!(1), &json!(3), &json!(30.0)));
}

#[tokio::test]
async fn exemplars_are_the_slowest_a_failed_and_a_random_one_of_different_traces() {
    let app = fleet().await;
    let ask = |seed: u64| json!({"is_root": true, "seed": seed, "area": {"from": "2026-11-23T22:00:01Z"}});
    let found = app.post(&format!("{MONITOR}/exemplars"), &ask(1)).await.ok();
    let why: Vec<_> = found["exemplars"].as_array().unwrap().iter().map(|one| one["why"].as_str().unwrap()).collect();
    // The slowest is the failed one.
    assert_eq!((why, &found["n_runs"], &found["n_errors"]), (vec!["slowest", "random"], &json!(4), &json!(1)));
    let slowest = &found["exemplars"][0];
    assert_eq!(
        (&slowest["run_id"], &slowest["latency_s"], &slowest["status"]),
        (&json!(id(2)), &json!(540.0), &json!("error"))
    );
    let again = app.post(&format!("{MONITOR}/exemplars"), &ask(1)).await.ok();
    assert_eq!(again, found, "the same seed chooses the same");
}

#[tokio::test]
async fn what_differs_names_the_values_and_the_steps_behind_a_box() {
    let app = TestApp::new();
    let mut runs = Vec::new();
    for n in 0..40u32 {
        let is_slow = n % 4 == 0;
        let mut root = run(n * 2, "agent");
        root["extra"] = json!({"metadata": {"region": if is_slow { "eu" } else { "us" }, "request": format!("{n}")}});
        let start = root["start_time"].as_str().unwrap().to_owned();
        let mut tool = child(n * 2 + 1, &[n * 2], "search_orders");
        tool["run_type"] = json!("tool");
        tool["start_time"] = json!(start);
        let minute = if is_slow { 5 } else { 1 };
        for run in [&mut root, &mut tool] {
            run["end_time"] = json!(format!("2026-11-23T22:{minute:02}:59.000000Z"));
        }
        runs.extend([root, tool]);
    }
    app.send_runs(runs).await;
    let body = json!({"is_root": true, "area": {"of": "latency", "min": 200.0}});
    let differs = app.post(&format!("{MONITOR}/differs"), &body).await.ok();
    assert_eq!((&differs["n_inside"], &differs["n_outside"]), (&json!(10), &json!(30)));
    let values: Vec<String> = differs["values"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| {
            format!(
                "{}={} {} {}",
                one["key"].as_str().unwrap(),
                one["value"].as_str().unwrap(),
                one["share_inside"],
                one["share_outside"]
            )
        })
        .collect();
    assert_eq!(values, ["metadata.region=eu 1.0 0.0", "metadata.region=us 0.0 1.0"]);
    let step = &differs["steps"][0];
    assert_eq!((step["name"].as_str(), step["run_type"].as_str()), (Some("search_orders"), Some("tool")));
    assert!(step["seconds_inside"].as_f64().unwrap() > step["seconds_outside"].as_f64().unwrap() + 200.0, "{step}");
    // Nothing outside: nothing to compare with.
    let all = app.post(&format!("{MONITOR}/differs"), &json!({"is_root": true})).await.ok();
    assert_eq!((&all["n_outside"], &all["values"]), (&json!(0), &json!([])));
}

#[tokio::test]
async fn the_slowest_costliest_and_most_failing_names_are_listed() {
    let app = fleet().await;
    let top = app.post(&format!("{MONITOR}/top"), &json!({"limit": 2})).await.ok();
    let names = |list: &str| -> Vec<String> {
        top[list].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(top["n_names"], 3);
    assert_eq!(
        (names("slowest"), names("costliest")),
        (vec!["refund".into(), "checkout".into()], vec!["checkout".into(), "model".into()])
    );
    assert_eq!((names("most_failing"), &top["slowest"][0]["latency_p95"]), (vec!["refund".to_owned()], &json!(540.0)));
}

#[tokio::test]
async fn a_marker_is_where_a_value_was_first_seen() {
    let app = fleet().await;
    let body = |from: &str| json!({"is_root": true, "start_time": format!("2026-11-23T22:00:{from}Z")});
    let markers = |answer: Value| -> Vec<String> {
        let describe = |one: &Value| {
            format!("{} {} {}", one["value"].as_str().unwrap(), &one["time"].as_str().unwrap()[17..19], one["n_runs"])
        };
        answer["markers"].as_array().unwrap().iter().map(describe).collect()
    };
    let path = format!("{MONITOR}/markers");
    assert_eq!(markers(app.post(&path, &body("00")).await.ok()), ["v1 01 1", "v2 02 3"]);
    assert_eq!(markers(app.post(&path, &body("02")).await.ok()), ["v2 02 3"]);
    assert_eq!(markers(app.post(&path, &body("03")).await.ok()), [""; 0]);
    let mut by_user = body("00");
    by_user["keys"] = json!(["user_id"]);
    assert_eq!(markers(app.post(&path, &by_user).await.ok()).len(), 4);
}

#[tokio::test]
async fn what_is_wrong_is_named() {
    let app = TestApp::new();
    let metrics = json!(["count"]);
    for (path, body, status, field) in [
        ("series", json!({}), 422, "metrics"),
        ("series", json!({"metrics": ["count", "speed"]}), 422, "metrics"),
        ("series", json!({"metrics": vec!["count"; 31]}), 422, "metrics"),
        ("series", json!({"metrics": metrics, "group_by": {"key": "feedback"}}), 422, "group_by"),
        ("series", json!({"metrics": metrics, "bucket_seconds": 7_001, "start_time": "2026-11-23"}), 422, "7001 s"),
        (
            "series",
            json!({"metrics": metrics, "bucket_seconds": 1, "start_time": "2026-01-01", "end_time": "2026-11-23"}),
            422,
            "2000 buckets",
        ),
        ("series", json!({"metrics": metrics, "filter": "eq(name"}), 400, "filter"),
        ("heatmap", json!({"of": "colour"}), 422, "of"),
        ("exemplars", json!({"area": {"from": "yesterday"}}), 422, "area"),
        ("markers", json!({"keys": vec!["k"; 11]}), 422, "keys"),
    ] {
        let answer = app.post(&format!("{MONITOR}/{path}"), &body).await.expect(status).json();
        assert!(answer["message"].as_str().unwrap().contains(field), "{path} {body}: {answer}");
    }
}

#[tokio::test]
async fn nothing_is_an_answer() {
    let app = TestApp::new();
    let empty = series(&app, json!({"metrics": ["count", "cost"]})).await;
    assert_eq!((&empty["starts_ms"], &empty["groups"], &empty["n_runs"]), (&json!([]), &json!([]), &json!(0)));
    let range = json!({"metrics": ["count", "cost", "latency_p50"], "start_time": "2026-11-23T00:00:00Z",
        "end_time": "2026-11-24T00:00:00Z", "bucket_seconds": 43_200});
    let empty = series(&app, range).await;
    let values: Vec<&Value> =
        empty["groups"][0]["columns"].as_array().unwrap().iter().map(|column| &column["values"]).collect();
    assert_eq!(values, [&json!([0.0, 0.0]), &json!([0.0, 0.0]), &json!([null, null])]);
    for path in ["heatmap", "exemplars", "differs", "top", "markers"] {
        app.post(&format!("{MONITOR}/{path}"), &json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn who_comes_when_all_turns_are_taken_is_told_to_come_again() {
    let limits = Limits { heavy_reads: 1, wait_for_turn: Duration::from_millis(20), ..Limits::default() };
    let app = TestApp::with_limits(limits);
    let turn = app.app.heavy_reads.take().await.unwrap();
    for path in ["series", "heatmap", "exemplars", "differs", "top", "markers"] {
        let busy = app.post(&format!("{MONITOR}/{path}"), &json!({"metrics": ["count"]})).await.expect(429);
        assert_eq!(busy.header("retry-after"), "1", "{path}");
    }
    drop(turn);
}
