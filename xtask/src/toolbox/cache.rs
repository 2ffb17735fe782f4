//! The folder of installed tools: one per tool and version, shared by every clone of this user.
//!
//! A tool is made in a folder of its own and renamed into place when it works, so that an interrupted installation
//! leaves nothing that looks finished; a lock makes two clones wait for one installation instead of making two.

use crate::process;
use crate::terminal::Step;
use anyhow::{Context, Result, ensure};
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

/// A tool in one version, as the cache sees it.
pub struct Tool<'a> {
    pub name: &'a str,
    pub version: &'a str,
    /// Whether the folder holds this tool in this version and it runs.
    pub works: &'a dyn Fn(&Path) -> bool,
    /// Puts the tool into the folder, which exists and is empty. Returns a word about how.
    pub install: &'a dyn Fn(&Step, &Path) -> Result<String>,
}

/// The folder of the tool, installed if need be.
pub fn ensure_installed(tool: &Tool) -> Result<PathBuf> {
    let (tools, locks) = (root()?.join("tools"), root()?.join("locks"));
    let label = format!("{}-{}", tool.name, tool.version);
    let dir = tools.join(&label);
    let step = Step::start(&format!("{} {}", tool.name, tool.version));
    if (tool.works)(&dir) {
        step.done("installed before");
        return Ok(dir);
    }

    for dir in [&tools, &locks] {
        std::fs::create_dir_all(dir).with_context(|| format!("cannot create {}", dir.display()))?;
    }
    let _lock = lock(&step, &locks.join(&label))?;
    // Another clone may have installed it while this one waited.
    if (tool.works)(&dir) {
        step.done("installed by another clone meanwhile");
        return Ok(dir);
    }
    let staging = tools.join(format!("{label}.new"));
    remove_dir(&staging)?;
    std::fs::create_dir_all(&staging).with_context(|| format!("cannot create {}", staging.display()))?;
    let note = (tool.install)(&step, &staging).with_context(|| format!("cannot install {label}"))?;
    ensure!((tool.works)(&staging), "{label} was installed into {} but does not run there", staging.display());
    remove_dir(&dir)?;
    std::fs::rename(&staging, &dir).with_context(|| format!("cannot move {label} to {}", dir.display()))?;
    step.done(&note);
    Ok(dir)
}

/// Fanlight's folder in the platform's cache directory.
pub fn root() -> Result<PathBuf> {
    let variable = |name| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(chosen) = variable("FANLIGHT_CACHE") {
        return std::path::absolute(chosen).context("FANLIGHT_CACHE is no path");
    }
    let home = || std::env::home_dir().context("no home directory is known; set FANLIGHT_CACHE to a folder for tools");
    let platform = if cfg!(windows) {
        variable("LOCALAPPDATA").map_or_else(|| Ok::<_, anyhow::Error>(home()?.join("AppData").join("Local")), Ok)?
    } else if cfg!(target_os = "macos") {
        home()?.join("Library").join("Caches")
    } else {
        // The XDG specification says to ignore relative paths.
        variable("XDG_CACHE_HOME")
            .filter(|dir| dir.is_absolute())
            .map_or_else(|| home().map(|home| home.join(".cache")), Ok)?
    };
    Ok(platform.join("fanlight"))
}

/// Whether the program answers `--version` with a line that has this version as one of its words.
pub fn has_version(program: &Path, version: &str) -> bool {
    // Asking a program that is not there costs a process on some platforms.
    program.is_file()
        && process::ask(process::command(program).arg("--version"))
            .is_some_and(|answer| answer.split_whitespace().any(|word| word == version))
}

/// Builds a program from Cargo's registry into `dir/bin`.
///
/// The result is used a few times and compiled once, so compile time comes first: `opt_level` 0 unless the tool's own
/// work outweighs it.
pub fn cargo_install(step: &Step, dir: &Path, spec: &str, opt_level: u8, flags: &[&str]) -> Result<()> {
    let build_dir = dir.join("build");
    let mut command = process::cargo(&["install", "--debug", spec, "--root"]);
    command.arg(dir).args(flags).env("CARGO_TARGET_DIR", &build_dir);
    command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_DEV_OPT_LEVEL", opt_level.to_string());
    // What is set for the workspace must not shape a tool, and the clone's .cargo/config.toml must not be read.
    for name in
        ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_RUSTFLAGS", "CARGO_BUILD_TARGET", "CARGO_INCREMENTAL"]
    {
        command.env_remove(name);
    }
    process::run(step, command.current_dir(dir))?;
    remove_dir(&build_dir)
}

fn lock(step: &Step, path: &Path) -> Result<File> {
    let file = File::create(path).with_context(|| format!("cannot write {}", path.display()))?;
    match file.try_lock() {
        Ok(()) => return Ok(file),
        Err(TryLockError::WouldBlock) => step.set_detail("waiting for another clone that is installing it"),
        Err(TryLockError::Error(_)) => {}
    }
    file.lock().with_context(|| format!("cannot lock {}", path.display()))?;
    Ok(file)
}

fn remove_dir(dir: &Path) -> Result<()> {
    if dir.exists() {
        std::fs::remove_dir_all(dir).with_context(|| format!("cannot remove {}", dir.display()))?;
    }
    Ok(())
}
