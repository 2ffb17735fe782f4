//! Usage and first tokens on their way up: what changes on a run is added to each of its ancestors once per transaction.

use super::transaction::Transaction;
use crate::model::{OwnUsage, Totals};
use anyhow::Result;
use fanlight_wire::RunType;
use rusqlite::params;
use std::collections::{BinaryHeap, HashMap};

/// What happened below a run and is not in its row yet.
#[derive(Debug, Default)]
pub struct Below {
    pub totals: Totals,
    pub first_token_ns: Option<i64>,
    /// A first token moved later or away: the earliest has to be looked for.
    pub is_first_token_stale: bool,
}

impl Below {
    pub fn note_first_token(&mut self, first_token_ns: Option<i64>) {
        self.first_token_ns = earliest(self.first_token_ns, first_token_ns);
    }
}

fn earliest(a: Option<i64>, b: Option<i64>) -> Option<i64> {
    a.into_iter().chain(b).min()
}

impl Transaction<'_> {
    /// Counts a change of the run's own usage or type, in its row and for its parent.
    pub(super) fn settle_usage(&mut self, pk: i64, type_before: RunType, before: &OwnUsage) -> Result<()> {
        let row = self.row_mut(pk)?;
        let now_type = row.run_type();
        if type_before == now_type && *before == row.own_usage {
            return Ok(());
        }
        let totals_before = row.totals.clone();
        if row.totals.n_model_runs == 0 {
            row.totals.subtract(&before.conditional(type_before));
        }
        row.totals.subtract(&before.unconditional(type_before));
        row.totals.add(&row.own_usage.unconditional(now_type));
        if row.totals.n_model_runs == 0 {
            row.totals.add(&row.own_usage.conditional(now_type));
        }
        let mut change = row.totals.clone();
        change.subtract(&totals_before);
        if let Some(parent_pk) = row.parent_pk {
            self.below.entry(parent_pk).or_default().totals.add(&change);
        }
        Ok(())
    }

    /// Counts a change of the run's own first token.
    pub(super) fn settle_first_token(&mut self, pk: i64, before_ns: Option<i64>) -> Result<()> {
        let row = self.row_mut(pk)?;
        let now_ns = row.counted_first_token_ns();
        if now_ns == before_ns {
            return Ok(());
        }
        let below = self.below.entry(pk).or_default();
        below.note_first_token(now_ns);
        below.is_first_token_stale |= before_ns.is_some() && earliest(before_ns, now_ns) != now_ns;
        Ok(())
    }

    /// Adds what is pending to runs and their ancestors, deepest first, so that each is visited once.
    pub(super) fn roll_up(&mut self) -> Result<()> {
        let mut depths = HashMap::new();
        let mut deepest_first = BinaryHeap::new();
        for pk in self.below.keys().copied().collect::<Vec<_>>() {
            deepest_first.push((self.depth(pk, &mut depths)?, pk));
        }
        while let Some((_, pk)) = deepest_first.pop() {
            let Some(below) = self.below.remove(&pk) else { continue };
            let Some((parent_pk, outgoing)) = self.add_below(pk, &below)? else { continue };
            if !self.below.contains_key(&parent_pk) {
                deepest_first.push((self.depth(parent_pk, &mut depths)?, parent_pk));
            }
            let waiting = self.below.entry(parent_pk).or_default();
            waiting.totals.add(&outgoing.totals);
            waiting.note_first_token(outgoing.first_token_ns);
            waiting.is_first_token_stale |= outgoing.is_first_token_stale;
        }
        Ok(())
    }

    /// Returns the parent and what changes for it, if anything.
    fn add_below(&mut self, pk: i64, below: &Below) -> Result<Option<(i64, Below)>> {
        let mut outgoing = Below::default();
        let has_totals = !below.totals.is_zero();
        let row = self.row_mut(pk)?;
        let parent_pk = row.parent_pk;
        if has_totals {
            let conditional = row.own_usage.conditional(row.run_type());
            outgoing.totals = row.totals.apply_below(&below.totals, &conditional);
            row.is_dirty = true;
        }
        let before_ns = row.first_token_ns;
        let now_ns = if below.is_first_token_stale {
            let own_ns = row.counted_first_token_ns();
            earliest(own_ns, self.earliest_first_token_of_children(pk)?)
        } else {
            earliest(before_ns, below.first_token_ns)
        };
        if now_ns != before_ns {
            let row = self.row_mut(pk)?;
            row.first_token_ns = now_ns;
            row.is_dirty = true;
            outgoing.first_token_ns = now_ns;
            outgoing.is_first_token_stale = before_ns.is_some() && earliest(before_ns, now_ns) != now_ns;
        }
        let is_news = has_totals || now_ns != before_ns;
        Ok(parent_pk.filter(|_| is_news).map(|parent_pk| (parent_pk, outgoing)))
    }

    fn earliest_first_token_of_children(&mut self, pk: i64) -> Result<Option<i64>> {
        self.save_rows()?;
        let mut statement = self.db.prepare_cached("SELECT min(first_token_ns) FROM runs WHERE parent_pk = ?1")?;
        Ok(statement.query_row(params![pk], |row| row.get(0))?)
    }

    fn depth(&mut self, pk: i64, depths: &mut HashMap<i64, usize>) -> Result<usize> {
        let mut path = Vec::new();
        let mut next = Some(pk);
        let mut depth = 0;
        while let Some(pk) = next {
            if let Some(known) = depths.get(&pk) {
                depth = known + 1;
                break;
            }
            path.push(pk);
            next = self.row(pk)?.parent_pk;
        }
        for pk in path.into_iter().rev() {
            depths.insert(pk, depth);
            depth += 1;
        }
        Ok(depths[&pk])
    }
}
