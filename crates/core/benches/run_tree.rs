//! How long the tree of a large trace takes: read from its binary form, brought up to date, and what it keeps in memory.
//!
//! `cargo bench -p fanlight-core --features testing --bench run_tree`

use fanlight_core::model::fixtures::Shape;
use fanlight_core::model::{RunIdx, RunTree, RunTreeBuilder};
use fanlight_wire::skeleton::{
    MAX_BLOCK_RUNS, NO_RUN, SkeletonBlock, SkeletonDecoder, SkeletonEncoder, SkeletonHead, SkeletonPart, SkeletonRun,
    TraceSkeleton, UsageOf,
};
use std::time::{Duration, Instant};

const REPEATS: usize = 5;

fn main() {
    for n_runs in [10_000, 100_000, 1_000_000] {
        let skeleton = Shape::Agent(n_runs).skeleton(1);
        let tree = RunTree::from_skeleton(&skeleton);
        let bytes = encoded(&skeleton, &tree);
        println!("{n_runs} runs");
        say("  read the binary form", median(|| decoded(&bytes)));
        say("  of that, the slowest block", slowest_block(&bytes));
        say("  read columns in order of start", median(|| RunTree::from_skeleton(&skeleton)));
        let few = RunTree::from_skeleton(&Shape::Agent(50).skeleton(2));
        say("  merge 50 runs", median(|| tree.with_changes(&few)));
        println!("  {:<34} {:.1} bytes a run", "binary form, not compressed", bytes.len() as f64 / n_runs as f64);
        println!("  {:<34} {:.1} bytes a run", "in memory", decoded(&bytes).heap_bytes() as f64 / n_runs as f64);
    }
}

fn say(what: &str, took: Duration) {
    println!("{what:<36} {:.1} ms", took.as_secs_f64() * 1_000.0);
}

fn median<T>(work: impl Fn() -> T) -> Duration {
    let time = || {
        let began = Instant::now();
        let made = work();
        let took = began.elapsed();
        drop(made);
        took
    };
    let mut times: Vec<Duration> = (0..REPEATS).map(|_| time()).collect();
    times.sort_unstable();
    times[REPEATS / 2]
}

/// The trace as a server sends it: in display order, with sums, which cost the same to read as own usage.
fn encoded(skeleton: &TraceSkeleton, tree: &RunTree) -> Vec<u8> {
    let positions: std::collections::HashMap<_, _> = skeleton.ids.iter().copied().zip(0usize..).collect();
    let runs: Vec<SkeletonRun> = (0..tree.n_runs() as RunIdx)
        .map(|run| SkeletonRun {
            parent: tree.parent(run).unwrap_or(NO_RUN),
            ..skeleton.run(positions[&tree.id(run)], 0)
        })
        .collect();
    let head = SkeletonHead {
        trace_id: skeleton.trace_id,
        n_runs: runs.len() as u32,
        usage_of: UsageOf::Subtree,
        ..SkeletonHead::default()
    };
    let (mut encoder, mut bytes) = (SkeletonEncoder::default(), SkeletonEncoder::head(&head));
    let mut strings = skeleton.strings.clone();
    for runs in runs.chunks(MAX_BLOCK_RUNS) {
        bytes.extend(encoder.block(&SkeletonBlock { strings: std::mem::take(&mut strings), runs: runs.to_vec() }));
    }
    bytes.extend(SkeletonEncoder::end());
    bytes
}

fn decoded(bytes: &[u8]) -> RunTree {
    read(bytes, |_| {})
}

fn slowest_block(bytes: &[u8]) -> Duration {
    let mut slowest = Duration::ZERO;
    read(bytes, |took| slowest = slowest.max(took));
    slowest
}

fn read(bytes: &[u8], mut on_block: impl FnMut(Duration)) -> RunTree {
    let mut decoder = SkeletonDecoder::default();
    let mut builder = None;
    for piece in bytes.chunks(64 * 1024) {
        decoder.push(piece);
        let mut began = Instant::now();
        while let Some(part) = decoder.next_part().expect("good bytes") {
            match part {
                SkeletonPart::Head(head) => builder = Some(RunTreeBuilder::new(&head)),
                SkeletonPart::Block(block) => {
                    builder.as_mut().expect("after the head").push_block(block).expect("in order");
                    on_block(began.elapsed());
                }
                SkeletonPart::End => {}
            }
            began = Instant::now();
        }
    }
    builder.expect("a head").finish()
}
