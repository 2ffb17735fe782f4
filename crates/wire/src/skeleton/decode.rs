//! Reads the binary form as it arrives. Hostile bytes give an error, never a panic, and never more memory than they take.

use super::block::{LeftOut, SkeletonBlock, SkeletonHead, SkeletonRun, UsageOf};
use super::encode::{IS_CHANGES, USAGE_OF_SUBTREE};
use super::path::{Link, Path};
use super::varint::{Reader, unzigzag};
use super::{MAGIC, MAX_BLOCK_RUNS};
use crate::{ProjectId, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use std::fmt;
use uuid::Uuid;

/// Why an answer cannot be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkeletonError {
    /// The first bytes are something else.
    NotASkeleton,
    /// A layout that this program does not know.
    UnknownVersion(u8),
    /// What is wrong, in a few words.
    Malformed(&'static str),
}

impl fmt::Display for SkeletonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SkeletonError::NotASkeleton => f.write_str("not the shape of a trace"),
            SkeletonError::UnknownVersion(version) => write!(f, "the shape of a trace in unknown version {version}"),
            SkeletonError::Malformed(what) => write!(f, "the shape of a trace is damaged: {what}"),
        }
    }
}

impl std::error::Error for SkeletonError {}

/// What comes next in an answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SkeletonPart {
    Head(SkeletonHead),
    Block(SkeletonBlock),
    /// The answer is complete.
    End,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Expects {
    #[default]
    Head,
    Blocks,
    Nothing,
}

/// Takes bytes in pieces of any size and gives parts as they are complete.
#[derive(Debug, Default)]
pub struct SkeletonDecoder {
    /// What has arrived and was not read; what was read is removed now and then.
    buffer: Vec<u8>,
    n_used: usize,
    expects: Expects,
    n_runs: u32,
    n_read: u32,
    n_strings: u32,
    path: Path,
}

impl SkeletonDecoder {
    pub fn push(&mut self, bytes: &[u8]) {
        self.buffer.drain(..std::mem::take(&mut self.n_used));
        self.buffer.extend_from_slice(bytes);
    }

    /// The next part; `None`: more bytes are needed for it, or it has all been read.
    pub fn next_part(&mut self) -> Result<Option<SkeletonPart>, SkeletonError> {
        let waiting = &self.buffer[self.n_used..];
        let opening = if self.expects == Expects::Head { MAGIC.len() } else { 0 };
        let known = waiting.len().min(opening);
        if waiting[..known.min(4)] != MAGIC[..known.min(4)] {
            return Err(SkeletonError::NotASkeleton);
        }
        if known == MAGIC.len() && waiting[4] != MAGIC[4] {
            return Err(SkeletonError::UnknownVersion(waiting[4]));
        }
        if self.expects == Expects::Nothing {
            return if waiting.is_empty() { Ok(None) } else { Err(SkeletonError::Malformed("bytes follow the end")) };
        }
        let mut reader = Reader::new(&waiting[known..]);
        let n_bytes = match reader.u64() {
            Ok(n_bytes) => n_bytes,
            Err(_) if waiting.len() < opening + 10 => return Ok(None),
            Err(error) => return Err(error),
        };
        let n_before = waiting.len() - reader.n_left();
        if (reader.n_left() as u64) < n_bytes {
            return Ok(None);
        }
        let n_all = n_before + n_bytes as usize;
        let part = self.part(n_before..n_all)?;
        self.n_used += n_all;
        Ok(Some(part))
    }

    /// Whether the end was read.
    pub fn is_complete(&self) -> bool {
        self.expects == Expects::Nothing
    }

    fn part(&mut self, range: std::ops::Range<usize>) -> Result<SkeletonPart, SkeletonError> {
        let buffer = std::mem::take(&mut self.buffer);
        let body = &buffer[self.n_used + range.start..self.n_used + range.end];
        let part = if self.expects == Expects::Head {
            self.head(body).map(SkeletonPart::Head)
        } else if body.is_empty() {
            self.end().map(|()| SkeletonPart::End)
        } else {
            self.block(body).map(SkeletonPart::Block)
        };
        self.buffer = buffer;
        part
    }

    fn head(&mut self, body: &[u8]) -> Result<SkeletonHead, SkeletonError> {
        let mut reader = Reader::new(body);
        let flags = reader.u64()?;
        let trace_id = uuid(&mut reader)?.map(TraceId);
        let project_id = uuid(&mut reader)?.map(ProjectId);
        let origin = Some(reader.i64()?).filter(|&origin| origin != 0).map(Timestamp);
        let mut head = SkeletonHead {
            trace_id,
            project_id,
            origin,
            n_runs: reader.u32()?,
            n_runs_in_trace: reader.u64()?,
            extent_ns: reader.i64()?,
            version: reader.u64()?,
            is_changes: flags & IS_CHANGES != 0,
            usage_of: if flags & USAGE_OF_SUBTREE != 0 { UsageOf::Subtree } else { UsageOf::Run },
            below: None,
            left_out: Vec::new(),
        };
        // Servers wrote no more than this until traces could be fetched in parts.
        if reader.n_left() > 0 {
            head.below = uuid(&mut reader)?.map(RunId);
            head.left_out = left_out(&mut reader, head.n_runs)?;
        }
        self.n_runs = head.n_runs;
        self.expects = Expects::Blocks;
        Ok(head)
    }

    fn end(&mut self) -> Result<(), SkeletonError> {
        if self.n_read != self.n_runs {
            return Err(SkeletonError::Malformed("runs are missing"));
        }
        self.expects = Expects::Nothing;
        Ok(())
    }

    fn block(&mut self, body: &[u8]) -> Result<SkeletonBlock, SkeletonError> {
        let mut reader = Reader::new(body);
        let n_runs = reader.u64()? as usize;
        if !(1..=MAX_BLOCK_RUNS).contains(&n_runs) || n_runs > (self.n_runs - self.n_read) as usize {
            return Err(SkeletonError::Malformed("a block has too many runs"));
        }
        let strings = self.strings(&mut reader)?;
        let mut runs = ids(&mut reader, n_runs)?;
        let links = self.links(&mut reader, n_runs)?;
        for run in &mut runs {
            run.name = self.string(reader.u64()?)?;
        }
        for run in &mut runs {
            run.model = reader.u64()?.checked_sub(1).map(|model| self.string(model)).transpose()?;
        }
        for (run, &code) in runs.iter_mut().zip(reader.bytes(n_runs)?) {
            let run_type = RunType::ALL.get(usize::from(code >> 2));
            run.run_type = *run_type.ok_or(SkeletonError::Malformed("a type of run is unknown"))?;
            run.status = RunStatus::ALL[usize::from(code & 3)];
        }
        let starts = scaled(&mut reader, n_runs, Some)?;
        let lengths = scaled(&mut reader, n_runs, before_none)?;
        let waits = scaled(&mut reader, n_runs, before_none)?;
        for idx in 0..n_runs {
            let (run, link) = (&mut runs[idx], links[idx]);
            let parent = self.path.parent(link).ok_or(SkeletonError::Malformed("a parent is not above"))?;
            if parent >= self.n_runs && link != Link::Root {
                return Err(SkeletonError::Malformed("a parent is not there"));
            }
            run.parent = parent;
            run.start_ns = self.path.expected_start_ns(link).wrapping_add(starts[idx].unwrap_or(0));
            run.end_ns = lengths[idx].map(|length| run.start_ns.wrapping_add(length));
            run.first_token_ns = waits[idx].map(|wait| run.start_ns.wrapping_add(wait));
            self.path.advance(link, self.n_read, run);
            self.n_read += 1;
        }
        for run in &mut runs {
            run.prompt_tokens = reader.i64()?;
        }
        for run in &mut runs {
            run.completion_tokens = reader.i64()?;
        }
        for run in &mut runs {
            run.cached_tokens = reader.i64()?;
        }
        for run in &mut runs {
            run.reasoning_tokens = reader.i64()?;
        }
        for (run, cost) in runs.iter_mut().zip(scaled(&mut reader, n_runs, before_none)?) {
            run.cost = cost.map(Usd::from_pico);
        }
        for run in &mut runs {
            run.n_feedback = reader.u32()?;
        }
        if reader.n_left() > 0 {
            return Err(SkeletonError::Malformed("a block has bytes to spare"));
        }
        Ok(SkeletonBlock { strings, runs })
    }

    fn strings(&mut self, reader: &mut Reader) -> Result<Vec<String>, SkeletonError> {
        let n_strings = reader.u32()?;
        // Each has a byte for its length at least: more cannot follow.
        if n_strings as usize > reader.n_left() {
            return Err(SkeletonError::Malformed("strings are missing"));
        }
        let mut strings = Vec::new();
        for _ in 0..n_strings {
            let n_bytes = reader.u32()? as usize;
            let text = std::str::from_utf8(reader.bytes(n_bytes)?);
            strings.push(text.map_err(|_| SkeletonError::Malformed("a string is not UTF-8"))?.to_owned());
        }
        self.n_strings = self.n_strings.checked_add(n_strings).ok_or(SkeletonError::Malformed("too many strings"))?;
        Ok(strings)
    }

    fn string(&self, idx: u64) -> Result<u32, SkeletonError> {
        let idx = u32::try_from(idx).ok().filter(|&idx| idx < self.n_strings);
        idx.ok_or(SkeletonError::Malformed("a string is not there"))
    }

    fn links(&self, reader: &mut Reader, n_runs: usize) -> Result<Vec<Link>, SkeletonError> {
        let mut n_path = self.path.len() as u64;
        let mut links = Vec::with_capacity(n_runs);
        for _ in 0..n_runs {
            let code = reader.u64()?;
            let (link, n_kept) = match code {
                0 => (Link::Root, 0),
                code if code <= n_path => (Link::Up(code as usize - 1), n_path + 1 - code),
                code if code == n_path + 1 => (Link::Elsewhere(reader.u32()?), 0),
                _ => return Err(SkeletonError::Malformed("a parent is not above")),
            };
            n_path = n_kept + 1;
            links.push(link);
        }
        Ok(links)
    }
}

fn uuid(reader: &mut Reader) -> Result<Option<Uuid>, SkeletonError> {
    let uuid = Uuid::from_slice(reader.bytes(16)?).expect("sixteen bytes are a UUID");
    Ok((!uuid.is_nil()).then_some(uuid))
}

fn left_out(reader: &mut Reader, n_runs: u32) -> Result<Vec<LeftOut>, SkeletonError> {
    let n_places = reader.u32()?;
    // Each has two bytes at least, and a run of its own: more cannot follow.
    if n_places as usize > reader.n_left() / 2 || n_places > n_runs {
        return Err(SkeletonError::Malformed("more is left out than there are runs"));
    }
    let mut next = 0u32;
    let mut places = Vec::with_capacity(n_places as usize);
    for _ in 0..n_places {
        let above = next.checked_add(reader.u32()?).filter(|&above| above < n_runs);
        let above = above.ok_or(SkeletonError::Malformed("runs are left out below none"))?;
        places.push(LeftOut { above, n_runs: reader.u32()? });
        next = above + 1;
    }
    Ok(places)
}

/// Runs that have their ids and nothing else yet.
fn ids(reader: &mut Reader, n_runs: usize) -> Result<Vec<SkeletonRun>, SkeletonError> {
    let planes = reader.bytes(16 * n_runs)?;
    let id = |run: usize| RunId(Uuid::from_bytes(std::array::from_fn(|byte| planes[byte * n_runs + run])));
    let blank = |run: usize| SkeletonRun {
        id: id(run),
        parent: super::NO_RUN,
        name: 0,
        model: None,
        run_type: RunType::Chain,
        status: RunStatus::Pending,
        start_ns: 0,
        end_ns: None,
        first_token_ns: None,
        prompt_tokens: 0,
        completion_tokens: 0,
        cached_tokens: 0,
        reasoning_tokens: 0,
        cost: None,
        n_feedback: 0,
    };
    Ok((0..n_runs).map(blank).collect())
}

fn before_none(number: u64) -> Option<u64> {
    number.checked_sub(1)
}

fn scaled(
    reader: &mut Reader,
    n_numbers: usize,
    unshift: impl Fn(u64) -> Option<u64>,
) -> Result<Vec<Option<i64>>, SkeletonError> {
    let unit = reader.u64()? as i64;
    (0..n_numbers).map(|_| Ok(unshift(reader.u64()?).map(|number| unzigzag(number).wrapping_mul(unit)))).collect()
}
