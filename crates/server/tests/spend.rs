//! What a project costs this month, and may cost.

mod support;

use serde_json::{Value, json};
use support::{TestApp, id, run};

/// Days and hours before now, in the middle of a minute.
fn ago(hours: i64) -> String {
    (chrono::Utc::now() - chrono::Duration::hours(hours)).to_rfc3339()
}

/// A model run without a parent that started so many hours ago and cost so much, if anybody knows.
fn call(n: u32, hours: i64, cost: Option<&str>) -> Value {
    let mut run = run(n, "call");
    let start = ago(hours);
    run["run_type"] = json!("llm");
    run["start_time"] = json!(start);
    run["end_time"] = json!(start);
    run.as_object_mut().unwrap().remove("dotted_order");
    run["outputs"] = json!({"usage_metadata": {"input_tokens": 10, "output_tokens": 5, "total_tokens": 15}});
    if let Some(cost) = cost {
        run["outputs"]["usage_metadata"]["total_cost"] = json!(cost.parse::<f64>().unwrap());
    }
    run
}

#[tokio::test]
async fn a_month_is_what_was_spent_and_what_the_last_days_lead_to_expect() {
    let app = TestApp::new();
    let path = format!("/api/fanlight/v1/projects/{}/spend?time_zone=Europe/Berlin", app.project_id("default").await);
    let empty = app.get(&path).await.ok();
    assert_eq!((&empty["spent"], &empty["projected"], &empty["budget"]), (&json!("0"), &Value::Null, &Value::Null));

    app.send_runs([call(1, 0, Some("0.25")), call(2, 0, None)]).await;
    let young = app.get(&path).await.ok();
    assert_eq!((&young["spent"], &young["projected"]), (&json!("0.25"), &Value::Null), "no full day yet");
    assert_eq!(
        (&young["n_model_runs"], &young["n_unpriced"], &young["unpriced_tokens"]),
        (&json!(2), &json!(1), &json!(15))
    );

    app.send_runs((1..=20).map(|day| call(10 + day, i64::from(day) * 24, Some("2")))).await;
    let grown = app.get(&path).await.ok();
    let projected = &grown["projected"];
    assert_eq!(projected["n_days"], 7);
    let amount: f64 = projected["amount"].as_str().unwrap().parse().unwrap();
    let spent: f64 = grown["spent"].as_str().unwrap().parse().unwrap();
    let time = |field: &str| chrono::DateTime::parse_from_rfc3339(grown[field].as_str().unwrap()).unwrap();
    let left_days = (time("month_end").to_utc() - chrono::Utc::now()).num_seconds() as f64 / 86_400.0;
    // Two dollars a day, give or take one day's change of clocks.
    assert!((amount - spent - 2.0 * left_days).abs() < 0.31, "{amount} {spent} {left_days}");
}

#[tokio::test]
async fn a_budget_is_kept_until_it_is_taken_away() {
    let app = TestApp::new();
    let project = app.project_id("default").await;
    let (budget, spend) =
        (format!("/api/fanlight/v1/projects/{project}/budget"), format!("/api/fanlight/v1/projects/{project}/spend"));
    app.put(&budget, &json!({"monthly": "120.50"})).await.expect(200);
    assert_eq!(app.get(&spend).await.ok()["budget"], "120.5");
    app.put(&budget, &json!({"monthly": null})).await.expect(200);
    assert_eq!(app.get(&spend).await.ok()["budget"], Value::Null);
    for wrong in [json!({"monthly": 0}), json!({"monthly": -1}), json!({"monthly": "much"}), json!({})] {
        app.put(&budget, &wrong).await.expect(422);
    }
    app.put(&format!("/api/fanlight/v1/projects/{}/budget", id(404)), &json!({"monthly": 1})).await.expect(404);
    app.get(&format!("/api/fanlight/v1/projects/{}/spend", id(404))).await.expect(404);
    app.get(&format!("{spend}?time_zone=Mars/Base")).await.expect(422);
}
