//! Traces for tests, written as indented text: `name:type start..end [error|success|first=N|model=M|cost=$]`, times in ms.

use super::run_tree::RunTree;
use fanlight_wire::skeleton::TraceSkeleton;
use fanlight_wire::{RunId, RunStatus, RunType, Timestamp};
use std::fmt::Write;
use uuid::Uuid;

/// The run on line `line` (from 0) of a text fixture.
pub fn run_id(line: usize) -> RunId {
    RunId(Uuid::from_u128(line as u128 + 1))
}

pub fn trace_from_text(text: &str) -> RunTree {
    RunTree::from_skeleton(&skeleton_from_text(text))
}

/// Lines below a line that is indented less are its children. A run without an end is under way unless it has a status.
pub fn skeleton_from_text(text: &str) -> TraceSkeleton {
    let mut skeleton =
        TraceSkeleton { origin: Some(Timestamp(0)), trace_id: Some(run_id(0).into()), ..TraceSkeleton::default() };
    let mut open: Vec<(usize, i32)> = Vec::new();
    for (line_idx, line) in text.lines().filter(|line| !line.trim().is_empty()).enumerate() {
        let indent = if line_idx == 0 { 0 } else { line.len() - line.trim_start().len() };
        open.retain(|&(other, _)| other < indent);
        let mut words = line.split_whitespace();
        let name = words.next().expect("a fixture line starts with a name");
        let (name, run_type) = name.split_once(':').unwrap_or((name, "chain"));
        let (start, end) = words.next().and_then(|word| word.split_once("..")).expect("then start..end");
        let ns = |ms: &str| ms.parse::<f64>().ok().map(|ms| (ms * 1e6) as i64);
        let mut status = if end.is_empty() { RunStatus::Pending } else { RunStatus::Success };
        let (mut first, mut model, mut cost) = (None, -1, None);
        for word in words {
            match word.split_once('=') {
                Some(("first", ms)) => first = ns(ms),
                Some(("model", text)) => model = intern(&mut skeleton.strings, text) as i32,
                Some(("cost", usd)) => cost = usd.parse().ok(),
                _ => status = word.parse().expect("a status"),
            }
        }
        let name_idx = intern(&mut skeleton.strings, name);
        skeleton.ids.push(run_id(line_idx));
        skeleton.parent_idx.push(open.last().map_or(-1, |&(_, parent)| parent));
        skeleton.name_idx.push(name_idx);
        skeleton.model_idx.push(model);
        skeleton.run_types.push(run_type.parse::<RunType>().expect("a run type"));
        skeleton.statuses.push(status);
        skeleton.start_ns.push(ns(start).expect("a start"));
        skeleton.end_ns.push(ns(end));
        skeleton.first_token_ns.push(first);
        skeleton.prompt_tokens.push(0);
        skeleton.completion_tokens.push(0);
        skeleton.total_cost.push(cost);
        skeleton.n_feedback.push(0);
        open.push((indent, line_idx as i32));
    }
    skeleton
}

fn intern(strings: &mut Vec<String>, text: &str) -> u32 {
    let known = strings.iter().position(|other| other == text);
    known.unwrap_or_else(|| {
        strings.push(text.to_owned());
        strings.len() - 1
    }) as u32
}

/// The tree as indented text with times in ms, then one line per repair.
pub fn draw_tree(tree: &RunTree) -> String {
    let mut text = String::new();
    for run in 0..tree.n_runs() as u32 {
        let end = tree.end_ns(run).map_or(String::new(), |end| (end / 1_000_000).to_string());
        let indent = tree.depth(run) as usize * 2;
        let start = tree.start_ns(run) / 1_000_000;
        writeln!(text, "{:indent$}{} {start}..{end}", "", tree.name(run)).expect("strings take all text");
    }
    for sentence in tree.repairs().sentences() {
        writeln!(text, "! {sentence}").expect("strings take all text");
    }
    text
}
