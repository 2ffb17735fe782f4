//! Tokens, costs and first tokens on their way from LLM calls to the root.

mod store_support;

use fanlight_server::model::Usage;
use fanlight_wire::{Run, RunType};
use std::collections::BTreeMap;
use store_support::{Op, TestStore, patch, post, time};

fn shown(run: &Run) -> String {
    let usd = |amount: Option<fanlight_wire::Usd>| amount.map_or("-".to_owned(), |usd| usd.to_string());
    format!(
        "{}+{}={} tokens, {}+{}={} $",
        run.prompt_tokens,
        run.completion_tokens,
        run.total_tokens,
        usd(run.prompt_cost),
        usd(run.completion_cost),
        usd(run.total_cost)
    )
}

#[track_caller]
fn check(run: &Run, expected: &str) {
    assert_eq!(shown(run), expected);
}

fn model(op: Op, name: &str) -> Op {
    op.with(|op| op.model = Some(name.to_owned()))
}

#[tokio::test]
async fn a_trace_costs_what_its_llm_calls_cost() {
    let store = TestStore::new();
    let call = |n| model(post(n).parent(2).tokens(1000, 100), "gpt-6-sol");
    store.send([post(1), post(2).parent(1), call(3), call(4)].map(Op::into)).await;
    check(&store.run(3).await, "1000+100=1100 tokens, 0.002+0.001=0.003 $");
    check(&store.run(1).await, "2000+200=2200 tokens, 0.004+0.002=0.006 $");
}

#[tokio::test]
async fn the_copy_of_an_llms_usage_on_the_chain_around_it_is_not_counted() {
    let store = TestStore::new();
    let chain = post(1).tokens(1000, 100).cost("9").kind(RunType::Chain);
    store.send([chain, model(post(2).parent(1).tokens(1000, 100), "gpt-6-sol")].map(Op::into)).await;
    check(&store.run(1).await, "1000+100=1100 tokens, 0.002+0.001=0.003 $");
}

#[tokio::test]
async fn a_tools_own_cost_counts_beside_llm_calls() {
    let store = TestStore::new();
    let tool = post(2).parent(1).kind(RunType::Tool).cost("0.5");
    store.send([post(1), tool, model(post(3).parent(1).tokens(1000, 0), "gpt-6-sol")].map(Op::into)).await;
    check(&store.run(2).await, "0+0=0 tokens, -+-=0.5 $");
    check(&store.run(1).await, "1000+0=1000 tokens, 0.002+0=0.502 $");
}

#[tokio::test]
async fn a_tools_cost_stops_counting_when_a_late_llm_call_below_it_reports() {
    let store = TestStore::new();
    store.send([post(1), post(2).parent(1).kind(RunType::Tool).cost("0.5")].map(Op::into)).await;
    check(&store.run(1).await, "0+0=0 tokens, -+-=0.5 $");
    store.send([model(post(3).parent(2).tokens(1000, 0), "gpt-6-sol").into()]).await;
    check(&store.run(1).await, "1000+0=1000 tokens, 0.002+0=0.002 $");
}

#[tokio::test]
async fn an_unknown_model_has_tokens_but_no_cost() {
    let store = TestStore::new();
    store.send([post(1), model(post(2).parent(1).tokens(5, 6), "my-own-llama")].map(Op::into)).await;
    check(&store.run(1).await, "5+6=11 tokens, -+-=- $");
}

#[tokio::test]
async fn a_patched_usage_replaces_what_was_counted() {
    let store = TestStore::new();
    store.send([post(1), model(post(2).parent(1).tokens(10, 0), "gpt-6-sol")].map(Op::into)).await;
    store.send([patch(2).tokens(1000, 0).into()]).await;
    check(&store.run(1).await, "1000+0=1000 tokens, 0.002+0=0.002 $");
    store.send([patch(2).tokens(1000, 0).cost("7").into()]).await;
    check(&store.run(1).await, "1000+0=1000 tokens, -+-=7 $");
}

#[tokio::test]
async fn a_model_that_comes_after_the_usage_prices_it() {
    let store = TestStore::new();
    store.send([patch(2).parent(1).tokens(1000, 0).into()]).await;
    store.send([post(1), model(post(2), "gpt-6-sol").kind(RunType::Llm)].map(Op::into)).await;
    check(&store.run(1).await, "1000+0=1000 tokens, 0.002+0=0.002 $");
}

#[tokio::test]
async fn details_come_back_as_sent_and_are_summed_at_the_root() {
    let store = TestStore::new();
    let usd = |text: &str| text.parse().unwrap();
    let call = |n| {
        post(n).parent(1).kind(RunType::Llm).with(|op| {
            op.usage = Some(Usage {
                prompt_tokens: Some(10),
                completion_tokens: Some(20),
                total_tokens: Some(30),
                prompt_cost: Some(usd("1e-06")),
                completion_cost: Some(usd("2e-06")),
                total_cost: Some(usd("3e-06")),
                prompt_token_details: BTreeMap::from([("audio".into(), 1), ("foo".into(), 0)]),
                completion_token_details: BTreeMap::from([("reasoning".into(), 3)]),
                prompt_cost_details: BTreeMap::from([("audio".into(), usd("1e-07"))]),
                completion_cost_details: BTreeMap::new(),
            });
        })
    };
    store.send([post(1), call(2), call(3)].map(Op::into)).await;
    let leaf = store.run(2).await;
    check(&leaf, "10+20=30 tokens, 0.000001+0.000002=0.000003 $");
    let kinds = |pairs: &[(&str, i64)]| Some(pairs.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect());
    assert_eq!(leaf.prompt_token_details, kinds(&[("audio", 1), ("foo", 0)]));
    assert_eq!(leaf.completion_token_details, kinds(&[("reasoning", 3)]));
    assert_eq!(leaf.prompt_cost_details, Some(BTreeMap::from([("audio".into(), usd("0.0000001"))])));
    assert_eq!(leaf.completion_cost_details, None);
    let root = store.run(1).await;
    assert_eq!(root.prompt_token_details, kinds(&[("audio", 2)]));
    assert_eq!(root.prompt_cost_details, Some(BTreeMap::from([("audio".into(), usd("0.0000002"))])));
}

#[tokio::test]
async fn cached_tokens_are_priced_once() {
    let store = TestStore::new();
    let call = model(post(1).tokens(1000, 0), "gpt-6-sol")
        .with(|op| op.usage.as_mut().unwrap().prompt_token_details = BTreeMap::from([("cache_read".into(), 400)]));
    store.send([call.into()]).await;
    // 600 × 2 $ + 400 × 0.2 $ per million.
    check(&store.run(1).await, "1000+0=1000 tokens, 0.00128+0=0.00128 $");
}

#[tokio::test]
async fn the_first_token_of_a_trace_is_the_earliest_of_its_llm_calls() {
    let store = TestStore::new();
    let call = |n| post(n).parent(1).kind(RunType::Llm);
    store.send([post(1).first_token(2), call(2).first_token(9), call(3).first_token(7)].map(Op::into)).await;
    assert_eq!(store.run(1).await.first_token_time, Some(time(7)), "a chain's own events do not count");
    store.send([patch(3).first_token(8).into()]).await;
    assert_eq!(store.run(1).await.first_token_time, Some(time(8)), "the earliest moved later");
    store.send([patch(2).first_token(5).into()]).await;
    assert_eq!(store.run(1).await.first_token_time, Some(time(5)));
}
