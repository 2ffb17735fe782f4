//! Tokens and explicit costs, from the shapes in which the SDKs, LangChain, OpenAI and Anthropic report them.

use crate::ingest::json::shallow::{self, elements, entries, integer};
use crate::model::Usage;
use fanlight_wire::Usd;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

type Entries<'a> = [(Cow<'a, str>, &'a RawValue)];

/// The usage in a run's outputs, in the contract's order of preference.
pub fn of_outputs(outputs: &Entries<'_>) -> Option<Usage> {
    shallow::get(outputs, "usage_metadata")
        .and_then(of_usage_metadata)
        .or_else(|| shallow::get(outputs, "generations").and_then(of_generations))
        .or_else(|| {
            let llm_output = shallow::get(outputs, "llm_output").and_then(entries)?;
            ["token_usage", "usage"].iter().find_map(|key| shallow::get(&llm_output, key).and_then(of_provider_usage))
        })
        .or_else(|| shallow::get(outputs, "usage").and_then(of_provider_usage))
}

/// LangSmith's own shape: `input_tokens`, `output_token_details`, `total_cost`, ….
pub fn of_usage_metadata(value: &RawValue) -> Option<Usage> {
    let fields = entries(value)?;
    let tokens = |key| shallow::get(&fields, key).and_then(integer);
    let cost = |key| shallow::get(&fields, key).and_then(usd);
    let usage = Usage {
        prompt_tokens: tokens("input_tokens"),
        completion_tokens: tokens("output_tokens"),
        total_tokens: tokens("total_tokens"),
        prompt_cost: cost("input_cost"),
        completion_cost: cost("output_cost"),
        total_cost: cost("total_cost"),
        prompt_token_details: details(&fields, "input_token_details", integer),
        completion_token_details: details(&fields, "output_token_details", integer),
        prompt_cost_details: details(&fields, "input_cost_details", usd),
        completion_cost_details: details(&fields, "output_cost_details", usd),
    };
    finish(usage)
}

/// `[[{"message":{"kwargs":{"usage_metadata":…}}}]]` or the flat list: the sum over all generations.
fn of_generations(value: &RawValue) -> Option<Usage> {
    let mut sum: Option<Usage> = None;
    for outer in elements(value)? {
        for generation in elements(outer).unwrap_or_else(|| vec![outer]) {
            let Some(usage) = of_generation(generation) else { continue };
            sum = Some(match sum {
                Some(earlier) => add(earlier, usage),
                None => usage,
            });
        }
    }
    sum
}

fn of_generation(generation: &RawValue) -> Option<Usage> {
    let generation = entries(generation)?;
    let message = entries(shallow::get(&generation, "message")?)?;
    let direct = shallow::get(&message, "usage_metadata").and_then(of_usage_metadata);
    direct.or_else(|| {
        let kwargs = entries(shallow::get(&message, "kwargs")?)?;
        of_usage_metadata(shallow::get(&kwargs, "usage_metadata")?)
    })
}

/// What a provider's API answers: OpenAI's chat and responses shapes, Anthropic's messages shape.
fn of_provider_usage(value: &RawValue) -> Option<Usage> {
    let fields = entries(value)?;
    let tokens = |key| shallow::get(&fields, key).and_then(integer);
    let (cache_read, cache_creation) = (tokens("cache_read_input_tokens"), tokens("cache_creation_input_tokens"));
    let mut usage = Usage {
        // Anthropic counts what the cache served or stored apart from `input_tokens`; elsewhere it is a part of them.
        prompt_tokens: tokens("prompt_tokens").or_else(|| {
            let input = tokens("input_tokens")?;
            Some(input.saturating_add(cache_read.unwrap_or(0)).saturating_add(cache_creation.unwrap_or(0)))
        }),
        completion_tokens: tokens("completion_tokens").or_else(|| tokens("output_tokens")),
        total_tokens: tokens("total_tokens"),
        ..Usage::default()
    };
    let input_details = detail_entries(&fields, &["prompt_tokens_details", "input_tokens_details"]);
    let output_details = detail_entries(&fields, &["completion_tokens_details", "output_tokens_details"]);
    let mut add_detail = |is_input: bool, name: &str, n: Option<i64>| {
        if let Some(n) = n.filter(|&n| n > 0) {
            let details = if is_input { &mut usage.prompt_token_details } else { &mut usage.completion_token_details };
            details.insert(name.to_owned(), n);
        }
    };
    add_detail(true, "cache_read", cache_read);
    add_detail(true, "cache_creation", cache_creation);
    add_detail(true, "cache_read", shallow::get(&input_details, "cached_tokens").and_then(integer));
    add_detail(true, "audio", shallow::get(&input_details, "audio_tokens").and_then(integer));
    add_detail(false, "reasoning", shallow::get(&output_details, "reasoning_tokens").and_then(integer));
    add_detail(false, "audio", shallow::get(&output_details, "audio_tokens").and_then(integer));
    finish(usage)
}

fn detail_entries<'a>(fields: &Entries<'a>, keys: &[&str]) -> Vec<(Cow<'a, str>, &'a RawValue)> {
    keys.iter().find_map(|key| shallow::get(fields, key).and_then(entries)).unwrap_or_default()
}

fn details<T>(fields: &Entries<'_>, key: &str, read: fn(&RawValue) -> Option<T>) -> BTreeMap<String, T> {
    let fields = shallow::get(fields, key).and_then(entries).unwrap_or_default();
    fields.into_iter().filter_map(|(name, value)| Some((name.into_owned(), read(value)?))).collect()
}

fn usd(value: &RawValue) -> Option<Usd> {
    // From the text, not through f64: `1e-06` must stay exact.
    shallow::scalar_text(value)?.parse().ok()
}

/// Infers totals by summing; `None` when nothing was said.
fn finish(mut usage: Usage) -> Option<Usage> {
    usage.total_tokens =
        usage.total_tokens.or_else(|| sum(usage.prompt_tokens, usage.completion_tokens, i64::saturating_add));
    usage.total_cost = usage.total_cost.or_else(|| sum(usage.prompt_cost, usage.completion_cost, |a, b| a + b));
    (usage != Usage::default()).then_some(usage)
}

fn sum<T>(left: Option<T>, right: Option<T>, add: fn(T, T) -> T) -> Option<T> {
    match (left, right) {
        (Some(left), Some(right)) => Some(add(left, right)),
        (left, right) => left.or(right),
    }
}

fn add(a: Usage, b: Usage) -> Usage {
    let tokens = |left, right| sum(left, right, i64::saturating_add);
    let costs = |left, right| sum(left, right, |a: Usd, b| a + b);
    Usage {
        prompt_tokens: tokens(a.prompt_tokens, b.prompt_tokens),
        completion_tokens: tokens(a.completion_tokens, b.completion_tokens),
        total_tokens: tokens(a.total_tokens, b.total_tokens),
        prompt_cost: costs(a.prompt_cost, b.prompt_cost),
        completion_cost: costs(a.completion_cost, b.completion_cost),
        total_cost: costs(a.total_cost, b.total_cost),
        prompt_token_details: add_maps(a.prompt_token_details, b.prompt_token_details, i64::saturating_add),
        completion_token_details: add_maps(a.completion_token_details, b.completion_token_details, i64::saturating_add),
        prompt_cost_details: add_maps(a.prompt_cost_details, b.prompt_cost_details, |a, b| a + b),
        completion_cost_details: add_maps(a.completion_cost_details, b.completion_cost_details, |a, b| a + b),
    }
}

fn add_maps<T: Copy>(
    mut left: BTreeMap<String, T>,
    right: BTreeMap<String, T>,
    add: fn(T, T) -> T,
) -> BTreeMap<String, T> {
    for (name, n) in right {
        left.entry(name).and_modify(|sum| *sum = add(*sum, n)).or_insert(n);
    }
    left
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(outputs: &str, expected: Expect) {
        let outputs = entries(serde_json::from_str(outputs).unwrap()).unwrap();
        expected
            .assert_eq(&of_outputs(&outputs).map_or("nothing".into(), |usage| serde_json::to_string(&usage).unwrap()));
    }

    #[test]
    fn langsmiths_own_shape_keeps_details_and_exact_costs() {
        check(
            r#"{"usage_metadata":{"input_tokens":10,"output_tokens":20,"input_token_details":{"audio":1,"foo":2},
                "output_token_details":{"reasoning":3},"input_cost":1e-06,"output_cost":2e-06,
                "input_cost_details":{"audio":1e-7},"surprise":[]}}"#,
            expect![[
                r#"{"prompt_tokens":10,"completion_tokens":20,"total_tokens":30,"prompt_cost":"0.000001","completion_cost":"0.000002","total_cost":"0.000003","prompt_token_details":{"audio":1,"foo":2},"completion_token_details":{"reasoning":3},"prompt_cost_details":{"audio":"0.0000001"}}"#
            ]],
        );
    }

    #[test]
    fn generations_are_summed_nested_or_flat() {
        let one = r#"{"text":"x","message":{"kwargs":{"usage_metadata":{"input_tokens":1,"output_tokens":2,"total_tokens":3,"input_token_details":{"cache_read":1}}}}}"#;
        let expected =
            r#"{"prompt_tokens":2,"completion_tokens":4,"total_tokens":6,"prompt_token_details":{"cache_read":2}}"#;
        for generations in [format!("[[{one}],[{one}]]"), format!("[{one},{one}]")] {
            let outputs = format!("{{\"generations\":{generations}}}");
            let outputs = entries(serde_json::from_str(&outputs).unwrap()).unwrap();
            assert_eq!(serde_json::to_string(&of_outputs(&outputs)).unwrap(), expected);
        }
    }

    #[test]
    fn openai_counts_cached_tokens_inside_the_prompt() {
        check(
            r#"{"usage":{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110,
                "prompt_tokens_details":{"cached_tokens":64,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":4}}}"#,
            expect![[
                r#"{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110,"prompt_token_details":{"cache_read":64},"completion_token_details":{"reasoning":4}}"#
            ]],
        );
        check(
            r#"{"usage":{"input_tokens":100,"output_tokens":10,"input_tokens_details":{"cached_tokens":64}}}"#,
            expect![[
                r#"{"prompt_tokens":100,"completion_tokens":10,"total_tokens":110,"prompt_token_details":{"cache_read":64}}"#
            ]],
        );
    }

    #[test]
    fn anthropic_counts_cached_tokens_beside_the_input() {
        check(
            r#"{"usage":{"input_tokens":20,"output_tokens":5,"cache_read_input_tokens":100,"cache_creation_input_tokens":30}}"#,
            expect![[
                r#"{"prompt_tokens":150,"completion_tokens":5,"total_tokens":155,"prompt_token_details":{"cache_creation":30,"cache_read":100}}"#
            ]],
        );
    }

    #[test]
    fn langchains_llm_output_is_read() {
        check(
            r#"{"llm_output":{"token_usage":{"prompt_tokens":1,"completion_tokens":2}}}"#,
            expect![[r#"{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}"#]],
        );
    }

    #[test]
    fn odd_shapes_say_nothing() {
        for outputs in [r#"{"usage":"much"}"#, r#"{"usage_metadata":{}}"#, r#"{"generations":[1,[null]]}"#, "{}"] {
            check(outputs, expect!["nothing"]);
        }
    }
}
