//! Comparisons for tests, of traces written as text.

use super::{Comparison, Pair, Side};
use crate::model::RunTree;
use crate::model::fixtures::{skeleton_from_text, trace_from_text};
use fanlight_wire::RunId;
use fanlight_wire::digest::{Digest, TraceDigests, plain_digest};
use std::fmt::Write;
use std::sync::Arc;
use uuid::Uuid;

/// Without digests: by structure only.
pub fn compared(a: &str, b: &str) -> Comparison {
    Comparison::new(Side::new(Arc::new(trace_from_text(a)), None), Side::new(Arc::new(trace_from_text(b)), None))
}

/// Lines as in other fixtures, with what the run was given and what it returned behind: `search:tool 0..10 | Oslo | sunny`.
pub fn side_from_text(text: &str, first_id: u128) -> Side {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let bare: Vec<&str> = lines.iter().map(|line| line.split('|').next().unwrap_or_default()).collect();
    let mut skeleton = skeleton_from_text(&bare.join("\n"));
    let mut digests = TraceDigests::default();
    for (idx, line) in lines.iter().enumerate() {
        skeleton.ids[idx] = RunId(Uuid::from_u128(first_id + idx as u128));
        let said: Vec<&str> = line.split('|').skip(1).map(str::trim).collect();
        let digest = |idx: usize| -> Option<Digest> { said.get(idx).map(|text| plain_digest(text)) };
        digests.ids.push(skeleton.ids[idx]);
        digests.inputs.push(digest(0));
        digests.outputs.push(digest(1));
        digests.errors.push(None);
        digests.sketches.push(None);
    }
    Side::new(Arc::new(RunTree::from_skeleton(&skeleton)), Some(&digests))
}

/// With digests.
pub fn compared_with_payloads(a: &str, b: &str) -> Comparison {
    Comparison::new(side_from_text(a, 1), side_from_text(b, 1001))
}

/// One line a pair: where it is (`=` both, `-` only A, `+` only B), its name, what differs.
pub fn draw(comparison: &Comparison) -> String {
    let mut text = String::new();
    for idx in 0..comparison.n_pairs() as u32 {
        let Pair { a, b } = comparison.pair(idx);
        let sign = if a.is_none() {
            '+'
        } else if b.is_none() {
            '-'
        } else {
            '='
        };
        let indent = 2 * comparison.depth(idx) as usize;
        let name = a.map(|run| comparison.a.tree.name(run)).or(b.map(|run| comparison.b.tree.name(run)));
        let words: Vec<&str> = comparison.differences(idx).iter().map(|it| it.word()).collect();
        let divergence = if comparison.first_divergence() == Some(idx) { " <" } else { "" };
        let line = format!("{sign}{:indent$} {} {}{divergence}", "", name.unwrap_or_default(), words.join(" "));
        writeln!(text, "{}", line.trim_end()).expect("a string takes all");
    }
    text
}
