//! A whole trace as the conversation that a person would read: every message once, in order, with the runs behind it as notes
//! in the margin.
//!
//! Each LLM call repeats the history that it was given, so what is said is put together from all calls ([`threads`]): a
//! message that is known already is not said again. Calls that do not take part in the conversation of the trace (a router,
//! a rewriter, another agent) are conversations of their own, and stand aside. [`notes`] says in words what a run
//! did.

mod fingerprint;
pub mod notes;
mod threads;

use crate::messages::pair::{Card, pair_marked};
use crate::messages::{Conversation, Message};
use crate::model::{RunIdx, RunTree};
use fanlight_wire::RunType;
use fingerprint::fingerprint;
use std::collections::HashMap;
use threads::{Said, Thread};

/// What one run was given and answered, as far as it is messages.
#[derive(Clone, Debug, Default)]
pub struct Spoken {
    pub run: RunIdx,
    pub conversation: Conversation,
}

/// One thing in the transcript.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    pub what: What,
    /// The run whose payload this is: the first that said it.
    pub run: RunIdx,
    /// Runs to name in the margin, in order of start.
    pub notes: Vec<RunIdx>,
}

#[derive(Clone, Debug, PartialEq)]
pub enum What {
    /// A message of the conversation, with the results of its tool calls.
    Message(Card),
    /// A conversation of its own.
    Aside { cards: Vec<Card>, n_calls: usize },
}

/// The transcript of a trace. `spoken` is in order of start, the root first if it says anything.
pub fn transcript(tree: &RunTree, spoken: Vec<Spoken>) -> Vec<Entry> {
    let mut threads = threads::untangle(tree, spoken);
    if threads.is_empty() {
        return Vec::new();
    }
    let main = threads.remove(0);
    let mut answered_by: HashMap<RunIdx, Place> = HashMap::new();
    let (mut entries, mut times_ns) = entries_of(main, &mut answered_by);
    for thread in threads {
        // Who said elsewhere what the conversation says is named there.
        let print_of: HashMap<usize, u64> =
            thread.said.iter().map(|said| (said.id, fingerprint(&said.message))).collect();
        let named: Vec<(RunIdx, usize)> = thread
            .answers
            .iter()
            .filter_map(|(run, id)| Some((*run, main_place(&entries, *print_of.get(id)?)?)))
            .collect();
        let (run, at_ns) = (thread.first_run, thread.first_ns);
        let runs = thread.runs.clone();
        let cards: Vec<Card> = paired(thread).into_iter().map(|(card, _)| card).collect();
        // Said in order of time: after everything that was said before it began.
        let position = times_ns.partition_point(|&time_ns| time_ns <= at_ns);
        entries.insert(position, Entry { what: What::Aside { cards, n_calls: runs.len() }, run, notes: Vec::new() });
        times_ns.insert(position, at_ns);
        for place in answered_by.values_mut() {
            place.0 += usize::from(place.0 >= position);
        }
        answered_by.extend(runs.into_iter().map(|run| (run, Place(position))));
        let moved = |place: usize| Place(place + usize::from(place >= position));
        answered_by.extend(named.into_iter().map(|(run, place)| (run, moved(place))));
    }
    for run in 0..tree.n_runs() as RunIdx {
        if !notes::is_noted(tree, run) {
            continue;
        }
        let by_time = || {
            let after = times_ns.partition_point(|&time_ns| time_ns <= tree.start_ns(run));
            let is_message = |&idx: &usize| matches!(entries[idx].what, What::Message(_));
            Place((0..after).rev().find(is_message).unwrap_or(after.saturating_sub(1)))
        };
        let place = answered_by.get(&run).copied().unwrap_or_else(by_time);
        entries[place.0].notes.push(run);
    }
    entries
}

/// The last message of the conversation that says the same.
fn main_place(entries: &[Entry], print: u64) -> Option<usize> {
    entries.iter().rposition(|entry| matches!(&entry.what, What::Message(card) if fingerprint(&card.message) == print))
}

/// A position in the transcript.
#[derive(Clone, Copy, Debug)]
struct Place(usize);

/// The entries of the conversation, and from when on each was there: ascending, so that time finds a place.
fn entries_of(main: Thread, answered_by: &mut HashMap<RunIdx, Place>) -> (Vec<Entry>, Vec<u64>) {
    let answers = main.answers.clone();
    let mut place_of_said: HashMap<usize, usize> = HashMap::new();
    let (mut entries, mut times_ns) = (Vec::new(), Vec::new());
    for (card, said) in paired(main) {
        place_of_said.insert(said.id, entries.len());
        times_ns.push(said.at_ns);
        entries.push(Entry { what: What::Message(card), run: said.run, notes: Vec::new() });
    }
    // A system prompt comes to light with the call that has it, but stands before what was said earlier.
    let mut earliest = u64::MAX;
    for time_ns in times_ns.iter_mut().rev() {
        earliest = earliest.min(*time_ns);
        *time_ns = earliest;
    }
    for (run, said) in answers {
        if let Some(&place) = place_of_said.get(&said) {
            answered_by.insert(run, Place(place));
        }
    }
    (entries, times_ns)
}

/// When and where a card's message was said.
struct Mark {
    id: usize,
    run: RunIdx,
    at_ns: u64,
}

fn paired(thread: Thread) -> Vec<(Card, Mark)> {
    let marked = |said: Said| (said.message, said.is_output, Mark { id: said.id, run: said.run, at_ns: said.at_ns });
    pair_marked(thread.said.into_iter().map(marked))
}

/// Whether the payloads of a run are needed to read the conversation.
pub fn is_needed(run_type: RunType) -> bool {
    matches!(run_type, RunType::Llm | RunType::Retriever)
}

/// A guess of how tall a message is on screen, in pixels, for lists that draw only what is in view.
pub fn height_guess_px(message: &Message) -> f64 {
    const LINE_PX: f64 = 20.0;
    const CHARS_PER_LINE: usize = 80;
    let lines = message.parts.iter().map(|part| {
        let text = part.text().unwrap_or("");
        // Long texts are folded.
        (text.len() / CHARS_PER_LINE + 1).min(24)
    });
    56.0 + LINE_PX * lines.sum::<usize>() as f64
}

#[cfg(test)]
mod tests;
