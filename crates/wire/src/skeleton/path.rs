//! From the root to the run that was handled last: what parents and starts are told relative to.

use super::block::{NO_RUN, SkeletonRun};

/// One run on the way.
#[derive(Clone, Copy, Debug)]
struct Step {
    position: u32,
    start_ns: i64,
    end_ns: Option<i64>,
}

/// In display order a run's parent is the run before it, or one of that run's ancestors.
#[derive(Debug, Default)]
pub struct Path(Vec<Step>);

/// How a run hangs on to the path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Link {
    Root,
    /// The parent is so many steps above the run before: 0 is that run itself.
    Up(usize),
    /// The parent is elsewhere: the runs are not in display order.
    Elsewhere(u32),
}

impl Path {
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// How `parent` is told.
    pub fn link(&self, parent: u32) -> Link {
        if parent == NO_RUN {
            return Link::Root;
        }
        match self.0.iter().rev().position(|step| step.position == parent) {
            Some(n_up) => Link::Up(n_up),
            None => Link::Elsewhere(parent),
        }
    }

    /// The parent that is told; `None` when the path is shorter than that.
    pub fn parent(&self, link: Link) -> Option<u32> {
        match link {
            Link::Root => Some(NO_RUN),
            Link::Up(n_up) => self.0.len().checked_sub(n_up + 1).map(|idx| self.0[idx].position),
            Link::Elsewhere(parent) => Some(parent),
        }
    }

    /// Where the run with this link is likely to start: when the sibling before it ended, or when its parent started.
    pub fn expected_start_ns(&self, link: Link) -> i64 {
        let Link::Up(n_up) = link else { return 0 };
        let Some(parent_idx) = self.0.len().checked_sub(n_up + 1) else { return 0 };
        match self.0.get(parent_idx + 1) {
            Some(sibling) => sibling.end_ns.unwrap_or(sibling.start_ns),
            None => self.0[parent_idx].start_ns,
        }
    }

    /// Goes on to the next run, at `position`.
    pub fn advance(&mut self, link: Link, position: u32, run: &SkeletonRun) {
        let kept = match link {
            Link::Up(n_up) => self.0.len().saturating_sub(n_up),
            Link::Root | Link::Elsewhere(_) => 0,
        };
        self.0.truncate(kept);
        self.0.push(Step { position, start_ns: run.start_ns, end_ns: run.end_ns });
    }
}
