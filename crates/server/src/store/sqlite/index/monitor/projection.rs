//! What a month will have cost, judged by its last full days.

use fanlight_wire::Usd;
use fanlight_wire::monitor::spend::Projection;

/// Most days that are looked at: a week, so that every day of one counts.
pub const MAX_DAYS: usize = 7;

const NS_PER_DAY: i128 = 86_400_000_000_000;

/// What was spent, and for each day that is left (today's rest included) the mean of `full_days`, the last whole days before
/// today. `None` without any. Half a picodollar is rounded up; saturates.
pub fn projection(spent: Usd, full_days: &[Usd], left_ns: i64) -> Option<Projection> {
    let n_days = u32::try_from(full_days.len()).ok().filter(|n| *n > 0)?;
    let sum: i128 = full_days.iter().map(|day| i128::from(day.picodollars)).sum();
    let unit = NS_PER_DAY * i128::from(n_days);
    let to_come = (sum * i128::from(left_ns.max(0)) + unit / 2).div_euclid(unit);
    let to_come = Usd::from_pico(to_come.clamp(i64::MIN.into(), i64::MAX.into()) as i64);
    Some(Projection { amount: spent + to_come, n_days })
}

#[cfg(test)]
mod tests {
    use super::*;

    const DAY_NS: i64 = 86_400_000_000_000;

    #[track_caller]
    fn check(spent: &str, full_days: &[&str], left_ns: i64, expected: Option<&str>) {
        let usd = |text: &str| text.parse::<Usd>().unwrap();
        let days: Vec<Usd> = full_days.iter().map(|day| usd(day)).collect();
        let amount = projection(usd(spent), &days, left_ns).map(|projection| projection.amount.to_string());
        assert_eq!(amount.as_deref(), expected);
    }

    #[test]
    fn what_is_left_of_a_month_costs_what_the_last_days_did() {
        check("10", &["1", "3"], 5 * DAY_NS, Some("20"));
        check("10", &["2"], DAY_NS / 4, Some("10.5"));
        check("0.1", &["0", "0", "0.000000000001"], DAY_NS, Some("0.1"));
        check("10", &["1"], -5, Some("10"));
    }

    #[test]
    fn without_a_full_day_nothing_is_claimed() {
        check("10", &[], 5 * DAY_NS, None);
    }
}
