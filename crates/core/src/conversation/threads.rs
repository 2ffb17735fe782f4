//! Puts the messages of many calls together: each call repeats what it was given, and adds to it.

use super::Spoken;
use super::fingerprint::fingerprint;
use crate::messages::{Conversation, Message, Role};
use crate::model::{RunIdx, RunTree};
use std::collections::{HashMap, HashSet};

/// A message and where it was first seen.
#[derive(Clone, Debug)]
pub struct Said {
    /// Unlike every other in its thread.
    pub id: usize,
    pub message: Message,
    pub run: RunIdx,
    pub is_output: bool,
    /// When it was there: the start of the run that was given it, the end of the run that answered it.
    pub at_ns: u64,
}

/// What was said by and to calls that share messages.
#[derive(Clone, Debug, Default)]
pub struct Thread {
    pub said: Vec<Said>,
    /// Without the root, which is no call.
    pub runs: Vec<RunIdx>,
    pub first_run: RunIdx,
    pub first_ns: u64,
    /// Which message each run answered with, by its id.
    pub answers: Vec<(RunIdx, usize)>,
    /// Ids of messages by what they say and the how-manieth time it is said: people say "yes" more than once.
    known: HashMap<(u64, usize), usize>,
    /// Messages other than instructions: sharing one of them makes calls of one thread.
    spoken: HashMap<u64, ()>,
}

/// The threads of a trace: the conversation of the root first, the others in order of their start.
pub fn untangle(tree: &RunTree, spoken: Vec<Spoken>) -> Vec<Thread> {
    let taken_up = taken_up(tree, &spoken);
    let mut threads: Vec<Thread> = Vec::new();
    let mut last_words: Option<(RunIdx, Vec<Message>, Vec<Message>)> = None;
    for Spoken { run, conversation } in spoken {
        let Conversation { inputs, outputs, .. } = conversation;
        if inputs.is_empty() && outputs.is_empty() {
            continue;
        }
        let is_root = tree.parent(run).is_none();
        // A call that only looks at what was said (a router, a judge) does not speak: nobody takes up its answer.
        let speaks = |thread: usize| thread > 0 || taken_up.is_none_or_has(run);
        let home =
            threads.iter().position(|thread| thread.shares(&inputs)).filter(|home| speaks(*home)).unwrap_or_else(
                || {
                    // The conversation of the trace is the root's, or that of the first call when the root says nothing.
                    let (first_run, first_ns) = (run, tree.start_ns(run));
                    threads.push(Thread { first_run, first_ns, ..Thread::default() });
                    threads.len() - 1
                },
            );
        let thread = &mut threads[home];
        thread.hear(&inputs, run, tree.start_ns(run));
        if is_root && last_words.is_none() {
            // What the trace answered in the end comes after everything that led to it.
            last_words = Some((run, inputs, outputs));
        } else {
            thread.runs.push(run);
            thread.answer(&inputs, outputs, run, end_ns(tree, run));
        }
    }
    if let Some((run, inputs, outputs)) = last_words {
        let home = threads.iter_mut().find(|thread| thread.first_run == run);
        if let Some(thread) = home {
            thread.answer(&inputs, outputs, run, end_ns(tree, run));
        }
    }
    threads.retain(|thread| !thread.said.is_empty());
    threads
}

/// The calls of a trace that take part in its conversation.
struct TakenUp(Option<HashSet<RunIdx>>);

impl TakenUp {
    fn is_none_or_has(&self, run: RunIdx) -> bool {
        self.0.as_ref().is_none_or(|runs| runs.contains(&run))
    }
}

/// Calls whose answer is repeated to another call or is what the trace answered; and the last one, which may be about to
/// answer. All of them when the root says nothing itself.
fn taken_up(tree: &RunTree, spoken: &[Spoken]) -> TakenUp {
    let is_root = |it: &&Spoken| tree.parent(it.run).is_none();
    let Some(root) = spoken.iter().find(is_root).filter(|root| !root.conversation.is_empty()) else {
        return TakenUp(None);
    };
    let mut heard: HashMap<u64, Vec<RunIdx>> = HashMap::new();
    for it in spoken {
        let messages = it.conversation.inputs.iter();
        messages.for_each(|message| heard.entry(fingerprint(message)).or_default().push(it.run));
    }
    for message in &root.conversation.outputs {
        heard.entry(fingerprint(message)).or_default().push(root.run);
    }
    let is_taken_up = |it: &&Spoken| {
        let mut outputs = it.conversation.outputs.iter();
        outputs.any(|message| heard.get(&fingerprint(message)).is_some_and(|by| by.iter().any(|run| *run != it.run)))
    };
    let mut runs: HashSet<RunIdx> = spoken.iter().filter(is_taken_up).map(|it| it.run).collect();
    if root.conversation.outputs.is_empty() {
        runs.extend(spoken.last().map(|it| it.run));
    }
    runs.insert(root.run);
    TakenUp(Some(runs))
}

/// A run that has not ended has not answered yet: what it says comes last.
fn end_ns(tree: &RunTree, run: RunIdx) -> u64 {
    tree.end_ns(run).unwrap_or(u64::MAX)
}

impl Thread {
    fn shares(&self, inputs: &[Message]) -> bool {
        inputs.iter().any(|message| is_spoken(message) && self.spoken.contains_key(&fingerprint(message)))
    }

    /// Adds what is new in `inputs`, before the first known message that follows it there.
    fn hear(&mut self, inputs: &[Message], run: RunIdx, at_ns: u64) {
        let keys = numbered(inputs);
        let position_of: HashMap<usize, usize> =
            self.said.iter().enumerate().map(|(position, said)| (said.id, position)).collect();
        let mut before = self.said.len();
        let mut new: Vec<(usize, Said)> = Vec::new();
        for (message, key) in inputs.iter().zip(&keys).rev() {
            if let Some(id) = self.known.get(key) {
                before = position_of.get(id).copied().unwrap_or(before);
                continue;
            }
            let said = self.remember(*key, message.clone(), (run, at_ns), false);
            new.push((before, said));
        }
        // `new` goes from the end to the beginning, so that positions hold while it is put in.
        for (position, said) in new {
            self.said.insert(position, said);
        }
    }

    /// Adds what the run answered, unless it is known: then it is an answer of this run, too.
    fn answer(&mut self, inputs: &[Message], outputs: Vec<Message>, run: RunIdx, at_ns: u64) {
        let all: Vec<Message> = inputs.iter().cloned().chain(outputs.iter().cloned()).collect();
        let keys = numbered(&all).split_off(inputs.len());
        for (message, key) in outputs.into_iter().zip(keys) {
            let id = match self.known.get(&key) {
                Some(&id) => id,
                None => {
                    let said = self.remember(key, message, (run, at_ns), true);
                    let id = said.id;
                    self.said.push(said);
                    id
                }
            };
            self.answers.push((run, id));
        }
    }

    fn remember(&mut self, key: (u64, usize), message: Message, (run, at_ns): (RunIdx, u64), is_output: bool) -> Said {
        let id = self.known.len();
        self.known.insert(key, id);
        if is_spoken(&message) {
            self.spoken.insert(key.0, ());
        }
        Said { id, message, run, is_output, at_ns }
    }
}

fn is_spoken(message: &Message) -> bool {
    message.role != Role::System && !message.parts.is_empty()
}

/// Each message's fingerprint and the how-manieth of its kind it is.
fn numbered(messages: &[Message]) -> Vec<(u64, usize)> {
    let mut counts: HashMap<u64, usize> = HashMap::new();
    let number = |message| {
        let print = fingerprint(message);
        let count = counts.entry(print).or_default();
        *count += 1;
        (print, *count)
    };
    messages.iter().map(number).collect()
}
