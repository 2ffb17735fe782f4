//! Arbitrary filters, runs and traces for property tests here and in the server. The values come from small pools, so that
//! filters hold for some runs and not for others.

use super::ast::{Comparison, Field, Filter, Literal, Pair, PairPart, PairRows, PairTest, TestKind, TextPart};
use super::build::{flipped, is_neq};
use super::eval::{FeedbackFacts, RunFacts};
use super::fields::{FIELDS, Kind, Subject};
use crate::{RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use proptest::collection::vec;
use proptest::option;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// 2026-11-20T00:00:00Z, around which the runs of these tests start.
pub const START: Timestamp = Timestamp(1_795_132_800_000_000_000);

const TEXTS: [&str; 12] = [
    "alpha",
    "Alpha",
    "beta",
    "alpha beta",
    "1",
    "true",
    "検索機能",
    "caf\u{e9} \"au\" lait\\",
    "x_%y",
    "a*b",
    "",
    "OR",
];
const KEYS: [&str; 6] = ["env", "n", "a.b", "user key", "キー", "alpha"];
const ERRORS: [&str; 4] = ["ValueError: alpha", "TimeoutError('beta')\n\nTraceback", "Connection refused", "alpha"];

/// A root run with a second of latency and hardly anything else; tests change what they are about.
pub fn run_facts() -> RunFacts {
    RunFacts {
        id: RunId(Uuid::from_u128(1)),
        trace_id: TraceId(Uuid::from_u128(1)),
        parent_run_id: None,
        reference_example_id: None,
        name: "alpha".into(),
        run_type: RunType::Chain,
        status: RunStatus::Success,
        error: None,
        start_time: START,
        end_time: Some(Timestamp(START.0 + 1_000_000_000)),
        first_token_time: None,
        is_root: true,
        tags: Vec::new(),
        thread_id: None,
        model: None,
        provider: None,
        total_tokens: 0,
        prompt_tokens: 0,
        completion_tokens: 0,
        total_cost: None,
        prompt_cost: None,
        completion_cost: None,
        metadata: Map::new(),
        inputs: None,
        outputs: None,
        feedback: Vec::new(),
    }
}

/// Any filter that a parser can produce, nested a few levels deep.
pub fn any_filter() -> impl Strategy<Value = Filter> {
    any_condition().prop_recursive(4, 24, 4, |inner| {
        prop_oneof![
            3 => vec(inner.clone(), 0..4).prop_map(Filter::all_of),
            2 => vec(inner.clone(), 0..4).prop_map(Filter::any_of),
            2 => inner.clone().prop_map(|filter| Filter::Not(Box::new(filter))),
            1 => inner.clone().prop_map(|filter| Filter::RootRun(Box::new(filter))),
            1 => inner.prop_map(|filter| Filter::AnyRun(Box::new(filter))),
        ]
    })
}

/// Any filter without others inside.
pub fn any_condition() -> impl Strategy<Value = Filter> {
    let fields: Vec<(Field, Kind)> = FIELDS
        .iter()
        .filter_map(|info| match info.subject {
            Subject::Field(field) => Some((field, info.kind)),
            Subject::Row(..) => None,
        })
        .collect();
    let on_field = select(fields).prop_flat_map(|(field, kind)| {
        any_test(kind).prop_map(move |test| match test {
            TestKind::Compare(comparison, value) => Filter::Compare { field, comparison, value },
            TestKind::In(values) => Filter::In { field, values },
            TestKind::Like(pattern) => Filter::Like { field, pattern },
        })
    });
    let words = select(vec![
        "alpha",
        "beta",
        "ALPHA lait",
        "索機",
        "索",
        "al*",
        "alpha 検索",
        "timeouterror",
        "\"alpha beta\"",
        "\"Caf\u{e9} au\" lait",
        "\"au la*\"",
        "\"検索機能\"",
        "\"timeouterror beta traceback\"",
        "\"the 検索\"",
    ]);
    let parts = select(vec![TextPart::Name, TextPart::Inputs, TextPart::Outputs, TextPart::Error]);
    prop_oneof![
        8 => on_field,
        5 => any_pair(),
        2 => (option::of(parts), words).prop_map(|(within, text)| Filter::Search { within, text: text.into() }),
        1 => any_metadata().prop_map(Filter::MetadataContains),
    ]
}

fn any_pair() -> impl Strategy<Value = Filter> {
    let rows = select(vec![PairRows::Metadata, PairRows::Inputs, PairRows::Outputs, PairRows::Feedback]);
    rows.prop_flat_map(|rows| {
        let parts = match rows {
            PairRows::Feedback => vec![PairPart::Value, PairPart::Score, PairPart::Comment, PairPart::Source],
            _ => vec![PairPart::Value],
        };
        let other = select(parts).prop_flat_map(move |part| {
            let info = super::fields::info(Subject::Row(rows, part));
            any_test(info.kind).prop_map(move |test| PairTest { part, test })
        });
        let key = any_test(Kind::Key).prop_map(|test| PairTest { part: PairPart::Key, test });
        (option::weighted(0.8, key), vec(other, 0..3), any::<bool>()).prop_filter_map(
            "a pair has a test",
            move |(key, others, is_negated)| {
                let tests: Vec<PairTest> = key.into_iter().chain(others).collect();
                let can_negate = !tests.is_empty() && tests.iter().all(|test| is_neq(&test.test));
                match (tests.is_empty(), can_negate) {
                    (true, _) => None,
                    (_, true) => {
                        let tests = tests.into_iter().map(flipped).collect();
                        Some(Filter::Pair(Pair { rows, is_negated, tests }))
                    }
                    (_, false) => Some(Filter::Pair(Pair { rows, is_negated: false, tests })),
                }
            },
        )
    })
}

fn any_test(kind: Kind) -> BoxedStrategy<TestKind> {
    let equality = (select(vec![Comparison::Eq, Comparison::Neq]), any_literal(kind))
        .prop_map(|(comparison, value)| TestKind::Compare(comparison, value));
    let presence = select(vec![Comparison::Eq, Comparison::Neq])
        .prop_map(|comparison| TestKind::Compare(comparison, Literal::Null));
    let ordering = (select(vec![Comparison::Gt, Comparison::Gte, Comparison::Lt, Comparison::Lte]), any_literal(kind))
        .prop_map(|(comparison, value)| match value {
            Literal::Bool(_) => TestKind::Compare(Comparison::Eq, value),
            value => TestKind::Compare(comparison, value),
        });
    let list = vec(any_literal(kind), 0..3).prop_map(TestKind::In);
    let patterns = select(vec!["%", "al%", "%A%", "alpha", "_lpha", "%\"au\"%", "a*b", "", "%索%"]);
    let like = patterns.prop_map(|pattern| TestKind::Like(pattern.into()));
    let presence_weight = if kind == Kind::Key { 0 } else { 1 };
    let ordering_weight = if kind.is_ordered() { 4 } else { 0 };
    let like_weight = if kind.is_text() { 2 } else { 0 };
    prop_oneof![
        4 => equality,
        presence_weight => presence,
        ordering_weight => ordering,
        2 => list,
        like_weight => like,
    ]
    .boxed()
}

/// A value of the kind, never null.
pub fn any_literal(kind: Kind) -> BoxedStrategy<Literal> {
    let number = || select(vec![-1.0, 0.0, 0.25, 0.5, 1.0, 3.0, 1e21]).prop_map(Literal::Number);
    match kind {
        Kind::Id => any_id().prop_map(Literal::Id).boxed(),
        Kind::Text | Kind::Tags => any_text().prop_map(Literal::Text).boxed(),
        Kind::Key => select(KEYS.to_vec()).prop_map(|key| Literal::Text(key.into())).boxed(),
        Kind::RunType => select(RunType::ALL).prop_map(Literal::RunType).boxed(),
        Kind::Status => select(RunStatus::ALL).prop_map(Literal::Status).boxed(),
        Kind::Time => any_time().prop_map(Literal::Time).boxed(),
        Kind::Duration => any_span().prop_map(Literal::Duration).boxed(),
        Kind::Bool => any::<bool>().prop_map(Literal::Bool).boxed(),
        Kind::Count => any_count().prop_map(Literal::Count).boxed(),
        Kind::Money => any_money().prop_map(Literal::Money).boxed(),
        Kind::Score => number().boxed(),
        Kind::Any => {
            prop_oneof![any_text().prop_map(Literal::Text), number(), any::<bool>().prop_map(Literal::Bool)].boxed()
        }
    }
}

fn any_text() -> impl Strategy<Value = String> {
    prop_oneof![9 => select(TEXTS.to_vec()).prop_map(str::to_owned), 1 => ".{0,8}"]
}

fn any_id() -> impl Strategy<Value = Uuid> {
    (1u128..6).prop_map(Uuid::from_u128)
}

fn any_time() -> impl Strategy<Value = Timestamp> {
    prop_oneof![
        (0i64..10).prop_map(|seconds| Timestamp(START.0 + seconds * 1_000_000_000)),
        (-5i64..5).prop_map(|offset| Timestamp(START.0 + offset)),
        (-3i64..3).prop_map(|days| Timestamp(START.0 + days * 86_400_000_000_000)),
    ]
}

fn any_span() -> impl Strategy<Value = i64> {
    select(vec![0, 1, 250_000_000, 1_000_000_000, 1_500_000_000, 5_000_000_000, 60_000_000_000])
}

fn any_count() -> impl Strategy<Value = i64> {
    select(vec![0, 1, 10, 999, 1000, 20_000])
}

fn any_money() -> impl Strategy<Value = Usd> {
    select(vec![0, 1, 1_000_000, 10_000_000_000, 1_000_000_000_000]).prop_map(Usd::from_pico)
}

fn any_scalar() -> impl Strategy<Value = Value> {
    prop_oneof![
        4 => any_text().prop_map(Value::from),
        2 => select(vec![json!(1), json!(1.0), json!(0.5), json!(-1), json!(3)]),
        1 => any::<bool>().prop_map(Value::from),
        1 => Just(Value::Null),
    ]
}

fn any_metadata() -> impl Strategy<Value = Map<String, Value>> {
    let value = prop_oneof![6 => any_scalar(), 1 => Just(json!([1, "alpha"])), 1 => Just(json!({"alpha": 1}))];
    vec((select(KEYS.to_vec()), value), 0..3)
        .prop_map(|entries| entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

fn any_payload() -> impl Strategy<Value = Option<Value>> {
    let payload = (any_scalar(), any_scalar()).prop_map(|(first, second)| {
        json!({"env": first, "a": {"b": [second, {"n": 1}]}, "empty": [], "alpha": "the 検索機能 of alpha"})
    });
    option::of(prop_oneof![payload, any_metadata().prop_map(Value::Object)])
}

fn any_feedback() -> impl Strategy<Value = FeedbackFacts> {
    (
        select(KEYS.to_vec()),
        option::of(select(vec![0.0, 0.25, 0.5, 1.0])),
        option::of(any_scalar().prop_filter("null is no value", |value| !value.is_null())),
        option::of(any_text()),
        select(vec!["api", "app", "model", "auto_eval", "alpha"]),
    )
        .prop_map(|(key, score, value, comment, source)| FeedbackFacts {
            key: key.into(),
            score,
            value,
            comment,
            source: source.into(),
        })
}

/// Any run, alone in its trace and its root.
pub fn any_run_facts() -> impl Strategy<Value = RunFacts> {
    let identity = (any_id(), option::of(any_id()), any_text(), select(RunType::ALL), select(RunStatus::ALL));
    let times = (any_time(), option::of(-1_000_000_000i64..8_000_000_000), option::of(any_span()));
    let texts = (
        option::of(select(ERRORS.to_vec())),
        vec(any_text(), 0..3),
        option::of(any_text()),
        option::of(any_text()),
        option::of(any_text()),
    );
    let usage = (any_count(), any_count(), option::of(any_money()), option::of(any_money()), option::of(any_money()));
    let payloads = (any_metadata(), any_payload(), any_payload(), vec(any_feedback(), 0..3));
    (identity, times, texts, usage, payloads).prop_map(|(identity, times, texts, usage, payloads)| {
        let (id, reference_example_id, name, run_type, status) = identity;
        let (start_time, latency, first_token) = times;
        let (error, mut tags, thread_id, model, provider) = texts;
        let (prompt_tokens, completion_tokens, total_cost, prompt_cost, completion_cost) = usage;
        let (metadata, inputs, outputs, feedback) = payloads;
        tags.sort();
        tags.dedup();
        RunFacts {
            id: RunId(id),
            trace_id: TraceId(id),
            reference_example_id,
            name,
            run_type,
            status,
            error: error.map(str::to_owned),
            start_time,
            end_time: latency.map(|ns| Timestamp(start_time.0 + ns)),
            first_token_time: first_token.map(|ns| Timestamp(start_time.0 + ns)),
            tags,
            thread_id,
            model,
            provider,
            total_tokens: prompt_tokens + completion_tokens,
            prompt_tokens,
            completion_tokens,
            total_cost,
            prompt_cost,
            completion_cost,
            metadata,
            inputs,
            outputs,
            feedback,
            ..run_facts()
        }
    })
}

/// Any trace: the root first, each of the others below one before it. The ids of `n` traces do not meet when each is made
/// with its own `number`.
pub fn any_trace(number: u32) -> impl Strategy<Value = Vec<RunFacts>> {
    vec((any_run_facts(), any::<prop::sample::Index>()), 1..6).prop_map(move |runs| {
        let id_of = |idx: usize| RunId(Uuid::from_u128(u128::from(number) << 32 | (idx as u128 + 1)));
        let place = |(idx, (run, parent)): (usize, (RunFacts, prop::sample::Index))| RunFacts {
            id: id_of(idx),
            trace_id: TraceId::from(id_of(0)),
            parent_run_id: (idx > 0).then(|| id_of(parent.index(idx))),
            is_root: idx == 0,
            ..run
        };
        runs.into_iter().enumerate().map(place).collect()
    })
}
