//! Projects: listing with statistics, creating, changing.

use super::codes::{blob, blob_opt};
use super::feedback;
use super::index::RunIndex;
use super::index::memory::pk32;
use super::index::stats::Measured;
use super::read::Reading;
use super::write::project::{find_by_id, find_by_name};
use super::write::transaction::Transaction;
use crate::store::project_filter::FilterOnProjects;
use crate::store::{ProjectFilter, ProjectSort, StoreError, StoreResult};
use anyhow::Result;
use fanlight_wire::project::{Project, ProjectCreate, ProjectStats, ProjectUpdate};
use fanlight_wire::{ProjectId, RawJson, TenantId, Timestamp};
use rusqlite::{Connection, OptionalExtension, Row, params};
use serde_json::value::RawValue;
use std::cmp::Ordering;
use uuid::Uuid;

const COLUMNS: &str = "pk, id, name, start_ns, end_ns, description, extra, reference_dataset_id, default_dataset_id, \
     trace_tier, n_llm_runs, n_streamed_runs";

/// A project and what its row says beside.
struct Found {
    pk: i64,
    n_llm_runs: i64,
    n_streamed_runs: i64,
    project: Project,
}

pub fn list(reading: &Reading, filter: &ProjectFilter) -> StoreResult<Vec<Project>> {
    let (db, index) = (reading.db, reading.index);
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM projects"))?;
    let mut rows = statement.query([])?;
    let mut found = Vec::new();
    while let Some(row) = rows.next()? {
        let candidate = from_row(row, reading.tenant_id)?;
        if matches(filter, &candidate.project) {
            found.push(candidate);
        }
    }
    let needs_stats_to_sort = !matches!(filter.sort, ProjectSort::Name | ProjectSort::StartTime);
    let needs_stats_to_filter = filter.filter.as_ref().is_some_and(FilterOnProjects::needs_stats);
    if needs_stats_to_sort || needs_stats_to_filter {
        found.iter_mut().try_for_each(|found| add_stats(db, index, found))?;
    }
    if let Some(filter) = &filter.filter {
        found.retain(|found| filter.holds(&found.project));
    }
    found.sort_by(|a, b| {
        let order = compare(filter.sort, &a.project, &b.project);
        let order = if filter.is_descending { order.reverse() } else { order };
        order.then_with(|| a.pk.cmp(&b.pk))
    });
    let limit = filter.limit.clamp(1, 100);
    let mut page: Vec<Found> = found.into_iter().skip(filter.offset).take(limit).collect();
    for found in &mut page {
        if !filter.with_stats {
            found.project.stats = None;
        } else if found.project.stats.is_none() {
            add_stats(db, index, found)?;
        }
    }
    Ok(page.into_iter().map(|found| found.project).collect())
}

/// With statistics when an index is given to count them.
pub fn find(
    db: &Connection,
    tenant_id: TenantId,
    id: ProjectId,
    index: Option<&RunIndex>,
) -> StoreResult<Option<Project>> {
    let mut statement = db.prepare_cached(&format!("SELECT {COLUMNS} FROM projects WHERE id = ?1"))?;
    let mut rows = statement.query([blob(id.0)])?;
    let Some(row) = rows.next()? else { return Ok(None) };
    let mut found = from_row(row, tenant_id)?;
    if let Some(index) = index {
        add_stats(db, index, &mut found)?;
    }
    Ok(Some(found.project))
}

fn from_row(row: &Row, tenant_id: TenantId) -> Result<Found> {
    let uuid = |idx: usize| -> rusqlite::Result<Option<Uuid>> {
        Ok(row.get::<_, Option<[u8; 16]>>(idx)?.map(Uuid::from_bytes))
    };
    let extra: Option<String> = row.get(6)?;
    let project = Project {
        id: ProjectId(Uuid::from_bytes(row.get(1)?)),
        tenant_id,
        name: row.get(2)?,
        start_time: Timestamp(row.get(3)?),
        end_time: row.get::<_, Option<i64>>(4)?.map(Timestamp),
        description: row.get(5)?,
        extra: extra.map(RawValue::from_string).transpose()?,
        reference_dataset_id: uuid(7)?,
        default_dataset_id: uuid(8)?,
        trace_tier: row.get(9)?,
        stats: None,
    };
    Ok(Found { pk: row.get(0)?, n_llm_runs: row.get(10)?, n_streamed_runs: row.get(11)?, project })
}

/// Whether a project is asked for, as far as its row says; [`ProjectFilter::filter`] may ask for more.
fn matches(filter: &ProjectFilter, project: &Project) -> bool {
    let is_within = |listed: &Option<Vec<Uuid>>, id: Option<Uuid>| {
        listed.as_ref().is_none_or(|listed| id.is_some_and(|id| listed.contains(&id)))
    };
    filter.ids.as_ref().is_none_or(|ids| ids.contains(&project.id))
        && filter.name.as_ref().is_none_or(|name| *name == project.name)
        && filter.name_contains.as_ref().is_none_or(|part| project.name.to_lowercase().contains(&part.to_lowercase()))
        && filter.is_reference_free.is_none_or(|is_free| is_free == project.reference_dataset_id.is_none())
        && is_within(&filter.reference_datasets, project.reference_dataset_id)
        && filter.metadata.as_ref().is_none_or(|wanted| has_metadata(project, wanted))
}

fn has_metadata(project: &Project, wanted: &serde_json::Map<String, serde_json::Value>) -> bool {
    let extra: Option<serde_json::Value> =
        project.extra.as_ref().and_then(|extra| serde_json::from_str(extra.get()).ok());
    let metadata = extra.as_ref().and_then(|extra| extra.get("metadata"));
    wanted.iter().all(|(key, value)| metadata.and_then(|metadata| metadata.get(key)) == Some(value))
}

fn compare(sort: ProjectSort, a: &Project, b: &Project) -> Ordering {
    let number = |project: &Project, pick: fn(&ProjectStats) -> Option<f64>| {
        project.stats.as_ref().and_then(pick).unwrap_or(f64::NEG_INFINITY)
    };
    let by = |pick: fn(&ProjectStats) -> Option<f64>| number(a, pick).total_cmp(&number(b, pick));
    match sort {
        ProjectSort::Name => a.name.to_lowercase().cmp(&b.name.to_lowercase()).then_with(|| a.name.cmp(&b.name)),
        ProjectSort::StartTime => a.start_time.cmp(&b.start_time),
        ProjectSort::LastRunStartTime => {
            let last = |project: &Project| project.stats.as_ref().and_then(|stats| stats.last_run_start_time);
            last(a).cmp(&last(b))
        }
        ProjectSort::LatencyP50 => by(|stats| stats.latency_p50),
        ProjectSort::LatencyP99 => by(|stats| stats.latency_p99),
        ProjectSort::ErrorRate => by(|stats| stats.error_rate),
        ProjectSort::RunCount => by(|stats| Some(stats.run_count as f64)),
    }
}

/// Over the project's traces.
fn add_stats(db: &Connection, index: &RunIndex, found: &mut Found) -> Result<()> {
    let roots = {
        let index = index.read();
        let order = index.projects.get(&pk32(found.pk));
        Measured::of(&index, order.map_or(&[], |order| order.roots.slots()))
    };
    let roots = roots.into_stats();
    let share = |n: i64, of: i64| (of > 0).then(|| n as f64 / of as f64);
    found.project.stats = Some(ProjectStats {
        run_count: roots.run_count,
        latency_p50: roots.latency_p50,
        latency_p99: roots.latency_p99,
        first_token_p50: roots.first_token_p50,
        first_token_p99: roots.first_token_p99,
        total_tokens: roots.total_tokens,
        prompt_tokens: roots.prompt_tokens,
        completion_tokens: roots.completion_tokens,
        total_cost: roots.total_cost,
        prompt_cost: roots.prompt_cost,
        completion_cost: roots.completion_cost,
        last_run_start_time: roots.last_run_start_time,
        feedback_stats: Some(feedback::stats_of_project(db, found.pk, true)?),
        session_feedback_stats: Some(feedback::stats_of_project(db, found.pk, false)?),
        error_rate: roots.error_rate,
        streaming_rate: share(found.n_streamed_runs, found.n_llm_runs),
    });
    Ok(())
}

impl Transaction<'_> {
    /// Returns the id of what was created, or updated when the name exists and `is_upsert`.
    pub fn create_project(&mut self, create: ProjectCreate, is_upsert: bool) -> Result<ProjectId> {
        let name = create.name.as_deref().map(str::trim).filter(|name| !name.is_empty());
        let Some(name) = name.map(str::to_owned) else {
            return Err(StoreError::Invalid("a project needs a name".to_owned()).into());
        };
        if let Some(pk) = find_by_name(self.db, &name)? {
            if !is_upsert {
                return Err(StoreError::Conflict(format!("project {name:?} already exists")).into());
            }
            let id = id_of(self.db, pk)?;
            let update = ProjectUpdate {
                name: None,
                description: create.description,
                extra: create.extra,
                default_dataset_id: create.default_dataset_id,
                end_time: create.end_time,
                trace_tier: create.trace_tier,
            };
            self.update_project(id, update)?;
            return Ok(id);
        }
        let id = create.id.unwrap_or_else(|| ProjectId(Uuid::new_v4()));
        if find_by_id(self.db, id)?.is_some() {
            return Err(StoreError::Conflict(format!("a project with id {id} already exists")).into());
        }
        self.db.execute(
            "INSERT INTO projects (id, name, start_ns, end_ns, description, extra, reference_dataset_id,
             default_dataset_id, trace_tier) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
            params![
                blob(id.0),
                name,
                create.start_time.map_or(self.received_ns, |time| time.0),
                create.end_time.map(|time| time.0),
                create.description,
                create.extra.map(|extra| extra.get().to_owned()),
                blob_opt(create.reference_dataset_id),
                blob_opt(create.default_dataset_id),
                create.trace_tier,
            ],
        )?;
        Ok(id)
    }

    /// Changes what is given.
    pub fn update_project(&mut self, id: ProjectId, update: ProjectUpdate) -> Result<()> {
        let not_found = || StoreError::NotFound(format!("there is no project {id}"));
        let pk = find_by_id(self.db, id)?.ok_or_else(not_found)?;
        if let Some(name) = &update.name
            && find_by_name(self.db, name)?.is_some_and(|other| other != pk)
        {
            return Err(StoreError::Conflict(format!("project {name:?} already exists")).into());
        }
        let extra = update.extra.map(|extra: RawJson| extra.get().to_owned());
        self.db.execute(
            "UPDATE projects SET name = coalesce(?2, name), description = coalesce(?3, description),
             extra = coalesce(?4, extra), default_dataset_id = coalesce(?5, default_dataset_id),
             end_ns = coalesce(?6, end_ns), trace_tier = coalesce(?7, trace_tier) WHERE pk = ?1",
            params![
                pk,
                update.name,
                update.description,
                extra,
                blob_opt(update.default_dataset_id),
                update.end_time.map(|time| time.0),
                update.trace_tier
            ],
        )?;
        Ok(())
    }
}

fn id_of(db: &Connection, pk: i64) -> Result<ProjectId> {
    let id = db
        .query_row("SELECT id FROM projects WHERE pk = ?1", [pk], |row| row.get(0))
        .optional()?
        .ok_or_else(|| StoreError::NotFound("the project is gone".to_owned()))?;
    Ok(ProjectId(Uuid::from_bytes(id)))
}
