//! wasm-bindgen's command, which writes the JavaScript around the wasm. Its version must be the library's exactly.

use super::{cache, prebuilt};
use crate::terminal::Step;
use crate::workspace::executable;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The folder that holds `wasm-bindgen`.
pub fn ensure(version: &str) -> Result<PathBuf> {
    let tool = cache::Tool {
        name: "wasm-bindgen",
        version,
        works: &|dir| cache::has_version(&dir.join("bin").join(executable("wasm-bindgen")), version),
        install: &|step, dir| {
            if take_prebuilt(step, version, dir).is_ok() {
                return Ok("prebuilt".to_owned());
            }
            // Unoptimised, it would spend on every build of the dashboard what was saved here.
            cache::cargo_install(step, dir, &format!("wasm-bindgen-cli@{version}"), 1, &[])?;
            Ok("built from source".to_owned())
        },
    };
    Ok(cache::ensure_installed(&tool)?.join("bin"))
}

fn take_prebuilt(step: &Step, version: &str, dir: &Path) -> Result<()> {
    let libc = if cfg!(target_arch = "aarch64") { "gnu" } else { "musl" };
    let platform = prebuilt::platform(libc).context("none is published for this platform")?;
    let releases = "https://github.com/wasm-bindgen/wasm-bindgen/releases/download";
    let name = format!("wasm-bindgen-{version}-{platform}");
    prebuilt::download(step, &format!("{releases}/{version}/{name}.tar.gz"), ".sha256sum", dir)?;
    std::fs::rename(dir.join(&name), dir.join("bin")).context("the archive is laid out differently")?;
    let program = dir.join("bin").join(executable("wasm-bindgen"));
    anyhow::ensure!(cache::has_version(&program, version), "the prebuilt one does not run here");
    Ok(())
}
