//! Why a run costs what it costs, told by the code that priced it.

use super::PriceList;
use super::cost::{Bill, Line};
use crate::model::OwnUsage;
use fanlight_wire::cost::{CostPart, NoPrice, OwnCost, SentPart, Side};
use fanlight_wire::{RunType, Timestamp, Usd};
use std::collections::BTreeMap;

/// What a run adds by itself. `is_only_model` says that no model run below it has usage.
pub fn own_cost(
    prices: &PriceList,
    own: &OwnUsage,
    (run_type, model, start): (RunType, Option<&str>, Timestamp),
    is_only_model: bool,
) -> OwnCost {
    let sent = &own.sent;
    let is_model = matches!(run_type, RunType::Llm | RunType::Embedding);
    if !sent.has_tokens() && !sent.has_cost() {
        return OwnCost::Nothing;
    }
    if !is_model && (!sent.has_cost() || !is_only_model) {
        return OwnCost::CountedBelow;
    }
    let mut counted = own.unconditional(run_type);
    counted.add(&own.conditional(run_type));
    let cost = counted.total_cost.value();
    if sent.has_cost() {
        return OwnCost::Sent { cost: cost.unwrap_or_default(), parts: sent_parts(own) };
    }
    let explanation = model.and_then(|model| prices.explain(model, sent, start));
    match (&own.priced, explanation) {
        (Some(stored), Some(explanation)) if explanation.bill.cost() == *stored => OwnCost::Priced {
            cost: cost.unwrap_or_default(),
            price: Box::new(explanation.price),
            parts: parts(explanation.bill),
        },
        (Some(_), _) => OwnCost::PricedEarlier { cost: cost.unwrap_or_default() },
        (None, explanation) => OwnCost::Unpriced {
            reason: match model {
                None => NoPrice::NoModel,
                Some(model) if explanation.is_some() => NoPrice::NoneThen { model: model.to_owned() },
                Some(model) if !prices.knows(model) => NoPrice::UnknownModel { model: model.to_owned() },
                Some(_) => NoPrice::OnlyTotal { total_tokens: sent.total_tokens.unwrap_or(0) },
            },
        },
    }
}

fn sent_parts(own: &OwnUsage) -> Vec<SentPart> {
    let sent = &own.sent;
    let side = |side: Side, whole: Option<Usd>, details: &BTreeMap<String, Usd>| {
        let whole = whole.map(|cost| SentPart { side, kind: None, cost });
        let details = details.iter().map(|(kind, cost)| SentPart { side, kind: Some(kind.clone()), cost: *cost });
        whole.into_iter().chain(details).collect::<Vec<_>>()
    };
    let mut parts = side(Side::Prompt, sent.prompt_cost, &sent.prompt_cost_details);
    parts.extend(side(Side::Completion, sent.completion_cost, &sent.completion_cost_details));
    parts
}

fn parts(bill: Bill) -> Vec<CostPart> {
    let side = |side: Side, lines: Option<Vec<Line>>| {
        lines.into_iter().flatten().map(move |line| CostPart {
            side,
            kind: line.kind,
            tokens: line.tokens,
            usd_per_million: Usd::from_pico(i64::try_from(line.rate).unwrap_or(i64::MAX)),
            has_own_price: line.has_own_price,
            cost: line.cost,
        })
    };
    side(Side::Prompt, bill.prompt).chain(side(Side::Completion, bill.completion)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Usage;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    fn usage(prompt: Option<i64>, completion: Option<i64>, kinds: &[(&str, i64)], said: &[(&str, i64)]) -> Usage {
        let map = |kinds: &[(&str, i64)]| kinds.iter().map(|(kind, n)| ((*kind).to_owned(), *n)).collect();
        Usage {
            prompt_tokens: prompt,
            completion_tokens: completion,
            total_tokens: prompt.zip(completion).map(|(prompt, completion)| prompt.saturating_add(completion)),
            prompt_token_details: map(kinds),
            completion_token_details: map(said),
            ..Usage::default()
        }
    }

    fn explained(prices: &PriceList, model: &str, usage: Usage, start: &str) -> OwnCost {
        let start = start.parse().unwrap();
        let own = OwnUsage { priced: prices.cost(model, &usage, start), sent: usage };
        own_cost(prices, &own, (RunType::Llm, Some(model), start), true)
    }

    fn draw(own: &OwnCost) -> String {
        let OwnCost::Priced { cost, price, parts } = own else { return format!("{own:?}\n") };
        let mut drawn = format!("{cost} by {} of {} as of {}\n", price.id, price.provider, price.as_of);
        if let Some(above) = price.tier_above {
            drawn.push_str(&format!("  above {above} prompt tokens\n"));
        }
        for factor in &price.factors {
            drawn.push_str(&format!("  × {} {}\n", factor.factor, factor.reason));
        }
        for part in parts {
            let kind = part.kind.as_deref().unwrap_or("rest");
            let own = if part.has_own_price { "" } else { ", the side's price" };
            drawn.push_str(&format!(
                "  {:?} {kind}: {} × {}{own} = {}\n",
                part.side, part.tokens, part.usd_per_million, part.cost
            ));
        }
        drawn
    }

    #[track_caller]
    fn check(own: &OwnCost, expected: Expect) {
        expected.assert_eq(&draw(own));
    }

    #[test]
    fn cached_and_reasoning_tokens_are_told_apart() {
        let usage = usage(Some(1000), Some(300), &[("cache_read", 600)], &[("reasoning", 120)]);
        check(
            &explained(&PriceList::built_in(), "gpt-6-sol", usage, "2026-11-23"),
            expect![[r#"
            0.00392 by gpt-6-sol of openai as of 2026-11-23
              Prompt cache_read: 600 × 0.2 = 0.00012
              Prompt rest: 400 × 2, the side's price = 0.0008
              Completion reasoning: 120 × 10, the side's price = 0.0012
              Completion rest: 180 × 10, the side's price = 0.0018
        "#]],
        );
    }

    #[test]
    fn tiers_regions_and_peak_hours_are_named() {
        let prices = PriceList::built_in();
        let big = usage(Some(300_000), Some(10), &[], &[]);
        check(
            &explained(&prices, "azure/us/gpt-6-sol", big, "2026-11-23"),
            expect![[r#"
            1.320165 by gpt-6-sol of openai as of 2026-11-23
              above 272000 prompt tokens
              × 1.1 Azure data zone
              Prompt rest: 300000 × 4, the side's price = 1.32
              Completion rest: 10 × 15, the side's price = 0.000165
        "#]],
        );
        let at_peak = usage(Some(1000), None, &[], &[]);
        check(
            &explained(&prices, "deepseek-v4-pro", at_peak, "2026-11-23T01:30:00Z"),
            expect![[r#"
            0.00132 by deepseek-v4-pro of deepseek as of 2026-11-23
              × 2 peak hours, 01:00–04:00, 06:00–10:00 UTC
              Prompt rest: 1000 × 0.66, the side's price = 0.00132
        "#]],
        );
    }

    #[test]
    fn a_missing_price_says_why() {
        let prices = PriceList::built_in();
        let tokens = || usage(Some(10), Some(5), &[], &[]);
        check(
            &explained(&prices, "my-own-llama", tokens(), "2026-11-23"),
            expect![[r#"
            Unpriced { reason: UnknownModel { model: "my-own-llama" } }
        "#]],
        );
        let only_total = Usage { total_tokens: Some(15), ..Usage::default() };
        check(
            &explained(&prices, "gpt-6-sol", only_total, "2026-11-23"),
            expect![[r#"
            Unpriced { reason: OnlyTotal { total_tokens: 15 } }
        "#]],
        );
        let unpriced = OwnUsage { sent: tokens(), priced: None };
        let start = "2026-11-23".parse().unwrap();
        check(
            &own_cost(&prices, &unpriced, (RunType::Llm, None, start), true),
            expect![[r#"
            Unpriced { reason: NoModel }
        "#]],
        );
        check(
            &own_cost(&prices, &unpriced, (RunType::Llm, Some("gpt-6-sol"), start), true),
            expect![[r#"
            Unpriced { reason: NoneThen { model: "gpt-6-sol" } }
        "#]],
        );
    }

    #[test]
    fn costs_that_were_sent_or_looked_up_earlier_say_so() {
        let prices = PriceList::built_in();
        let start = "2026-11-23".parse().unwrap();
        let earlier = OwnUsage {
            sent: usage(Some(10), None, &[], &[]),
            priced: Some(crate::model::Cost { prompt: Some(Usd::from_pico(7)), ..Default::default() }),
        };
        check(
            &own_cost(&prices, &earlier, (RunType::Llm, Some("gpt-6-sol"), start), true),
            expect![[r#"
            PricedEarlier { cost: Usd { picodollars: 7 } }
        "#]],
        );
        let sent =
            Usage { prompt_cost: Some(Usd::from_pico(5)), total_cost: Some(Usd::from_pico(9)), ..Usage::default() };
        let sent = OwnUsage { sent, priced: None };
        check(
            &own_cost(&prices, &sent, (RunType::Llm, Some("gpt-6-sol"), start), true),
            expect![[r#"
            Sent { cost: Usd { picodollars: 9 }, parts: [SentPart { side: Prompt, kind: None, cost: Usd { picodollars: 5 } }] }
        "#]],
        );
        // A tool's cost counts beside models only while there is none below it.
        check(
            &own_cost(&prices, &sent, (RunType::Tool, None, start), true),
            expect![[r#"
            Sent { cost: Usd { picodollars: 9 }, parts: [SentPart { side: Prompt, kind: None, cost: Usd { picodollars: 5 } }] }
        "#]],
        );
        check(
            &own_cost(&prices, &sent, (RunType::Tool, None, start), false),
            expect![[r#"
            CountedBelow
        "#]],
        );
    }

    proptest! {
        #[test]
        fn the_parts_sum_to_the_stored_cost_exactly(
            model in proptest::sample::select(vec!["gpt-6-sol", "azure/eu/gpt-6-luna", "claude-fable-5-1", "deepseek-v4-pro", "gpt-6-astra"]),
            prompt in proptest::option::of(0i64..1_000_000),
            completion in proptest::option::of(0i64..1_000_000),
            kinds in proptest::collection::btree_map("cache_read|cache_creation|ephemeral_5m_input_tokens|ephemeral_1h_input_tokens|audio|foo", 0i64..400_000, 0..5),
            said in proptest::collection::btree_map("reasoning|audio|bar", 0i64..400_000, 0..3),
            minute in 0u32..1440,
        ) {
            let prices = PriceList::built_in();
            let start: Timestamp = format!("2026-11-23T{:02}:{:02}:00Z", minute / 60, minute % 60).parse().unwrap();
            let sent = Usage { prompt_tokens: prompt, completion_tokens: completion, prompt_token_details: kinds, completion_token_details: said, ..Usage::default() };
            let own = OwnUsage { priced: prices.cost(model, &sent, start), sent };
            let stored = own.unconditional(RunType::Llm).total_cost.value();
            match own_cost(&prices, &own, (RunType::Llm, Some(model), start), true) {
                OwnCost::Priced { cost, parts, .. } => {
                    prop_assert_eq!(Some(cost), stored);
                    prop_assert_eq!(parts.iter().map(|part| part.cost).sum::<Usd>(), cost);
                    let of = |side| parts.iter().filter(|part| part.side == side).map(|part| part.tokens).sum::<i64>();
                    if parts.iter().any(|part| part.side == Side::Prompt) {
                        prop_assert_eq!(of(Side::Prompt), prompt.unwrap());
                    }
                }
                other => prop_assert!(prompt.is_none() && completion.is_none(), "{:?}", other),
            }
        }
    }
}
