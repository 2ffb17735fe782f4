//! Node and npm: required to be there, and how their packages are installed.

use crate::fingerprint::Fingerprint;
use crate::process;
use crate::terminal::Step;
use anyhow::{Context, Result, bail, ensure};
use std::path::Path;
use std::process::Command;

/// The oldest Node that Playwright and the SDK under test run on.
const MIN_MAJOR_VERSION: u32 = 20;

/// Says what to do when Node is missing or too old.
pub fn require() -> Result<()> {
    let Some(version) = process::ask(process::command("node").arg("--version")) else {
        bail!("Node is not installed; Fanlight is built with Node {MIN_MAJOR_VERSION} or newer");
    };
    let major = version.trim_start_matches('v').split('.').next().and_then(|major| major.parse::<u32>().ok());
    ensure!(
        major.is_none_or(|major| major >= MIN_MAJOR_VERSION),
        "Node {version} is too old; Fanlight is built with Node {MIN_MAJOR_VERSION} or newer"
    );
    Ok(())
}

/// npm; on Windows it is a script, which only the command interpreter finds by its short name.
pub fn npm() -> Command {
    if !cfg!(windows) {
        return process::command("npm");
    }
    let mut command = process::command("cmd");
    command.args(["/c", "npm"]);
    command
}

/// Installs exactly what the folder's `package-lock.json` says.
pub fn npm_ci(step: &Step, dir: &Path) -> Result<()> {
    let mut command = npm();
    command.args(["ci", "--no-fund", "--no-audit", "--loglevel=error"]).current_dir(dir);
    // Browsers come from the system, never from a download of npm's.
    command.env("PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD", "1");
    process::run(step, &mut command).map(drop)
}

/// Makes sure that a folder of this clone has the packages that its lock file names.
pub fn ensure_packages(dir: &Path) -> Result<()> {
    let name = dir.strip_prefix(crate::workspace::root()).unwrap_or(dir).display().to_string();
    let step = Step::start(&format!("npm packages of {name}"));
    let wanted = Fingerprint::of_files(&[dir.join("package-lock.json")])?.to_string();
    let note = dir.join("node_modules").join(".fanlight-lock");
    if std::fs::read_to_string(&note).is_ok_and(|installed| installed == wanted) {
        step.done("installed before");
        return Ok(());
    }
    npm_ci(&step, dir)?;
    std::fs::write(&note, wanted).with_context(|| format!("cannot write {}", note.display()))?;
    step.done("installed");
    Ok(())
}
