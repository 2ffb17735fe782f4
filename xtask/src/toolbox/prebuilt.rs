//! Takes a tool from its project's release page, when that can be reached.
//!
//! This is a shortcut, not a requirement: on any trouble (no network, no archive for this platform, a checksum that does
//! not fit) the caller builds from source instead.

use crate::process;
use crate::terminal::Step;
use anyhow::{Context, Result, ensure};
use std::path::Path;

/// The platform as Rust projects name their archives; `None` where they publish none.
///
/// `linux_libc` is the C library that the project's Linux archives are linked against.
pub fn platform(linux_libc: &str) -> Option<String> {
    let arch = std::env::consts::ARCH;
    match (arch, std::env::consts::OS) {
        ("x86_64" | "aarch64", "linux") => Some(format!("{arch}-unknown-linux-{linux_libc}")),
        ("x86_64" | "aarch64", "macos") => Some(format!("{arch}-apple-darwin")),
        ("x86_64", "windows") => Some(format!("{arch}-pc-windows-msvc")),
        _ => None,
    }
}

/// Downloads an archive, checks it and unpacks it into `dir`.
///
/// Where the release also publishes a SHA-256 sum under `checksum_suffix`, the archive must have it.
pub fn download(step: &Step, url: &str, checksum_suffix: &str, dir: &Path) -> Result<()> {
    step.set_detail("looking for a prebuilt one");
    let archive = dir.join("archive");
    fetch(url, &archive)?;
    let checksum = dir.join("checksum");
    if fetch(&format!("{url}{checksum_suffix}"), &checksum).is_ok() {
        let published = std::fs::read_to_string(&checksum)?;
        let expected = published.split_whitespace().next().unwrap_or_default().to_lowercase();
        let actual = sha256(&archive)?;
        ensure!(actual == expected, "{url} has the checksum {actual}, its release says {expected}");
        std::fs::remove_file(&checksum)?;
    }
    // Both GNU tar and the bsdtar of macOS and Windows see by themselves how it is compressed.
    process::run(step, process::command("tar").arg("-xf").arg(&archive).arg("-C").arg(dir))?;
    std::fs::remove_file(&archive).context("cannot remove the archive")
}

fn fetch(url: &str, target: &Path) -> Result<()> {
    let mut command = process::command("curl");
    command.args(["--fail", "--silent", "--show-error", "--location", "--connect-timeout", "5", "--max-time", "180"]);
    command.arg("--output").arg(target).arg(url);
    process::ask(&mut command).map(drop).with_context(|| format!("{url} cannot be had"))
}

// Node is there anyway; the command-line tools for this differ between platforms.
fn sha256(file: &Path) -> Result<String> {
    let script = "process.stdout.write(require('crypto').createHash('sha256').update(require('fs').readFileSync(process.argv[1])).digest('hex'))";
    process::ask(process::command("node").args(["-e", script]).arg(file)).context("cannot compute a checksum with Node")
}
