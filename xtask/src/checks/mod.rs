//! `cargo xtask test`: everything that has to hold, in the order in which a developer would want to hear of it.
//!
//! [`rust`] asks the compiler, [`bundle`] weighs what readers download, [`running`] tries the finished server from
//! outside: with the SDKs, with a browser, and with `kill -9`.

mod bundle;
mod running;
mod rust;

use crate::cli::Selection;
use crate::terminal::{self, Step, duration_text, step_line};
use crate::toolbox::{self, WasmTools};
use crate::{build, workspace};
use anyhow::{Context as _, Result, bail};
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// One thing that has to hold.
struct Check {
    name: &'static str,
    about: &'static str,
    /// Installs and builds what the check needs, saying so.
    prepare: fn(&mut Workshop) -> Result<()>,
    /// Returns what is worth knowing about the result, such as the number of tests.
    run: fn(&Step, &Workshop) -> Result<String>,
}

const CHECKS: [Check; 11] = [
    Check { name: "fmt", about: "the code is formatted", prepare: nothing, run: rust::fmt },
    Check { name: "clippy", about: "no lint complains, natively", prepare: nothing, run: rust::clippy },
    Check {
        name: "clippy-wasm",
        about: "no lint complains about the dashboard as wasm",
        prepare: wasm,
        run: rust::clippy_wasm,
    },
    Check { name: "test", about: "cargo test: units, properties, API, house style", prepare: nothing, run: rust::test },
    Check { name: "doc", about: "the documentation builds without warnings", prepare: nothing, run: rust::doc },
    Check { name: "bundle", about: "a first load stays within its budget", prepare: dashboard, run: bundle::weigh },
    Check { name: "sdk-python", about: "the langsmith SDK for Python", prepare: python, run: running::sdk_python },
    Check { name: "sdk-js", about: "the langsmith SDK for JavaScript", prepare: sdk_js, run: running::sdk_js },
    Check {
        name: "browser",
        about: "journeys through the dashboard, and axe",
        prepare: browser,
        run: running::browser,
    },
    Check {
        name: "faults",
        about: "kill -9 under load loses nothing acknowledged",
        prepare: server,
        run: running::faults,
    },
    Check { name: "fuzz", about: "a short fuzzing of the decoders", prepare: nothing, run: running::fuzz_briefly },
];

/// What checks share. Each part is made when the first check needs it.
#[derive(Default)]
struct Workshop {
    wasm_tools: Option<WasmTools>,
    is_dashboard_built: bool,
    server: Option<PathBuf>,
    python: Option<PathBuf>,
    chromium: Option<PathBuf>,
}

impl Workshop {
    /// The release server with the dashboard in it.
    fn server(&self) -> &Path {
        self.server.as_deref().expect("the check prepares it")
    }
}

/// Runs the checks and reports; `false` when one of them failed.
pub fn run(selection: &Selection) -> Result<bool> {
    if let Some(unknown) = selection.steps.iter().find(|step| CHECKS.iter().all(|check| check.name != **step)) {
        bail!("there is no step `{unknown}`; `cargo xtask test --list` names them");
    }
    if selection.is_list_only {
        CHECKS.iter().for_each(|check| println!("{:<12} {}", check.name, check.about));
        return Ok(true);
    }

    let started = Instant::now();
    let mut workshop = Workshop::default();
    let mut results = Vec::new();
    for check in &CHECKS {
        if !selection.steps.is_empty() && !selection.steps.iter().any(|step| step == check.name) {
            continue;
        }
        let result = run_one(check, &mut workshop);
        let has_failed = result.is_failure;
        results.push((check, result));
        if has_failed && selection.is_fail_fast {
            break;
        }
    }
    Ok(report(&results, started.elapsed()))
}

struct CheckResult {
    is_failure: bool,
    note: String,
    elapsed: Duration,
}

fn run_one(check: &Check, workshop: &mut Workshop) -> CheckResult {
    let started = Instant::now();
    let outcome = (check.prepare)(workshop).and_then(|()| {
        let step = Step::start(check.name);
        let outcome = (check.run)(&step, workshop);
        match &outcome {
            Ok(note) => step.done(note),
            Err(_) => step.failed(""),
        };
        outcome
    });
    let elapsed = started.elapsed();
    match outcome {
        Ok(note) => CheckResult { is_failure: false, note, elapsed },
        Err(error) => {
            terminal::say(&format!("\n{}: {error:#}\n", check.name));
            // The first line says it; the rest was just shown.
            let note = format!("{error:#}").lines().next().unwrap_or_default().chars().take(44).collect();
            CheckResult { is_failure: true, note, elapsed }
        }
    }
}

/// Prints the table; `true` when everything passed.
fn report(results: &[(&Check, CheckResult)], elapsed: Duration) -> bool {
    let n_failed = results.iter().filter(|(_, result)| result.is_failure).count();
    terminal::say(&format!("\nResults after {}", duration_text(elapsed)));
    for (check, result) in results {
        let mark = if result.is_failure { "✗" } else { "✓" };
        terminal::say(&step_line(mark, check.name, &result.note, result.elapsed));
    }
    println!("{} passed, {n_failed} failed", results.len() - n_failed);
    n_failed == 0
}

fn nothing(_: &mut Workshop) -> Result<()> {
    Ok(())
}

fn wasm(workshop: &mut Workshop) -> Result<()> {
    if workshop.wasm_tools.is_none() {
        workshop.wasm_tools = Some(toolbox::wasm_tools()?);
    }
    Ok(())
}

fn dashboard(workshop: &mut Workshop) -> Result<()> {
    wasm(workshop)?;
    if !workshop.is_dashboard_built {
        build::dashboard(workshop.wasm_tools.as_ref().context("no wasm tools")?)?;
        workshop.is_dashboard_built = true;
    }
    Ok(())
}

fn server(workshop: &mut Workshop) -> Result<()> {
    dashboard(workshop)?;
    if workshop.server.is_none() {
        build::server()?;
        workshop.server = Some(workspace::server_binary());
    }
    Ok(())
}

fn python(workshop: &mut Workshop) -> Result<()> {
    server(workshop)?;
    if workshop.python.is_none() {
        workshop.python = Some(toolbox::python::ensure(&running::sdk_dir("python").join("requirements.txt"))?);
    }
    Ok(())
}

fn sdk_js(workshop: &mut Workshop) -> Result<()> {
    server(workshop)?;
    toolbox::node::ensure_packages(&running::sdk_dir("js"))
}

fn browser(workshop: &mut Workshop) -> Result<()> {
    // Some journeys begin with an application that sends its trace through the Python SDK.
    python(workshop)?;
    toolbox::node::ensure_packages(&running::browser_tests_dir())?;
    if workshop.chromium.is_none() {
        workshop.chromium = Some(toolbox::chromium::ensure()?);
    }
    Ok(())
}
