//! A trace as merged call paths: runs with the same names from the root down are one line.
//!
//! [`Aggregate`] merges and sums, [`rows`] says which lines are visible and in what order, [`around`] who calls a name
//! and what it calls.

pub mod around;
pub mod keys;
pub mod rows;
mod self_time;

use crate::model::{RunIdx, RunTree};
use crate::trace_view::XUnit;
use crate::waterfall::narrowing::Shown;
use fanlight_wire::{RunType, Usd};
use self_time::self_times;
use std::collections::HashMap;

/// A path's position. Paths stand in order of their first run, so a path stands after the one it is below.
pub type PathIdx = u32;

/// All runs with the same names from the root down.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallPath {
    pub parent: Option<PathIdx>,
    /// Its first run: what the path is called and what type it has.
    pub first: RunIdx,
    pub depth: u32,
    pub run_type: RunType,
    pub n_runs: u32,
    pub n_errors: u32,
    /// The lengths of all its runs together; those of parallel runs count in full.
    pub total_ns: u64,
    /// The part of `total_ns` in which nothing below the run was under way.
    pub self_ns: u64,
    /// With all that is below.
    pub n_tokens: u64,
    pub self_tokens: u64,
    /// With all that is below; `None` when of no run a price is known.
    pub cost: Option<Usd>,
    /// Where its runs end in the order that [`Aggregate::runs_of`] cuts.
    runs_end: u32,
}

/// All paths of one tree. 8 bytes a run, and one [`CallPath`] for each distinct path.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Aggregate {
    paths: Vec<CallPath>,
    /// The path of each run, or [`NO_PATH`].
    path_of: Vec<PathIdx>,
    /// Runs by path, the longest first.
    runs: Vec<RunIdx>,
    now_ns: u64,
}

/// Of a run that is left out.
const NO_PATH: PathIdx = PathIdx::MAX;

impl Aggregate {
    /// Merges the runs that are `shown`. Runs under way count up to `now_ns`.
    pub fn new(tree: &RunTree, shown: &Shown, now_ns: u64) -> Self {
        let n = tree.n_runs();
        let mut paths: Vec<CallPath> = Vec::new();
        // Of each run, or of what is above it where it is left out: its children stand there.
        let mut path_of: Vec<PathIdx> = vec![NO_PATH; n];
        let mut known: HashMap<(Option<PathIdx>, Option<usize>), PathIdx> = HashMap::new();
        let self_ns = self_times(tree, now_ns);
        for run in shown.branch(tree) {
            let above = tree.parent(run).map(|parent| path_of[parent as usize]).filter(|&above| above != NO_PATH);
            if !shown.contains(tree, run) {
                path_of[run as usize] = above.unwrap_or(NO_PATH);
                continue;
            }
            let [name, _] = tree.string_indices(run);
            let path = *known.entry((above, name)).or_insert_with(|| {
                let depth = above.map_or(0, |above| paths[above as usize].depth + 1);
                paths.push(CallPath::new(tree, run, above, depth));
                paths.len() as PathIdx - 1
            });
            path_of[run as usize] = path;
            paths[path as usize].add(tree, run, now_ns, self_ns[run as usize]);
        }
        for run in shown.branch(tree).filter(|&run| !shown.contains(tree, run)) {
            path_of[run as usize] = NO_PATH;
        }
        for run in shown.branch(tree).filter(|&run| path_of[run as usize] != NO_PATH) {
            // What a run used itself is what it used less what its children did.
            let below: u64 = tree.children(run).map(|child| n_tokens(tree, child)).sum();
            paths[path_of[run as usize] as usize].self_tokens += n_tokens(tree, run).saturating_sub(below);
        }
        let runs = by_path(tree, &mut paths, &path_of, now_ns);
        Aggregate { paths, path_of, runs, now_ns }
    }

    pub fn len(&self) -> usize {
        self.paths.len()
    }

    pub fn is_empty(&self) -> bool {
        self.paths.is_empty()
    }

    pub fn path(&self, path: PathIdx) -> &CallPath {
        &self.paths[path as usize]
    }

    /// `None` for a run that is left out.
    pub fn path_of(&self, run: RunIdx) -> Option<PathIdx> {
        self.path_of.get(run as usize).copied().filter(|&path| path != NO_PATH)
    }

    /// The same; where a run is left out, the path of what is above it.
    pub fn path_of_or_above(&self, tree: &RunTree, run: RunIdx) -> Option<PathIdx> {
        self.path_of(run).or_else(|| tree.ancestors(run).find_map(|above| self.path_of(above)))
    }

    /// The runs of a path, the longest first.
    pub fn runs_of(&self, path: PathIdx) -> &[RunIdx] {
        let end = self.paths[path as usize].runs_end as usize;
        &self.runs[end - self.paths[path as usize].n_runs as usize..end]
    }

    /// From the path above up to the root.
    pub fn ancestors(&self, path: PathIdx) -> impl Iterator<Item = PathIdx> + '_ {
        std::iter::successors(self.path(path).parent, |&above| self.path(above).parent)
    }

    /// The length that no more than `percent` percent of the path's runs exceed (nearest rank).
    pub fn percentile_ns(&self, tree: &RunTree, path: PathIdx, percent: u32) -> u64 {
        let runs = self.runs_of(path);
        let rank = (runs.len() * percent as usize).div_ceil(100).max(1);
        runs.len().checked_sub(rank).map_or(0, |at| length_ns(tree, runs[at], self.now_ns))
    }

    /// The weight of the roots together: shares of what is below them add up, but for what ran in parallel.
    pub fn whole(&self, unit: XUnit) -> u64 {
        let is_root = |path: &PathIdx| self.path(*path).parent.is_none();
        (0..self.paths.len() as PathIdx).filter(is_root).map(|root| self.weight(root, unit)).sum()
    }

    /// How heavy a path is.
    pub fn weight(&self, path: PathIdx, unit: XUnit) -> u64 {
        let path = self.path(path);
        match unit {
            XUnit::Time => path.total_ns,
            XUnit::Tokens => path.n_tokens,
            XUnit::Cost => path.cost.map_or(0, |cost| u64::try_from(cost.picodollars).unwrap_or(0)),
        }
    }
}

impl CallPath {
    fn new(tree: &RunTree, first: RunIdx, parent: Option<PathIdx>, depth: u32) -> Self {
        CallPath {
            parent,
            first,
            depth,
            run_type: tree.run_type(first),
            n_runs: 0,
            n_errors: 0,
            total_ns: 0,
            self_ns: 0,
            n_tokens: 0,
            self_tokens: 0,
            cost: None,
            runs_end: 0,
        }
    }

    fn add(&mut self, tree: &RunTree, run: RunIdx, now_ns: u64, self_ns: u64) {
        self.n_runs += 1;
        self.n_errors += u32::from(tree.has_error(run));
        self.total_ns = self.total_ns.saturating_add(length_ns(tree, run, now_ns));
        self.self_ns = self.self_ns.saturating_add(self_ns);
        self.n_tokens += n_tokens(tree, run);
        if let Some(cost) = tree.cost(run) {
            let sum = self.cost.map_or(0, |cost| cost.picodollars);
            self.cost = Some(Usd::from_pico(sum.saturating_add(cost.picodollars)));
        }
    }
}

/// Start to end, or to now.
pub fn length_ns(tree: &RunTree, run: RunIdx, now_ns: u64) -> u64 {
    tree.end_or_now_ns(run, now_ns) - tree.start_ns(run)
}

fn n_tokens(tree: &RunTree, run: RunIdx) -> u64 {
    let (prompt, completion) = tree.tokens(run);
    u64::from(prompt) + u64::from(completion)
}

/// Runs sorted by path, the longest first, and in `paths` where those of each end.
fn by_path(tree: &RunTree, paths: &mut [CallPath], path_of: &[PathIdx], now_ns: u64) -> Vec<RunIdx> {
    let mut end = 0;
    // First where the next run of a path goes, then where they end.
    for path in paths.iter_mut() {
        path.runs_end = end;
        end += path.n_runs;
    }
    let mut runs = vec![0; end as usize];
    for (run, &path) in path_of.iter().enumerate().filter(|&(_, &path)| path != NO_PATH) {
        let at = &mut paths[path as usize].runs_end;
        runs[*at as usize] = run as RunIdx;
        *at += 1;
    }
    for path in paths.iter() {
        let end = path.runs_end as usize;
        let of_path = &mut runs[end - path.n_runs as usize..end];
        of_path.sort_by_key(|&run| std::cmp::Reverse(length_ns(tree, run, now_ns)));
    }
    runs
}

#[cfg(test)]
pub(in crate::aggregate) mod tests {
    use super::*;
    use crate::format::duration::duration;
    use crate::model::fixtures::{skeleton_from_text, trace_from_text};
    use expect_test::{Expect, expect};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    pub const AGENT: &str = "agent 0..100
        search:tool 10..30
          fetch 12..20
        chat:llm 30..60 cost=0.25
        search:tool 60..70 error
        search:tool 62..80
          fetch 65..66";

    fn draw(tree: &RunTree) -> String {
        let aggregate = Aggregate::new(tree, &Shown::default(), 0);
        let line = |at: PathIdx| {
            let path = aggregate.path(at);
            let (total, own) = (duration(path.total_ns as i64), duration(path.self_ns as i64));
            let [p50, p95] = [50, 95].map(|percent| duration(aggregate.percentile_ns(tree, at, percent) as i64));
            let (indent, name) = (path.depth as usize * 2, tree.name(path.first));
            let (n, failed) = (path.n_runs, path.n_errors);
            format!("{:indent$}{name} ×{n} total {total} self {own} p50 {p50} p95 {p95} failed {failed}\n", "")
        };
        (0..aggregate.len() as PathIdx).map(line).collect()
    }

    #[track_caller]
    fn check(trace: &str, expected: Expect) {
        expected.assert_eq(&draw(&trace_from_text(trace)));
    }

    #[test]
    fn runs_with_the_same_names_from_the_root_are_one_path() {
        check(
            AGENT,
            expect![[r#"
            agent ×1 total 100 ms self 30 ms p50 100 ms p95 100 ms failed 0
              search ×3 total 48 ms self 39 ms p50 18 ms p95 20 ms failed 1
                fetch ×2 total 9 ms self 9 ms p50 1 ms p95 8 ms failed 0
              chat ×1 total 30 ms self 30 ms p50 30 ms p95 30 ms failed 0
        "#]],
        );
    }

    #[test]
    fn the_same_name_below_another_is_another_path() {
        check(
            "a 0..10\n  b 0..5\n    a 1..2\n  a 6..7",
            expect![[r#"
            a ×1 total 10 ms self 4 ms p50 10 ms p95 10 ms failed 0
              b ×1 total 5 ms self 4 ms p50 5 ms p95 5 ms failed 0
                a ×1 total 1 ms self 1 ms p50 1 ms p95 1 ms failed 0
              a ×1 total 1 ms self 1 ms p50 1 ms p95 1 ms failed 0
        "#]],
        );
    }

    #[test]
    fn runs_of_a_path_stand_from_the_longest_to_the_shortest() {
        let tree = trace_from_text(AGENT);
        let aggregate = Aggregate::new(&tree, &Shown::default(), 0);
        let path = aggregate.path_of(1).expect("a run of the tree");
        let lengths: Vec<_> = aggregate.runs_of(path).iter().map(|&run| length_ns(&tree, run, 0) / 1_000_000).collect();
        assert_eq!(lengths, [20, 18, 10]);
    }

    #[test]
    fn own_tokens_are_what_is_left_of_the_childrens() {
        let mut skeleton = skeleton_from_text("agent 0..9\n  chat 1..2\n  chat 3..4");
        skeleton.prompt_tokens = vec![100, 30, 50];
        let aggregate = Aggregate::new(&RunTree::from_skeleton(&skeleton), &Shown::default(), 0);
        let tokens: Vec<_> =
            (0..2).map(|path| (aggregate.path(path).n_tokens, aggregate.path(path).self_tokens)).collect();
        assert_eq!(tokens, [(100, 20), (80, 80)]);
    }

    #[test]
    fn a_chain_of_ten_thousand_levels_is_no_trouble() {
        let mut skeleton = skeleton_from_text(&"a 0..9\n".repeat(10_000));
        skeleton.parent_idx = (-1..9_999).collect();
        let tree = RunTree::from_skeleton(&skeleton);
        assert_eq!(Aggregate::new(&tree, &Shown::default(), 0).len(), 10_000);
    }

    /// Any tree of few names, with children inside their parent's time or not.
    pub fn any_tree() -> impl Strategy<Value = RunTree> {
        let run = (any::<prop::sample::Index>(), 0u32..3, 0i64..60, 0i64..40);
        prop::collection::vec(run, 1..40).prop_map(|runs| {
            let mut skeleton = skeleton_from_text(&"a 0..9\n".repeat(runs.len()));
            skeleton.strings = ["a", "b", "c"].map(str::to_owned).to_vec();
            for (idx, (parent, name, start, len)) in runs.iter().enumerate() {
                skeleton.parent_idx[idx] = parent.index(idx + 1) as i32 - 1;
                skeleton.name_idx[idx] = *name;
                (skeleton.start_ns[idx], skeleton.end_ns[idx]) = (*start, Some(start + len));
                skeleton.prompt_tokens[idx] = *len;
            }
            RunTree::from_skeleton(&skeleton)
        })
    }

    #[test]
    fn what_is_left_out_is_not_counted_and_what_is_below_it_moves_up() {
        let tree = trace_from_text(AGENT);
        let names = |aggregate: &Aggregate| {
            let name = |at| {
                let path = aggregate.path(at);
                format!("{}:{}×{}", path.depth, tree.name(path.first), path.n_runs)
            };
            (0..aggregate.len() as PathIdx).map(name).collect::<Vec<_>>().join(" ")
        };
        let hidden = Aggregate::new(&tree, &Shown::new(&tree, None, &["search".into()]), 0);
        assert_eq!(names(&hidden), "0:agent×1 1:fetch×2 1:chat×1");
        assert_eq!((hidden.path_of(1), hidden.path_of_or_above(&tree, 1)), (None, Some(0)));
        let alone = Aggregate::new(&tree, &Shown::new(&tree, Some(5), &[]), 0);
        assert_eq!(names(&alone), "0:search×1 1:fetch×1");
        assert_eq!((alone.path_of(0), alone.runs_of(1)), (None, [6].as_slice()));
    }

    proptest! {
        #[test]
        fn sums_are_those_of_the_runs_with_the_same_names_above_them(tree in any_tree()) {
            let aggregate = Aggregate::new(&tree, &Shown::default(), 0);
            let mut expected: BTreeMap<Vec<&str>, (u32, u64, u64)> = BTreeMap::new();
            let names = |run: RunIdx| -> Vec<&str> {
                let mut names: Vec<_> = tree.ancestors(run).map(|above| tree.name(above)).collect();
                names.reverse();
                names.push(tree.name(run));
                names
            };
            for run in 0..tree.n_runs() as RunIdx {
                let sums = expected.entry(names(run)).or_default();
                (sums.0, sums.1, sums.2) = (sums.0 + 1, sums.1 + length_ns(&tree, run, 0), sums.2 + n_tokens(&tree, run));
            }
            prop_assert_eq!(aggregate.len(), expected.len());
            for at in 0..aggregate.len() as PathIdx {
                let path = aggregate.path(at);
                prop_assert_eq!((path.n_runs, path.total_ns, path.n_tokens), expected[&names(path.first)]);
                prop_assert_eq!(aggregate.runs_of(at).len(), path.n_runs as usize);
                prop_assert!(aggregate.runs_of(at).iter().all(|&run| aggregate.path_of(run) == Some(at)));
            }
        }
    }
}
