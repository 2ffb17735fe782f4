//! Which runs of a trace to compare: the answers that a retriever's documents may have gone into, and the other way round.

use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunType;

/// Where an answer is looked for, the most likely first: what the trace answered, then the last LLM calls that began after
/// `retriever` had ended.
pub fn answers_after(tree: &RunTree, retriever: RunIdx) -> Vec<RunIdx> {
    const MAX_ANSWERS: usize = 3;
    let Some(end_ns) = tree.end_ns(retriever) else { return Vec::new() };
    let is_later = |&run: &RunIdx| {
        tree.run_type(run) == RunType::Llm && tree.start_ns(run) >= end_ns && tree.end_ns(run).is_some()
    };
    let mut later: Vec<RunIdx> = (0..tree.n_runs() as RunIdx).filter(is_later).collect();
    later.sort_by_key(|&run| std::cmp::Reverse(tree.end_ns(run)));
    let root = root_of(tree, retriever);
    let root = (root != retriever && tree.end_ns(root).is_some()).then_some(root);
    root.into_iter().chain(later).take(MAX_ANSWERS).collect()
}

/// The retrievers whose documents `run` may have answered from: those that ended before it did, or before it began if it
/// is an LLM call; the last ones, in order of start.
pub fn retrievers_before(tree: &RunTree, run: RunIdx) -> Vec<RunIdx> {
    const MAX_RETRIEVERS: usize = 8;
    let until_ns = match tree.run_type(run) {
        RunType::Llm => Some(tree.start_ns(run)),
        _ => tree.end_ns(run),
    };
    let Some(until_ns) = until_ns else { return Vec::new() };
    let within = if tree.run_type(run) == RunType::Llm { 0..tree.n_runs() as RunIdx } else { tree.descendants(run) };
    let is_before = |&other: &RunIdx| {
        tree.run_type(other) == RunType::Retriever && tree.end_ns(other).is_some_and(|end_ns| end_ns <= until_ns)
    };
    let mut retrievers: Vec<RunIdx> = within.filter(is_before).collect();
    // A retriever made of retrievers gives what they found.
    retrievers.dedup_by(|later, earlier| tree.descendants(*earlier).contains(later));
    retrievers.drain(..retrievers.len().saturating_sub(MAX_RETRIEVERS));
    retrievers
}

fn root_of(tree: &RunTree, run: RunIdx) -> RunIdx {
    tree.ancestors(run).last().unwrap_or(run)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;

    const TRACE: &str = "agent 0..100
        rewrite:llm 1..5
        retrieve:retriever 10..30
            vector:retriever 11..20
        answer:llm 40..60
        more:retriever 65..70
        check:llm 80..90";

    #[test]
    fn an_answer_is_what_the_trace_said_or_a_later_llm_call() {
        let tree = trace_from_text(TRACE);
        assert_eq!(answers_after(&tree, 2), [0, 6, 4]);
        assert_eq!(answers_after(&tree, 5), [0, 6]);
        assert!(answers_after(&trace_from_text("r:retriever 0..10"), 0).is_empty());
    }

    #[test]
    fn an_answer_may_come_from_any_retriever_that_ended_before_it() {
        let tree = trace_from_text(TRACE);
        assert_eq!(retrievers_before(&tree, 0), [2, 5]);
        assert_eq!(retrievers_before(&tree, 4), [2]);
        assert!(retrievers_before(&tree, 1).is_empty());
        assert!(retrievers_before(&tree, 2).len() == 1);
    }
}
