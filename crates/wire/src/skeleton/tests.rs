//! What is written is read again, however it is cut; what is damaged is refused.

use super::*;
use crate::{ProjectId, RunId, RunStatus, RunType, Timestamp, TraceId, Usd};
use expect_test::expect;
use proptest::prelude::*;
use uuid::Uuid;

fn run(id: u128, parent: u32, start_ns: i64, end_ns: Option<i64>) -> SkeletonRun {
    SkeletonRun {
        id: RunId(Uuid::from_u128(id)),
        parent,
        name: 0,
        model: None,
        run_type: RunType::Tool,
        status: RunStatus::Success,
        start_ns,
        end_ns,
        first_token_ns: None,
        prompt_tokens: 0,
        completion_tokens: 0,
        cached_tokens: 0,
        reasoning_tokens: 0,
        cost: None,
        n_feedback: 0,
    }
}

fn head(n_runs: usize) -> SkeletonHead {
    SkeletonHead {
        trace_id: Some(TraceId(Uuid::from_u128(1))),
        project_id: Some(ProjectId(Uuid::from_u128(2))),
        origin: Some(Timestamp(1_700_000_000_000_000_000)),
        n_runs: n_runs as u32,
        n_runs_in_trace: n_runs as u64,
        extent_ns: 9_000,
        version: 7,
        is_changes: false,
        usage_of: UsageOf::Run,
        below: None,
        left_out: Vec::new(),
    }
}

fn encode(head: &SkeletonHead, blocks: &[SkeletonBlock]) -> Vec<u8> {
    let mut encoder = SkeletonEncoder::default();
    let mut bytes = SkeletonEncoder::head(head);
    blocks.iter().for_each(|block| bytes.extend(encoder.block(block)));
    bytes.extend(SkeletonEncoder::end());
    bytes
}

/// Reads all parts, handing over `piece` bytes at a time.
fn decode(bytes: &[u8], piece: usize) -> Result<Vec<SkeletonPart>, SkeletonError> {
    let mut decoder = SkeletonDecoder::default();
    let mut parts = Vec::new();
    for bytes in bytes.chunks(piece) {
        decoder.push(bytes);
        while let Some(part) = decoder.next_part()? {
            parts.push(part);
        }
    }
    Ok(parts)
}

fn block(names: &[&str], runs: Vec<SkeletonRun>) -> SkeletonBlock {
    SkeletonBlock { strings: names.iter().map(|&name| name.to_owned()).collect(), runs }
}

#[test]
fn a_small_trace_takes_few_bytes_beside_its_ids() {
    let runs = vec![run(1, NO_RUN, 0, Some(9_000)), run(2, 0, 1_000, Some(4_000)), run(3, 0, 4_000, Some(9_000))];
    let bytes = encode(&head(3), &[block(&["agent"], runs)]);
    let n_beside_ids = bytes.len() - 3 * 16 - SkeletonEncoder::head(&head(3)).len();
    expect!["55"].assert_eq(&n_beside_ids.to_string());
}

#[test]
fn an_answer_that_breaks_off_is_not_complete() {
    let bytes = encode(&head(1), &[block(&["agent"], vec![run(1, NO_RUN, 0, None)])]);
    let mut decoder = SkeletonDecoder::default();
    decoder.push(&bytes[..bytes.len() - 1]);
    while decoder.next_part().expect("good bytes").is_some() {}
    assert!(!decoder.is_complete());
    decoder.push(&bytes[bytes.len() - 1..]);
    assert_eq!(decoder.next_part(), Ok(Some(SkeletonPart::End)));
    assert!(decoder.is_complete());
}

#[test]
fn what_is_no_skeleton_is_said_to_be_none() {
    assert_eq!(decode(b"{\"ids\":[]}", 3), Err(SkeletonError::NotASkeleton));
    assert_eq!(decode(b"FLSK\x09", 64), Err(SkeletonError::UnknownVersion(9)));
}

#[test]
fn fewer_or_more_runs_than_the_head_says_are_refused() {
    let blocks = [block(&["agent"], vec![run(1, NO_RUN, 0, None)])];
    let missing = decode(&encode(&head(2), &blocks), 64).expect_err("one run is missing");
    let spare = decode(&encode(&head(0), &blocks), 64).expect_err("one run is too many");
    expect![[r#"
        the shape of a trace is damaged: runs are missing
        the shape of a trace is damaged: a block has too many runs"#]]
    .assert_eq(&format!("{missing}\n{spare}"));
}

#[test]
fn runs_left_out_below_a_run_that_is_not_there_are_refused() {
    let mut head = head(2);
    head.left_out = vec![LeftOut { above: 2, n_runs: 5 }];
    assert!(decode(&encode(&head, &[]), 64).is_err());
}

#[test]
fn a_length_beyond_the_bytes_waits_and_allocates_nothing() {
    let mut bytes = SkeletonEncoder::head(&head(1));
    bytes.extend([0xFF, 0xFF, 0xFF, 0xFF, 0x7F]);
    assert_eq!(decode(&bytes, 64).expect("nothing is wrong yet").len(), 1);
}

prop_compose! {
    fn any_run(n_runs: usize, n_strings: u32)(
        id: u128,
        parent in prop_oneof![Just(NO_RUN), 0..n_runs as u32],
        name in 0..n_strings,
        model in prop::option::of(0..n_strings),
        run_type in prop::sample::select(RunType::ALL),
        status in prop::sample::select(RunStatus::ALL),
        times in (any::<i32>(), prop::option::of(any::<i64>()), prop::option::of(0i64..1_000_000)),
        usage in (any::<i64>(), any::<i32>(), 0i64..900, 0i64..9),
        cost in prop::option::of(-1_000_000_000_000i64..1_000_000_000_000),
        n_feedback: u32,
    ) -> SkeletonRun {
        let start_ns = i64::from(times.0);
        SkeletonRun {
            name,
            model,
            run_type,
            status,
            first_token_ns: times.2.map(|wait| start_ns + wait),
            prompt_tokens: usage.0,
            completion_tokens: usage.1.into(),
            cached_tokens: usage.2,
            reasoning_tokens: usage.3,
            cost: cost.map(Usd::from_pico),
            n_feedback,
            // The lowest length of all stands for the one above it.
            ..run(id, parent, start_ns, times.1.filter(|end| end.wrapping_sub(start_ns) != i64::MIN))
        }
    }
}

prop_compose! {
    fn any_blocks()(sizes in prop::collection::vec((1usize..20, prop::collection::vec(".*", 1..4)), 0..5))(
        blocks in sizes.iter().map(|(n_runs, strings)| {
            let n_all = sizes.iter().map(|(n_runs, _)| n_runs).sum();
            let strings = strings.clone();
            prop::collection::vec(any_run(n_all, 1), *n_runs)
                .prop_map(move |runs| SkeletonBlock { strings: strings.clone(), runs })
        }).collect::<Vec<_>>(),
    ) -> Vec<SkeletonBlock> {
        blocks
    }
}

proptest! {
    #[test]
    fn what_is_written_is_read_again_in_pieces_of_any_size(
        blocks in any_blocks(),
        left_out in prop::collection::btree_map(0u32..100, any::<u32>(), 0..5),
        below in prop::option::of(1u128..),
        piece in 1usize..300,
    ) {
        let mut head = head(blocks.iter().map(|block| block.runs.len()).sum());
        head.below = below.map(|id| RunId(Uuid::from_u128(id)));
        head.left_out = left_out.into_iter().map(|(above, n_runs)| LeftOut { above, n_runs }).collect();
        head.left_out.retain(|left_out| left_out.above < head.n_runs);
        let mut expected = vec![SkeletonPart::Head(head.clone())];
        expected.extend(blocks.iter().cloned().map(SkeletonPart::Block));
        expected.push(SkeletonPart::End);
        prop_assert_eq!(decode(&encode(&head, &blocks), piece), Ok(expected));
    }

    #[test]
    fn damaged_bytes_never_panic(blocks in any_blocks(), at: prop::sample::Index, byte: u8, piece in 1usize..300) {
        let mut bytes = encode(&head(blocks.iter().map(|block| block.runs.len()).sum()), &blocks);
        let at = at.index(bytes.len());
        bytes[at] = byte;
        let _ = decode(&bytes, piece);
    }

    #[test]
    fn any_bytes_never_panic(bytes: Vec<u8>, piece in 1usize..64) {
        let _ = decode(&[&SkeletonEncoder::head(&head(900))[..], &bytes[..]].concat(), piece);
        let _ = decode(&bytes, piece);
    }
}
