//! What a row of the tree says, to eyes and to screen readers.

use super::collapse::Collapsed;
use super::critical_path::CriticalPath;
use crate::format::cost::cost;
use crate::format::duration::duration;
use crate::format::run_type::run_type_label;
use crate::format::tokens::tokens;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::{RunStatus, RunType};

/// Everything a row shows; equal texts need no change on screen.
#[derive(Clone, Debug, PartialEq)]
pub struct RowText {
    pub run: RunIdx,
    pub run_type: RunType,
    pub status: RunStatus,
    pub name: String,
    pub model: String,
    pub tokens: String,
    pub cost: String,
    /// Failed runs below a folded run, or nothing.
    pub n_errors_below: usize,
    /// Runs hidden by the fold, or nothing.
    pub n_hidden: u32,
    pub n_feedback: u16,
    pub depth: u32,
    pub position: u32,
    pub n_siblings: u32,
    /// `None` for a leaf.
    pub is_expanded: Option<bool>,
    /// The whole row in words.
    pub spoken: String,
}

impl RowText {
    pub fn new(
        tree: &RunTree,
        collapsed: &Collapsed,
        critical_path: Option<&CriticalPath>,
        run: RunIdx,
        now_ns: u64,
    ) -> Self {
        let is_expanded = tree.has_children(run).then(|| !collapsed.contains(run));
        let is_folded = is_expanded == Some(false);
        let (prompt, completion) = tree.tokens(run);
        let n_tokens = i64::from(prompt) + i64::from(completion);
        let (position, n_siblings) = tree.sibling_position(run);
        let name = tree.name(run);
        RowText {
            run,
            run_type: tree.run_type(run),
            status: tree.status(run),
            name: if name.is_empty() { "unnamed".into() } else { shortened(name) },
            model: tree.model(run).map(shortened).unwrap_or_default(),
            tokens: if n_tokens > 0 { tokens(n_tokens) } else { String::new() },
            cost: tree.cost(run).map(cost).unwrap_or_default(),
            n_errors_below: if is_folded { tree.n_errors_below(run) } else { 0 },
            n_hidden: if is_folded { tree.descendants(run).len() as u32 } else { 0 },
            n_feedback: tree.n_feedback(run),
            depth: tree.depth(run),
            position: position + 1,
            n_siblings,
            is_expanded,
            spoken: spoken(tree, critical_path, run, now_ns),
        }
    }
}

/// "LLM ChatOpenAI gpt-4o, 830 ms, starts at 1.2 s, 12 percent of trace, error, on critical path, 2 children".
fn spoken(tree: &RunTree, critical_path: Option<&CriticalPath>, run: RunIdx, now_ns: u64) -> String {
    let length = tree.end_or_now_ns(run, now_ns) - tree.start_ns(run);
    let mut parts = vec![
        [run_type_label(tree.run_type(run)), tree.name(run), tree.model(run).unwrap_or_default()]
            .into_iter()
            .filter(|word| !word.is_empty())
            .map(shortened)
            .collect::<Vec<_>>()
            .join(" "),
    ];
    parts.push(match tree.end_ns(run) {
        Some(_) => duration(length as i64),
        None => "running".into(),
    });
    parts.push(format!("starts at {}", duration(tree.start_ns(run) as i64)));
    let extent = tree.extent_ns();
    if extent > 0 && tree.end_ns(run).is_some() {
        parts.push(format!("{:.0} percent of trace", 100.0 * length as f64 / extent as f64));
    }
    match tree.status(run) {
        RunStatus::Error => parts.push("error".into()),
        RunStatus::Interrupted => parts.push("interrupted".into()),
        RunStatus::Success | RunStatus::Pending => {}
    }
    if critical_path.is_some_and(|path| path.contains(run)) {
        parts.push("on critical path".into());
    }
    match tree.n_children(run) {
        0 => {}
        1 => parts.push("1 child".into()),
        n => parts.push(format!("{n} children")),
    }
    parts.join(", ")
}

/// Rows are one line: of a name that is a novel, the beginning will do.
fn shortened(text: &str) -> String {
    const MOST: usize = 200;
    if text.chars().count() <= MOST { text.to_owned() } else { text.chars().take(MOST).chain(['…']).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;

    #[track_caller]
    fn check(trace: &str, run: RunIdx, expected: &str) {
        let tree = trace_from_text(trace);
        let path = CriticalPath::new(&tree, 0);
        assert_eq!(RowText::new(&tree, &Collapsed::none(), Some(&path), run, 0).spoken, expected);
    }

    #[test]
    fn a_row_says_all_that_its_bar_shows() {
        check(
            "agent 0..1000\n ChatOpenAI:llm 100..400 error model=gpt-4o",
            1,
            "LLM ChatOpenAI gpt-4o, 300 ms, starts at 100 ms, 30 percent of trace, error, on critical path",
        );
        check("agent 0..\n a 0..10", 0, "Chain agent, running, starts at 0 ms, 1 child");
    }

    #[test]
    fn a_fold_says_what_it_hides() {
        let tree = trace_from_text("agent 0..9\n a 0..9\n  b 0..9 error");
        let mut collapsed = Collapsed::none();
        collapsed.set(0, true);
        let row = RowText::new(&tree, &collapsed, None, 0, 0);
        assert_eq!((row.n_hidden, row.n_errors_below, row.is_expanded), (2, 1, Some(false)));
    }
}
