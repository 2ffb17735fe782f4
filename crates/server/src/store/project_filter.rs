//! The filter language over projects: what they are called and carry, and what their traces amount to.

use super::{StoreError, StoreResult};
use fanlight_wire::feedback::FeedbackStats;
use fanlight_wire::filter::eval::{FeedbackFacts, RunFacts, holds, holds_of_null, matches};
use fanlight_wire::filter::{Field, Filter, Literal, PairRows, ProjectNumber, TextPart, parse_of_projects};
use fanlight_wire::project::{Project, ProjectStats};
use fanlight_wire::{RunId, RunStatus, RunType, TraceId};
use serde_json::{Map, Value};
use std::cmp::Ordering;
use uuid::Uuid;

/// A filter that asks only for what projects have.
#[derive(Clone, Debug, PartialEq)]
pub struct FilterOnProjects {
    filter: Filter,
    needs_stats: bool,
}

impl FilterOnProjects {
    /// Fails with `Invalid` for what cannot be read, and for what projects have not.
    pub fn parse(text: &str) -> StoreResult<FilterOnProjects> {
        let filter = parse_of_projects(text).map_err(|error| StoreError::Invalid(error.message))?;
        check(&filter)?;
        Ok(FilterOnProjects { needs_stats: asks_for_stats(&filter), filter })
    }

    /// Whether projects have to come with their statistics.
    pub fn needs_stats(&self) -> bool {
        self.needs_stats
    }

    pub fn holds(&self, project: &Project) -> bool {
        passes(&self.filter, project, &facts(project))
    }
}

fn check(filter: &Filter) -> StoreResult<()> {
    let is_known = match filter {
        Filter::And(all) | Filter::Or(all) => return all.iter().try_for_each(check),
        Filter::Not(inner) => return check(inner),
        // `has` and `execution_order` bring these in without naming them.
        Filter::Compare { field, .. } => !matches!(field, Field::Tags | Field::IsRoot),
        Filter::Search { within, .. } => matches!(within, None | Some(TextPart::Name)),
        Filter::RootRun(_) | Filter::AnyRun(_) => false,
        _ => true,
    };
    match is_known {
        true => Ok(()),
        false => Err(StoreError::Invalid(
            "projects are filtered by their name, metadata and search(…), and by the numbers of their traces"
                .to_owned(),
        )),
    }
}

fn asks_for_stats(filter: &Filter) -> bool {
    match filter {
        Filter::And(all) | Filter::Or(all) => all.iter().any(asks_for_stats),
        Filter::Not(inner) => asks_for_stats(inner),
        Filter::Compare { field, .. } | Filter::In { field, .. } | Filter::Like { field, .. } => {
            !matches!(field, Field::Id | Field::Name | Field::StartTime | Field::EndTime)
        }
        Filter::Pair(pair) => pair.rows == PairRows::Feedback,
        _ => false,
    }
}

fn passes(filter: &Filter, project: &Project, facts: &RunFacts) -> bool {
    match filter {
        Filter::And(all) => all.iter().all(|filter| passes(filter, project, facts)),
        Filter::Or(any) => any.iter().any(|filter| passes(filter, project, facts)),
        Filter::Not(inner) => !passes(inner, project, facts),
        Filter::Compare { field, comparison, value } if is_measured(*field) => {
            let have = project.stats.as_ref().and_then(|stats| measured(*field, stats));
            match value {
                Literal::Null => holds_of_null(*comparison, have.is_none()),
                value => holds(*comparison, have.and_then(|have| order(&have, value))),
            }
        }
        Filter::In { field, values } if is_measured(*field) => {
            let have = project.stats.as_ref().and_then(|stats| measured(*field, stats));
            let is_equal = |value: &Literal| have.as_ref().and_then(|have| order(have, value)) == Some(Ordering::Equal);
            values.iter().any(is_equal)
        }
        leaf => matches(leaf, 0, std::slice::from_ref(facts)),
    }
}

/// Whether a field means something else than of a single run.
fn is_measured(field: Field) -> bool {
    matches!(field, Field::Latency | Field::FirstTokenLatency | Field::OfProject(_))
}

fn measured(field: Field, stats: &ProjectStats) -> Option<Literal> {
    let duration = |seconds: Option<f64>| seconds.map(|seconds| Literal::Duration((seconds * 1e9).round() as i64));
    let number = match field {
        Field::Latency => return duration(stats.latency_p50),
        Field::FirstTokenLatency => return duration(stats.first_token_p50),
        Field::OfProject(number) => number,
        _ => return None,
    };
    match number {
        ProjectNumber::RunCount => Some(Literal::Count(stats.run_count)),
        ProjectNumber::ErrorRate => stats.error_rate.map(Literal::Number),
        ProjectNumber::StreamingRate => stats.streaming_rate.map(Literal::Number),
        ProjectNumber::LatencyP99 => duration(stats.latency_p99),
        ProjectNumber::FirstTokenP99 => duration(stats.first_token_p99),
        ProjectNumber::LastRunStart => stats.last_run_start_time.map(Literal::Time),
    }
}

/// Of two values of one field.
fn order(have: &Literal, wanted: &Literal) -> Option<Ordering> {
    match (have, wanted) {
        (Literal::Count(have), Literal::Count(wanted)) => Some(have.cmp(wanted)),
        (Literal::Duration(have), Literal::Duration(wanted)) => Some(have.cmp(wanted)),
        (Literal::Time(have), Literal::Time(wanted)) => Some(have.cmp(wanted)),
        (Literal::Number(have), Literal::Number(wanted)) => have.partial_cmp(wanted),
        _ => None,
    }
}

/// The mean score of each key, and its categories: of the feedback on the project's runs and on the project itself.
fn feedback(stats: &ProjectStats) -> Vec<FeedbackFacts> {
    let all = stats.feedback_stats.iter().chain(&stats.session_feedback_stats).flat_map(FeedbackStats::iter);
    let mut facts = Vec::new();
    for (key, stat) in all {
        let fact =
            |value| FeedbackFacts { key: key.clone(), score: stat.avg, value, comment: None, source: String::new() };
        facts.push(fact(None));
        facts.extend(stat.values.keys().map(|value| fact(Some(Value::String(value.clone())))));
    }
    facts
}

/// A project, as if it were a run: the language means the same of both.
fn facts(project: &Project) -> RunFacts {
    let metadata = || -> Option<Map<String, Value>> {
        let extra: Value = serde_json::from_str(project.extra.as_ref()?.get()).ok()?;
        extra.get("metadata")?.as_object().cloned()
    };
    let stats = project.stats.as_ref();
    let tokens = |of: fn(&ProjectStats) -> i64| stats.map_or(0, of);
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
        end_time: project.end_time,
        first_token_time: None,
        is_root: true,
        tags: Vec::new(),
        thread_id: None,
        model: None,
        provider: None,
        total_tokens: tokens(|stats| stats.total_tokens),
        prompt_tokens: tokens(|stats| stats.prompt_tokens),
        completion_tokens: tokens(|stats| stats.completion_tokens),
        total_cost: stats.and_then(|stats| stats.total_cost),
        prompt_cost: stats.and_then(|stats| stats.prompt_cost),
        completion_cost: stats.and_then(|stats| stats.completion_cost),
        metadata: metadata().unwrap_or_default(),
        inputs: None,
        outputs: None,
        feedback: stats.map(feedback).unwrap_or_default(),
    }
}
