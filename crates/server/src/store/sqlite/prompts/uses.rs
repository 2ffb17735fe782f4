//! How often versions were pulled and looked at. Counted in memory and written a moment later, many at once: nobody who
//! pulls a prompt waits for a disk.

use super::super::codes::blob;
use super::super::write::thread::Writer;
use crate::store::prompts::PromptUse;
use rusqlite::{Connection, params};
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard};
use uuid::Uuid;

/// What was counted and is still to be written.
#[derive(Default)]
pub struct PromptUses {
    waiting: Mutex<Waiting>,
}

#[derive(Default)]
struct Waiting {
    counts: HashMap<(Uuid, PromptUse), u64>,
    /// Whether a job that will write them waits in the queue.
    is_queued: bool,
}

impl PromptUses {
    /// Returns whether a job is to be queued that calls [`save`](Self::save).
    pub fn note(&self, commit: Uuid, use_: PromptUse) -> bool {
        let mut waiting = self.lock();
        *waiting.counts.entry((commit, use_)).or_default() += 1;
        !std::mem::replace(&mut waiting.is_queued, true)
    }

    /// The queue was full: the next use tries again.
    pub fn is_not_queued(&self) {
        self.lock().is_queued = false;
    }

    pub fn save(&self, writer: &mut Writer) {
        let counts = {
            let mut waiting = self.lock();
            waiting.is_queued = false;
            std::mem::take(&mut waiting.counts)
        };
        if let Err(error) = writer.transact(|transaction| add(transaction.db, &counts)) {
            tracing::warn!(error = format!("{error:#}"), "cannot count uses of prompts");
        }
    }

    fn lock(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().expect("no code that holds this lock panics")
    }
}

fn add(db: &Connection, counts: &HashMap<(Uuid, PromptUse), u64>) -> anyhow::Result<()> {
    for ((commit, use_), n) in counts {
        let (n_downloads, n_views) = match use_ {
            PromptUse::Download => (*n, 0),
            PromptUse::View => (0, *n),
        };
        let add_to = |table: &str, of: &str| {
            let sql = format!("UPDATE {table} SET n_downloads = n_downloads + ?2, n_views = n_views + ?3 WHERE {of}");
            db.execute(&sql, params![blob(*commit), n_downloads, n_views])
        };
        add_to("prompt_commits", "id = ?1")?;
        add_to("prompts", "pk = (SELECT prompt FROM prompt_commits WHERE id = ?1)")?;
    }
    Ok(())
}
