//! One operation on one run: a post fills what nobody said yet, a patch overwrites.
//!
//! Every rule here is order-free between posts and patches, so that the end state depends only on what was said.

use super::row::RunRow;
use super::transaction::Transaction;
use crate::model::{OpKind, OwnUsage, RunOp};
use crate::store::sqlite::payload::{fragment, merge};
use anyhow::Result;
use fanlight_wire::RunStatus;
use fanlight_wire::filter::eval::error_kind;

/// A run with more fragments than this gets them merged into two.
const MAX_FRAGMENTS: usize = 8;

impl Transaction<'_> {
    pub(super) fn apply_run(&mut self, op: &RunOp) -> Result<()> {
        let known = self.find(op.id.0)?;
        let pk = known.unwrap_or_else(|| self.create(op.id.0));
        self.settle_project(pk, op)?;
        let order = super::family::DottedOrder::parse(op);
        self.settle_parent(pk, op, order.as_ref())?;
        self.settle_trace(pk, op, order.as_ref())?;
        if known.is_none() {
            self.adopt_orphans(pk)?;
        }

        let row = self.row_mut(pk)?;
        row.is_dirty = true;
        let (type_before, usage_before, token_before) =
            (row.run_type(), row.own_usage.clone(), row.counted_first_token_ns());
        row.has_new_text |= known.is_none() || brings_text(op);
        let had_error = row.error_preview.is_some();
        merge_fields(row, op);
        settle_start(row);
        settle_status(row);
        let prices = self.prices;
        let row = self.row_mut(pk)?;
        price(row, prices, &usage_before, op);
        self.settle_usage(pk, type_before, &usage_before)?;
        self.settle_first_token(pk, token_before)?;
        self.merge_metadata(pk, op)?;
        self.settle_error_text(pk, op, had_error)?;
        self.append_payload(pk, op)
    }

    fn merge_metadata(&mut self, pk: i64, op: &RunOp) -> Result<()> {
        let Some(said) = &op.metadata else { return Ok(()) };
        let known = self.row(pk)?.metadata_set;
        let merged = self.metadata.merged(self.db, known, op.kind, said)?;
        self.row_mut(pk)?.metadata_set = Some(merged);
        Ok(())
    }

    /// As its first line is settled: a post does not change what was said before.
    fn settle_error_text(&mut self, pk: i64, op: &RunOp, had_error: bool) -> Result<()> {
        if let (Some(_), Some(text)) = (&op.error_preview, &op.payload.error)
            && (op.kind == OpKind::Patch || !had_error)
        {
            let text = self.error_texts.intern(self.db, text)?;
            self.row_mut(pk)?.error_text = Some(text);
        }
        Ok(())
    }

    fn append_payload(&mut self, pk: i64, op: &RunOp) -> Result<()> {
        let Some(bytes) = fragment::encode(op.kind, &op.payload) else { return Ok(()) };
        let locator = self.blocks.append(self.db, &bytes)?;
        let row = self.row_mut(pk)?;
        row.fragments.push(locator);
        if row.fragments.len() > MAX_FRAGMENTS {
            self.compact_payload(pk)?;
        }
        Ok(())
    }

    fn compact_payload(&mut self, pk: i64) -> Result<()> {
        let locators = std::mem::take(&mut self.row_mut(pk)?.fragments);
        let fragments = locators
            .iter()
            .map(|&locator| fragment::decode(&self.blocks.read(self.db, locator)?))
            .collect::<Result<Vec<_>>>()?;
        let (post, patch) = merge::merge_by_kind(fragments);
        let mut compacted = Vec::with_capacity(2);
        for (kind, payload) in [(OpKind::Post, post), (OpKind::Patch, patch)] {
            if let Some(bytes) = payload.and_then(|payload| fragment::encode(kind, &payload)) {
                compacted.push(self.blocks.append(self.db, &bytes)?);
            }
        }
        for locator in locators {
            self.blocks.release(self.db, locator)?;
        }
        self.row_mut(pk)?.fragments = compacted;
        Ok(())
    }
}

/// Whether the words of the run may be others now.
fn brings_text(op: &RunOp) -> bool {
    let payload = &op.payload;
    let has_payload = payload.inputs.is_some() || payload.outputs.is_some() || payload.error.is_some();
    has_payload || op.metadata.is_some() || op.name.is_some() || op.tags.is_some() || op.model.is_some()
}

fn merge_fields(row: &mut RunRow, op: &RunOp) {
    let kind = op.kind;
    put(&mut row.name, kind, &op.name);
    put(&mut row.run_type, kind, &op.run_type);
    put(&mut row.end_ns, kind, &op.end.map(|end| end.0));
    put(&mut row.own_first_token_ns, kind, &op.first_token.map(|time| time.0));
    put(&mut row.error_preview, kind, &op.error_preview);
    row.error_kind = row.error_preview.as_deref().and_then(error_kind).map(str::to_owned);
    let tags = op.tags.as_ref().filter(|tags| !tags.is_empty());
    put(&mut row.tags, kind, &tags.map(|tags| serde_json::to_string(tags).expect("strings are JSON")));
    put(&mut row.thread_id, kind, &op.thread_id);
    put(&mut row.model, kind, &op.model);
    put(&mut row.provider, kind, &op.provider);
    put(&mut row.reference_example_id, kind, &op.reference_example_id);
    // "Pending" only says that nothing else is known yet.
    put(&mut row.status_sent, kind, &op.status.filter(|status| *status != RunStatus::Pending));
    if row.is_root() {
        put(&mut row.inputs_preview, kind, &op.inputs_preview);
        put(&mut row.outputs_preview, kind, &op.outputs_preview);
    }
    if let Some(usage) = &op.usage
        && (kind == OpKind::Patch || row.own_usage == OwnUsage::default())
    {
        row.own_usage = OwnUsage { sent: usage.clone(), priced: None };
    }
    if let Some(start) = op.start
        && (kind == OpKind::Patch || row.ranks.start < 3)
    {
        row.start_ns = start.0;
        row.ranks.start = 3;
    }
    if let Some(order) = op.order
        && (kind == OpKind::Patch || row.order_us.is_none())
    {
        row.order_us = Some(order.micros());
    }
}

fn put<T: Clone>(field: &mut Option<T>, kind: OpKind, said: &Option<T>) {
    if said.is_some() && (kind == OpKind::Patch || field.is_none()) {
        field.clone_from(said);
    }
}

/// Until somebody says when the run started: the time in its dotted order, else its end, else when it was first heard of.
fn settle_start(row: &mut RunRow) {
    if row.ranks.start == 3 {
        return;
    }
    if let Some(order_us) = row.order_us {
        row.start_ns = order_us.saturating_mul(1000);
        row.ranks.start = 2;
    } else if let Some(end_ns) = row.end_ns {
        row.start_ns = end_ns;
        row.ranks.start = 1;
    }
}

fn settle_status(row: &mut RunRow) {
    row.status = row.status_sent.unwrap_or(if row.error_preview.is_some() {
        RunStatus::Error
    } else if row.end_ns.is_some() {
        RunStatus::Success
    } else {
        RunStatus::Pending
    });
}

/// Looks prices up when usage or model are news. Later price lists never change what a run cost.
fn price(row: &mut RunRow, prices: &crate::pricing::PriceList, usage_before: &OwnUsage, op: &RunOp) {
    let is_news = row.own_usage.sent != usage_before.sent
        || row.own_usage.priced.is_none()
        || (op.model.is_some() && op.kind == OpKind::Patch);
    if is_news {
        row.own_usage.priced = match &row.model {
            Some(model) if row.own_usage.is_model_usage(row.run_type()) => {
                prices.cost(model, &row.own_usage.sent, fanlight_wire::Timestamp(row.start_ns))
            }
            _ => None,
        };
    }
}
