//! Which runs are folded and which groups are open, in few letters: a base that is close, what differs from it, and a
//! checksum of the trace it was written for.
//!
//! `o:AQID:.9f3c21aa`: as the trace opens (`o`), but the runs in `AQID` the other way round, no group opened. Other bases
//! are `a`, everything unfolded, and `d2`, folded from depth 2 on.

use super::super::collapse::Collapsed;
use crate::model::run_set::RunSet;
use crate::model::{RunIdx, RunTree};

/// The trace has changed since the link was made, or the text never was a set of folds.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DoesNotFit;

/// Bases by depth go this far.
const MOST_DEPTH: u32 = 9;
/// Larger traces are not folded by depth ten times over just to save a few letters.
const HUGE: usize = 200_000;

/// Folds and opened groups as text; `None` where they are as the trace opens.
///
/// `on_open` is how it opens. The text is as short as the best base allows, which for folds set one by one is about
/// two letters each.
pub fn write(tree: &RunTree, collapsed: &Collapsed, open_groups: &RunSet, on_open: &Collapsed) -> Option<String> {
    let opened: Vec<RunIdx> = open_groups.iter().collect();
    let differing = |base: &Collapsed| -> Vec<RunIdx> {
        collapsed.runs().differing_from(base.runs()).filter(|&run| tree.has_children(run)).collect()
    };
    let mut best = ("o".to_owned(), differing(on_open));
    if best.1.is_empty() && opened.is_empty() {
        return None;
    }
    let mut consider = |name: String, base: &Collapsed| {
        let differing = differing(base);
        if differing.len() < best.1.len() {
            best = (name, differing);
        }
    };
    consider("a".into(), &Collapsed::none());
    let n_depths = if tree.n_runs() > HUGE { 0 } else { MOST_DEPTH + 1 };
    for depth in 0..n_depths {
        consider(format!("d{depth}"), &folded_from(tree, depth));
    }
    let (base, differing) = best;
    Some(format!("{base}:{}:{}.{:08x}", pack(&differing), pack(&opened), checksum(tree)))
}

/// The folds and the opened groups that `text` stands for in `tree`.
pub fn read(text: &str, tree: &RunTree, on_open: &Collapsed) -> Result<(Collapsed, RunSet), DoesNotFit> {
    let (folds, sum) = text.rsplit_once('.').ok_or(DoesNotFit)?;
    if u32::from_str_radix(sum, 16) != Ok(checksum(tree)) {
        return Err(DoesNotFit);
    }
    let mut parts = folds.split(':');
    let (Some(base), Some(differing), Some(opened), None) = (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(DoesNotFit);
    };
    let mut collapsed = match base.split_at_checked(1) {
        Some(("o", "")) => on_open.clone(),
        Some(("a", "")) => Collapsed::none(),
        Some(("d", depth)) => folded_from(tree, depth.parse().map_err(|_| DoesNotFit)?),
        _ => return Err(DoesNotFit),
    };
    let n_runs = tree.n_runs() as RunIdx;
    for run in unpack(differing, n_runs)? {
        collapsed.set(run, !collapsed.contains(run));
    }
    Ok((collapsed, unpack(opened, n_runs)?.into_iter().collect()))
}

fn folded_from(tree: &RunTree, depth: u32) -> Collapsed {
    let mut collapsed = Collapsed::none();
    collapsed.fold_below_depth(tree, depth);
    collapsed
}

/// Of the ids in display order: another run in between, and the folds would be on the wrong rows.
fn checksum(tree: &RunTree) -> u32 {
    const FNV_OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
    const FNV_PRIME: u64 = 0x0100_0000_01b3;
    let sum = (0..tree.n_runs() as RunIdx).fold(FNV_OFFSET, |sum, run| {
        let id = tree.id(run).0.as_u128();
        (sum ^ (id >> 64) as u64 ^ id as u64).wrapping_mul(FNV_PRIME)
    });
    (sum >> 32) as u32 ^ sum as u32
}

/// Digits to the base of 32 in letters that need no escaping, and 32 more for "goes on".
const LETTERS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

/// Ascending numbers as distances, five bits a letter, lowest first; a letter from the second half has more to come.
fn pack(runs: &[RunIdx]) -> String {
    let mut text = String::new();
    let mut after = 0;
    for &run in runs {
        let mut rest = run - after;
        after = run + 1;
        loop {
            let (digit, higher) = ((rest & 31) as usize, rest >> 5);
            let goes_on = if higher > 0 { 32 } else { 0 };
            text.push(char::from(LETTERS[digit + goes_on]));
            if higher == 0 {
                break;
            }
            rest = higher;
        }
    }
    text
}

fn unpack(text: &str, n_runs: RunIdx) -> Result<Vec<RunIdx>, DoesNotFit> {
    let (mut runs, mut after, mut number, mut shift) = (Vec::new(), 0u64, 0u64, 0);
    for byte in text.bytes() {
        let letter = LETTERS.iter().position(|&letter| letter == byte).ok_or(DoesNotFit)? as u64;
        number |= (letter & 31) << shift;
        shift += 5;
        if letter >= 32 {
            if shift > 30 {
                return Err(DoesNotFit);
            }
            continue;
        }
        let run = after + number;
        if run >= u64::from(n_runs) {
            return Err(DoesNotFit);
        }
        runs.push(run as RunIdx);
        (after, number, shift) = (run + 1, 0, 0);
    }
    if shift == 0 { Ok(runs) } else { Err(DoesNotFit) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::fixtures::trace_from_text;
    use proptest::prelude::*;

    const TRACE: &str = "agent 0..100
        a 0..50
          b 1..40
            c 2..30
          d 41..45
        e 60..70
          f 61..62";

    fn set_of(runs: &[RunIdx]) -> Collapsed {
        let mut set = Collapsed::none();
        runs.iter().for_each(|&run| set.set(run, true));
        set
    }

    #[test]
    fn what_is_as_it_opens_needs_no_words() {
        let tree = trace_from_text(TRACE);
        let on_open = set_of(&[1]);
        assert_eq!(write(&tree, &set_of(&[1]), &RunSet::default(), &on_open), None);
        // A leaf that is marked looks like one that is not.
        assert_eq!(write(&tree, &set_of(&[1, 6]), &RunSet::default(), &on_open), None);
    }

    #[test]
    fn the_closest_base_is_taken() {
        let tree = trace_from_text(TRACE);
        let base = |collapsed| {
            let text = write(&tree, &set_of(collapsed), &RunSet::default(), &set_of(&[0, 2, 5])).unwrap_or_default();
            text.split('.').next().unwrap_or_default().to_owned()
        };
        assert_eq!(base(&[]), "a::");
        assert_eq!(base(&[1, 2, 5]), "d1::");
        assert_eq!(base(&[0, 5]), "o:C:");
    }

    #[test]
    fn folds_of_another_trace_are_refused() {
        let tree = trace_from_text(TRACE);
        let text = write(&tree, &set_of(&[1]), &[2].into_iter().collect(), &Collapsed::none()).expect("differs");
        assert!(read(&text, &tree, &Collapsed::none()).is_ok());
        let grown = trace_from_text(&format!("{TRACE}\n    g 3..4"));
        assert_eq!(read(&text, &grown, &Collapsed::none()), Err(DoesNotFit));
    }

    proptest! {
        #[test]
        fn folds_are_read_back_as_they_were_written(
            folded in prop::collection::btree_set(0u32..7, 0..7), opened in prop::collection::btree_set(0u32..7, 0..7),
            usual in prop::collection::btree_set(0u32..7, 0..7),
        ) {
            let tree = trace_from_text(TRACE);
            let folded: Vec<_> = folded.into_iter().filter(|&run| tree.has_children(run)).collect();
            let usual: Vec<_> = usual.into_iter().filter(|&run| tree.has_children(run)).collect();
            let opened: Vec<_> = opened.into_iter().collect();
            let (collapsed, open_groups, on_open) = (set_of(&folded), opened.iter().copied().collect(), set_of(&usual));
            match write(&tree, &collapsed, &open_groups, &on_open) {
                Some(text) => {
                    let (back, back_open) = read(&text, &tree, &on_open).expect("it was written for this trace");
                    prop_assert_eq!(back.runs().iter().collect::<Vec<_>>(), folded);
                    prop_assert_eq!(back_open.iter().collect::<Vec<_>>(), opened);
                }
                None => prop_assert!(folded == usual && opened.is_empty()),
            }
        }

        #[test]
        fn numbers_are_unpacked_as_they_were_packed(runs in prop::collection::btree_set(0u32..1_000_000, 0..50)) {
            let runs: Vec<_> = runs.into_iter().collect();
            prop_assert_eq!(unpack(&pack(&runs), 1_000_000), Ok(runs));
        }

        #[test]
        fn reading_folds_never_panics(text in ".{0,30}", letters in "[oad][0-9]?:[A-Za-z0-9_-]{0,12}:[A-Za-z0-9_-]{0,12}") {
            let tree = trace_from_text(TRACE);
            let _ = read(&text, &tree, &Collapsed::none());
            let _ = read(&format!("{letters}.{:08x}", checksum(&tree)), &tree, &Collapsed::none());
        }
    }
}
