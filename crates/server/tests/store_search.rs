//! Full-text search through the store: before runs are indexed, after, and after their text changed.

mod store_support;

use fanlight_server::store::Store;
use fanlight_server::store::sqlite::SqliteOptions;
use fanlight_wire::RunId;
use fanlight_wire::filter::Filter;
use fanlight_wire::filter::eval::{RunFacts, matches};
use fanlight_wire::filter::words::quoted;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{RunStatus, RunType, TraceId};
use proptest::prelude::*;
use store_support::{Op, TestStore, json, patch, post, run_id, text, time};
use uuid::Uuid;

/// Writes a segment for every few runs, so that a test has many and merges them.
fn tiny_segments() -> TestStore {
    TestStore::with(SqliteOptions { runs_per_segment: 2, ..SqliteOptions::default() })
}

fn asked(n: u128, question: &str) -> Op {
    post(n).inputs(&serde_json::json!({ "question": question }).to_string())
}

fn search(text: &str) -> String {
    format!("search({})", serde_json::json!(text))
}

const TEXTS: [(u128, &str); 4] = [
    (1, "The refund for order_17 was denied"),
    (2, "Où est le café près de l'Hôtel ?"),
    (3, "検索機能を試してください"),
    (4, "การทดสอบระบบค้นหา"),
];

async fn check_languages(store: &TestStore) {
    for (query, expected) in [
        ("refund", 1),
        ("REFUND order denied", 1),
        ("17", 1),
        ("refun*", 1),
        ("cafe hotel", 2),
        ("CAFÉ", 2),
        ("検索", 3),
        ("機能を", 3),
        ("試", 3),
        ("ทดสอบ", 4),
    ] {
        assert_eq!(store.find(&search(query)).await, [expected], "{query}");
    }
    for query in ["refun", "refund café", "能機", "question"] {
        assert!(store.find(&search(query)).await.is_empty(), "{query}");
    }
}

#[tokio::test]
async fn any_language_is_found_before_and_after_indexing() {
    let store = tiny_segments();
    // They wait for their end before they are indexed, and nothing waits for them.
    store.send(TEXTS.map(|(n, question)| asked(n, question).into())).await;
    assert_eq!(store.storage_report().await.unwrap().n_unindexed_runs, 0);
    check_languages(&store).await;
    store.send(TEXTS.map(|(n, _)| patch(n).end(9).into())).await;
    store.indexed().await;
    store.until("segments are written", |report| report.search_bytes > 0).await;
    check_languages(&store).await;
}

#[tokio::test]
async fn parts_are_searched_alone_or_together() {
    let store = tiny_segments();
    let run = asked(1, "alpha")
        .outputs(r#"{"answer":"beta"}"#)
        .error("GammaError: delta")
        .extra(r#"{"metadata":{"env":"epsilon"}}"#)
        .with(|op| {
            op.name = Some("zeta".into());
            op.tags = Some(vec!["eta".into()]);
            op.model = Some("theta-4".into());
        });
    store.send([run.clone().into(), asked(2, "nothing").into()]).await;
    for is_indexed in [false, true] {
        if is_indexed {
            store.send([patch(1).end(9).into(), patch(2).end(9).into()]).await;
            store.indexed().await;
        }
        for word in ["alpha", "beta", "gammaerror", "delta", "epsilon", "zeta", "eta", "theta", "alpha theta"] {
            assert_eq!(store.find(&search(word)).await, [1], "{word} {is_indexed}");
        }
        for (part, word) in [("inputs", "alpha"), ("outputs", "beta"), ("error", "delta"), ("name", "zeta")] {
            assert_eq!(store.find(&format!("search({part}, \"{word}\")")).await, [1], "{word} in {part}");
            assert!(store.find(&format!("search({part}, \"eta\")")).await.is_empty(), "{part}");
        }
        assert_eq!(store.find("not(search(\"alpha\"))").await, [2]);
    }
}

#[tokio::test]
async fn a_patched_text_replaces_the_old_one_also_in_merged_segments() {
    let store = tiny_segments();
    store.send((1..=40).map(|n| asked(n, &format!("first common word{n}")).end(50).into())).await;
    store.indexed().await;
    store.send((1..=40).step_by(2).map(|n| patch(n).inputs(r#"{"question":"second common"}"#).into())).await;
    let odd: Vec<u128> = (1..=40).step_by(2).collect();
    let even: Vec<u128> = (2..=40).step_by(2).collect();
    for _ in 0..2 {
        assert_eq!(store.find(&search("second")).await, odd);
        assert_eq!(store.find(&search("first")).await, even);
        assert_eq!(store.find(&search("common")).await.len(), 40);
        assert_eq!(store.find(&search("word7")).await, Vec::<u128>::new());
        store.indexed().await;
    }
    // Merging goes on for a while; every answer on the way is right.
    for n in 100..130 {
        store.send([asked(n, "more").end(200).into()]).await;
        store.indexed().await;
        assert_eq!(store.find(&search("second common")).await, odd);
        assert_eq!(store.find(&search("first common")).await, even);
    }
}

#[tokio::test]
async fn a_run_is_indexed_once_more_when_its_end_brings_text() {
    let store = tiny_segments();
    store.send([asked(1, "early").into()]).await;
    assert_eq!(store.find(&search("early")).await, [1]);
    store.send([patch(1).outputs(r#"{"answer":"late"}"#).end(9).into()]).await;
    assert_eq!(store.find(&search("early late")).await, [1]);
    store.indexed().await;
    assert_eq!(store.find(&search("early late")).await, [1]);
}

#[tokio::test]
async fn what_was_not_indexed_when_the_store_closed_is_indexed_when_it_opens() {
    let store = TestStore::with(SqliteOptions { runs_per_segment: 8, ..SqliteOptions::default() });
    store.send((1..=29).map(|n| asked(n, &format!("word{n} all")).end(50).into())).await;
    let store = store.reopened().await;
    assert_eq!(store.find(&search("all")).await.len(), 29);
    store.indexed().await;
    assert_eq!(store.find(&search("all")).await.len(), 29);
    assert_eq!(store.find(&search("word17 all")).await, [17]);
}

#[tokio::test]
async fn words_of_deleted_runs_are_removed() {
    let store = tiny_segments();
    store.send((1..=20).map(|n| asked(n, "secret").project("gone").end(50).into())).await;
    store.send([asked(100, "secret").project("kept").end(200).into()]).await;
    store.indexed().await;
    store.until("segments are written", |report| report.search_bytes > 0).await;
    let before = store.storage_report().await.unwrap().search_bytes;
    store.delete_project(store.project_id("gone").await).await.unwrap();
    assert_eq!(store.find(&search("secret")).await, [100]);
    store.until("the runs are removed", |report| report.n_doomed_runs == 0).await;
    store.until("their words are removed", |report| report.search_bytes < before / 2).await;
    assert_eq!(store.find(&search("secret")).await, [100]);
}

#[tokio::test]
async fn numbers_of_deleted_runs_that_are_used_again_bring_no_old_words() {
    let store = tiny_segments();
    store.send((1..=9).map(|n| asked(n, "old").trace(n).project("a").end(50).into())).await;
    store.indexed().await;
    let traces = (5..=9).map(|n| TraceId(Uuid::from_u128(n))).collect();
    assert_eq!(store.delete_traces(store.project_id("a").await, traces).await.unwrap(), 5);
    let store = store.reopened().await;
    store.send((11..=15).map(|n| asked(n, "new").project("a").end(50).into())).await;
    for _ in 0..2 {
        assert_eq!(store.find(&search("old")).await, [1, 2, 3, 4]);
        assert_eq!(store.find(&search("new")).await, [11, 12, 13, 14, 15]);
        store.indexed().await;
    }
}

#[tokio::test]
async fn entries_of_inputs_and_outputs_are_found_by_key_and_value() {
    let store = tiny_segments();
    store
        .send([
            post(1).inputs(r#"{"question":"Where is it?","n":17}"#).end(9).into(),
            post(2).inputs(r#"{"answer":"Where is it?"}"#).outputs(r#"{"question":"x"}"#).end(9).into(),
            post(3).inputs(r#"{"question":"where is it now?"}"#).end(9).into(),
        ])
        .await;
    for is_indexed in [false, true] {
        if is_indexed {
            store.indexed().await;
        }
        for (filter, expected) in [
            (r#"and(eq(input_key, "question"), eq(input_value, "Where is it?"))"#, vec![1]),
            (r#"eq(input_value, "Where is it?")"#, vec![1, 2]),
            (r#"eq(input_key, "question")"#, vec![1, 3]),
            (r#"and(eq(input_key, "n"), eq(input_value, "17"))"#, vec![1]),
            (r#"eq(output_value, "x")"#, vec![2]),
        ] {
            assert_eq!(store.find(filter).await, expected, "{filter}");
        }
    }
}

#[tokio::test]
async fn the_page_shows_where_and_the_metadata_without_the_rest() {
    let store = TestStore::new();
    store.send([asked(1, "Please <b>refund</b>\nmy order").extra(r#"{"metadata":{"b":2,"a":1},"x":1}"#).into()]).await;
    let select = |names: &[&str]| Some(names.iter().map(|name| (*name).to_owned()).collect());
    let query =
        RunQuery { filter: Some(search("refund")), select: select(&["snippet", "metadata"]), ..Default::default() };
    let run = store.query(query).await.runs.remove(0);
    let snippet = run.snippet.unwrap();
    assert_eq!((snippet.part.as_str(), snippet.text.as_str()), ("inputs", "Please <b>refund</b> my order"));
    assert_eq!(snippet.matches.iter().map(|&(from, to)| &snippet.text[from..to]).collect::<Vec<_>>(), ["refund"]);
    assert_eq!(text(&run.metadata), r#"{"a":1,"b":2}"#);
    assert!(run.extra.is_none() && run.inputs.is_none());
}

#[tokio::test]
async fn a_phrase_is_found_where_its_words_stand_side_by_side() {
    let store = tiny_segments();
    let texts =
        ["a late refund", "refund late", "late, or no refund", "Late\\nREFUND?", "新しい検索機能", "機能の検索と索機"];
    let runs =
        (1..).zip(texts).map(|(n, text)| post(n).end(100).inputs(&format!(r#"{{"q":["late","{text}","refund"]}}"#)));
    store.send(runs.map(Into::into)).await;
    for _ in ["before it is indexed", "after"] {
        assert_eq!(store.find(&search(r#""late refund""#)).await, [1, 4]);
        assert_eq!(store.find(&search(r#""検索機能""#)).await, [5]);
        assert_eq!(store.find(&search(r#"refund "or no""#)).await, [3]);
        assert_eq!(store.find(r#"not(search(inputs, "\"late refund\""))"#).await, [2, 3, 5, 6]);
        assert_eq!(store.find(r#"search(outputs, "\"late refund\"")"#).await, [0; 0]);
        store.indexed().await;
    }
    let select = Some(vec!["snippet".to_owned()]);
    let query = RunQuery { filter: Some(search(r#""late refund""#)), select, ..Default::default() };
    let snippet = store.query(query).await.runs[0].snippet.clone().unwrap();
    assert_eq!((snippet.text.as_str(), snippet.matches), ("Late REFUND?", vec![(0, 11)]));
}

/// What a run of the property test says.
#[derive(Clone, Debug)]
struct Said {
    texts: [String; 4],
    is_ended: bool,
}

fn said() -> impl Strategy<Value = Said> {
    let words = || "(a|b|café|検索|ไท|x1| |,|-){0,5}";
    (proptest::array::uniform4(words()), any::<bool>()).prop_map(|(texts, is_ended)| Said { texts, is_ended })
}

fn run_and_facts(n: u128, said: &Said) -> (Op, RunFacts) {
    let [name, input, output, tag] = &said.texts;
    let (inputs, outputs) = (serde_json::json!({ "k": [input, 7] }), serde_json::json!({ "v": output }));
    let tags: Vec<String> = [tag.clone()].into_iter().filter(|tag| !tag.is_empty()).collect();
    let op = post(n).inputs(&inputs.to_string()).payload(|payload| payload.outputs = json(&outputs.to_string()));
    let op = op.with(|op| {
        op.name = Some(name.clone());
        op.tags = Some(tags.clone());
        op.end = said.is_ended.then_some(time(100));
    });
    let facts = RunFacts {
        id: run_id(n),
        trace_id: TraceId(run_id(n).0),
        parent_run_id: None,
        reference_example_id: None,
        name: name.clone(),
        run_type: RunType::Chain,
        status: if said.is_ended { RunStatus::Success } else { RunStatus::Pending },
        error: None,
        start_time: time(n as i64),
        end_time: said.is_ended.then_some(time(100)),
        first_token_time: None,
        is_root: true,
        tags,
        thread_id: None,
        model: None,
        provider: None,
        total_tokens: 0,
        prompt_tokens: 0,
        completion_tokens: 0,
        total_cost: None,
        prompt_cost: None,
        completion_cost: None,
        metadata: serde_json::Map::new(),
        inputs: Some(inputs),
        outputs: Some(outputs),
        feedback: Vec::new(),
    };
    (op, facts)
}

fn expected(facts: &[RunFacts], filter: &Filter) -> Vec<RunId> {
    let passes = |facts: &&RunFacts| matches(filter, 0, std::slice::from_ref(facts));
    facts.iter().filter(passes).map(|facts| facts.id).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    #[test]
    fn searches_find_what_the_evaluator_says(
        runs in proptest::collection::vec(said(), 1..24),
        queries in proptest::collection::vec(("(a|b|cafe|検|索|検索|ไท|x1\\*?|7| ){1,3}", 0..5usize, any::<bool>()), 1..8),
    ) {
        let runtime = tokio::runtime::Runtime::new().unwrap();
        runtime.block_on(async {
            let store = tiny_segments();
            let (ops, facts): (Vec<_>, Vec<_>) =
                runs.iter().enumerate().map(|(n, said)| run_and_facts(n as u128 + 1, said)).unzip();
            for chunk in ops.chunks(5) {
                store.send(chunk.iter().cloned().map(Into::into)).await;
            }
            for (text, part, is_phrase) in &queries {
                let text = if *is_phrase { quoted(text) } else { text.clone() };
                let part = [None, Some("name"), Some("inputs"), Some("outputs"), Some("error")][*part];
                let literal = serde_json::json!(text);
                let call = part.map_or(format!("search({literal})"), |part| format!("search({part}, {literal})"));
                // Without a word there is nothing to search for.
                let Ok(filter) = fanlight_wire::filter::parse(&call) else { continue };
                let mut found: Vec<RunId> = store.find(&call).await.into_iter().map(run_id).collect();
                found.sort_unstable();
                assert_eq!(found, expected(&facts, &filter), "{call}");
            }
        });
    }
}
