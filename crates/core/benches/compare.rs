//! How long two traces, and two texts, take to compare: `cargo bench -p fanlight-core --bench compare`.

use fanlight_core::compare::{Comparison, Side};
use fanlight_core::diff::prompt::rows::{Layout, Rows};
use fanlight_core::diff::prompt::{Message, Version, diff_prompts};
use fanlight_core::diff::{diff_json, diff_text};
use fanlight_core::model::RunTree;
use fanlight_wire::digest::{Digest, TraceDigests, plain_digest};
use fanlight_wire::skeleton::TraceSkeleton;
use fanlight_wire::{RunId, RunStatus, RunType, TraceId};
use std::collections::BTreeSet;
use std::hint::black_box;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

fn main() {
    println!("{:<44} {:>9} {:>9}", "", "median", "worst");
    for (n_runs, bar_ms) in [(5_000, 100), (20_000, 500)] {
        let (one, other) = (trace(n_runs, 0), trace(n_runs, 1));
        time(&format!("two traces of {n_runs} runs (bar {bar_ms} ms)"), || {
            let side = |(tree, digests): &(Arc<RunTree>, TraceDigests)| Side::new(Arc::clone(tree), Some(digests));
            Comparison::new(side(&one), side(&other)).n_pairs()
        });
    }
    let (one, other) = (trace(20_000, 0), flat(20_000));
    time("a tree and a list of 20000 runs", || {
        Comparison::new(Side::new(Arc::clone(&one.0), Some(&one.1)), Side::new(Arc::clone(&other), None)).n_pairs()
    });
    for n_bytes in [50_000, 1_000_000] {
        let (old, new) = (prose(n_bytes, 0), prose(n_bytes, 7));
        time(&format!("two texts of {} KB in lines", n_bytes / 1000), || diff_text(&old, &new).lines.len());
        let (old, new) = (old.replace('\n', " "), new.replace('\n', " "));
        time(&format!("two texts of {} KB without lines", n_bytes / 1000), || diff_text(&old, &new).lines.len());
        let unlike: String = old.chars().rev().collect();
        time("the same with nothing in common", || diff_text(&old, &unlike).lines.len());
        let mixed = old.split(' ').rev().collect::<Vec<_>>().join(" ");
        time("the same with all words in another order", || diff_text(&old, &mixed).lines.len());
    }
    for (n_bytes, bar_ms) in [(50_000, 50), (1_000_000, 500)] {
        let prompt = |text: String| Version {
            messages: vec![Message { role: "system".to_owned(), text }],
            ..Version::default()
        };
        let (old, new) = (prose(n_bytes, 0), prose(n_bytes, 7));
        // The second half of the new one comes first: everything moved, some of it changed.
        let (head, tail) = new.split_at(new[..new.len() / 2].rfind('\n').map_or(0, |at| at + 1));
        let (one, other, turned) = (prompt(old), prompt(new.clone()), prompt(format!("{tail}{head}")));
        let compared = |other: &Version| {
            let diff = diff_prompts(&one, other, false);
            Rows::new(&diff, Layout::SideBySide, &BTreeSet::new()).rows.len()
        };
        time(&format!("two prompts of {} KB (bar {bar_ms} ms)", n_bytes / 1000), || compared(&other));
        time("the same, one with its halves swapped", || compared(&turned));
    }
    let (old, new) = (messages(2_000, 0), messages(2_000, 7));
    time(&format!("two chats of 2000 messages, {} KB of JSON", old.len() / 1000), || diff_json(&old, &new).rows.len());
}

fn time<T>(what: &str, mut work: impl FnMut() -> T) {
    let mut took: Vec<Duration> = (0..15)
        .map(|_| {
            let began = Instant::now();
            black_box(work());
            began.elapsed()
        })
        .collect();
    took.sort();
    let ms = |duration: Duration| format!("{:.1} ms", duration.as_secs_f64() * 1e3);
    println!("{what:<44} {:>9} {:>9}", ms(took[took.len() / 2]), ms(took[took.len() - 1]));
}

/// Agents of ten runs each; every seventh run of a variant was given something else, every 50th is left out.
fn trace(n_runs: usize, variant: usize) -> (Arc<RunTree>, TraceDigests) {
    let mut skeleton = TraceSkeleton { trace_id: Some(TraceId(Uuid::from_u128(1))), ..TraceSkeleton::default() };
    skeleton.strings = (0..40).map(|nth| format!("step_{nth} {}", char::from(b'a' + nth as u8 % 26))).collect();
    let mut digests = TraceDigests::default();
    let said = |nth: usize| -> Digest {
        plain_digest(&format!("{}", if nth.is_multiple_of(7) { nth * 3 + variant } else { nth }))
    };
    for nth in (0..n_runs).filter(|nth| *nth < 10 || variant == 0 || nth % 50 != 49) {
        let parent = match nth {
            0 => -1,
            _ if nth % 10 == 0 => 0,
            _ => skeleton
                .ids
                .iter()
                .rposition(|id| (id.0.as_u128() as usize).is_multiple_of(10))
                .map_or(0, |place| place as i32),
        };
        push(&mut skeleton, nth, parent);
        digests.ids.push(RunId(Uuid::from_u128(nth as u128)));
        digests.inputs.push(Some(said(nth)));
        digests.outputs.push(Some(said(nth + 1)));
        digests.errors.push(None);
        digests.sketches.push(Some(said(nth)));
    }
    (Arc::new(RunTree::from_skeleton(&skeleton)), digests)
}

fn flat(n_runs: usize) -> Arc<RunTree> {
    let mut skeleton = TraceSkeleton { trace_id: Some(TraceId(Uuid::from_u128(2))), ..TraceSkeleton::default() };
    skeleton.strings = (0..40).map(|nth| format!("step_{nth} {}", char::from(b'a' + nth as u8 % 26))).collect();
    (0..n_runs).for_each(|nth| push(&mut skeleton, nth, if nth == 0 { -1 } else { 0 }));
    Arc::new(RunTree::from_skeleton(&skeleton))
}

fn push(skeleton: &mut TraceSkeleton, nth: usize, parent: i32) {
    skeleton.ids.push(RunId(Uuid::from_u128(nth as u128)));
    skeleton.parent_idx.push(parent);
    skeleton.name_idx.push((nth * 7 % 40) as u32);
    skeleton.model_idx.push(-1);
    skeleton.run_types.push(if nth.is_multiple_of(3) { RunType::Llm } else { RunType::Tool });
    skeleton.statuses.push(RunStatus::Success);
    skeleton.start_ns.push(nth as i64 * 1000);
    skeleton.end_ns.push(Some(nth as i64 * 1000 + 900));
    skeleton.first_token_ns.push(None);
    skeleton.prompt_tokens.push(nth as i64);
    skeleton.completion_tokens.push(1);
    skeleton.total_cost.push(None);
    skeleton.n_feedback.push(0);
}

/// Words in lines of twelve; with `every`, each so-manieth word is another.
fn prose(n_bytes: usize, every: usize) -> String {
    let mut text = String::with_capacity(n_bytes + 16);
    for nth in 0.. {
        if text.len() >= n_bytes {
            break;
        }
        let word = if every > 0 && nth % every == 0 { nth * 31 + 5 } else { nth * 17 % 9973 };
        text.push_str(&format!("w{word:x}"));
        text.push(if nth % 12 == 11 { '\n' } else { ' ' });
    }
    text
}

fn messages(n: usize, every: usize) -> String {
    let message = |nth: usize| {
        let content = if every > 0 && nth.is_multiple_of(every) { prose(400, 5) } else { prose(400 + nth % 9, 0) };
        format!(
            r#"{{"role":"{}","content":{content:?},"id":{nth}}}"#,
            if nth.is_multiple_of(2) { "user" } else { "assistant" }
        )
    };
    format!(r#"{{"messages":[{}]}}"#, (0..n).map(message).collect::<Vec<_>>().join(","))
}
