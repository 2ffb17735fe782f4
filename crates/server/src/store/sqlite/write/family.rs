//! Parents and traces. Runs come in any order: children may wait for their parent, and move with it to its trace.

use super::transaction::Transaction;
use crate::model::{OpKind, RunOp};
use crate::store::sqlite::codes::blob;
use anyhow::Result;
use fanlight_wire::Timestamp;
use uuid::Uuid;

/// The ancestry that a dotted order tells: `time + id` of each ancestor and the run itself, joined by dots.
#[derive(Debug, PartialEq, Eq)]
pub struct DottedOrder<'a> {
    /// Without the run's own segment; empty for a root.
    pub prefix: &'a str,
    pub root: Uuid,
    pub parent: Option<Uuid>,
}

/// The characters of a UUID with dashes.
const UUID_CHARS: usize = 36;

impl<'a> DottedOrder<'a> {
    /// `None` when nothing was sent, or when it does not end in the run's id: then it tells nothing reliable.
    pub fn parse(op: &'a RunOp) -> Option<Self> {
        let text = op.payload.dotted_order.as_deref()?;
        let (prefix, own) = text.rsplit_once('.').unwrap_or(("", text));
        if segment_id(own)? != op.id.0 {
            return None;
        }
        let parent = if prefix.is_empty() { None } else { Some(segment_id(prefix.rsplit('.').next()?)?) };
        Some(DottedOrder { prefix, root: segment_id(text.split('.').next()?)?, parent })
    }
}

fn segment_id(segment: &str) -> Option<Uuid> {
    let start = segment.len().checked_sub(UUID_CHARS)?;
    Uuid::try_parse(segment.get(start..)?).ok()
}

/// Prints the segment of a run in a dotted order.
pub fn segment(order_us: i64, id: Uuid) -> String {
    format!("{}{}", Timestamp(order_us.saturating_mul(1000)).to_compact(), id.hyphenated())
}

impl Transaction<'_> {
    pub(super) fn settle_parent(&mut self, pk: i64, op: &RunOp, order: Option<&DottedOrder>) -> Result<()> {
        // A post without a parent may still tell it in its dotted order.
        let said = op.parent_id.map(|parent| parent.0).or(order.and_then(|order| order.parent));
        let Some(parent) = said.filter(|parent| *parent != op.id.0) else { return Ok(()) };
        let row = self.row(pk)?;
        let has_parent = !row.is_root();
        if has_parent && op.kind == OpKind::Post {
            return Ok(());
        }
        let known = match (row.parent_pk, row.waiting_parent) {
            (Some(parent_pk), _) => Some(self.row(parent_pk)?.id),
            (None, waiting) => waiting,
        };
        if known == Some(parent) {
            return Ok(());
        }
        self.unlink(pk)?;
        match self.find(parent)? {
            Some(parent_pk) if !self.is_below(parent_pk, pk)? => self.link(pk, parent_pk)?,
            // In a circle of parents the last link is left open, and waits for ever.
            _ => {
                let prefix = order.filter(|order| order.parent == Some(parent)).map(|order| order.prefix.to_owned());
                let row = self.row_mut(pk)?;
                row.waiting_parent = Some(parent);
                row.dotted_prefix = prefix;
                self.waiting.entry(parent).or_default().push(pk);
            }
        }
        let row = self.row_mut(pk)?;
        row.inputs_preview = None;
        row.outputs_preview = None;
        Ok(())
    }

    /// Whether `pk` is `ancestor` or below it.
    fn is_below(&mut self, pk: i64, ancestor: i64) -> Result<bool> {
        if !self.row(ancestor)?.may_have_children {
            return Ok(pk == ancestor);
        }
        let mut next = Some(pk);
        while let Some(pk) = next {
            if pk == ancestor {
                return Ok(true);
            }
            next = self.row(pk)?.parent_pk;
        }
        Ok(false)
    }

    fn unlink(&mut self, pk: i64) -> Result<()> {
        let row = self.row_mut(pk)?;
        row.waiting_parent = None;
        row.dotted_prefix = None;
        let Some(parent_pk) = row.parent_pk.take() else { return Ok(()) };
        let totals = row.totals.clone();
        let below = self.below.entry(parent_pk).or_default();
        below.totals.subtract(&totals);
        below.is_first_token_stale = true;
        Ok(())
    }

    fn link(&mut self, pk: i64, parent_pk: i64) -> Result<()> {
        let row = self.row_mut(pk)?;
        row.parent_pk = Some(parent_pk);
        row.waiting_parent = None;
        row.dotted_prefix = None;
        row.is_dirty = true;
        let (totals, first_token_ns) = (row.totals.clone(), row.first_token_ns);
        self.row_mut(parent_pk)?.may_have_children = true;
        let below = self.below.entry(parent_pk).or_default();
        below.totals.add(&totals);
        below.note_first_token(first_token_ns);
        Ok(())
    }

    /// Gives a run that has just arrived the children that came before it.
    pub(super) fn adopt_orphans(&mut self, pk: i64) -> Result<()> {
        let id = self.row(pk)?.id;
        let mut orphans = self.waiting.remove(&id).unwrap_or_default();
        {
            let mut statement = self.db.prepare_cached("SELECT pk FROM runs WHERE waiting_parent = ?1")?;
            for orphan in statement.query_map([blob(id)], |row| row.get(0))? {
                orphans.push(orphan?);
            }
        }
        orphans.sort_unstable();
        orphans.dedup();
        for orphan in orphans {
            // The working set is ahead of the table: the orphan may have found another parent meanwhile.
            if self.row(orphan)?.waiting_parent == Some(id) && !self.is_below(pk, orphan)? {
                self.link(orphan, pk)?;
                self.inherit_trace(orphan)?;
            }
        }
        Ok(())
    }

    pub(super) fn settle_trace(&mut self, pk: i64, op: &RunOp, order: Option<&DottedOrder>) -> Result<()> {
        let said = op.trace_id.map(|trace| trace.0).or(order.map(|order| order.root));
        match said {
            Some(trace_id) if self.row(pk)?.ranks.trace < 2 => {
                let trace = self.traces.find_or_create(self.db, trace_id)?;
                self.row_mut(pk)?.ranks.trace = 2;
                self.set_trace(pk, trace)
            }
            _ => self.inherit_trace(pk),
        }
    }

    /// Where nobody said the trace, it is the parent's; while the parent is missing, the parent is taken for the root.
    fn inherit_trace(&mut self, pk: i64) -> Result<()> {
        let row = self.row(pk)?;
        if row.ranks.trace == 2 {
            return Ok(());
        }
        let (parent_pk, guess) = (row.parent_pk, row.waiting_parent.unwrap_or(row.id));
        let (trace, rank) = match parent_pk {
            Some(parent_pk) => (self.row(parent_pk)?.trace, 1),
            None => (self.traces.find_or_create(self.db, guess)?, 0),
        };
        self.row_mut(pk)?.ranks.trace = rank;
        self.set_trace(pk, trace)
    }

    /// Moves a run, and everything below it that follows its parent, to a trace.
    fn set_trace(&mut self, pk: i64, trace: i64) -> Result<()> {
        let mut to_move = vec![pk];
        while let Some(pk) = to_move.pop() {
            let row = self.row_mut(pk)?;
            let before = std::mem::replace(&mut row.trace, trace);
            if before == trace || before == 0 {
                continue;
            }
            row.is_dirty = true;
            for child in self.children(pk)? {
                if self.row(child)?.ranks.trace < 2 {
                    to_move.push(child);
                }
            }
        }
        Ok(())
    }

    pub(super) fn children(&mut self, pk: i64) -> Result<Vec<i64>> {
        self.save_rows()?;
        let mut statement = self.db.prepare_cached("SELECT pk FROM runs WHERE parent_pk = ?1")?;
        let children = statement.query_map([pk], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        Ok(children)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Payload, ProjectRef};
    use fanlight_wire::RunId;

    fn id(n: u128) -> Uuid {
        Uuid::from_u128(n)
    }

    #[track_caller]
    fn check(dotted_order: &str, expected: Option<(Option<Uuid>, Uuid)>) {
        let op = RunOp {
            payload: Payload { dotted_order: Some(dotted_order.into()), ..Payload::default() },
            ..RunOp::empty(OpKind::Post, RunId(id(9)), ProjectRef::default())
        };
        assert_eq!(DottedOrder::parse(&op).map(|order| (order.parent, order.root)), expected);
    }

    #[test]
    fn the_last_segment_is_the_run_and_the_one_before_its_parent() {
        let [a, b, own] = [1, 2, 9].map(|n| segment(0, id(n)));
        check(&own, Some((None, id(9))));
        check(&format!("{a}.{own}"), Some((Some(id(1)), id(1))));
        check(&format!("{a}.{b}.{own}"), Some((Some(id(2)), id(1))));
    }

    #[test]
    fn what_does_not_end_in_the_run_tells_nothing() {
        check("", None);
        check("…", None);
        check(&segment(0, id(1)), None);
        check(&format!("x.{}", segment(0, id(9))), None);
    }
}
