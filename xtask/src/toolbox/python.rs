//! A Python with the packages that the SDK tests need, in the cache and never in the system.

use super::cache;
use crate::fingerprint::Fingerprint;
use crate::process;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};

/// The Python of a virtual environment that has what the requirements file names.
///
/// The environment is kept under the file's fingerprint, so clones that ask for the same share it.
pub fn ensure(requirements: &Path) -> Result<PathBuf> {
    let wanted = Fingerprint::of_files(&[requirements.to_owned()])?.to_string();
    let program = if cfg!(windows) { "python" } else { "python3" };
    let interpreter = |dir: &Path| match cfg!(windows) {
        true => dir.join("Scripts").join("python.exe"),
        false => dir.join("bin").join("python3"),
    };
    let tool = cache::Tool {
        name: "python-sdk",
        version: &wanted,
        // Written last, so an environment that has it is complete; asking Python makes sure that it was not upgraded away.
        works: &|dir| {
            dir.join("complete").is_file()
                && process::ask(process::command(interpreter(dir)).args(["-c", "import langsmith"])).is_some()
        },
        install: &|step, dir| {
            process::run(step, process::command(program).args(["-m", "venv"]).arg(dir)).context(
                "Python 3 cannot make a virtual environment (on Debian and Ubuntu it needs the package python3-venv)",
            )?;
            let mut pip = process::command(interpreter(dir));
            pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"]);
            process::run(step, pip.arg(requirements))?;
            std::fs::write(dir.join("complete"), "")?;
            Ok("installed".to_owned())
        },
    };
    Ok(interpreter(&cache::ensure_installed(&tool)?))
}
