//! The browser that the tests drive: one that is there, else Debian's.

use crate::process;
use crate::terminal::Step;
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Where distributions and installers put Chromium and Chrome.
const KNOWN_PLACES: [&str; 8] = [
    "/usr/bin/chromium",
    "/usr/bin/chromium-browser",
    "/usr/bin/google-chrome",
    "/usr/bin/google-chrome-stable",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Google\Chrome\Application\chrome.exe",
];

/// The executable of a Chromium, installed with apt where there is none and apt may be used.
pub fn ensure() -> Result<PathBuf> {
    let step = Step::start("Chromium");
    if let Some(chosen) = std::env::var_os("FANLIGHT_CHROMIUM").filter(|path| !path.is_empty()) {
        let version = version(Path::new(&chosen)).context("FANLIGHT_CHROMIUM names no program that runs")?;
        step.done(&version);
        return Ok(chosen.into());
    }
    if let Some((path, version)) = find() {
        step.done(&version);
        return Ok(path);
    }
    install_with_apt(&step).context(
        "the browser tests need Chromium: install Chromium or Chrome, \
         or set FANLIGHT_CHROMIUM to the path of one",
    )?;
    let (path, version) = find().context("apt installed Chromium, but it does not run")?;
    step.done(&format!("{version}, installed with apt"));
    Ok(path)
}

fn find() -> Option<(PathBuf, String)> {
    KNOWN_PLACES.iter().map(Path::new).find_map(|path| Some((path.to_owned(), version(path)?)))
}

fn version(path: &Path) -> Option<String> {
    // On Windows `--version` opens a window instead of answering.
    if cfg!(windows) {
        return path.is_file().then(|| "Chrome".to_owned());
    }
    let answer = process::ask(process::command(path).arg("--version"))?;
    // "Chromium 150.0.7000.1 built on Debian": the rest is of no interest.
    Some(answer.split_whitespace().take_while(|word| *word != "built").collect::<Vec<_>>().join(" "))
}

fn install_with_apt(step: &Step) -> Result<()> {
    let is_root = process::ask(process::command("id").arg("-u")).is_some_and(|id| id == "0");
    let apt_get = |args: &[&str]| -> Command {
        let mut command = process::command(if is_root { "apt-get" } else { "sudo" });
        if !is_root {
            command.args(["--non-interactive", "apt-get"]);
        }
        command.args(args).env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    if process::ask(&mut apt_get(&["--version"])).is_none() {
        bail!("there is no Chromium, and apt-get is not here or may not be used without a password");
    }
    process::run(step, &mut apt_get(&["update"]))?;
    process::run(step, &mut apt_get(&["install", "--yes", "--no-install-recommends", "chromium", "fonts-liberation"]))?;
    Ok(())
}
