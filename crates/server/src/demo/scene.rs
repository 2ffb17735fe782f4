//! The stage on which a trace is played: steps inside steps, each ending well or passing its failure upwards.

use super::chance::Chance;
use super::corpus::Corpus;
use super::trace::{RunIdx, Setting, Trace};
use fanlight_wire::{RunType, Timestamp};
use serde_json::Value;

/// A step that worked: when it was over and what it returned.
pub struct Done {
    pub at: Timestamp,
    pub outputs: Value,
}

/// A step that did not: when, and `repr(exception)` with the stack trace.
#[derive(Clone)]
pub struct Failure {
    pub at: Timestamp,
    pub error: String,
    /// Cancelled from outside rather than failed.
    pub is_interruption: bool,
}

pub type Outcome = Result<Done, Failure>;

/// One trace with its luck and its words.
pub struct Scene<'a> {
    pub corpus: &'a Corpus,
    pub chance: Chance,
    pub trace: Trace,
}

impl<'a> Scene<'a> {
    pub fn new(corpus: &'a Corpus, chance: Chance, setting: Setting) -> Self {
        Scene { corpus, chance, trace: Trace::new(setting) }
    }

    /// Plays `body` as a run. The run ends just after what happens inside, with its outputs or with its error; a failure
    /// is passed on, as an exception would be.
    pub fn step(
        &mut self,
        parent: Option<RunIdx>,
        name: &str,
        run_type: RunType,
        start: Timestamp,
        inputs: Value,
        body: impl FnOnce(&mut Self, RunIdx) -> Outcome,
    ) -> Outcome {
        let idx = self.trace.open(&mut self.chance, parent, name, run_type, start, inputs);
        let outcome = body(self, idx);
        let overhead_ms = self.chance.between(0.3, 4.0);
        let run = self.trace.run_mut(idx);
        match outcome {
            Ok(done) => {
                let end = after(done.at, overhead_ms);
                run.end = Some(end);
                run.outputs = Some(done.outputs.clone());
                Ok(Done { at: end, outputs: done.outputs })
            }
            Err(failure) => {
                let end = after(failure.at, overhead_ms);
                run.end = Some(end);
                run.error = Some(failure.error.clone());
                run.status = failure.is_interruption.then_some("interrupted");
                Err(Failure { at: end, ..failure })
            }
        }
    }

    /// A step without steps inside that takes about `median_ms`.
    pub fn leaf(
        &mut self,
        parent: RunIdx,
        name: &str,
        run_type: RunType,
        start: Timestamp,
        median_ms: f64,
        (inputs, outputs): (Value, Value),
    ) -> Done {
        let at = after(start, self.chance.around(median_ms));
        let idx = self.trace.open(&mut self.chance, Some(parent), name, run_type, start, inputs);
        let run = self.trace.run_mut(idx);
        run.end = Some(at);
        run.outputs = Some(outputs.clone());
        Done { at, outputs }
    }

    /// A step without steps inside that fails after about `median_ms`.
    pub fn failing_leaf(
        &mut self,
        parent: RunIdx,
        name: &str,
        run_type: RunType,
        start: Timestamp,
        median_ms: f64,
        (inputs, error): (Value, &str),
    ) -> Failure {
        let at = after(start, self.chance.around(median_ms));
        let idx = self.trace.open(&mut self.chance, Some(parent), name, run_type, start, inputs);
        let run = self.trace.run_mut(idx);
        run.end = Some(at);
        run.error = Some(error.to_owned());
        Failure { at, error: error.to_owned(), is_interruption: false }
    }
}

/// The instant `ms` milliseconds after `time`, in whole microseconds as Python keeps them.
pub fn after(time: Timestamp, ms: f64) -> Timestamp {
    Timestamp(time.0 + (ms * 1000.0) as i64 * 1000)
}
