//! Fetches what the runs of a trace were given and answered, a few at a time, and puts it together as it comes.

use crate::api::{ApiClient, ApiError};
use crate::components::breathe::Slice;
use crate::components::erased::effect;
use crate::conversation::{Entry, Spoken, is_needed, transcript};
use crate::documents::documents;
use crate::messages::conversation;
use crate::model::{RunIdx, RunTree};
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::{Run, RunId, RunStatus, RunType};
use leptos::prelude::*;
use std::collections::HashMap;
use std::sync::Arc;

/// Runs in one request.
const RUNS_PER_REQUEST: usize = 20;
/// Runs that are read: a person does not read more calls than this.
const MAX_RUNS: usize = 1000;
/// Payloads that are read, together and each.
const MAX_BYTES: usize = 32 * 1024 * 1024;
const MAX_RUN_BYTES: usize = 4 * 1024 * 1024;

/// What is on screen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Transcript {
    pub entries: Vec<Entry>,
    /// How many documents retrievers are known to have found.
    pub n_documents: HashMap<RunIdx, usize>,
}

/// How far reading is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Progress {
    Reading {
        n_read: usize,
        n_all: usize,
    },
    Failed(String),
    /// Runs that were too many or too large to be read.
    Done {
        n_left_out: usize,
    },
}

/// What was read of one run, kept as long as the run does not change.
#[derive(Clone, Debug)]
struct Read {
    conversation: Option<Arc<crate::messages::Conversation>>,
    n_documents: Option<usize>,
    n_bytes: usize,
    is_final: bool,
}

/// Reads a trace. Copy it freely.
#[derive(Clone, Copy)]
pub struct TranscriptLoader {
    pub transcript: RwSignal<Arc<Transcript>>,
    pub progress: RwSignal<Progress>,
    read: StoredValue<HashMap<RunId, Read>>,
    n_retries: RwSignal<u32>,
}

impl TranscriptLoader {
    /// Reads `tree`, and again what changed with each newer tree; stops when the owner is gone.
    pub fn start(tree: RwSignal<Arc<RunTree>>) -> Self {
        let loader = TranscriptLoader {
            transcript: RwSignal::default(),
            progress: RwSignal::new(Progress::Reading { n_read: 0, n_all: 0 }),
            read: StoredValue::default(),
            n_retries: RwSignal::new(0),
        };
        let api: ApiClient = expect_context();
        let read = Action::new_unsync(move |tree: &Arc<RunTree>| {
            let (api, tree) = (api.clone(), Arc::clone(tree));
            async move {
                if let Err(error) = loader.read_all(&api, &tree).await {
                    loader.progress.try_set(Progress::Failed(error.to_string()));
                }
            }
        });
        let under_way = StoredValue::new(None::<ActionAbortHandle>);
        let stop = move || {
            if let Some(request) = under_way.try_update_value(Option::take).flatten() {
                request.abort();
            }
        };
        effect(move || {
            loader.n_retries.track();
            let tree = tree.get();
            stop();
            under_way.set_value(Some(read.dispatch_local(tree)));
        });
        on_cleanup(stop);
        loader
    }

    /// Tries again after a failure.
    pub fn retry(&self) {
        self.progress.set(Progress::Reading { n_read: 0, n_all: 0 });
        self.n_retries.update(|n| *n += 1);
    }

    async fn read_all(self, api: &ApiClient, tree: &RunTree) -> Result<(), ApiError> {
        let mut wanted = runs_to_read(tree);
        let n_too_many = wanted.len().saturating_sub(MAX_RUNS);
        wanted.truncate(MAX_RUNS);
        let is_known =
            |run: &RunIdx| self.read.with_value(|read| read.get(&tree.id(*run)).is_some_and(|read| read.is_final));
        let (known, missing): (Vec<RunIdx>, Vec<RunIdx>) = wanted.iter().partition(|run| is_known(run));
        let mut n_read = known.len();
        let mut n_bytes: usize =
            self.read.with_value(|read| known.iter().filter_map(|run| Some(read.get(&tree.id(*run))?.n_bytes)).sum());
        let mut n_too_large = 0;
        let is_first = self.transcript.with_untracked(|transcript| transcript.entries.is_empty());
        for chunk in missing.chunks(RUNS_PER_REQUEST) {
            if n_bytes >= MAX_BYTES {
                n_too_large = wanted.len() - n_read;
                break;
            }
            if is_first {
                self.progress.try_set(Progress::Reading { n_read, n_all: wanted.len() });
            }
            let ids: Vec<RunId> = chunk.iter().map(|&run| tree.id(run)).collect();
            let page = api.query_runs(&question(ids)).await?;
            let mut slice = Slice::begin();
            for run in page.runs {
                let (id, read) = (run.id, read_run(&run));
                n_bytes += read.n_bytes;
                n_too_large += usize::from(read.conversation.is_none() && read.n_documents.is_none());
                self.read.try_update_value(|all| all.insert(id, read));
                slice.breathe_if_long().await;
            }
            let is_start = n_read == 0;
            n_read += chunk.len();
            if is_first && is_start {
                // The beginning can be read while the rest comes.
                self.put_together(tree, &wanted);
            }
        }
        self.put_together(tree, &wanted);
        self.progress.try_set(Progress::Done { n_left_out: n_too_many + n_too_large });
        Ok(())
    }

    fn put_together(&self, tree: &RunTree, wanted: &[RunIdx]) {
        let parts = self.read.try_with_value(|read| {
            let known = |&run: &RunIdx| Some((run, read.get(&tree.id(run))?.clone()));
            wanted.iter().filter_map(known).collect::<Vec<_>>()
        });
        let Some(parts) = parts else { return };
        let n_documents = parts.iter().filter_map(|(run, read)| Some((*run, read.n_documents?))).collect();
        let spoken = parts
            .into_iter()
            .filter_map(|(run, read)| Some(Spoken { run, conversation: read.conversation.map(|it| (*it).clone())? }));
        let transcript = Transcript { entries: transcript(tree, spoken.collect()), n_documents };
        if self.transcript.try_with_untracked(|before| **before != transcript) == Some(true) {
            self.transcript.set(Arc::new(transcript));
        }
    }
}

/// The root, then what models and retrievers did, in order of start.
fn runs_to_read(tree: &RunTree) -> Vec<RunIdx> {
    let is_wanted = |&run: &RunIdx| run == 0 || is_needed(tree.run_type(run));
    let mut runs: Vec<RunIdx> = (0..tree.n_runs() as RunIdx).filter(is_wanted).collect();
    runs.sort_by_key(|&run| (run != 0, tree.start_ns(run)));
    runs
}

fn question(ids: Vec<RunId>) -> RunQuery {
    let select = ["id", "run_type", "status", "inputs", "outputs"].map(str::to_owned).to_vec();
    RunQuery { ids: Some(ids), select: Some(select), limit: Some(100), ..RunQuery::default() }
}

fn read_run(run: &Run) -> Read {
    let text = |json: &Option<fanlight_wire::RawJson>| json.as_ref().map(|json| json.get().to_owned());
    let (inputs, outputs) = (text(&run.inputs), text(&run.outputs));
    let n_bytes = [&inputs, &outputs].into_iter().flatten().map(String::len).sum();
    let is_final = run.status != RunStatus::Pending;
    if n_bytes > MAX_RUN_BYTES {
        return Read { conversation: None, n_documents: None, n_bytes: 0, is_final };
    }
    if run.run_type == RunType::Retriever {
        let n_documents = outputs.map_or(0, |outputs| documents(&outputs, true).len());
        return Read { conversation: None, n_documents: Some(n_documents), n_bytes, is_final };
    }
    let conversation = conversation(run.run_type, inputs.as_deref(), outputs.as_deref());
    Read { conversation: Some(Arc::new(conversation)), n_documents: None, n_bytes, is_final }
}
