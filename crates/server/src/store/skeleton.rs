//! The shape of a trace as a store hands it over: rows in display order, made into blocks as they are needed.

use fanlight_wire::RunId;
use fanlight_wire::skeleton::{MAX_BLOCK_RUNS, SkeletonBlock, SkeletonHead, SkeletonRun, TraceSkeleton, UsageOf};

/// What to read of a trace.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct SkeletonQuery {
    /// Only what changed after this version, where the store knows.
    pub since: Option<u64>,
    /// Only this run, what is above it, and what is below it; `since` does not count then.
    pub below: Option<RunId>,
    pub usage_of: UsageOf,
}

/// A trace that was read. Gives its runs block by block, once.
#[derive(Debug)]
pub struct Skeleton {
    pub head: SkeletonHead,
    /// In display order; names and models point into `strings`.
    runs: std::vec::IntoIter<SkeletonRun>,
    strings: Vec<String>,
    /// The number under which a string was sent.
    sent_as: Vec<Option<u32>>,
    n_sent: u32,
}

impl Skeleton {
    pub fn new(head: SkeletonHead, runs: Vec<SkeletonRun>, strings: Vec<String>) -> Self {
        Skeleton { head, runs: runs.into_iter(), sent_as: vec![None; strings.len()], strings, n_sent: 0 }
    }

    /// The whole as columns, for those who read JSON.
    pub fn into_columns(self) -> TraceSkeleton {
        let head = &self.head;
        let mut columns = TraceSkeleton {
            trace_id: head.trace_id,
            project_id: head.project_id,
            origin: head.origin,
            ..TraceSkeleton::default()
        };
        for block in self {
            columns.strings.extend(block.strings);
            block.runs.iter().for_each(|run| columns.push(run));
        }
        columns
    }

    fn send(&mut self, string: u32, new: &mut Vec<String>) -> u32 {
        *self.sent_as[string as usize].get_or_insert_with(|| {
            new.push(std::mem::take(&mut self.strings[string as usize]));
            self.n_sent += 1;
            self.n_sent - 1
        })
    }
}

impl Iterator for Skeleton {
    type Item = SkeletonBlock;

    fn next(&mut self) -> Option<SkeletonBlock> {
        let mut block = SkeletonBlock { strings: Vec::new(), runs: self.runs.by_ref().take(MAX_BLOCK_RUNS).collect() };
        for run in &mut block.runs {
            run.name = self.send(run.name, &mut block.strings);
            run.model = run.model.map(|model| self.send(model, &mut block.strings));
        }
        (!block.runs.is_empty()).then_some(block)
    }
}
