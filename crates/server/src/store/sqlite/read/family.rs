//! Ancestors of runs: ids from the root down, and the dotted order they make.

use crate::store::sqlite::write::family::segment;
use anyhow::Result;
use rusqlite::{Connection, OptionalExtension};
use std::collections::HashMap;
use uuid::Uuid;

/// What a run passes on to its children. Shared by the runs of a page: siblings ask the same.
#[derive(Default)]
pub struct Families {
    known: HashMap<i64, Ancestor>,
}

#[derive(Clone)]
struct Ancestor {
    id: Uuid,
    parent_pk: Option<i64>,
    waiting_parent: Option<Uuid>,
    dotted_prefix: Option<String>,
    order_us: i64,
}

/// Where a run stands in its trace.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Lineage {
    /// From the root to the direct parent. Of a parent that is missing only the id is known.
    pub ancestors: Vec<Uuid>,
    pub dotted_order: String,
}

impl Families {
    /// `own` are the columns of the run itself.
    pub fn lineage(&mut self, db: &Connection, own: Own) -> Result<Lineage> {
        let mut segments = vec![segment(own.order_us, own.id)];
        let mut ancestors = Vec::new();
        let (mut parent_pk, mut waiting, mut prefix) = (own.parent_pk, own.waiting_parent, own.dotted_prefix);
        while let Some(pk) = parent_pk {
            let Some(ancestor) = self.find(db, pk)? else { break };
            ancestors.push(ancestor.id);
            segments.push(segment(ancestor.order_us, ancestor.id));
            (parent_pk, waiting, prefix) = (ancestor.parent_pk, ancestor.waiting_parent, ancestor.dotted_prefix);
        }
        // Above the topmost known run: what it said itself, when it came.
        ancestors.extend(waiting);
        segments.extend(prefix);
        ancestors.reverse();
        segments.reverse();
        Ok(Lineage { ancestors, dotted_order: segments.join(".") })
    }

    fn find(&mut self, db: &Connection, pk: i64) -> Result<Option<Ancestor>> {
        if let Some(ancestor) = self.known.get(&pk) {
            return Ok(Some(ancestor.clone()));
        }
        let found = db
            .prepare_cached(
                "SELECT id, parent_pk, waiting_parent, dotted_prefix, coalesce(order_us, start_ns / 1000) FROM runs
                 WHERE pk = ?1",
            )?
            .query_row([pk], |row| {
                Ok(Ancestor {
                    id: Uuid::from_bytes(row.get(0)?),
                    parent_pk: row.get(1)?,
                    waiting_parent: row.get::<_, Option<[u8; 16]>>(2)?.map(Uuid::from_bytes),
                    dotted_prefix: row.get(3)?,
                    order_us: row.get(4)?,
                })
            })
            .optional()?;
        if let Some(ancestor) = &found {
            self.known.insert(pk, ancestor.clone());
        }
        Ok(found)
    }
}

/// The columns of a run that its lineage starts from.
pub struct Own {
    pub id: Uuid,
    pub parent_pk: Option<i64>,
    pub waiting_parent: Option<Uuid>,
    pub dotted_prefix: Option<String>,
    pub order_us: i64,
}
