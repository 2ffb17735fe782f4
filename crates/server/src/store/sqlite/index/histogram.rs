//! Runs by start time, and by latency over time, in buckets of widths that people use.

use super::columns::ABSENT;
use super::memory::Index;
use super::predicate::Predicate;
use super::scope::Scope;
use fanlight_wire::run_stats::{Histogram, LATENCY_BOUNDS_MS};
use fanlight_wire::{RunStatus, Timestamp};

const DEFAULT_BUCKETS: usize = 60;
const MAX_BUCKETS: usize = 400;

const MILLIS: i64 = 1_000_000;
const SECOND: i64 = 1000 * MILLIS;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;

/// Narrowest first. What does not fit the widest takes multiples of it.
const WIDTHS: [i64; 28] = [
    MILLIS,
    2 * MILLIS,
    5 * MILLIS,
    10 * MILLIS,
    20 * MILLIS,
    50 * MILLIS,
    100 * MILLIS,
    200 * MILLIS,
    500 * MILLIS,
    SECOND,
    2 * SECOND,
    5 * SECOND,
    10 * SECOND,
    15 * SECOND,
    30 * SECOND,
    MINUTE,
    2 * MINUTE,
    5 * MINUTE,
    10 * MINUTE,
    15 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    3 * HOUR,
    6 * HOUR,
    12 * HOUR,
    DAY,
    7 * DAY,
];

/// Buckets of equal width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Buckets {
    pub start_ns: i64,
    pub width_ns: i64,
    pub n_buckets: usize,
}

impl Buckets {
    /// Covers both ends with at most `max_buckets`, which are two or more: buckets start at whole multiples of their width
    /// since 1970 (UTC), and some range always crosses one.
    pub fn new(first_ns: i64, last_ns: i64, max_buckets: usize) -> Buckets {
        let last_ns = last_ns.max(first_ns);
        let count = |width_ns: i64| {
            let start = i128::from(first_ns.div_euclid(width_ns)) * i128::from(width_ns);
            (i128::from(last_ns) - start) / i128::from(width_ns) + 1
        };
        let fits = |width_ns: &i64| count(*width_ns) <= max_buckets as i128;
        let wide = |factor: i64| 7 * DAY * factor;
        let width_ns =
            WIDTHS.into_iter().find(fits).or_else(|| (2..=1000).map(wide).find(fits)).unwrap_or(i64::MAX / 2);
        Buckets {
            // The multiple below the very first times may be out of range: then the bucket is a little narrower.
            start_ns: first_ns.div_euclid(width_ns).saturating_mul(width_ns),
            width_ns,
            n_buckets: usize::try_from(count(width_ns)).unwrap_or(1).clamp(1, max_buckets),
        }
    }

    pub fn idx(&self, time_ns: i64) -> Option<usize> {
        let since = time_ns.checked_sub(self.start_ns).filter(|since| *since >= 0)?;
        usize::try_from(since / self.width_ns).ok().filter(|idx| *idx < self.n_buckets)
    }
}

fn latency_step(latency_ns: i64) -> usize {
    LATENCY_BOUNDS_MS.partition_point(|&bound_ms| (bound_ms as i64) * MILLIS < latency_ns)
}

/// The runs of `scope` that pass. Without a range the scope's own, or that of the runs found.
pub fn histogram(index: &Index, scope: &Scope, predicate: &Predicate, n_buckets: Option<usize>) -> Histogram {
    let columns = &index.columns;
    let max_buckets = n_buckets.unwrap_or(DEFAULT_BUCKETS).clamp(2, MAX_BUCKETS);
    let mut found = Vec::new();
    scope.for_each(index, predicate, |slot| found.push(slot));
    let starts = || found.iter().map(|&slot| columns.start_ns[slot as usize]);
    // With one end given and nothing found, the range is that instant.
    let first_ns = scope.from_ns.or_else(|| starts().min()).or(scope.until_ns);
    let last_ns = scope.until_ns.or_else(|| starts().max()).or(scope.from_ns);
    let (Some(first_ns), Some(last_ns)) = (first_ns, last_ns) else {
        return Histogram { bucket_ns: SECOND, ..Histogram::default() };
    };
    let buckets = Buckets::new(first_ns, last_ns, max_buckets);
    let zeros = || vec![0u64; buckets.n_buckets];
    let mut histogram = Histogram {
        start: Some(Timestamp(buckets.start_ns)),
        bucket_ns: buckets.width_ns,
        n_success: zeros(),
        n_error: zeros(),
        n_other: zeros(),
        latency: vec![vec![0u32; LATENCY_BOUNDS_MS.len() + 1]; buckets.n_buckets],
    };
    for slot in found {
        let Some(idx) = buckets.idx(columns.start_ns[slot as usize]) else { continue };
        match columns.status(slot) {
            RunStatus::Success => histogram.n_success[idx] += 1,
            RunStatus::Error => histogram.n_error[idx] += 1,
            RunStatus::Pending | RunStatus::Interrupted => histogram.n_other[idx] += 1,
        }
        let latency_ns = columns.latency_ns(slot);
        if latency_ns != ABSENT {
            histogram.latency[idx][latency_step(latency_ns)] += 1;
        }
    }
    histogram
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[track_caller]
    fn check(first_ns: i64, last_ns: i64, max_buckets: usize, expected: (i64, i64, usize)) {
        let buckets = Buckets::new(first_ns, last_ns, max_buckets);
        assert_eq!((buckets.start_ns, buckets.width_ns, buckets.n_buckets), expected);
    }

    #[test]
    fn widths_are_those_that_people_use() {
        check(0, HOUR, 60, (0, 2 * MINUTE, 31));
        check(0, HOUR - 1, 60, (0, MINUTE, 60));
        check(HOUR + 1, 25 * HOUR, 60, (HOUR, 30 * MINUTE, 49));
        check(0, 400 * DAY, 60, (0, 7 * DAY, 58));
        check(0, 4000 * DAY, 60, (0, 70 * DAY, 58));
        check(5 * SECOND, 5 * SECOND, 60, (5 * SECOND, MILLIS, 1));
        check(7, 3, 60, (0, MILLIS, 1));
    }

    #[test]
    fn steps_of_latency_end_at_their_bound() {
        let steps = [0, 10 * MILLIS, 10 * MILLIS + 1, 2 * HOUR, 2 * HOUR + 1].map(latency_step);
        assert_eq!(steps, [0, 0, 1, 18, 19]);
    }

    proptest! {
        #[test]
        fn both_ends_have_a_bucket_however_far_apart(a: i64, b: i64, max_buckets in 2usize..400) {
            let (first, last) = (a.min(b), a.max(b));
            let buckets = Buckets::new(first, last, max_buckets);
            prop_assert!(buckets.n_buckets <= max_buckets);
            // Times two centuries apart from zero do not fit the arithmetic of lists.
            if first > -4_000_000_000_000_000_000 && last < 4_000_000_000_000_000_000 {
                prop_assert_eq!(buckets.idx(first), Some(0));
                prop_assert_eq!(buckets.idx(last), Some(buckets.n_buckets - 1));
            }
        }
    }
}
