//! Explaining what a run cost.

mod support;

use serde_json::{Value, json};
use support::{TestApp, child, id, run};

fn llm(n: u32, parents: &[u32], model: &str, tokens: (u32, u32)) -> Value {
    let mut llm = child(n, parents, "call");
    llm["run_type"] = json!("llm");
    llm["extra"] = json!({"metadata": {"ls_model_name": model}});
    llm["outputs"] = json!({"usage_metadata": {"input_tokens": tokens.0, "output_tokens": tokens.1, "total_tokens": tokens.0 + tokens.1,
        "input_token_details": {"cache_read": 400}, "output_token_details": {"reasoning": 50}}});
    llm
}

async fn explain(app: &TestApp, n: u32) -> Value {
    app.get(&format!("/api/fanlight/v1/runs/{}/cost", id(n))).await.ok()
}

#[tokio::test]
async fn the_cost_of_an_llm_call_is_its_tokens_times_the_prices_of_its_model() {
    let app = TestApp::new();
    app.send_runs([run(1, "root"), llm(2, &[1], "gpt-6-sol", (1000, 100))]).await;
    insta::assert_json_snapshot!(explain(&app, 2).await, {".own.price.sources" => "[sources]", ".own.price.as_of" => "[date]"});
    let stored = app.run(&id(2)).await;
    let told = explain(&app, 2).await;
    assert_eq!(told["total_cost"], stored["total_cost"]);
}

#[tokio::test]
async fn a_parent_names_the_largest_of_what_is_below_it_and_counts_what_has_no_price() {
    let app = TestApp::new();
    let mut tool = child(5, &[1], "search");
    tool["run_type"] = json!("tool");
    tool["outputs"] = json!({"usage_metadata": {"total_cost": 0.5}});
    app.send_runs([
        run(1, "root"),
        child(2, &[1], "agent"),
        llm(3, &[1, 2], "gpt-6-sol", (1000, 100)),
        llm(4, &[1, 2], "my-own-llama", (1000, 100)),
        tool,
        llm(6, &[1], "gpt-6-sol", (9000, 100)),
    ])
    .await;
    let told = explain(&app, 1).await;
    assert_eq!(told["own"], json!({"basis": "nothing"}));
    assert_eq!(told["total_cost"], app.run(&id(1)).await["total_cost"]);
    let below = &told["below"];
    let names: Vec<&str> =
        below["largest"].as_array().unwrap().iter().map(|run| run["run_id"].as_str().unwrap()).collect();
    assert_eq!(names, [id(5), id(6), id(3)]);
    assert_eq!((&below["n_with_cost"], &below["n_without_price"]), (&json!(3), &json!(1)));
    assert_eq!(below["cost"], told["total_cost"]);
    let unpriced = explain(&app, 4).await;
    assert_eq!(unpriced["own"]["reason"], json!({"why": "unknown_model", "model": "my-own-llama"}));
    assert_eq!(unpriced["total_cost"], Value::Null);
}

#[tokio::test]
async fn only_the_largest_are_listed_of_many() {
    let app = TestApp::new();
    let calls = (2..42).map(|n| llm(n, &[1], "gpt-6-sol", (1000 * n, 0)));
    app.send_runs([run(1, "root")].into_iter().chain(calls)).await;
    let below = explain(&app, 1).await["below"].clone();
    let listed: Vec<String> =
        below["largest"].as_array().unwrap().iter().map(|run| run["run_id"].as_str().unwrap().to_owned()).collect();
    assert_eq!(listed, (32..42).rev().map(id).collect::<Vec<_>>());
    assert_eq!((&below["n_with_cost"], &below["is_partial"]), (&json!(40), &json!(false)));
}

#[tokio::test]
async fn a_run_that_is_not_there_is_404_and_a_bad_id_422() {
    let app = TestApp::new();
    app.get(&format!("/api/fanlight/v1/runs/{}/cost", id(9))).await.expect(404);
    app.get("/api/fanlight/v1/runs/nine/cost").await.expect(422);
}
