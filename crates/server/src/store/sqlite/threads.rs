//! The two threads of a store, the writer and the indexer, and how they end.

use super::queue::Queue;
use super::search::indexer::Indexer;
use super::search::pace::Pace;
use super::write::thread::{Job, Writer};
use anyhow::{Context, Result};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;

pub struct Threads {
    queue: Arc<Queue<Job>>,
    pace: Arc<Pace>,
    indexer: Mutex<Option<JoinHandle<()>>>,
    writer: Mutex<Option<JoinHandle<()>>>,
}

impl Threads {
    pub fn start(writer: Writer, indexer: Indexer) -> Result<Threads> {
        let (queue, pace) = (Arc::clone(&indexer.to_writer.queue), Arc::clone(&indexer.to_writer.pace));
        let spawn = |name: &str, work: Box<dyn FnOnce() + Send>| {
            let thread = std::thread::Builder::new().name(name.to_owned()).spawn(work);
            thread.with_context(|| format!("cannot start the thread {name}"))
        };
        let jobs = Arc::clone(&queue);
        let writer = spawn("store-writer", Box::new(move || writer.run(&jobs)))?;
        let indexer = spawn("store-indexer", Box::new(move || indexer.run()))?;
        Ok(Threads { queue, pace, indexer: Mutex::new(Some(indexer)), writer: Mutex::new(Some(writer)) })
    }

    /// Waits for both: the indexer first, because it writes through the writer, which works on what is queued. Does
    /// nothing the second time.
    pub fn stop(&self) {
        self.pace.stop();
        join(&self.indexer);
        self.queue.close();
        join(&self.writer);
    }
}

fn join(thread: &Mutex<Option<JoinHandle<()>>>) {
    let thread = thread.lock().expect("no code that holds this lock panics").take();
    if let Some(thread) = thread {
        let name = thread.thread().name().unwrap_or("a thread").to_owned();
        if thread.join().is_err() {
            tracing::error!("{name} ended in a panic");
        }
    }
}
