//! What a month costs against what it may cost, in words, and a budget as it is typed.

use super::cards::exact_words;
use crate::charts::unit::Unit;
use crate::format::digits::grouped;
use crate::format::tokens::tokens;
use fanlight_wire::Usd;
use fanlight_wire::monitor::spend::Spend;

/// How a month stands against its budget.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    NoBudget,
    Within,
    /// More than the budget is to be expected by the end of the month.
    WillExceed,
    Exceeded,
}

pub fn standing(spend: &Spend) -> Standing {
    let Some(budget) = spend.budget else { return Standing::NoBudget };
    if spend.spent > budget {
        Standing::Exceeded
    } else if spend.projected.is_some_and(|projected| projected.amount > budget) {
        Standing::WillExceed
    } else {
        Standing::Within
    }
}

/// How the month stands, in a sentence.
pub fn verdict(spend: &Spend) -> String {
    let budget = spend.budget.unwrap_or_default();
    let projected = spend.projected.map(|projected| projected.amount).unwrap_or_default();
    match standing(spend) {
        Standing::NoBudget => "No budget is set".to_owned(),
        Standing::Exceeded => format!("Over budget by {}", exact_words(spend.spent - budget)),
        Standing::WillExceed => {
            format!("Will be over budget by {} if it goes on like this", exact_words(projected - budget))
        }
        Standing::Within => format!("{} of the budget is left", exact_words(budget - spend.spent)),
    }
}

/// What the month will have cost, and how that is known.
pub fn projection(spend: &Spend) -> String {
    match spend.projected {
        None => "No projection yet: there was no full day to judge by".to_owned(),
        Some(projected) => {
            let days = match projected.n_days {
                1 => "what the last full day cost".to_owned(),
                n => format!("the mean of the last {n} full days"),
            };
            format!(
                "About {} by the end of the month: spent so far, and {days} for each day that is left",
                exact_words(projected.amount)
            )
        }
    }
}

/// What the sums leave out; `None` when that is nothing.
pub fn unpriced(spend: &Spend) -> Option<String> {
    let share = spend.n_unpriced as f64 / spend.n_model_runs.max(1) as f64;
    (spend.n_unpriced > 0).then(|| {
        format!(
            "Without {} of {} model calls ({}, {} tokens) that have no price",
            grouped(spend.n_unpriced as i64),
            grouped(spend.n_model_runs as i64),
            Unit::Share.words(share),
            tokens(spend.unpriced_tokens)
        )
    })
}

/// The bar of a month: how much of its length is spent, and where the budget and the projection are, from 0 to 1. The
/// largest of the three is the whole. `None` without a budget.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Bar {
    pub spent: f64,
    pub projected: Option<f64>,
    pub budget: f64,
}

pub fn bar(spend: &Spend) -> Option<Bar> {
    let budget = spend.budget?.to_f64();
    let (spent, projected) = (spend.spent.to_f64(), spend.projected.map(|projected| projected.amount.to_f64()));
    let whole = budget.max(spent).max(projected.unwrap_or(0.0)).max(f64::MIN_POSITIVE);
    Some(Bar { spent: spent / whole, projected: projected.map(|amount| amount / whole), budget: budget / whole })
}

/// US dollars a month as they are typed: `120.50`, `$1,200`. Fails with what to type instead.
pub fn typed(text: &str) -> Result<Usd, &'static str> {
    let text = text.trim().trim_start_matches('$').replace([',', ' ', '\u{202f}'], "");
    if text.is_empty() {
        return Err("How many US dollars may a month cost?");
    }
    match text.parse::<Usd>() {
        Ok(amount) if amount > Usd::ZERO => Ok(amount),
        _ => Err("US dollars, more than 0, such as 120.50"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::monitor::spend::Projection;

    fn usd(text: &str) -> Usd {
        text.parse().unwrap()
    }

    fn spend(spent: &str, budget: Option<&str>, projected: Option<&str>) -> Spend {
        Spend {
            month_start: "2026-11-01T00:00:00Z".parse().unwrap(),
            month_end: "2026-12-01T00:00:00Z".parse().unwrap(),
            spent: usd(spent),
            budget: budget.map(usd),
            projected: projected.map(|amount| Projection { amount: usd(amount), n_days: 7 }),
            n_model_runs: 100,
            n_unpriced: 12,
            unpriced_tokens: 3_400,
        }
    }

    #[test]
    fn a_month_is_within_its_budget_or_will_be_over_it_or_is() {
        let said = |spend: &Spend| (standing(spend), verdict(spend));
        assert_eq!(said(&spend("5", None, None)), (Standing::NoBudget, "No budget is set".into()));
        let within = spend("12.4", Some("30"), Some("29"));
        assert_eq!(said(&within), (Standing::Within, "$17.60 of the budget is left".into()));
        let will = spend("12.4", Some("30"), Some("31"));
        assert_eq!(said(&will), (Standing::WillExceed, "Will be over budget by $1.00 if it goes on like this".into()));
        let over = spend("32.4", Some("30"), Some("40"));
        assert_eq!(said(&over), (Standing::Exceeded, "Over budget by $2.40".into()));
        assert_eq!(standing(&spend("30", Some("30"), None)), Standing::Within, "a budget may be spent");
    }

    #[test]
    fn a_projection_says_its_method_and_a_sum_what_it_leaves_out() {
        let month = spend("12.4", None, Some("31"));
        assert_eq!(
            projection(&month),
            "About $31.00 by the end of the month: spent so far, and the mean of the last 7 full days for each day that is left"
        );
        assert_eq!(projection(&spend("1", None, None)), "No projection yet: there was no full day to judge by");
        assert_eq!(
            unpriced(&month).as_deref(),
            Some("Without 12 of 100 model calls (12.0 %, 3,400 tokens) that have no price")
        );
        assert_eq!(unpriced(&Spend { n_unpriced: 0, ..month }), None);
    }

    #[test]
    fn the_largest_amount_is_the_length_of_the_bar() {
        let of = |spent, projected| bar(&spend(spent, Some("30"), projected)).unwrap();
        assert_eq!(of("15", None), Bar { spent: 0.5, projected: None, budget: 1.0 });
        assert_eq!(of("30", Some("60")), Bar { spent: 0.5, projected: Some(1.0), budget: 0.5 });
        assert_eq!(of("120", None), Bar { spent: 1.0, projected: None, budget: 0.25 });
        assert_eq!(bar(&spend("15", None, None)), None);
    }

    #[test]
    fn a_budget_is_typed_in_dollars() {
        assert_eq!(typed(" $1,200.50 "), Ok(usd("1200.5")));
        assert!(typed("").unwrap_err().contains("How many"));
        for nonsense in ["0", "-5", "much"] {
            assert!(typed(nonsense).unwrap_err().contains("120.50"), "{nonsense}");
        }
    }
}
