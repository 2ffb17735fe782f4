//! The filter language over projects: their id, name, start and metadata.

use super::{StoreError, StoreResult};
use fanlight_wire::filter::eval::{RunFacts, matches};
use fanlight_wire::filter::{Field, Filter, PairRows, TextPart, parse};
use fanlight_wire::project::Project;
use fanlight_wire::{RunId, RunStatus, RunType, TraceId};
use serde_json::{Map, Value};
use uuid::Uuid;

/// A filter that asks only for what projects have.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterOnProjects(Filter);

impl FilterOnProjects {
    /// Fails with `Invalid` for what cannot be read, and for fields that projects have not.
    pub fn parse(text: &str) -> StoreResult<FilterOnProjects> {
        let filter = parse(text).map_err(|error| StoreError::Invalid(error.message))?;
        check(&filter)?;
        Ok(FilterOnProjects(filter))
    }

    pub fn holds(&self, project: &Project) -> bool {
        matches(&self.0, 0, &[facts(project)])
    }
}

fn check(filter: &Filter) -> StoreResult<()> {
    let is_known = match filter {
        Filter::And(all) | Filter::Or(all) => return all.iter().try_for_each(check),
        Filter::Not(inner) => return check(inner),
        Filter::Compare { field, .. } | Filter::In { field, .. } | Filter::Like { field, .. } => {
            matches!(field, Field::Id | Field::Name | Field::StartTime)
        }
        Filter::MetadataContains(_) => true,
        Filter::Pair(pair) => pair.rows == PairRows::Metadata,
        Filter::Search { within, .. } => matches!(within, None | Some(TextPart::Name)),
        Filter::RootRun(_) | Filter::AnyRun(_) => false,
    };
    match is_known {
        true => Ok(()),
        false => {
            Err(StoreError::Invalid("projects are filtered by id, name, start_time, metadata and search(…)".to_owned()))
        }
    }
}

/// A project, as if it were a run: the language means the same of both.
fn facts(project: &Project) -> RunFacts {
    let metadata = || -> Option<Map<String, Value>> {
        let extra: Value = serde_json::from_str(project.extra.as_ref()?.get()).ok()?;
        extra.get("metadata")?.as_object().cloned()
    };
    RunFacts {
        id: RunId(project.id.0),
        trace_id: TraceId(Uuid::nil()),
        parent_run_id: None,
        reference_example_id: None,
        name: project.name.clone(),
        run_type: RunType::Chain,
        status: RunStatus::Success,
        error: None,
        start_time: project.start_time,
        end_time: None,
        first_token_time: None,
        is_root: true,
        tags: Vec::new(),
        thread_id: None,
        model: None,
        provider: None,
        total_tokens: 0,
        prompt_tokens: 0,
        completion_tokens: 0,
        total_cost: None,
        prompt_cost: None,
        completion_cost: None,
        metadata: metadata().unwrap_or_default(),
        inputs: None,
        outputs: None,
        feedback: Vec::new(),
    }
}
