//! Tries the finished server from outside.

use super::Workshop;
use crate::process::{self, run};
use crate::server::TemporaryServer;
use crate::terminal::{Step, plain_text};
use crate::{fuzz, toolbox, workspace};
use anyhow::Result;
use std::path::PathBuf;

/// Seconds per fuzz target: enough to find what a careless change breaks; `cargo xtask fuzz 3600` looks harder.
const BRIEF_FUZZ_S: u32 = 5;

/// The tests with the real SDK for `language`.
pub fn sdk_dir(language: &str) -> PathBuf {
    workspace::root().join("tests").join("sdk").join(language)
}

pub fn browser_tests_dir() -> PathBuf {
    workspace::root().join("tests").join("e2e")
}

pub fn sdk_python(step: &Step, workshop: &Workshop) -> Result<String> {
    let server = start_server(workshop, "sdk-python")?;
    let mut pytest = process::command(workshop.python.as_ref().expect("the check prepares it"));
    pytest.args(["-m", "pytest", "-q", "-p", "no:cacheprovider"]).current_dir(sdk_dir("python"));
    pytest.env("PYTHONDONTWRITEBYTECODE", "1").env("FANLIGHT_URL", &server.url);
    Ok(last_count(&run(step, &mut pytest)?))
}

pub fn sdk_js(step: &Step, workshop: &Workshop) -> Result<String> {
    let server = start_server(workshop, "sdk-js")?;
    let mut npm = toolbox::node::npm();
    npm.args(["test", "--silent"]).current_dir(sdk_dir("js")).env("FANLIGHT_URL", &server.url);
    Ok(last_count(&run(step, &mut npm)?))
}

/// The browser tests start servers of their own, one per worker, so that they can also stop them.
pub fn browser(step: &Step, workshop: &Workshop) -> Result<String> {
    let mut playwright = process::command("node");
    playwright.args(["node_modules/@playwright/test/cli.js", "test"]).current_dir(browser_tests_dir());
    playwright.env("FANLIGHT_BINARY", workshop.server());
    playwright.env("FANLIGHT_PYTHON", workshop.python.as_ref().expect("the check prepares it"));
    playwright.env("FANLIGHT_CHROMIUM", workshop.chromium.as_ref().expect("the check prepares it"));
    Ok(last_count(&run(step, &mut playwright)?))
}

pub fn faults(step: &Step, workshop: &Workshop) -> Result<String> {
    let mut test = process::cargo(&["test", "--package", "fanlight-server", "--test", "faults", "--", "--ignored"]);
    Ok(last_count(&run(step, test.env("FANLIGHT_BINARY", workshop.server()))?))
}

pub fn fuzz_briefly(step: &Step, _: &Workshop) -> Result<String> {
    fuzz::run_targets(step, BRIEF_FUZZ_S)
}

fn start_server(workshop: &Workshop, name: &str) -> Result<TemporaryServer> {
    TemporaryServer::start(workshop.server(), name, &workspace::notes_dir().join(format!("{name}-server.log")))
}

/// The last line that counts passed tests, in whichever manner the test program has: `12 passed (3.4s)`, `# pass 12`.
fn last_count(lines: &[String]) -> String {
    let counting = lines.iter().rev().map(|line| plain_text(line).trim().to_owned());
    let mut counting = counting.filter(|line| line.contains("passed") || line.starts_with("# pass"));
    counting.next().unwrap_or_default().chars().take(44).collect()
}
