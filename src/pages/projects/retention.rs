//! How long a project's traces are kept: what is typed, what it means, in words. Pure.

use crate::format::digits::grouped;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::storage::Retention;
use fanlight_wire::{ProjectId, Timestamp};

/// Longer than anybody keeps traces, and safe to count with.
const MAX_DAYS: u32 = 36_500;
const DAY_NS: i64 = 24 * 3_600_000_000_000;

/// The days that a text names.
pub fn days(text: &str) -> Result<u32, &'static str> {
    match text.trim().parse::<u32>() {
        Ok(days @ 1..=MAX_DAYS) => Ok(days),
        _ => Err("A whole number of days, from 1 to 36,500"),
    }
}

/// Traces that began before this are deleted.
pub fn cutoff(now: Timestamp, days: u32) -> Timestamp {
    Timestamp(now.0.saturating_sub(i64::from(days.min(MAX_DAYS)) * DAY_NS))
}

/// The traces of `project` that began before `cutoff`.
pub fn older_than(project: ProjectId, cutoff: Timestamp) -> RunQuery {
    RunQuery { projects: Some(vec![project]), is_root: Some(true), end_time: Some(cutoff), ..RunQuery::default() }
}

/// `30 days`, `for ever`.
pub fn words(retention: Retention) -> String {
    match retention.days {
        None => "for ever".into(),
        Some(1) => "1 day".into(),
        Some(days) => format!("{} days", grouped(i64::from(days))),
    }
}

/// `for 30 days`, `for ever`: what follows "keep".
pub fn for_words(retention: Retention) -> String {
    match retention.days {
        None => words(retention),
        Some(_) => format!("for {}", words(retention)),
    }
}

/// What choosing `retention` does at once to `n_older` traces that are too old for it.
pub fn consequence(retention: Retention, n_older: i64) -> String {
    match (retention.days, n_older) {
        (None, _) => "Nothing will be deleted.".into(),
        (Some(_), 0) => "No trace is that old: nothing will be deleted now.".into(),
        (Some(_), 1) => {
            "1 trace is older: it will be deleted now, with its runs, attachments and feedback, with no way back."
                .into()
        }
        (Some(_), n) => format!(
            "{} traces are older: they will be deleted now, with their runs, attachments and feedback, with no way back.",
            grouped(n)
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_are_whole_and_not_absurd() {
        for (text, expected) in [("30", Some(30)), (" 1 ", Some(1)), ("36500", Some(36_500))] {
            assert_eq!(days(text).ok(), expected);
        }
        for text in ["", "0", "-3", "1.5", "36501", "99999999999", "a week"] {
            assert!(days(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_cutoff_is_so_many_days_ago() {
        let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
        assert_eq!(cutoff(now, 7), "2026-11-17T12:00:00Z".parse().unwrap());
        assert!(cutoff(now, u32::MAX) < now);
    }

    #[test]
    fn what_is_lost_is_said_before_it_is() {
        let month = Retention { days: Some(30) };
        assert_eq!(words(month), "30 days");
        assert_eq!(for_words(month), "for 30 days");
        assert_eq!(for_words(Retention::default()), "for ever");
        assert!(consequence(month, 1204).starts_with("1,204 traces are older: they will be deleted now"));
        assert!(consequence(month, 0).contains("nothing will be deleted now"));
        assert_eq!(consequence(Retention::default(), 5), "Nothing will be deleted.");
    }
}
