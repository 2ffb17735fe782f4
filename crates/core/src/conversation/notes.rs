//! What a run did, in the few words of a note in the margin.

use crate::format::cost::cost;
use crate::format::duration::duration;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::{RunStatus, RunType};

/// Whether a run is worth a note: models, tools and retrievers, and whatever failed by itself.
pub fn is_noted(tree: &RunTree, run: RunIdx) -> bool {
    match tree.run_type(run) {
        RunType::Llm | RunType::Tool | RunType::Retriever | RunType::Embedding => true,
        _ => tree.has_error(run) && tree.n_errors_below(run) == 0,
    }
}

/// Name and words of a note: `search_orders`, `ran 310 ms`; `n_documents` is what a retriever is known to have found.
pub fn words(tree: &RunTree, run: RunIdx, now_ns: u64, n_documents: Option<usize>) -> (String, String) {
    let took = duration((tree.end_or_now_ns(run, now_ns) - tree.start_ns(run)) as i64);
    let is_running = tree.status(run) == RunStatus::Pending;
    let run_type = tree.run_type(run);
    let name = match (run_type, tree.model(run)) {
        (RunType::Llm | RunType::Embedding, Some(model)) => model,
        _ => tree.name(run),
    };
    let did = match (tree.status(run), run_type, n_documents) {
        (RunStatus::Error, ..) => format!("failed after {took}"),
        _ if is_running => format!("running for {took}"),
        (_, RunType::Retriever, Some(1)) => format!("found 1 document in {took}"),
        (_, RunType::Retriever, Some(n)) => format!("found {n} documents in {took}"),
        (_, RunType::Tool | RunType::Retriever, _) => format!("ran {took}"),
        _ => format!("took {took}"),
    };
    let paid = tree.cost(run).map_or(String::new(), |amount| format!(" · {}", cost(amount)));
    (name.to_owned(), format!("{did}{paid}"))
}
