//! Trunk, which turns the dashboard's crate into a web page.

use super::{cache, prebuilt};
use crate::terminal::Step;
use crate::workspace::executable;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The last Trunk that builds with the Rust version of this workspace.
pub const VERSION: &str = "0.21.14";

/// The folder that holds `trunk`.
pub fn ensure() -> Result<PathBuf> {
    let tool = cache::Tool {
        name: "trunk",
        version: VERSION,
        works: &|dir| cache::has_version(&dir.join("bin").join(executable("trunk")), VERSION),
        install: &|step, dir| {
            if take_prebuilt(step, dir).is_ok() {
                return Ok("prebuilt".to_owned());
            }
            // Its default features fetch tools over TLS, which this workspace never asks it to do.
            cache::cargo_install(step, dir, &format!("trunk@{VERSION}"), 0, &["--locked", "--no-default-features"])?;
            Ok("built from source".to_owned())
        },
    };
    Ok(cache::ensure_installed(&tool)?.join("bin"))
}

fn take_prebuilt(step: &Step, dir: &Path) -> Result<()> {
    let platform = prebuilt::platform("gnu").context("none is published for this platform")?;
    let extension = if cfg!(windows) { "zip" } else { "tar.gz" };
    let releases = "https://github.com/trunk-rs/trunk/releases/download";
    let bin = dir.join("bin");
    std::fs::create_dir_all(&bin)?;
    prebuilt::download(step, &format!("{releases}/v{VERSION}/trunk-{platform}.{extension}"), ".sha256", &bin)?;
    // One linked against a newer C library than this machine has would not start.
    anyhow::ensure!(cache::has_version(&bin.join(executable("trunk")), VERSION), "the prebuilt one does not run here");
    Ok(())
}
