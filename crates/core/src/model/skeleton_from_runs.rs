//! A skeleton made from runs as `/runs/query` pages them, for APIs that do not offer one.

use fanlight_wire::skeleton::TraceSkeleton;
use fanlight_wire::{Run, RunId, RunType, TraceId};
use std::collections::{BTreeMap, HashMap};

/// The fields that [`skeleton_from_runs`] reads: what to `select` in the query.
pub const SKELETON_FIELDS: &[&str] = &[
    "id",
    "trace_id",
    "session_id",
    "name",
    "run_type",
    "status",
    "start_time",
    "end_time",
    "first_token_time",
    "parent_run_id",
    "prompt_tokens",
    "completion_tokens",
    "prompt_token_details",
    "completion_token_details",
    "total_cost",
    "feedback_stats",
    "extra",
];

/// Takes the runs of `trace_id` in any order; others are left out. Runs whose parent is absent become roots.
pub fn skeleton_from_runs(trace_id: TraceId, runs: &[Run]) -> TraceSkeleton {
    let mut runs: Vec<&Run> = runs.iter().filter(|run| run.trace_id == trace_id).collect();
    runs.sort_by_key(|run| (run.start_time, run.id));
    let positions: HashMap<RunId, i32> = runs.iter().enumerate().map(|(idx, run)| (run.id, idx as i32)).collect();
    let origin = runs.first().map(|run| run.start_time);
    let mut skeleton = TraceSkeleton {
        trace_id: Some(trace_id),
        project_id: runs.first().map(|run| run.project_id),
        origin,
        ..TraceSkeleton::default()
    };
    let mut interned: HashMap<&str, u32> = HashMap::new();
    let Some(origin) = origin else { return skeleton };
    for run in runs {
        let mut intern = |text| {
            *interned.entry(text).or_insert_with(|| {
                skeleton.strings.push(str::to_owned(text));
                skeleton.strings.len() as u32 - 1
            })
        };
        let name_idx = intern(run.name.as_str());
        let model_idx = run.model.as_deref().map_or(-1, |model| intern(model) as i32);
        skeleton.ids.push(run.id);
        skeleton.parent_idx.push(run.parent_run_id.and_then(|parent| positions.get(&parent).copied()).unwrap_or(-1));
        skeleton.name_idx.push(name_idx);
        skeleton.model_idx.push(model_idx);
        skeleton.run_types.push(run.run_type);
        skeleton.statuses.push(run.status);
        skeleton.start_ns.push(run.start_time.since(origin));
        skeleton.end_ns.push(run.end_time.map(|end| end.since(origin)));
        skeleton.first_token_ns.push(run.first_token_time.map(|first| first.since(origin)));
        skeleton.prompt_tokens.push(run.prompt_tokens);
        skeleton.completion_tokens.push(run.completion_tokens);
        skeleton.cached_tokens.push(own_detail(run, &run.prompt_token_details, "cache_read"));
        skeleton.reasoning_tokens.push(own_detail(run, &run.completion_token_details, "reasoning"));
        skeleton.total_cost.push(run.total_cost);
        let n_feedback: i64 = run.feedback_stats.iter().flatten().map(|(_, stat)| stat.n).sum();
        skeleton.n_feedback.push(u32::try_from(n_feedback).unwrap_or(0));
    }
    skeleton
}

/// Pages have sums over everything below a run; model calls have nothing below them.
fn own_detail(run: &Run, details: &Option<BTreeMap<String, i64>>, name: &str) -> i64 {
    let is_model = matches!(run.run_type, RunType::Llm | RunType::Embedding);
    details.as_ref().filter(|_| is_model).and_then(|details| details.get(name)).copied().unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{draw_tree, run_id};
    use super::super::run_tree::RunTree;
    use super::*;
    use expect_test::expect;
    use serde_json::json;

    fn run(line: usize, parent: Option<usize>, name: &str, start_ms: i64) -> Run {
        serde_json::from_value(json!({
            "id": run_id(line), "trace_id": run_id(0), "session_id": run_id(99), "name": name, "run_type": "llm",
            "status": "success", "start_time": 1_700_000_000_000i64 + start_ms, "end_time": 1_700_000_000_100i64,
            "parent_run_id": parent.map(run_id), "dotted_order": "", "app_path": "",
        }))
        .expect("a run")
    }

    #[test]
    fn runs_in_any_order_make_the_same_tree() {
        let runs = [run(2, Some(1), "parse", 30), run(0, None, "agent", 0), run(1, Some(0), "chat", 10)];
        let tree = RunTree::from_skeleton(&skeleton_from_runs(run_id(0).into(), &runs));
        expect![[r#"
            agent 0..100
              chat 10..100
                parse 30..100
        "#]]
        .assert_eq(&draw_tree(&tree));
    }

    #[test]
    fn runs_of_other_traces_are_left_out() {
        assert_eq!(skeleton_from_runs(run_id(7).into(), &[run(0, None, "agent", 0)]).n_runs(), 0);
    }
}
