//! How much a number differs from that of the period before.

use super::unit::Unit;
use crate::format::digits::{rounds_below, three_digits};

/// Whether a change is good news.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Verdict {
    Better,
    Worse,
    #[default]
    Neither,
}

/// A change in words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Change {
    /// `+12.4 %`, `−0.62 pt`, `no change`, `new`.
    pub text: String,
    pub verdict: Verdict,
}

/// What more of it means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum More {
    IsWorse,
    IsBetter,
    /// More traces are neither good nor bad.
    IsMore,
}

/// From `before` to `now`; `None` where one of them is not known, or nothing was there to compare with.
pub fn change(unit: Unit, more: More, now: Option<f64>, before: Option<f64>) -> Option<Change> {
    let (now, before) = (now?, before?);
    if !now.is_finite() || !before.is_finite() {
        return None;
    }
    // A share of a share says little: 1 % from 0.5 % is half a point more.
    let (size, suffix) = match unit {
        Unit::Share => ((now - before) * 100.0, "pt"),
        _ if before == 0.0 && now == 0.0 => (0.0, "%"),
        _ if before == 0.0 => return Some(Change { text: "new".into(), verdict: Verdict::Neither }),
        _ => ((now - before) / before.abs() * 100.0, "%"),
    };
    if size.abs() < 0.05 && suffix == "%" || size.abs() < 0.005 {
        return Some(Change { text: "no change".into(), verdict: Verdict::Neither });
    }
    // What is hardly a change is no news, good or bad.
    let is_news = size.abs() >= if suffix == "pt" { 0.1 } else { 1.0 };
    let verdict = match (more, size > 0.0) {
        (More::IsMore, _) => Verdict::Neither,
        _ if !is_news => Verdict::Neither,
        (More::IsWorse, true) | (More::IsBetter, false) => Verdict::Worse,
        _ => Verdict::Better,
    };
    let sign = if size < 0.0 { '−' } else { '+' };
    Some(Change { text: format!("{sign}{} {suffix}", amount(size.abs())), verdict })
}

/// `up 12.4 %`, `down 0.62 pt`, `the same`: for sentences.
pub fn spoken(change: &Change) -> String {
    match change.text.split_at_checked(1) {
        Some(("+", amount)) => format!("up {amount}"),
        _ => match change.text.strip_prefix('−') {
            Some(amount) => format!("down {amount}"),
            None => change.text.clone(),
        },
    }
}

fn amount(size: f64) -> String {
    if rounds_below(size, 0, 1000.0) { three_digits(size) } else { crate::format::tokens::tokens(size as i64) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(unit: Unit, more: More, now: f64, before: f64, expected: (&str, Verdict)) {
        let change = change(unit, more, Some(now), Some(before)).expect("both are numbers");
        assert_eq!((change.text.as_str(), change.verdict), expected);
    }

    #[test]
    fn changes_are_in_percent_and_those_of_shares_in_points() {
        check(Unit::Count, More::IsMore, 112.4, 100.0, ("+12.4 %", Verdict::Neither));
        check(Unit::Duration, More::IsWorse, 118.0, 100.0, ("+18.0 %", Verdict::Worse));
        check(Unit::Duration, More::IsWorse, 97.0, 100.0, ("−3.00 %", Verdict::Better));
        check(Unit::Share, More::IsWorse, 0.0231, 0.0169, ("+0.62 pt", Verdict::Worse));
        check(Unit::Share, More::IsWorse, 0.0201, 0.02, ("+0.01 pt", Verdict::Neither));
        check(Unit::Duration, More::IsWorse, 100.6, 100.0, ("+0.60 %", Verdict::Neither));
        check(Unit::Score, More::IsBetter, 0.8, 0.9, ("−11.1 %", Verdict::Worse));
        check(Unit::Count, More::IsMore, 5.0, 0.0, ("new", Verdict::Neither));
        check(Unit::Count, More::IsMore, 0.0, 0.0, ("no change", Verdict::Neither));
        check(Unit::Count, More::IsMore, 1e6, 1.0, ("+100M %", Verdict::Neither));
    }

    #[test]
    fn a_change_can_be_said() {
        let say = |now, before| change(Unit::Count, More::IsMore, Some(now), Some(before)).map(|it| spoken(&it));
        assert_eq!(say(110.0, 100.0).as_deref(), Some("up 10.0 %"));
        assert_eq!(say(90.0, 100.0).as_deref(), Some("down 10.0 %"));
        assert_eq!(say(100.0, 100.0).as_deref(), Some("no change"));
        assert_eq!(change(Unit::Count, More::IsMore, None, Some(1.0)), None);
    }

    proptest! {
        #[test]
        fn better_and_worse_are_each_others_mirror(now in 0.1..1e6f64, before in 0.1..1e6f64) {
            let worse = change(Unit::Duration, More::IsWorse, Some(now), Some(before)).unwrap();
            let better = change(Unit::Duration, More::IsBetter, Some(now), Some(before)).unwrap();
            let is_mirror = matches!(
                (worse.verdict, better.verdict),
                (Verdict::Neither, Verdict::Neither) | (Verdict::Worse, Verdict::Better) | (Verdict::Better, Verdict::Worse)
            );
            prop_assert!(is_mirror && worse.text == better.text);
        }
    }
}
