//! Metrics over time: the runs that a question finds, by group and bucket.

use super::buckets::{Buckets, Uncut, Wanted};
use super::cells::Cells;
use super::grouping::{GroupName, Grouping, Key, ProjectNames};
use super::measures::{Measured, Scores, ScoresByKey};
use crate::store::sqlite::index::bitset::Bitset;
use crate::store::sqlite::index::memory::Index;
use crate::store::sqlite::index::predicate::Predicate;
use crate::store::sqlite::index::scope::Scope;
use chrono_tz::Tz;
use fanlight_wire::monitor::Metric;
use fanlight_wire::monitor::series::{Group, GroupBy, MAX_GROUPS, MAX_POINTS, Series, Source};

const DEFAULT_GROUPS: usize = 8;

/// A score that somebody gave a run.
#[derive(Clone, Debug, PartialEq)]
pub struct Score {
    /// Row of the run.
    pub pk: u32,
    /// Position among the keys that were asked for.
    pub key: usize,
    pub score: f64,
}

/// How a chart's time is cut.
#[derive(Clone, Copy, Debug)]
pub struct Cut {
    pub zone: Tz,
    pub wanted: Wanted,
    /// What time it is: buckets that end later are not whole.
    pub now_ns: i64,
}

/// What is asked of the runs of a scope.
pub struct Asked<'a> {
    pub cut: Cut,
    pub group_by: Option<&'a GroupBy>,
    pub metrics: &'a [Metric],
    /// Feedback keys of the metrics, and scores given under them.
    pub feedback_keys: &'a [String],
    pub scores: &'a [Score],
    pub projects: &'a ProjectNames,
}

/// What columns say. [`Found::into_series`] makes the answer of it, without them.
pub struct Found {
    buckets: Option<Buckets>,
    series: Series,
    names: Vec<GroupName>,
    n_runs_of: Vec<u64>,
    measured: Measured,
}

/// The slots of the runs that pass, in order of start within each project.
pub fn slots(index: &Index, scope: &Scope, predicate: &Predicate) -> Vec<u32> {
    let mut slots = Vec::new();
    scope.for_each(index, predicate, |slot| slots.push(slot));
    slots
}

/// The range that a scope asks for, or else that of the runs found. `None`: nothing was found, and no range asked for.
pub fn buckets(index: &Index, scope: &Scope, slots: &[u32], cut: Cut) -> Result<Option<Buckets>, Uncut> {
    let starts = || slots.iter().map(|&slot| index.columns.start_ns[slot as usize]);
    // With one end given and nothing found, the range is that instant.
    let first_ns = scope.from_ns.or_else(|| starts().min()).or(scope.until_ns);
    let last_ns = scope.until_ns.or_else(|| starts().max()).or(scope.from_ns);
    let (Some(first_ns), Some(last_ns)) = (first_ns, last_ns) else { return Ok(None) };
    Buckets::new(first_ns, last_ns, cut.zone, cut.wanted, MAX_POINTS).map(Some)
}

/// Whether the first and the last bucket are cut short by the range, or by time itself.
pub fn partial_ends(buckets: &Buckets, scope: &Scope, now_ns: i64) -> (bool, bool) {
    let is_first_partial = scope.from_ns.is_some_and(|from_ns| from_ns > buckets.start_ns());
    let is_range_shorter = scope.until_ns.is_some_and(|until_ns| until_ns < buckets.end_ns() - 1);
    (is_first_partial, is_range_shorter || now_ns < buckets.end_ns())
}

impl Found {
    pub fn new(index: &Index, scope: &Scope, predicate: &Predicate, asked: &Asked) -> Result<Found, Uncut> {
        let slots = slots(index, scope, predicate);
        let buckets = buckets(index, scope, &slots, asked.cut)?;
        let grouping = asked.group_by.map(|by| {
            let max_groups = by.max_groups.unwrap_or(DEFAULT_GROUPS).clamp(1, MAX_GROUPS);
            let key = Key::of(index, &by.key, asked.projects);
            Grouping::new(index, key, &slots, by.rank_by, max_groups)
        });
        let names = grouping.as_ref().map_or_else(|| vec![GroupName::all()], |grouping| grouping.names.clone());
        let mut series = Series {
            n_runs: slots.len() as u64,
            n_groups: grouping.as_ref().map_or(0, |grouping| grouping.n_values as u64),
            is_overlapping: asked.group_by.is_some_and(|by| by.key.is_overlapping()),
            source: Source::Runs,
            ..Series::default()
        };
        let Some(cut) = &buckets else {
            return Ok(Found {
                buckets,
                series,
                names: Vec::new(),
                n_runs_of: Vec::new(),
                measured: Measured::default(),
            });
        };
        series.starts_ms = cut.starts_ms();
        series.end_ms = cut.end_ns() / 1_000_000;
        series.bucket_seconds = cut.width_s;
        (series.is_first_partial, series.is_last_partial) = partial_ends(cut, scope, asked.cut.now_ns);
        let (cells, n_runs_of) = place(index, &slots, cut, grouping.as_ref(), names.len());
        let scores = scores_by_cell(index, &cells, asked);
        let measured = Measured::of(&index.columns, &cells, asked.metrics, scores);
        Ok(Found { buckets, series, names, n_runs_of, measured })
    }

    /// Percentiles are the slow half.
    pub fn into_series(mut self, metrics: &[Metric]) -> Series {
        let Some(buckets) = &self.buckets else { return self.series };
        for (idx, (name, n_runs)) in self.names.into_iter().zip(self.n_runs_of).enumerate() {
            let is_whole = name.kind == fanlight_wire::monitor::series::GroupKind::All;
            if n_runs > 0 || is_whole {
                let cells = idx * buckets.n()..(idx + 1) * buckets.n();
                let columns = metrics.iter().map(|metric| self.measured.column(metric, cells.clone())).collect();
                self.series.groups.push(Group { kind: name.kind, label: name.label, n_runs, columns });
            }
        }
        self.series
    }
}

/// Each run where it is counted, and how many there are in each group.
fn place(
    index: &Index,
    slots: &[u32],
    buckets: &Buckets,
    grouping: Option<&Grouping>,
    n_groups: usize,
) -> (Cells, Vec<u64>) {
    let columns = &index.columns;
    let n_buckets = buckets.n();
    let mut cells = Cells { n_cells: n_groups * n_buckets, runs: Vec::with_capacity(slots.len()) };
    let mut n_runs_of = vec![0u64; n_groups];
    for &slot in slots {
        let bucket = buckets.idx(columns.start_ns[slot as usize]);
        let groups = grouping.map_or(&[0][..], |grouping| grouping.of(columns, slot));
        for &group in groups {
            n_runs_of[group as usize] += 1;
            cells.runs.push((slot, (group as usize * n_buckets + bucket) as u32));
        }
    }
    (cells, n_runs_of)
}

fn scores_by_cell(index: &Index, cells: &Cells, asked: &Asked) -> ScoresByKey {
    let mut by_key = vec![vec![Scores::default(); cells.n_cells]; asked.feedback_keys.len()];
    if !asked.scores.is_empty() {
        let mut scores: Vec<(u32, &Score)> =
            asked.scores.iter().filter_map(|score| Some((index.columns.slot(score.pk)?, score))).collect();
        scores.sort_by_key(|(slot, _)| *slot);
        let with_scores: Bitset = scores.iter().map(|(slot, _)| *slot).collect();
        for &(slot, cell) in cells.runs.iter().filter(|(slot, _)| with_scores.contains(*slot)) {
            let first = scores.partition_point(|(other, _)| *other < slot);
            for (_, score) in scores[first..].iter().take_while(|(other, _)| *other == slot) {
                by_key[score.key][cell as usize].add(score.score);
            }
        }
    }
    asked.feedback_keys.iter().cloned().zip(by_key).collect()
}
