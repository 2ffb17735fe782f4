//! Prices that people set: tried out, used, and applied to the past.

mod support;

use serde_json::{Value, json};
use std::time::{Duration, Instant};
use support::{TestApp, child, id, run};

const PRICES: &str = "/api/fanlight/v1/prices";

fn llama(prompt_cost: &str) -> Value {
    json!({"name": "llama", "match_pattern": "^my-llama", "provider": "me", "prompt_cost": prompt_cost,
        "completion_cost": 2e-6, "prompt_cost_details": {"cache_read": "0.0000005"}})
}

/// A call of ten tokens in, five of them cached, and twenty out, below run `n` − 1.
fn call(n: u32, model: &str) -> Value {
    let mut call = child(n, &[n - 1], "model");
    call["run_type"] = json!("llm");
    call["extra"] = json!({"metadata": {"ls_model_name": model}});
    call["outputs"] = json!({"usage_metadata": {"input_tokens": 10, "output_tokens": 20, "total_tokens": 30,
        "input_token_details": {"cache_read": 5}}});
    call
}

async fn cost(app: &TestApp, n: u32) -> Option<f64> {
    app.run(&id(n)).await["total_cost"].as_str().map(|text| text.parse().unwrap())
}

async fn repriced(app: &TestApp, query: Value) -> Value {
    app.post(&format!("{PRICES}/reprice"), &query).await.expect(202);
    let began = Instant::now();
    loop {
        let now = app.get(&format!("{PRICES}/reprice")).await.ok();
        if now["state"] == "done" {
            return now;
        }
        assert!(began.elapsed() < Duration::from_secs(30), "{now}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

#[tokio::test]
async fn a_price_counts_for_runs_from_then_on_and_for_past_ones_on_request() {
    let app = TestApp::new();
    app.send_runs([run(1, "agent"), call(2, "my-llama-7b")]).await;
    assert_eq!((cost(&app, 1).await, cost(&app, 2).await), (None, None));
    let made = app.post("/model-price-map", &llama("0.000001")).await.expect(201).json();
    app.send_runs([run(3, "agent"), call(4, "my-llama-7b")]).await;
    // 5 × 0.5 + 5 × 1 + 20 × 2 millionths, on the call and on its root.
    assert_eq!((cost(&app, 3).await, cost(&app, 4).await, cost(&app, 2).await), (Some(47.5e-6), Some(47.5e-6), None));
    let done = repriced(&app, json!({})).await;
    assert_eq!((&done["n_runs"], &done["n_changed"], &done["progress"]), (&json!(2), &json!(1), &json!(1.0)));
    assert_eq!((cost(&app, 1).await, cost(&app, 2).await), (Some(47.5e-6), Some(47.5e-6)));

    let path = format!("/model-price-map/{}", made["id"].as_str().unwrap());
    app.put(&path, &llama("0.000003")).await.expect(200);
    let done = repriced(&app, json!({"session_id": app.project_id("default").await})).await;
    assert_eq!(done["n_changed"], 2);
    assert_eq!(cost(&app, 1).await, Some(57.5e-6));
    // Charts see it at once.
    let body = json!({"is_root": true, "metrics": ["cost"]});
    let series = app.post("/api/fanlight/v1/monitor/series", &body).await.ok();
    assert_eq!(series["groups"][0]["columns"][0]["total"]["exact"], "0.000115");

    app.delete(&path).await.expect(204);
    repriced(&app, json!({})).await;
    assert_eq!((cost(&app, 1).await, cost(&app, 2).await), (None, None), "without a price a cost is unknown");
}

#[tokio::test]
async fn repricing_keeps_to_its_range_and_leaves_what_was_sent() {
    let app = TestApp::new();
    let mut sent = call(4, "my-llama-7b");
    sent["outputs"]["usage_metadata"]["total_cost"] = json!(5);
    app.send_runs([
        run(1, "agent"),
        call(2, "my-llama-7b"),
        run(3, "agent"),
        sent,
        run(5, "agent"),
        call(6, "my-llama-7b"),
    ])
    .await;
    app.post("/model-price-map", &llama("0.000001")).await.expect(201);
    let done = repriced(&app, json!({"start_time": "2026-11-23T22:00:03Z", "end_time": "2026-11-23T22:00:06Z"})).await;
    assert_eq!(done["n_changed"], 0);
    let done = repriced(&app, json!({"start_time": "2026-11-23T22:00:03Z"})).await;
    assert_eq!(done["n_changed"], 1);
    assert_eq!((cost(&app, 2).await, cost(&app, 4).await, cost(&app, 6).await), (None, Some(5.0), Some(47.5e-6)));
}

#[tokio::test]
async fn a_price_is_tried_on_ones_own_runs_before_it_is_set() {
    let app = TestApp::new();
    app.send_runs([run(1, "agent"), call(2, "my-llama-7b"), run(3, "agent"), call(4, "their-llama")]).await;
    let body = json!({"price": llama("0.000001"), "session_id": app.project_id("default").await});
    let tested = app.post(&format!("{PRICES}/test"), &body).await.ok();
    assert_eq!(tested["models"], json!([{"model": "my-llama-7b", "n_runs": 1}]));
    assert_eq!((&tested["n_runs"], &tested["n_changed"], &tested["n_other_price"]), (&json!(1), &json!(1), &json!(0)));
    assert_eq!((&tested["cost_before"], &tested["cost_after"]), (&json!("0"), &json!("0.0000475")));
    let example = &tested["examples"][0];
    assert_eq!(
        (&example["run_id"], &example["before"], &example["after"]),
        (&json!(id(2)), &Value::Null, &json!("0.0000475"))
    );
    assert_eq!(cost(&app, 2).await, None, "nothing was changed");
    assert_eq!(app.get("/model-price-map").await.ok(), json!([]));
    // A price that takes effect later than the runs is not asked for.
    let mut later = body.clone();
    later["price"]["start_time"] = json!("2027-01-01T00:00:00Z");
    let tested = app.post(&format!("{PRICES}/test"), &later).await.ok();
    assert_eq!((&tested["n_changed"], &tested["n_other_price"]), (&json!(0), &json!(1)));
}

#[tokio::test]
async fn prices_are_listed_as_langsmith_does() {
    let app = TestApp::new();
    app.post("/model-price-map", &llama("0.000001")).await.expect(201);
    let listed = app.get("/model-price-map").await.ok();
    let price = &listed[0];
    assert_eq!((&price["prompt_cost"], &price["completion_cost"]), (&json!("0.000001"), &json!("0.000002")));
    assert_eq!((&price["match_path"][0], &price["provider"]), (&json!("model"), &json!("me")));
    assert!(price["tenant_id"].is_string() && price["id"].is_string(), "{price}");
}

#[tokio::test]
async fn what_is_no_price_is_refused_with_its_field() {
    let app = TestApp::new();
    let with = |field: &str, value: Value| {
        let mut price = llama("0.000001");
        price[field] = value;
        price
    };
    for (price, field) in [
        (with("name", json!(" ")), "name"),
        (with("match_pattern", json!("(")), "match_pattern"),
        (with("match_pattern", json!("x".repeat(513))), "match_pattern"),
        (with("prompt_cost", json!(-1)), "prompt_cost"),
        (with("prompt_cost", json!(2)), "prompt_cost"),
        (with("match_path", json!(["inputs", "kwargs"])), "match_path"),
        (with("tiers", json!([{"above": 0}])), "tiers"),
        (json!({"name": "a", "match_pattern": "a"}), "prompt_cost"),
    ] {
        let refused = app.post("/model-price-map", &price).await.expect(422).json();
        assert!(refused.to_string().contains(field), "{price}: {refused}");
    }
    app.put(&format!("/model-price-map/{}", id(1)), &llama("1e-6")).await.expect(404);
    app.delete(&format!("/model-price-map/{}", id(1))).await.expect(404);
    assert_eq!(app.get(&format!("{PRICES}/reprice")).await.ok(), Value::Null);
    app.delete(&format!("{PRICES}/reprice")).await.expect(404);
}

#[tokio::test]
async fn models_without_a_price_are_listed_until_their_runs_have_a_cost() {
    let app = TestApp::new();
    let mut only_a_sum = call(8, "my-llama-7b");
    only_a_sum["outputs"]["usage_metadata"] = json!({"total_tokens": 30});
    let mut runs: Vec<Value> = [1, 3, 5, 7, 9].map(|n| run(n, "agent")).into();
    runs.extend([call(2, "my-llama-7b"), call(4, "my-llama-7b"), call(6, "other"), only_a_sum, call(10, "gpt-4o")]);
    app.send_runs(runs).await;
    let unpriced = || async { app.get(&format!("{PRICES}/unpriced")).await.ok() };
    let listed = unpriced().await;
    let model = |idx: usize| (listed["models"][idx]["model"].clone(), listed["models"][idx]["n_runs"].clone());
    assert_eq!(
        (&listed["n_models"], model(0), model(1)),
        (&json!(2), (json!("my-llama-7b"), json!(2)), (json!("other"), json!(1)))
    );
    assert_eq!((&listed["models"][0]["total_tokens"], &listed["models"][0]["has_price"]), (&json!(60), &json!(false)));

    app.post("/model-price-map", &llama("0.000001")).await.expect(201);
    assert_eq!(unpriced().await["models"][0]["has_price"], true, "the price is there, the runs are not priced yet");
    repriced(&app, json!({})).await;
    let listed = unpriced().await;
    assert_eq!((&listed["n_models"], &listed["models"][0]["model"]), (&json!(1), &json!("other")));
}

#[tokio::test]
async fn the_prices_that_fanlight_comes_with_can_be_set_as_they_are_listed() {
    let app = TestApp::new();
    let shipped = app.get(PRICES).await.ok();
    let prices = shipped["prices"].as_array().unwrap();
    let sol = prices.iter().find(|price| price["name"] == "gpt-6-sol").unwrap();
    assert_eq!(
        (&sol["provider"], &sol["prompt_cost"], &sol["tiers"][0]["above"]),
        (&json!("openai"), &json!("0.000002"), &json!(272_000))
    );
    let made = app.post("/model-price-map", sol).await;
    assert_eq!(made.expect(201).json()["tiers"], sol["tiers"]);
}
