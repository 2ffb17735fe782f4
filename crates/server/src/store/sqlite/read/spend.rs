//! What a project costs this month: spent, to be expected, allowed, and what nobody knows the price of.

use super::Reading;
use super::monitor::zone;
use crate::store::sqlite::index::columns::ABSENT;
use crate::store::sqlite::index::memory::{Index, pk32};
use crate::store::sqlite::index::monitor::buckets::instant_ns;
use crate::store::sqlite::index::monitor::measures::{is_model_run, is_unpriced};
use crate::store::sqlite::index::monitor::projection::{MAX_DAYS, projection};
use crate::store::sqlite::index::predicate::Predicate;
use crate::store::sqlite::index::scope::Scope;
use crate::store::sqlite::write::project::find_by_id;
use crate::store::{StoreError, StoreResult};
use chrono::{DateTime, Datelike, Days, Months, NaiveDate, TimeZone};
use chrono_tz::Tz;
use fanlight_wire::monitor::spend::Spend;
use fanlight_wire::{ProjectId, Timestamp, Usd};

pub fn spend(reading: &Reading, project: ProjectId, time_zone: Option<&str>, now_ns: i64) -> StoreResult<Spend> {
    let zone = zone(time_zone)?;
    let no_project = || StoreError::NotFound(format!("there is no project {project}"));
    let pk = find_by_id(reading.db, project)?.ok_or_else(no_project)?;
    let budget: Option<i64> =
        reading.db.query_row("SELECT monthly_budget FROM projects WHERE pk = ?1", [pk], |row| row.get(0))?;
    let today = zone.from_utc_datetime(&DateTime::from_timestamp_nanos(now_ns).naive_utc()).date_naive();
    let (month_start_ns, month_end_ns) = month(zone, today);
    let index = reading.index.read();
    let roots = Scope { projects: vec![pk32(pk)], is_root: Some(true), ..Scope::default() };
    let spent = cost(&index, &roots, month_start_ns, now_ns.saturating_add(1));
    let full_days = full_days(&index, &roots, zone, today);
    let of_month = Scope { is_root: None, from_ns: Some(month_start_ns), until_ns: Some(month_end_ns - 1), ..roots };
    let mut spend = Spend {
        month_start: Timestamp(month_start_ns),
        month_end: Timestamp(month_end_ns),
        spent,
        budget: budget.map(Usd::from_pico),
        projected: projection(spent, &full_days, month_end_ns - now_ns),
        n_model_runs: 0,
        n_unpriced: 0,
        unpriced_tokens: 0,
    };
    of_month.for_each(&index, &Predicate::Always(true), |slot| {
        let columns = &index.columns;
        let tokens = columns.total_tokens[slot as usize];
        if is_model_run(columns, slot) && tokens > 0 {
            spend.n_model_runs += 1;
            if is_unpriced(columns, slot) {
                spend.n_unpriced += 1;
                spend.unpriced_tokens = spend.unpriced_tokens.saturating_add(tokens);
            }
        }
    });
    Ok(spend)
}

/// When the month of a day begins and ends.
fn month(zone: Tz, day: NaiveDate) -> (i64, i64) {
    let first = day.with_day(1).expect("every month has a first day");
    let next = first + Months::new(1);
    (instant_ns(zone, first, 0), instant_ns(zone, next, 0))
}

/// Of the roots that started then or later, and before the end.
fn cost(index: &Index, roots: &Scope, from_ns: i64, end_ns: i64) -> Usd {
    let scope = Scope { from_ns: Some(from_ns), until_ns: Some(end_ns - 1), ..roots.clone() };
    let mut sum = 0i128;
    scope.for_each(index, &Predicate::Always(true), |slot| {
        let cost = index.columns.total_cost[slot as usize];
        sum += i128::from(if cost == ABSENT { 0 } else { cost });
    });
    Usd::from_pico(sum.clamp(i64::MIN.into(), i64::MAX.into()) as i64)
}

/// What each of the last full days cost, newest first: none that began before the first root.
fn full_days(index: &Index, roots: &Scope, zone: Tz, today: NaiveDate) -> Vec<Usd> {
    let orders = roots.orders(index);
    let starts = orders.iter().filter_map(|slots| slots.first()).map(|&slot| index.columns.start_ns[slot as usize]);
    let Some(first_ns) = starts.min() else { return Vec::new() };
    let midnights: Vec<i64> = (0..=MAX_DAYS as u64)
        .filter_map(|n_ago| today.checked_sub_days(Days::new(n_ago)))
        .map(|day| instant_ns(zone, day, 0))
        .collect();
    midnights
        .windows(2)
        .take_while(|pair| pair[1] >= first_ns)
        .map(|pair| cost(index, roots, pair[1], pair[0]))
        .collect()
}
