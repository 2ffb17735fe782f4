//! Rust's standard library for wasm, without which nothing compiles for the browser.

use crate::process;
use crate::terminal::Step;
use anyhow::{Context, Result};
use std::path::Path;

const TARGET: &str = "wasm32-unknown-unknown";

/// Makes sure that the active toolchain can compile for the browser.
pub fn ensure() -> Result<()> {
    let step = Step::start("Rust for wasm");
    // Asking rustc also serves those who have Rust without rustup.
    let sysroot = process::ask(process::command("rustc").args(["--print", "sysroot"])).context("rustc does not run")?;
    if Path::new(&sysroot).join("lib").join("rustlib").join(TARGET).join("lib").is_dir() {
        step.done("installed before");
        return Ok(());
    }
    process::run(&step, process::command("rustup").args(["target", "add", TARGET]))
        .with_context(|| format!("this Rust cannot compile for {TARGET}, and rustup could not add it"))?;
    step.done("added by rustup");
    Ok(())
}
