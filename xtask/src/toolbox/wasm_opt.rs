//! wasm-opt, which makes wasm smaller. It comes from npm's `binaryen`, which runs wherever Node does.

use super::{cache, node};
use crate::process;
use anyhow::{Context, Result};
use std::path::PathBuf;
use std::process::Command;

/// Binaryen's version, as in `tools/wasm-opt/package.json`.
pub const VERSION: &str = "132";

const PACKAGE_FILES: [(&str, &str); 3] = [
    ("package.json", include_str!("../../tools/wasm-opt/package.json")),
    ("package-lock.json", include_str!("../../tools/wasm-opt/package-lock.json")),
    (".npmrc", include_str!("../../tools/wasm-opt/.npmrc")),
];

/// A program of Binaryen's; on Windows they are scripts, which have to be named in full.
pub fn command(name: &str) -> Command {
    process::command(if cfg!(windows) { format!("{name}.cmd") } else { name.to_owned() })
}

/// The folder that holds `wasm-opt` and `wasm-merge`.
pub fn ensure() -> Result<PathBuf> {
    let bin_dir = |dir: &std::path::Path| dir.join("node_modules").join(".bin");
    let program = if cfg!(windows) { "wasm-opt.cmd" } else { "wasm-opt" };
    let tool = cache::Tool {
        name: "wasm-opt",
        version: VERSION,
        works: &|dir| cache::has_version(&bin_dir(dir).join(program), VERSION),
        install: &|step, dir| {
            for (name, content) in PACKAGE_FILES {
                std::fs::write(dir.join(name), content).with_context(|| format!("cannot write {name}"))?;
            }
            node::npm_ci(step, dir)?;
            Ok("from npm".to_owned())
        },
    };
    Ok(bin_dir(&cache::ensure_installed(&tool)?))
}
