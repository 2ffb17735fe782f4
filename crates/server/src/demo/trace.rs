//! A trace being made up: runs with times, ids and dotted orders, and the JSON that an SDK would send for them.

use super::chance::Chance;
use super::talk::Version;
use fanlight_wire::{RunId, RunType, Timestamp};
use serde_json::{Map, Value, json};

/// Where a run is in [`Trace::runs`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RunIdx(pub usize);

/// What all runs of a trace share.
#[derive(Clone, Default)]
pub struct Setting {
    pub project: String,
    /// Put on the root run.
    pub tags: Vec<String>,
    /// Put on every run, as LangChain does.
    pub metadata: Map<String, Value>,
}

/// One run, as far as it is known.
pub struct Run {
    pub id: RunId,
    pub parent: Option<RunIdx>,
    pub dotted_order: String,
    pub name: String,
    pub run_type: RunType,
    pub start: Timestamp,
    pub end: Option<Timestamp>,
    pub inputs: Value,
    pub outputs: Option<Value>,
    pub error: Option<String>,
    /// Sent only where it says more than error and end do.
    pub status: Option<&'static str>,
    pub tags: Vec<String>,
    pub metadata: Map<String, Value>,
    pub invocation_params: Option<Value>,
    pub events: Vec<Value>,
}

/// Runs in the order in which they were opened; the first is the root.
pub struct Trace {
    pub setting: Setting,
    pub runs: Vec<Run>,
    /// Name, mime type and bytes of files that belong to the root run.
    pub attachments: Vec<(&'static str, &'static str, &'static [u8])>,
    /// Which run, with the model calls right below it, used which prompt.
    pub prompt_uses: Vec<(RunIdx, &'static str, Version)>,
}

impl Trace {
    pub fn new(setting: Setting) -> Self {
        Trace { setting, runs: Vec::new(), attachments: Vec::new(), prompt_uses: Vec::new() }
    }

    /// Starts a run; the one without a parent must be the first.
    pub fn open(
        &mut self,
        chance: &mut Chance,
        parent: Option<RunIdx>,
        name: &str,
        run_type: RunType,
        start: Timestamp,
        inputs: Value,
    ) -> RunIdx {
        let id = RunId(chance.id_at(start));
        let segment = format!("{}{id}", start.to_compact());
        let dotted_order = match parent {
            Some(parent) => format!("{}.{segment}", self.runs[parent.0].dotted_order),
            None => segment,
        };
        self.runs.push(Run {
            id,
            parent,
            dotted_order,
            name: name.to_owned(),
            run_type,
            start,
            end: None,
            inputs,
            outputs: None,
            error: None,
            status: None,
            tags: if parent.is_none() { self.setting.tags.clone() } else { Vec::new() },
            metadata: self.setting.metadata.clone(),
            invocation_params: None,
            events: Vec::new(),
        });
        RunIdx(self.runs.len() - 1)
    }

    pub fn run_mut(&mut self, idx: RunIdx) -> &mut Run {
        &mut self.runs[idx.0]
    }

    pub fn root(&self) -> &Run {
        &self.runs[0]
    }

    /// The run as an element of `post` in `POST /runs/batch`.
    pub fn to_wire(&self, run: &Run) -> Value {
        let mut extra = json!({
            "metadata": run.metadata,
            "runtime": {
                "sdk": "langsmith-py", "sdk_version": "0.11.1", "library": "langsmith", "runtime": "python",
                "runtime_version": "3.12.8", "py_implementation": "CPython", "langchain_core_version": "1.4.2",
                "platform": "Linux-6.8.0-aws-x86_64-with-glibc2.39",
            },
        });
        if let Some(params) = &run.invocation_params {
            extra["invocation_params"] = params.clone();
        }
        json!({
            "id": run.id,
            "trace_id": self.root().id,
            "parent_run_id": run.parent.map(|parent| self.runs[parent.0].id),
            "dotted_order": run.dotted_order,
            "session_name": self.setting.project,
            "name": run.name,
            "run_type": run.run_type,
            "start_time": run.start,
            "end_time": run.end,
            "inputs": run.inputs,
            "outputs": run.outputs,
            "error": run.error,
            "status": run.status,
            "tags": run.tags,
            "extra": extra,
            "events": run.events,
        })
    }
}
