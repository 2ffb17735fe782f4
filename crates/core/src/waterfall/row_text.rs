//! What a row of the tree says, to eyes and to screen readers.

use super::collapse::Collapsed;
use super::critical_path::CriticalPath;
use super::rows::{Gap, GroupRow, Row, VisibleRows};
use crate::format::cost::cost;
use crate::format::digits::grouped;
use crate::format::duration::duration;
use crate::format::run_type::run_type_label;
use crate::format::tokens::tokens;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::{RunStatus, RunType, Usd};

/// What rows are described from.
#[derive(Clone, Copy)]
pub struct RowSource<'a> {
    pub tree: &'a RunTree,
    pub rows: &'a VisibleRows,
    pub collapsed: &'a Collapsed,
    pub critical_path: Option<&'a CriticalPath>,
    /// Where runs under way end, in the tree's time.
    pub now_ns: u64,
}

/// Everything a row shows; equal texts need no change on screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct RowText {
    /// The run that the row stands for alone.
    pub run: Option<RunIdx>,
    /// Nothing for a gap.
    pub run_type: Option<RunType>,
    pub has_error: bool,
    pub name: String,
    /// The model, or how long the runs of a group took.
    pub aside: String,
    pub start: String,
    pub duration: String,
    pub tokens: String,
    pub cost: String,
    /// Runs under a group's row or in a gap; 0 for a run.
    pub n_members: u32,
    /// Failed runs below a folded run or beside the members of a group.
    pub n_errors: usize,
    /// Runs under way below a folded run.
    pub n_running: usize,
    /// Runs hidden by the fold.
    pub n_hidden: u32,
    /// Runs below that are not here, because the trace is too large; those under a folded run's children are not counted.
    pub n_left_out: u32,
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
    /// The row of a run, wherever it is shown.
    pub fn of_run(
        tree: &RunTree,
        collapsed: &Collapsed,
        critical_path: Option<&CriticalPath>,
        run: RunIdx,
        now_ns: u64,
    ) -> Self {
        let rows = VisibleRows::default();
        of_run(&RowSource { tree, rows: &rows, collapsed, critical_path, now_ns }, run)
    }

    pub fn new(source: &RowSource<'_>, row: Row) -> Self {
        match row {
            Row::Run(run) => of_run(source, run),
            Row::Group(idx) => of_group(source, source.rows.group(idx)),
            Row::Gap(idx) => of_gap(source, source.rows.gap(idx)),
        }
    }
}

fn of_run(source: &RowSource<'_>, run: RunIdx) -> RowText {
    let tree = source.tree;
    let n_left_out = tree.n_left_out(run);
    let is_folded = tree.has_children(run) && source.collapsed.contains(run);
    let is_expanded = (tree.has_children(run) || n_left_out > 0).then(|| tree.has_children(run) && !is_folded);
    let (position, n_siblings) = tree.sibling_position(run);
    RowText {
        run: Some(run),
        run_type: Some(tree.run_type(run)),
        has_error: tree.has_error(run),
        name: name(tree, run),
        aside: tree.model(run).map(shortened).unwrap_or_default(),
        start: duration(tree.start_ns(run) as i64),
        duration: match tree.end_ns(run) {
            Some(end) => duration((end - tree.start_ns(run)) as i64),
            None => "running".into(),
        },
        tokens: tokens_text(n_tokens(tree, run)),
        cost: tree.cost(run).map(cost).unwrap_or_default(),
        n_members: 0,
        n_errors: if is_folded { tree.n_errors_below(run) } else { 0 },
        n_running: if is_folded { n_running_below(tree, run) } else { 0 },
        n_hidden: if is_folded { tree.descendants(run).len() as u32 } else { 0 },
        n_left_out,
        n_feedback: tree.n_feedback(run),
        depth: tree.depth(run),
        position: position + 1,
        n_siblings,
        is_expanded,
        spoken: spoken(source, run),
    }
}

fn of_group(source: &RowSource<'_>, row: GroupRow) -> RowText {
    let tree = source.tree;
    let members = || row.group.members(tree).filter(|&run| source.rows.position_of(run).is_none());
    let mut lengths: Vec<u64> =
        members().map(|run| tree.end_or_now_ns(run, source.now_ns) - tree.start_ns(run)).collect();
    lengths.sort_unstable();
    let length = |idx: usize| duration(lengths.get(idx).map_or(0, |&length| length as i64));
    let (least, median, most) = (length(0), length(lengths.len() / 2), length(lengths.len().saturating_sub(1)));
    let amounts: Vec<i64> = members().filter_map(|run| tree.cost(run)).map(|cost| cost.picodollars).collect();
    let sum =
        (!amounts.is_empty()).then(|| Usd::from_pico(amounts.iter().fold(0, |sum, &pico| sum.saturating_add(pico))));
    let n_errors = (row.group.first..row.group.end).filter(|&run| tree.has_error(run)).count();
    let (position, n_siblings) = tree.sibling_position(row.first);
    let n_members = row.n_members;
    let name = name(tree, row.first);
    let run_type = tree.run_type(row.first);
    let mut parts = vec![
        format!("{} equal runs, {} {name}", grouped(n_members.into()), run_type_label(run_type)),
        format!("{least} to {most}, median {median}"),
        format!("first starts at {}", duration(tree.start_ns(row.first) as i64)),
    ];
    if n_errors > 0 {
        parts.push(format!("{n_errors} more failed"));
    }
    parts.push(format!("level {}", tree.depth(row.first) + 1));
    RowText {
        run_type: Some(run_type),
        name,
        aside: format!("{least} – {most}, median {median}"),
        start: duration(tree.start_ns(row.first) as i64),
        duration: median,
        tokens: tokens_text(members().map(|run| n_tokens(tree, run)).sum()),
        cost: sum.map(cost).unwrap_or_default(),
        n_members,
        n_errors,
        depth: tree.depth(row.first),
        position: position + 1,
        n_siblings,
        is_expanded: Some(false),
        spoken: parts.join(", "),
        ..RowText::default()
    }
}

fn of_gap(source: &RowSource<'_>, gap: Gap) -> RowText {
    let tree = source.tree;
    let n_runs = gap.end - gap.first;
    let n_errors = (gap.first..gap.end).filter(|&run| tree.has_error(run)).count();
    let (position, n_siblings) = tree.sibling_position(gap.first);
    let failed = if n_errors > 0 { format!(", {n_errors} of them failed") } else { String::new() };
    let name = format!("{} hidden", grouped(n_runs.into()));
    RowText {
        n_members: n_runs,
        n_errors,
        depth: tree.depth(gap.first),
        position: position + 1,
        n_siblings,
        is_expanded: Some(false),
        spoken: format!("{name} by the search{failed}, level {}", tree.depth(gap.first) + 1),
        name,
        ..RowText::default()
    }
}

fn name(tree: &RunTree, run: RunIdx) -> String {
    let name = tree.name(run);
    if name.is_empty() { "unnamed".into() } else { shortened(name) }
}

fn n_tokens(tree: &RunTree, run: RunIdx) -> i64 {
    let (prompt, completion) = tree.tokens(run);
    i64::from(prompt) + i64::from(completion)
}

fn tokens_text(n_tokens: i64) -> String {
    if n_tokens > 0 { tokens(n_tokens) } else { String::new() }
}

fn n_running_below(tree: &RunTree, run: RunIdx) -> usize {
    let before = |idx: RunIdx| tree.running().partition_point(|&other| other < idx);
    before(tree.subtree_end(run)) - before(run + 1)
}

/// "LLM ChatOpenAI gpt-4o, 830 ms, starts at 1.2 s, 12 percent of trace, error, on critical path, level 4, 3 of 7, 2
/// children".
fn spoken(source: &RowSource<'_>, run: RunIdx) -> String {
    let tree = source.tree;
    let length = tree.end_or_now_ns(run, source.now_ns) - tree.start_ns(run);
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
    if source.critical_path.is_some_and(|path| path.contains(run)) {
        parts.push("on critical path".into());
    }
    let (position, n_siblings) = tree.sibling_position(run);
    parts.push(format!("level {}", tree.depth(run) + 1));
    parts.push(format!("{} of {n_siblings}", position + 1));
    match tree.n_children(run) {
        0 => {}
        1 => parts.push("1 child".into()),
        n => parts.push(format!("{n} children")),
    }
    match tree.n_left_out(run) {
        0 => {}
        n => parts.push(format!("{} below were left out", grouped(n.into()))),
    }
    if source.collapsed.contains(run) && tree.has_children(run) {
        match tree.n_errors_below(run) {
            0 => {}
            n => parts.push(format!("{n} failed below")),
        }
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
    use super::super::groups::Groups;
    use super::super::rows::RowRules;
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use crate::model::run_set::RunSet;

    #[track_caller]
    fn check(trace: &str, run: RunIdx, expected: &str) {
        let tree = trace_from_text(trace);
        let (path, collapsed) = (CriticalPath::new(&tree, 0), Collapsed::none());
        let rows = VisibleRows::new(&tree, &collapsed);
        let source =
            RowSource { tree: &tree, rows: &rows, collapsed: &collapsed, critical_path: Some(&path), now_ns: 0 };
        assert_eq!(RowText::new(&source, Row::Run(run)).spoken, expected);
    }

    #[test]
    fn a_row_says_all_that_its_bar_shows() {
        check(
            "agent 0..1000\n ChatOpenAI:llm 100..400 error model=gpt-4o",
            1,
            "LLM ChatOpenAI gpt-4o, 300 ms, starts at 100 ms, 30 percent of trace, error, on critical path, level 2, 1 of 1",
        );
        check("agent 0..\n a 0..10", 0, "Chain agent, running, starts at 0 ms, level 1, 1 of 1, 1 child");
    }

    #[test]
    fn a_fold_says_what_it_hides() {
        let tree = trace_from_text("agent 0..9\n a 0..9\n  b 0..9 error\n  c 3..");
        let mut collapsed = Collapsed::none();
        collapsed.set(0, true);
        let rows = VisibleRows::new(&tree, &collapsed);
        let source = RowSource { tree: &tree, rows: &rows, collapsed: &collapsed, critical_path: None, now_ns: 0 };
        let row = RowText::new(&source, Row::Run(0));
        assert_eq!((row.n_hidden, row.n_errors, row.n_running, row.is_expanded), (3, 1, 1, Some(false)));
        assert!(row.spoken.ends_with("1 child, 1 failed below"), "{}", row.spoken);
    }

    #[test]
    fn a_group_sums_up_its_members_and_names_what_stands_beside_it() {
        let get = |ms: u32| format!(" get:tool 0..{ms} cost=0.5\n");
        let trace = format!("agent 0..99\n{} get:tool 0..99 error\n", [1, 2, 3, 4, 90].map(get).concat());
        let (tree, collapsed) = (trace_from_text(&trace), Collapsed::none());
        let groups = Groups::find(&tree);
        let rows = VisibleRows::with_rules(&tree, &RowRules { groups: &groups, ..RowRules::of_folds(&collapsed) });
        let source = RowSource { tree: &tree, rows: &rows, collapsed: &collapsed, critical_path: None, now_ns: 0 };
        let row = RowText::new(&source, rows.row_at(1).expect("the group"));
        assert_eq!(
            row.spoken,
            "5 equal runs, Tool get, 1 ms to 90 ms, median 3 ms, first starts at 0 ms, 1 more failed, level 2"
        );
        assert_eq!((row.n_members, row.cost.as_str(), row.is_expanded), (5, "$2.50", Some(false)));
    }

    #[test]
    fn a_gap_says_how_many_it_hides_and_whether_any_failed() {
        let (tree, collapsed) = (trace_from_text("agent 0..9\n a 0..9\n b 0..9 error\n c 0..9"), Collapsed::none());
        let kept: RunSet = [0, 3].into_iter().collect();
        let rows = VisibleRows::with_rules(&tree, &RowRules { kept: Some(&kept), ..RowRules::of_folds(&collapsed) });
        let source = RowSource { tree: &tree, rows: &rows, collapsed: &collapsed, critical_path: None, now_ns: 0 };
        let row = RowText::new(&source, rows.row_at(1).expect("the gap"));
        assert_eq!(row.spoken, "2 hidden by the search, 1 of them failed, level 2");
    }
}
