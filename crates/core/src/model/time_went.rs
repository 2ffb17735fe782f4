//! Where the time of a trace went: each moment of its wall-clock time belongs to the kind of work that was done then.

use super::run_tree::{RunIdx, RunTree};
use fanlight_wire::{RunStatus, RunType};

/// What a moment was spent on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Spent {
    Llm,
    Tool,
    /// Retrievers and embeddings.
    Retrieval,
    /// Chains, prompts and parsers themselves, apart from what they call.
    Framework,
    /// Nothing was under way, or only a run that was interrupted to ask a person.
    Waiting,
}

impl Spent {
    pub const ALL: [Spent; 5] = [Spent::Llm, Spent::Tool, Spent::Retrieval, Spent::Framework, Spent::Waiting];

    fn of(tree: &RunTree, run: RunIdx) -> Self {
        match (tree.status(run), tree.run_type(run)) {
            (RunStatus::Interrupted, _) => Spent::Waiting,
            (_, RunType::Llm) => Spent::Llm,
            (_, RunType::Tool) => Spent::Tool,
            (_, RunType::Retriever | RunType::Embedding) => Spent::Retrieval,
            (_, RunType::Chain | RunType::Prompt | RunType::Parser) => Spent::Framework,
        }
    }

    /// The search that finds the runs of this kind of work; none finds waiting.
    pub fn search(self) -> Option<&'static str> {
        match self {
            Spent::Llm => Some("kind:llm"),
            Spent::Tool => Some("kind:tool"),
            Spent::Retrieval => Some("kind:retriever,embedding"),
            Spent::Framework => Some("kind:chain,prompt,parser"),
            Spent::Waiting => None,
        }
    }
}

/// A trace's wall-clock time in parts. They add up to the whole, exactly.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct TimeWent {
    parts_ns: [u64; 5],
    /// From when to when nothing was under way for longest; empty if something always was.
    longest_wait_ns: (u64, u64),
}

impl TimeWent {
    /// Sweeps over starts and ends. Only the innermost work counts; of work side by side, each gets an equal share of the
    /// moment. Runs under way count up to the last moment known.
    ///
    /// ```text
    /// chain |....|            |..|      framework, where nothing below is under way
    /// llm        |xxxxxx======|         x: all of the moment; =: half of it
    /// tool             |======|
    /// ```
    pub fn new(tree: &RunTree) -> Self {
        let extent_ns = tree.extent_ns();
        let end_of = |run: RunIdx| tree.end_or_now_ns(run, extent_ns).min(extent_ns);
        // Ends come before starts of the same moment, and neither needs a comparison of more than one number.
        const IS_START: u64 = 1;
        let mut events: Vec<(u64, RunIdx)> = Vec::with_capacity(2 * tree.n_runs());
        for run in (0..tree.n_runs() as RunIdx).filter(|&run| end_of(run) > tree.start_ns(run)) {
            events.push((tree.start_ns(run) << 1 | IS_START, run));
            events.push((end_of(run) << 1, run));
        }
        events.sort_unstable();
        let mut went = TimeWent::default();
        let mut n_active = [0u64; 5];
        let mut is_active = vec![false; tree.n_runs()];
        let mut n_active_children = vec![0u32; tree.n_runs()];
        let mut now_ns = 0;
        for (time, run) in events {
            went.spend(&n_active, now_ns, time >> 1);
            now_ns = time >> 1;
            let is_start = time & IS_START == IS_START;
            is_active[run as usize] = is_start;
            if n_active_children[run as usize] == 0 {
                count(&mut n_active, Spent::of(tree, run), is_start);
            }
            let Some(parent) = tree.parent(run) else { continue };
            let n_children = &mut n_active_children[parent as usize];
            let was_alone = *n_children == 0;
            *n_children = if is_start { *n_children + 1 } else { *n_children - 1 };
            let is_alone = *n_children == 0;
            if was_alone != is_alone && is_active[parent as usize] {
                count(&mut n_active, Spent::of(tree, parent), is_alone);
            }
        }
        went.spend(&n_active, now_ns, extent_ns);
        went
    }

    /// Gives the time from `from_ns` to `to_ns` to what is active, in equal shares; what does not divide goes to the first.
    fn spend(&mut self, n_active: &[u64; 5], from_ns: u64, to_ns: u64) {
        let len_ns = to_ns.saturating_sub(from_ns);
        if len_ns == 0 {
            return;
        }
        let n_all: u64 = n_active.iter().sum();
        if n_all == 0 {
            self.parts_ns[Spent::Waiting as usize] += len_ns;
            if len_ns > self.longest_wait_ns.1 - self.longest_wait_ns.0 {
                self.longest_wait_ns = (from_ns, to_ns);
            }
            return;
        }
        let mut left_ns = len_ns;
        for (part, &n) in self.parts_ns.iter_mut().zip(n_active) {
            let share_ns = (u128::from(len_ns) * u128::from(n) / u128::from(n_all)) as u64;
            *part += share_ns;
            left_ns -= share_ns;
        }
        let first = n_active.iter().position(|&n| n > 0).unwrap_or_default();
        self.parts_ns[first] += left_ns;
    }

    pub fn of(&self, spent: Spent) -> u64 {
        self.parts_ns[spent as usize]
    }

    /// The trace's wall-clock time.
    pub fn total_ns(&self) -> u64 {
        self.parts_ns.iter().sum()
    }

    /// The longest stretch in which nothing was under way.
    pub fn longest_wait_ns(&self) -> Option<(u64, u64)> {
        Some(self.longest_wait_ns).filter(|(start, end)| end > start)
    }
}

fn count(n_active: &mut [u64; 5], spent: Spent, is_more: bool) {
    let n = &mut n_active[spent as usize];
    *n = if is_more { *n + 1 } else { *n - 1 };
}

#[cfg(test)]
mod tests {
    use super::super::fixtures::trace_from_text;
    use super::*;
    use proptest::prelude::*;

    /// Parts in ms: LLM, tool, retrieval, framework, waiting.
    #[track_caller]
    fn check(trace: &str, expected: [u64; 5]) {
        let went = TimeWent::new(&trace_from_text(trace));
        assert_eq!(Spent::ALL.map(|spent| went.of(spent) / 1_000_000), expected);
    }

    #[test]
    fn only_the_innermost_work_counts() {
        check("agent 0..100\n a:llm 10..40\n b:tool 50..90\n  c:retriever 60..80", [30, 20, 20, 30, 0]);
    }

    #[test]
    fn work_side_by_side_shares_the_time() {
        check("agent 0..100\n a:llm 0..100\n b:tool 50..100", [75, 25, 0, 0, 0]);
        check("agent 0..100\n a:llm 0..100\n b:llm 0..100\n c:embedding 0..100", [66, 0, 33, 0, 0]);
    }

    #[test]
    fn gaps_and_interruptions_are_waiting() {
        check("agent 0..20\n ask:tool 5..15 interrupted\nresume 80..100\n a:llm 80..100", [20, 0, 0, 10, 70]);
        let went = TimeWent::new(&trace_from_text("a:llm 0..20\nb:llm 50..60\nc:llm 61..90"));
        assert_eq!(went.longest_wait_ns(), Some((20_000_000, 50_000_000)));
    }

    #[test]
    fn what_outlives_its_parent_counts_and_what_is_under_way_counts_to_the_last_known_moment() {
        check("agent 0..50\n a:tool 40..100", [0, 60, 0, 40, 0]);
        check("agent 0..\n a:llm 10..\n b:tool 20..30", [15, 5, 0, 10, 0]);
    }

    proptest! {
        #[test]
        fn the_parts_add_up_to_the_wall_clock_time(
            runs in prop::collection::vec((0u32..1000, 0u32..500, 1usize..5, 0usize..5), 1..60),
        ) {
            let types = ["llm", "tool", "retriever", "chain", "parser"];
            let line = |&(start, len, depth, kind): &(u32, u32, usize, usize)| {
                format!("{}run:{} {start}..{}\n", " ".repeat(depth), types[kind], start + len)
            };
            let tree = trace_from_text(&format!("root 0..300\n{}", runs.iter().map(line).collect::<String>()));
            prop_assert_eq!(TimeWent::new(&tree).total_ns(), tree.extent_ns());
        }
    }
}
