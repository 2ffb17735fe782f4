//! A newer state of a trace, from the last one and the runs that changed since.

use super::RunIdx;
use super::run_tree::{NONE, RunTree};
use super::run_tree_builder::RunTreeBuilder;
use super::tree_order::{self, Unordered};
use fanlight_wire::RunId;
use fanlight_wire::skeleton::{LeftOut, SkeletonHead, SkeletonRun, UsageOf};
use std::collections::HashMap;

impl RunTree {
    /// This tree with the runs of `changes` in place of those with the same ids, and the others added. `changes` holds the
    /// ancestors of all its runs, and sums over everything below them. Of siblings that start together, those that are here
    /// stay before those that come. What is left out below the run that `changes` was asked for is as `changes` says.
    pub fn with_changes(&self, changes: &RunTree) -> RunTree {
        let n_old = self.n_runs();
        let mut changed: HashMap<RunId, RunIdx> =
            (0..changes.n_runs() as RunIdx).map(|run| (changes.id(run), run)).collect();
        // Runs are numbered as in this tree; new ones after them. `sources` has their row in `changes`, if it is there.
        let mut sources: Vec<Option<RunIdx>> = Vec::with_capacity(n_old + changed.len());
        let mut numbers = vec![NONE; changes.n_runs()];
        for run in 0..n_old as RunIdx {
            let change = if changed.is_empty() { None } else { changed.remove(&self.id(run)) };
            sources.push(change);
            if let Some(change) = change {
                numbers[change as usize] = run;
            }
        }
        for change in (0..changes.n_runs() as RunIdx).filter(|&change| changed.contains_key(&changes.id(change))) {
            numbers[change as usize] = sources.len() as RunIdx;
            sources.push(Some(change));
        }

        let origin = self.origin.min(changes.origin).or(self.origin).or(changes.origin);
        let shift = |tree: &RunTree| origin.zip(tree.origin).map_or(0, |(origin, own)| own.since(origin));
        let (shift_old, shift_new) = (shift(self), shift(changes));
        let (text_idx, new_strings) = self.interned(changes);
        let row = |number: usize| match sources[number] {
            None => self.run(number as RunIdx, shift_old),
            Some(change) => {
                let run = changes.run(change, shift_new);
                let text = |idx: u32| text_idx.get(idx as usize).copied().unwrap_or(NONE);
                SkeletonRun { name: text(run.name), model: run.model.map(text), ..run }
            }
        };
        let parent = |number: usize| match sources[number] {
            None => self.parents[number],
            Some(change) => changes.parent(change).map_or(NONE, |parent| numbers[parent as usize]),
        };
        let asked_for = changes.below.and_then(|run| changes.find(run)).map(|run| run..changes.subtree_end(run));
        let n_left_out = |number: usize| match (sources[number], &asked_for) {
            (Some(change), Some(asked_for)) if asked_for.contains(&change) => changes.n_left_out(change),
            // What is above that run is there without the rest of what is below it.
            _ if number < n_old => self.n_left_out(number as RunIdx),
            _ => 0,
        };
        let n_all = sources.len();
        let arranged = tree_order::arrange(Unordered {
            ids: None,
            parents: (0..n_all).map(parent).collect(),
            start_ns: &(0..n_all).map(|number| row(number).start_ns).collect::<Vec<_>>(),
        });
        let mut builder = RunTreeBuilder::new(&SkeletonHead {
            trace_id: self.trace_id,
            project_id: changes.project_id.or(self.project_id),
            origin,
            n_runs: n_all as u32,
            usage_of: UsageOf::Subtree,
            left_out: (arranged.order.iter().zip(0..))
                .map(|(&number, above)| LeftOut { above, n_runs: n_left_out(number as usize) })
                .filter(|left_out| left_out.n_runs > 0)
                .collect(),
            ..SkeletonHead::default()
        });
        builder.add_strings(self.strings.iter().cloned().chain(new_strings));
        // What was mended when this tree was made stays mended.
        let repairs = builder.repairs_mut();
        repairs.n_cycles = self.repairs.n_cycles + arranged.n_cycles;
        repairs.n_duplicates = self.repairs.n_duplicates;
        repairs.n_cut_off = self.repairs.n_cut_off;
        for (&number, parent) in arranged.order.iter().zip(arranged.parents) {
            let run = SkeletonRun { parent, ..row(number as usize) };
            builder.push(&run).expect("what was arranged is in order, and no start is before the origin");
        }
        builder.finish()
    }

    /// Where the strings of `changes` are among this tree's and the new ones, which are returned too.
    fn interned(&self, changes: &RunTree) -> (Vec<u32>, Vec<String>) {
        let known: HashMap<&str, u32> = self.strings.iter().map(String::as_str).zip(0..).collect();
        let mut new_strings = Vec::new();
        let text_idx = changes.strings.iter().map(|text| {
            known.get(text.as_str()).copied().unwrap_or_else(|| {
                new_strings.push(text.clone());
                (self.strings.len() + new_strings.len() - 1) as u32
            })
        });
        (text_idx.collect(), new_strings)
    }

    /// One run as it arrived, `shift_ns` later and without its parent.
    fn run(&self, run: RunIdx, shift_ns: i64) -> SkeletonRun {
        let (prompt_tokens, completion_tokens) = self.tokens(run);
        let time = |time_ns: u64| (time_ns as i64).saturating_add(shift_ns);
        SkeletonRun {
            id: self.id(run),
            parent: NONE,
            name: self.names[run as usize],
            model: self.models.get(run),
            run_type: self.run_type(run),
            status: self.status(run),
            start_ns: time(self.start_ns(run)),
            end_ns: if self.without_end.binary_search(&run).is_ok() {
                None
            } else if self.ends_before_start.binary_search(&run).is_ok() {
                Some(time(self.start_ns(run)) - 1)
            } else {
                self.end_ns(run).map(time)
            },
            first_token_ns: self.first_token_ns(run).map(time),
            prompt_tokens: prompt_tokens.into(),
            completion_tokens: completion_tokens.into(),
            cached_tokens: self.cached_tokens(run).into(),
            reasoning_tokens: self.reasoning_tokens(run).into(),
            cost: self.cost(run),
            n_feedback: self.n_feedback(run).into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::{Shape, draw_tree, run_id, skeleton_from_text, trace_from_text};
    use super::*;
    use expect_test::expect;
    use fanlight_wire::Timestamp;
    use fanlight_wire::skeleton::TraceSkeleton;
    use proptest::prelude::*;

    /// The runs of `skeleton` for which `is_kept` says so, and everything above them.
    fn part_of(skeleton: &TraceSkeleton, is_kept: impl Fn(usize) -> bool) -> TraceSkeleton {
        let mut kept = vec![false; skeleton.n_runs()];
        for run in (0..skeleton.n_runs()).filter(|&run| is_kept(run)) {
            let above = std::iter::successors(Some(run), |&run| usize::try_from(skeleton.parent_idx[run]).ok());
            above.for_each(|run| kept[run] = true);
        }
        let mut part = TraceSkeleton { strings: skeleton.strings.clone(), ..TraceSkeleton::default() };
        (part.trace_id, part.origin) = (skeleton.trace_id, skeleton.origin);
        let mut positions = vec![NONE; skeleton.n_runs()];
        (0..skeleton.n_runs()).filter(|&run| kept[run]).zip(0..).for_each(|(run, position)| positions[run] = position);
        for run in (0..skeleton.n_runs()).filter(|&run| kept[run]) {
            let parent = usize::try_from(skeleton.parent_idx[run]).map_or(NONE, |parent| positions[parent]);
            part.push(&SkeletonRun { parent, ..skeleton.run(run, 0) });
        }
        part
    }

    #[test]
    fn a_run_that_ended_and_a_new_one_are_merged_in() {
        let before = trace_from_text(
            "agent 0..
               plan 0..10
               search:tool 20..",
        );
        let after = skeleton_from_text(
            "agent 0..
               plan 0..10
               search:tool 20..30
                 fetch 21..29",
        );
        let changes = RunTree::from_skeleton(&part_of(&after, |run| run >= 2));
        assert_eq!(changes.n_runs(), 3);
        expect![[r#"
            agent 0..
              plan 0..10
              search 20..30
                fetch 21..29
        "#]]
        .assert_eq(&draw_tree(&before.with_changes(&changes)));
    }

    #[test]
    fn a_change_that_starts_before_all_moves_the_origin() {
        let before = trace_from_text("agent 0..10\n  a 5..6");
        let mut changes = skeleton_from_text("agent 0..10\n  early 2..3");
        changes.ids[1] = run_id(7);
        changes.origin = Some(Timestamp(-4_000_000));
        let after = before.with_changes(&RunTree::from_skeleton(&changes));
        expect![[r#"
            agent 0..10
              early 2..3
              a 9..10
        "#]]
        .assert_eq(&draw_tree(&after));
        assert_eq!(after.origin(), changes.origin);
    }

    #[test]
    fn what_was_left_out_below_a_run_is_merged_in_and_what_is_above_it_keeps_its_count() {
        let part = |text: &str, below: Option<u32>, left_out: Vec<LeftOut>| {
            let skeleton = skeleton_from_text(text);
            let mut builder = RunTreeBuilder::new(&SkeletonHead {
                trace_id: skeleton.trace_id,
                origin: skeleton.origin,
                usage_of: UsageOf::Subtree,
                below: below.map(|run| skeleton.ids[run as usize]),
                left_out,
                ..SkeletonHead::default()
            });
            builder.add_strings(skeleton.strings.iter().cloned());
            for run in 0..skeleton.n_runs() {
                let parent = u32::try_from(skeleton.parent_idx[run]).unwrap_or(NONE);
                builder.push(&SkeletonRun { parent, ..skeleton.run(run, 0) }).expect("in order");
            }
            builder.finish()
        };
        let shown = part(
            "agent 0..90
               a 10..20",
            None,
            vec![LeftOut { above: 0, n_runs: 7 }, LeftOut { above: 1, n_runs: 5 }],
        );
        assert_eq!((shown.n_left_out(0), shown.n_left_out(1)), (7, 5));
        let below = part(
            "agent 0..90
               a 10..20
                 b 11..12",
            Some(1),
            vec![LeftOut { above: 2, n_runs: 4 }],
        );
        let merged = shown.with_changes(&below);
        let counts: Vec<_> = (0..3).map(|run| merged.n_left_out(run)).collect();
        assert_eq!((draw_tree(&merged), counts), (draw_tree(&below), vec![7, 0, 4]));
    }

    proptest! {
        #[test]
        fn a_trace_that_came_in_two_parts_is_the_trace_that_came_at_once(seed: u64, modulus in 1usize..9, shape in 0..5usize) {
            let shapes =
                [Shape::Agent(300), Shape::Siblings(200), Shape::Deep(200), Shape::ClockSkew, Shape::OpenAndZeroLength];
            let mut whole = shapes[shape].skeleton(seed);
            // Of runs that start together, those that were known stand first: here no two do.
            whole.start_ns.iter_mut().zip(0..).for_each(|(start_ns, idx)| *start_ns += idx);
            let tree = |skeleton: &TraceSkeleton| RunTree::from_skeleton(skeleton);
            // The root is in both: so is everything above what is in one of them only.
            let before = tree(&part_of(&whole, |run| run == 0 || run % 9 < modulus));
            let changes = tree(&part_of(&whole, |run| run == 0 || run % 9 >= modulus));
            let (merged, at_once) = (before.with_changes(&changes), tree(&whole));
            prop_assert_eq!(draw_tree(&merged), draw_tree(&at_once));
            for run in 0..at_once.n_runs() as RunIdx {
                prop_assert_eq!(merged.run(run, 0), SkeletonRun { name: merged.names[run as usize], model: merged.models.get(run), ..at_once.run(run, 0) });
                prop_assert_eq!((merged.name(run), merged.model(run)), (at_once.name(run), at_once.model(run)));
            }
        }
    }
}
