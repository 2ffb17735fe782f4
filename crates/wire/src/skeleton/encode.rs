//! Writes the binary form.

use super::block::{SkeletonBlock, SkeletonHead, SkeletonRun, UsageOf};
use super::path::{Link, Path};
use super::varint::{Writer, zigzag};
use super::{MAGIC, MAX_BLOCK_RUNS};
use crate::{RunStatus, RunType};

/// Bits of the head's flags.
pub(super) const IS_CHANGES: u64 = 1;
pub(super) const USAGE_OF_SUBTREE: u64 = 2;

/// Writes one answer: [`SkeletonEncoder::head`], then blocks in order, then [`SkeletonEncoder::end`].
#[derive(Debug, Default)]
pub struct SkeletonEncoder {
    path: Path,
    n_written: u32,
}

impl SkeletonEncoder {
    pub fn head(head: &SkeletonHead) -> Vec<u8> {
        let mut body = Writer::default();
        let is_subtree = head.usage_of == UsageOf::Subtree;
        body.u64((u64::from(head.is_changes) * IS_CHANGES) | (u64::from(is_subtree) * USAGE_OF_SUBTREE));
        body.bytes(head.trace_id.map_or(uuid::Uuid::nil(), |id| id.0).as_bytes());
        body.bytes(head.project_id.map_or(uuid::Uuid::nil(), |id| id.0).as_bytes());
        // 0 is the epoch itself: no trace is that old.
        body.i64(head.origin.map_or(0, |origin| origin.0));
        body.u64(head.n_runs.into());
        body.u64(head.n_runs_in_trace);
        body.i64(head.extent_ns);
        body.u64(head.version);
        body.bytes(head.below.map_or(uuid::Uuid::nil(), |id| id.0).as_bytes());
        body.u64(head.left_out.len() as u64);
        let mut next = 0;
        for left_out in &head.left_out {
            debug_assert!(left_out.above >= next, "by position");
            body.u64(u64::from(left_out.above - next));
            body.u64(left_out.n_runs.into());
            next = left_out.above + 1;
        }
        let mut out = Writer(MAGIC.to_vec());
        out.u64(body.0.len() as u64);
        out.bytes(&body.0);
        out.0
    }

    /// The next runs of the answer: one at least, at most [`MAX_BLOCK_RUNS`].
    pub fn block(&mut self, block: &SkeletonBlock) -> Vec<u8> {
        debug_assert!((1..=MAX_BLOCK_RUNS).contains(&block.runs.len()));
        let mut body = Writer::default();
        body.u64(block.runs.len() as u64);
        body.u64(block.strings.len() as u64);
        for string in &block.strings {
            body.u64(string.len() as u64);
            body.bytes(string.as_bytes());
        }
        self.runs(&mut body, &block.runs);
        let mut out = Writer::default();
        out.u64(body.0.len() as u64);
        out.bytes(&body.0);
        out.0
    }

    /// What tells a complete answer from one that broke off.
    pub fn end() -> Vec<u8> {
        vec![0]
    }

    fn runs(&mut self, out: &mut Writer, runs: &[SkeletonRun]) {
        // Byte by byte rather than id by id: what ids have in common (a version, a time) then stands together.
        for byte in 0..16 {
            out.0.extend(runs.iter().map(|run| run.id.0.as_bytes()[byte]));
        }
        let starts = self.links(out, runs);
        runs.iter().for_each(|run| out.u64(run.name.into()));
        runs.iter().for_each(|run| out.u64(run.model.map_or(0, |model| u64::from(model) + 1)));
        out.0.extend(runs.iter().map(|run| code(RunType::ALL, run.run_type) << 2 | code(RunStatus::ALL, run.status)));
        scaled(out, starts.into_iter().map(Some), |number| number);
        let lengths = runs.iter().map(|run| run.end_ns.map(|end| end.wrapping_sub(run.start_ns)));
        scaled(out, lengths, after_none);
        let waits = runs.iter().map(|run| run.first_token_ns.map(|first| first.wrapping_sub(run.start_ns)));
        scaled(out, waits, after_none);
        runs.iter().for_each(|run| out.i64(run.prompt_tokens));
        runs.iter().for_each(|run| out.i64(run.completion_tokens));
        runs.iter().for_each(|run| out.i64(run.cached_tokens));
        runs.iter().for_each(|run| out.i64(run.reasoning_tokens));
        scaled(out, runs.iter().map(|run| run.cost.map(|usd| usd.picodollars)), after_none);
        runs.iter().for_each(|run| out.u64(run.n_feedback.into()));
    }

    /// Writes whose child each run is; returns how far its start is from the expected one.
    fn links(&mut self, out: &mut Writer, runs: &[SkeletonRun]) -> Vec<i64> {
        let mut starts = Vec::with_capacity(runs.len());
        for run in runs {
            let link = self.path.link(run.parent);
            match link {
                Link::Root => out.u64(0),
                Link::Up(n_up) => out.u64(n_up as u64 + 1),
                Link::Elsewhere(parent) => {
                    out.u64(self.path.len() as u64 + 1);
                    out.u64(parent.into());
                }
            }
            starts.push(run.start_ns.wrapping_sub(self.path.expected_start_ns(link)));
            self.path.advance(link, self.n_written, run);
            self.n_written += 1;
        }
        starts
    }
}

fn code<T: PartialEq>(all: &[T], value: T) -> u8 {
    all.iter().position(|other| *other == value).expect("a list of all has every value") as u8
}

/// 0 is for "none". The lowest number of all, 292 years, becomes the one above it.
fn after_none(number: u64) -> u64 {
    number.saturating_add(1)
}

/// Writes the greatest common divisor of a column, then each number divided by it: times often come in microseconds or
/// coarser, costs in multiples of a price.
fn scaled(out: &mut Writer, numbers: impl Iterator<Item = Option<i64>> + Clone, shift: impl Fn(u64) -> u64) {
    let unit =
        numbers.clone().flatten().fold(0, |unit, number| gcd(unit, number.unsigned_abs())).clamp(1, i64::MAX as u64);
    out.u64(unit);
    numbers.for_each(|number| out.u64(number.map_or(0, |number| shift(zigzag(number / unit as i64)))));
}

fn gcd(mut a: u64, mut b: u64) -> u64 {
    while b != 0 {
        (a, b) = (b, a % b);
    }
    a
}
