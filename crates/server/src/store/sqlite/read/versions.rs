//! What the versions of a prompt did: runs by version from the index, their feedback from SQL.

use super::Reading;
use super::lookup::look_up;
use super::question::Question;
use crate::store::sqlite::index::compile::Compiler;
use crate::store::sqlite::index::histogram::Buckets;
use crate::store::sqlite::index::versions::{Measured, NamedVersion, measure, named};
use crate::store::{StoreResult, effort};
use fanlight_wire::version_stats::{
    MeanStat, QuantileStat, Unit, VersionBucket, VersionStats, VersionsAnswer, VersionsQuery,
};
use fanlight_wire::{ProjectId, Timestamp, Usd};
use rusqlite::{OptionalExtension, Row};
use std::collections::{BTreeMap, HashMap};
use uuid::Uuid;

/// Versions in one answer: those with the most runs.
const MAX_VERSIONS: usize = 100;

/// Projects that are named for each version.
const MAX_PROJECTS: usize = 10;

/// Keys of feedback that are summed up without being asked for.
const MAX_KEYS: usize = 20;

/// With fewer runs than this, each is asked for its feedback; with more, all feedback for its run.
const MANY_RUNS: usize = 1000;

const NS_PER_S: f64 = 1e9;

pub fn version_stats(reading: &Reading, query: &VersionsQuery) -> StoreResult<VersionsAnswer> {
    let mut question = Question::of(reading, &query.query)?;
    let lookups = look_up(reading, &mut [&mut question])?;
    let (versions, measured, n_mixed) = {
        let index = reading.index.read();
        let named = named(&index, &query.repo, query.owner.as_deref(), &query.commits);
        let predicate = Compiler::new(&index, &lookups).compile(&question.filter);
        let (measured, n_mixed) = measure(&index, (&question.scope, &predicate), &named, query.unit);
        (named.versions, measured, n_mixed)
    };
    let mut groups: Vec<Group> =
        versions.into_iter().map(|version| Group { version, measured: Vec::new(), scores: BTreeMap::new() }).collect();
    for one in measured {
        groups[one.version as usize].measured.push(one);
    }
    groups.retain(|group| !group.measured.is_empty());
    groups
        .sort_by(|a, b| b.measured.len().cmp(&a.measured.len()).then_with(|| a.version.commit.cmp(&b.version.commit)));
    let n_more_versions = groups.len().saturating_sub(MAX_VERSIONS) as u64;
    groups.truncate(MAX_VERSIONS);
    add_scores(reading, &question.scope.projects, query, &mut groups)?;
    let keys = wanted_keys(query, &groups);
    let series = series(&question, query, &groups);
    let mut versions = Vec::with_capacity(groups.len());
    for group in groups {
        let projects = projects(reading, &group.measured)?;
        versions.push(group.stats(projects, &keys, series));
    }
    versions.sort_by(|a, b| a.first_start.cmp(&b.first_start).then_with(|| a.commit.cmp(&b.commit)));
    Ok(VersionsAnswer {
        versions,
        n_mixed,
        n_more_versions,
        series_start: series.map(|buckets| Timestamp(buckets.start_ns)),
        bucket_ns: series.map_or(0, |buckets| buckets.width_ns),
    })
}

/// One version while it is summed up.
struct Group {
    version: NamedVersion,
    measured: Vec<Measured>,
    /// By key and run (or trace): the sum of its scores, and how many.
    scores: BTreeMap<String, HashMap<u32, (f64, u32)>>,
}

impl Group {
    fn stats(self, projects: Vec<ProjectId>, keys: &[String], series: Option<Buckets>) -> VersionStats {
        let all = |of: fn(&Measured) -> i64| MeanStat::of(self.measured.iter().map(|one| of(one) as f64));
        let costs = || self.measured.iter().filter_map(|one| one.cost);
        let mut latencies: Vec<f64> =
            self.measured.iter().filter_map(|one| one.latency_ns).map(|ns| ns as f64 / NS_PER_S).collect();
        latencies.sort_unstable_by(f64::total_cmp);
        let starts = || self.measured.iter().map(|one| Timestamp(one.start_ns));
        // A run that was judged twice under one key is one run still.
        let score_of = |scores: &HashMap<u32, (f64, u32)>| {
            let mut means: Vec<(u32, f64)> = scores.iter().map(|(pk, (sum, n))| (*pk, sum / f64::from(*n))).collect();
            means.sort_unstable_by_key(|(pk, _)| *pk);
            MeanStat::of(means.into_iter().map(|(_, mean)| mean))
        };
        let scored = keys.iter().filter_map(|key| Some((key.clone(), score_of(self.scores.get(key)?))));
        VersionStats {
            projects,
            n: self.measured.len() as u64,
            n_errors: self.measured.iter().filter(|one| one.is_error).count() as u64,
            first_start: starts().min(),
            last_start: starts().max(),
            latency_p50: QuantileStat::of(&latencies, 0.5),
            latency_p95: QuantileStat::of(&latencies, 0.95),
            tokens: all(|one| one.total_tokens),
            prompt_tokens: all(|one| one.prompt_tokens),
            completion_tokens: all(|one| one.completion_tokens),
            cost: MeanStat::of(costs().map(|cost| Usd::from_pico(cost).to_f64())),
            total_cost: costs().next().is_some().then(|| costs().map(Usd::from_pico).sum()),
            feedback: scored.collect(),
            series: series.map_or_else(Vec::new, |buckets| points(&self.measured, buckets)),
            commit: self.version.commit,
            recorded_as: self.version.recorded_as,
        }
    }
}

/// Where most of the runs are.
fn projects(reading: &Reading, measured: &[Measured]) -> StoreResult<Vec<ProjectId>> {
    let mut counts: BTreeMap<u32, usize> = BTreeMap::new();
    measured.iter().for_each(|one| *counts.entry(one.project).or_default() += 1);
    let mut counts: Vec<(u32, usize)> = counts.into_iter().collect();
    counts.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    let mut statement = reading.db.prepare_cached("SELECT id FROM projects WHERE pk = ?1")?;
    let mut projects = Vec::new();
    for (pk, _) in counts.into_iter().take(MAX_PROJECTS) {
        let id = statement.query_row([pk], |row| row.get(0)).optional()?;
        projects.extend(id.map(|id| ProjectId(Uuid::from_bytes(id))));
    }
    Ok(projects)
}

/// The buckets of a series, when one was asked for: of the period, or of what was found.
fn series(question: &Question, query: &VersionsQuery, groups: &[Group]) -> Option<Buckets> {
    let starts = || groups.iter().flat_map(|group| &group.measured).map(|one| one.start_ns);
    let first_ns = question.scope.from_ns.or_else(|| starts().min())?;
    let last_ns = question.scope.until_ns.or_else(|| starts().max())?;
    (query.n_buckets > 0).then(|| Buckets::new(first_ns, last_ns, query.n_buckets.max(2)))
}

fn points(measured: &[Measured], buckets: Buckets) -> Vec<VersionBucket> {
    let mut by_bucket: Vec<Vec<&Measured>> = vec![Vec::new(); buckets.n_buckets];
    for one in measured {
        if let Some(idx) = buckets.idx(one.start_ns) {
            by_bucket[idx].push(one);
        }
    }
    let point = |found: Vec<&Measured>| {
        let mut latencies: Vec<f64> =
            found.iter().filter_map(|one| one.latency_ns).map(|ns| ns as f64 / NS_PER_S).collect();
        latencies.sort_unstable_by(f64::total_cmp);
        let cost = MeanStat::of(found.iter().filter_map(|one| one.cost).map(|cost| Usd::from_pico(cost).to_f64()));
        VersionBucket {
            n: found.len() as u64,
            n_errors: found.iter().filter(|one| one.is_error).count() as u64,
            latency_p50: QuantileStat::of(&latencies, 0.5).map(|median| median.value),
            mean_cost: (cost.n > 0).then_some(cost.mean),
        }
    };
    by_bucket.into_iter().map(point).collect()
}

/// The keys asked for, or those that most runs have.
fn wanted_keys(query: &VersionsQuery, groups: &[Group]) -> Vec<String> {
    if let Some(keys) = &query.feedback {
        return keys.clone();
    }
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for (key, scores) in groups.iter().flat_map(|group| &group.scores) {
        *counts.entry(key).or_default() += scores.len();
    }
    let mut keys: Vec<(&str, usize)> = counts.into_iter().collect();
    keys.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    keys.into_iter().take(MAX_KEYS).map(|(key, _)| key.to_owned()).collect()
}

/// Reads the scores of the runs, or of any run of the traces, that are measured.
fn add_scores(reading: &Reading, projects: &[u32], query: &VersionsQuery, groups: &mut [Group]) -> StoreResult<()> {
    let db = reading.db;
    let (feedback_of, find_pk, run_or_trace) = match query.unit {
        Unit::Trace => (
            "SELECT key, score FROM feedback INDEXED BY feedback_by_trace
             WHERE trace_id = (SELECT id FROM traces WHERE pk = ?1) AND run_id IS NOT NULL AND score IS NOT NULL",
            "SELECT pk FROM traces WHERE id = ?1",
            "trace_id",
        ),
        Unit::LlmCall => (
            "SELECT key, score FROM feedback INDEXED BY feedback_by_run
             WHERE run_id = (SELECT id FROM runs WHERE pk = ?1) AND score IS NOT NULL",
            "SELECT pk FROM runs WHERE id = ?1",
            "run_id",
        ),
    };
    let n_measured = groups.iter().map(|group| group.measured.len()).sum::<usize>();
    effort::looked_at(n_measured);
    let is_wanted = |key: &str| query.feedback.as_ref().is_none_or(|keys| keys.iter().any(|wanted| wanted == key));
    let add = |group: &mut Group, pk: u32, row: &Row| -> rusqlite::Result<()> {
        let key: String = row.get(0)?;
        if is_wanted(&key) {
            let (sum, n) = group.scores.entry(key).or_default().entry(pk).or_default();
            *sum += row.get::<_, f64>(1)?;
            *n += 1;
        }
        Ok(())
    };
    if n_measured < MANY_RUNS {
        let mut statement = db.prepare_cached(feedback_of)?;
        for group in groups {
            for pk in group.measured.iter().map(|one| one.pk).collect::<Vec<_>>() {
                let mut rows = statement.query([pk])?;
                while let Some(row) = rows.next()? {
                    add(group, pk, row)?;
                }
            }
        }
        return Ok(());
    }
    let group_of: HashMap<u32, usize> = groups
        .iter()
        .enumerate()
        .flat_map(|(idx, group)| group.measured.iter().map(move |one| (one.pk, idx)))
        .collect();
    let mut find_pk = db.prepare_cached(find_pk)?;
    let mut statement = db.prepare_cached(&format!(
        "SELECT key, score, {run_or_trace} FROM feedback INDEXED BY feedback_by_project
         WHERE project = ?1 AND run_id IS NOT NULL AND score IS NOT NULL AND {run_or_trace} IS NOT NULL"
    ))?;
    for project in projects {
        let mut rows = statement.query([project])?;
        while let Some(row) = rows.next()? {
            let id: [u8; 16] = row.get(2)?;
            let pk: Option<u32> = find_pk.query_row([id], |row| row.get(0)).optional()?;
            if let Some((pk, idx)) = pk.and_then(|pk| Some((pk, *group_of.get(&pk)?))) {
                add(&mut groups[idx], pk, row)?;
            }
        }
    }
    Ok(())
}
