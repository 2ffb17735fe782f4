//! What is said about trying a price, about runs without one, and about pricing past runs again.

use crate::format::cost::cost;
use crate::format::digits::grouped;
use crate::format::tokens::tokens;
use fanlight_wire::price::{PriceTested, Repricing, RepricingState, UnpricedModel};

/// What a price would make of the runs it was tried on, in sentences.
pub fn tried(tested: &PriceTested) -> Vec<String> {
    if tested.n_runs == 0 {
        return vec!["No run so far used a model that the pattern fits.".to_owned()];
    }
    let models: Vec<&str> = tested.models.iter().take(3).map(|count| count.model.as_str()).collect();
    let more = match tested.models.len().saturating_sub(models.len()) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    let mut said = vec![
        format!(
            "Fits {}{more}: {} of the last {} of models match.",
            models.join(", "),
            grouped(tested.n_newest_fitting as i64),
            runs(tested.n_newest)
        ),
        format!(
            "The newest {} of them: {} today, {} then; {} would change.",
            runs(tested.n_runs),
            cost(tested.cost_before),
            cost(tested.cost_after),
            grouped(tested.n_changed as i64)
        ),
    ];
    if tested.n_sent > 0 {
        said.push(format!("{} came with a cost of their own, which stays.", grouped(tested.n_sent as i64)));
    }
    if tested.n_other_price > 0 {
        said.push(format!("{} are priced by another entry, or began earlier.", grouped(tested.n_other_price as i64)));
    }
    said
}

/// What the runs of a model without a price come to: `3 runs, 1.2M tokens`.
pub fn unpriced(model: &UnpricedModel) -> String {
    format!("{}, {} tokens", runs(model.n_runs), tokens(model.total_tokens))
}

/// How far pricing past runs again is, or was.
pub fn repriced(repricing: &Repricing) -> String {
    let looked_at = runs(repricing.n_runs);
    let changed = match repricing.n_changed {
        0 => "none costs anything else".to_owned(),
        1 => "1 costs something else now".to_owned(),
        n => format!("{} cost something else now", grouped(n as i64)),
    };
    match repricing.state {
        RepricingState::Running => {
            format!("{}%: {looked_at} looked at, {changed}", (repricing.progress * 100.0).floor())
        }
        RepricingState::Done => format!("Done: {looked_at} looked at, {changed}"),
        RepricingState::Cancelled => format!("Stopped: {looked_at} looked at, {changed}"),
    }
}

fn runs(n: u64) -> String {
    format!("{} {}", grouped(n as i64), if n == 1 { "run" } else { "runs" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::price::{ModelCount, RepriceQuery};
    use fanlight_wire::{Timestamp, Usd};

    fn tested(n_runs: u64) -> PriceTested {
        let model = |n: u64| ModelCount { model: format!("m{n}"), n_runs: 1 };
        PriceTested {
            models: (0..5.min(n_runs)).map(model).collect(),
            n_runs,
            n_changed: n_runs / 2,
            n_newest: 1_000,
            n_newest_fitting: 412,
            cost_before: Usd::from_pico(1_200_000_000_000),
            cost_after: Usd::from_pico(1_500_000_000_000),
            ..PriceTested::default()
        }
    }

    #[test]
    fn a_trial_says_what_fits_and_what_it_costs() {
        assert_eq!(tried(&tested(0)), ["No run so far used a model that the pattern fits."]);
        assert_eq!(
            tried(&PriceTested { n_sent: 3, n_other_price: 4, ..tested(1_200) }),
            [
                "Fits m0, m1, m2 and 2 more: 412 of the last 1,000 runs of models match.",
                "The newest 1,200 runs of them: $1.20 today, $1.50 then; 600 would change.",
                "3 came with a cost of their own, which stays.",
                "4 are priced by another entry, or began earlier."
            ]
        );
        assert_eq!(tried(&tested(1))[0], "Fits m0: 412 of the last 1,000 runs of models match.");
    }

    #[test]
    fn progress_is_said_in_runs() {
        let repricing = |state, n_changed| Repricing {
            state,
            query: RepriceQuery::default(),
            started_at: Timestamp(0),
            ended_at: None,
            progress: 0.42,
            n_runs: 5_000,
            n_changed,
        };
        assert_eq!(
            repriced(&repricing(RepricingState::Running, 1)),
            "42%: 5,000 runs looked at, 1 costs something else now"
        );
        assert_eq!(
            repriced(&repricing(RepricingState::Done, 0)),
            "Done: 5,000 runs looked at, none costs anything else"
        );
        assert_eq!(
            repriced(&repricing(RepricingState::Cancelled, 2_000)),
            "Stopped: 5,000 runs looked at, 2,000 cost something else now"
        );
    }
}
