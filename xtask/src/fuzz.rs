//! `cargo xtask fuzz`: malformed input for the decoders, guided by what code it reaches.
//!
//! The targets in `fuzz/` use libFuzzer. cargo-fuzz would do, but it wants a nightly compiler for its sanitizers; these
//! decoders are safe Rust, whose panics and endless loops need none.

use crate::fingerprint::sorted_children;
use crate::terminal::{self, Step};
use crate::{process, workspace};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Makes the compiler count which edges of the program run, as libFuzzer expects it. From cargo-fuzz's `options.rs`.
const COVERAGE_FLAGS: &str = "--cfg fuzzing -Cpasses=sancov-module -Ccodegen-units=1 \
    -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
    -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares";

/// An input that takes longer, in seconds, counts as an endless loop.
const TIMEOUT_S: u32 = 10;

/// Runs each target for so long, as a command of its own.
pub fn run(seconds_per_target: u32) -> Result<()> {
    terminal::say("Fuzz");
    let step = Step::start("decoders");
    let note = run_targets(&step, seconds_per_target)?;
    step.done(&note);
    Ok(())
}

/// Runs each target for so long, as part of a step. Says how many inputs were tried.
///
/// What was learned is kept below `target/`, so the next run goes on from there. Fails with the input that broke a
/// target in a file beside it.
pub fn run_targets(step: &Step, seconds_per_target: u32) -> Result<String> {
    let host = host_triple()?;
    let fuzz_dir = workspace::root().join("fuzz");
    let build_dir = workspace::target_dir().join("fuzz");
    let mut cargo = process::cargo(&["build", "--release", "--bins", "--manifest-path"]);
    // With a target named, the flags reach the targets and what they use, but no build script.
    cargo.arg(fuzz_dir.join("Cargo.toml")).args(["--target", &host]).env("CARGO_TARGET_DIR", &build_dir);
    process::run(step, cargo.env("RUSTFLAGS", COVERAGE_FLAGS))?;

    let mut n_inputs = 0;
    let targets = target_names()?;
    for target in &targets {
        let corpus = workspace::notes_dir().join("fuzz").join(target);
        std::fs::create_dir_all(&corpus).with_context(|| format!("cannot create {}", corpus.display()))?;
        let mut fuzzer = process::command(build_dir.join(&host).join("release").join(workspace::executable(target)));
        fuzzer.arg(&corpus).args(Some(fuzz_dir.join("seeds").join(target)).filter(|seeds| seeds.is_dir()));
        fuzzer.arg(format!("-max_total_time={seconds_per_target}")).arg(format!("-timeout={TIMEOUT_S}"));
        fuzzer.arg(format!("-artifact_prefix={}/", corpus.display())).arg("-print_final_stats=1");
        let lines = process::run(step, &mut fuzzer)?;
        n_inputs += lines.iter().find_map(|line| n_units_executed(line)).unwrap_or_default();
    }
    Ok(format!("{n_inputs} inputs to {} targets", targets.len()))
}

/// The names of the files in `fuzz/fuzz_targets/`.
fn target_names() -> Result<Vec<String>> {
    let files: Vec<PathBuf> = sorted_children(&workspace::root().join("fuzz").join("fuzz_targets"))?;
    Ok(files.iter().filter_map(|file| Some(file.file_stem()?.to_str()?.to_owned())).collect())
}

fn host_triple() -> Result<String> {
    let about = process::ask(process::command("rustc").arg("-vV")).context("rustc does not run")?;
    let host = about.lines().find_map(|line| line.strip_prefix("host: "));
    Ok(host.context("rustc does not say what it runs on")?.to_owned())
}

/// From `stat::number_of_executed_units: 12345`.
fn n_units_executed(line: &str) -> Option<u64> {
    line.strip_prefix("stat::number_of_executed_units:")?.trim().parse().ok()
}
