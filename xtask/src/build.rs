//! Builds the dashboard, and the server with the dashboard inside it.

use crate::fingerprint::Fingerprint;
use crate::terminal::{self, Step};
use crate::toolbox::{self, WasmTools};
use crate::{process, workspace};
use anyhow::{Context, Result};
use std::path::PathBuf;

/// What the dashboard is made of; a change in any of it means building it again.
const DASHBOARD_SOURCES: [&str; 12] = [
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    "index.html",
    "src",
    "crates/core",
    "crates/wire",
    "style",
    "public",
    ".cargo",
    "xtask/src/split",
    "xtask/src/style.rs",
];

/// Installs what is missing and makes `target/release/fanlight`. Returns its path.
pub fn everything() -> Result<PathBuf> {
    terminal::say("Tools");
    let tools = toolbox::wasm_tools()?;
    terminal::say("Build");
    dashboard(&tools)?;
    server()?;
    Ok(workspace::server_binary())
}

/// Builds the dashboard into `dist/`, unless it is there and made from what is in the clone now.
pub fn dashboard(tools: &WasmTools) -> Result<()> {
    let step = Step::start("dashboard");
    let sources: Vec<PathBuf> = DASHBOARD_SOURCES.iter().map(|path| workspace::root().join(path)).collect();
    let note = workspace::notes_dir().join("dashboard.fingerprint");
    // What is changed while it is being built may or may not be in it: then it is built again next time.
    let sources = Fingerprint::of_files(&sources)?.with_text(&tools.versions);
    let current =
        || -> Result<String> { Ok(format!("{sources} {}", Fingerprint::of_files(&[workspace::dist_dir()])?)) };
    if std::fs::read_to_string(&note).is_ok_and(|built| current().is_ok_and(|now| now == built)) {
        step.done("nothing changed");
        return Ok(());
    }

    // Trunk is told to download nothing, and passes that on to cargo: so what cargo needs has to be there.
    process::run(&step, &mut process::cargo(&["fetch", "--locked", "--target", "wasm32-unknown-unknown"]))?;
    let mut trunk = trunk(tools)?;
    trunk.args(["build", "--release", "--dist"]).arg(workspace::dist_dir());
    process::run(&step, &mut trunk)?;
    std::fs::create_dir_all(workspace::notes_dir())?;
    std::fs::write(&note, current()?).with_context(|| format!("cannot write {}", note.display()))?;
    step.done("built by Trunk");
    Ok(())
}

/// Builds the server in release mode around the dashboard that lies in `dist/`.
pub fn server() -> Result<()> {
    let step = Step::start("server");
    let mut cargo = process::cargo(&["build", "--release", "--package", "fanlight-server"]);
    process::run(&step, cargo.env("FANLIGHT_DIST", workspace::dist_dir()))?;
    step.done("target/release/fanlight");
    Ok(())
}

/// Trunk, set up to find the pinned tools and nothing else.
pub fn trunk(tools: &WasmTools) -> Result<std::process::Command> {
    let mut trunk = process::command(&tools.trunk);
    trunk.env("PATH", tools.path_variable()?).env("TRUNK_SKIP_VERSION_CHECK", "true");
    // Trunk 0.21 refuses NO_COLOR=1, the value that everyone uses: it wants true or false.
    trunk.env_remove("NO_COLOR");
    // Its errors are about the dashboard's sources; where Trunk itself was at the time helps nobody.
    trunk.env_remove("RUST_BACKTRACE");
    Ok(trunk)
}
