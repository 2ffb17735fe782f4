//! `cargo xtask dev`: Fanlight while it is being worked on.
//!
//! Trunk serves the dashboard, rebuilds it when a file changes and reloads the page; what it asks of the API is passed on
//! to a debug server, which is rebuilt and restarted when its sources change.

use crate::cli::Serve;
use crate::fingerprint::Fingerprint;
use crate::terminal::{self, Step};
use crate::{build, process, server, toolbox, workspace};
use anyhow::{Context, Result};
use std::process::{Child, Command};
use std::time::Duration;

/// How often the server's sources are looked at.
const WATCH_INTERVAL: Duration = Duration::from_secs(1);

/// Serves until Ctrl-C, or until Trunk ends.
pub fn run(serve: &Serve) -> Result<()> {
    terminal::say("Tools");
    let tools = toolbox::wasm_tools()?;
    terminal::say("Build");
    build_server()?;

    let addr = server::choose_addr(serve.addr.as_deref())?;
    let mut api = KillOnDrop(start_api(&addr, serve)?);
    server::wait_until_ready(&addr, Duration::from_secs(30), &mut api.0).context("the API server did not start")?;
    terminal::say(&format!("  The API answers at http://{addr}: point LANGSMITH_ENDPOINT there."));

    let mut trunk = build::trunk(&tools)?;
    // Apart from dist/, which release builds keep.
    let dist = workspace::notes_dir().join("dev-dist");
    std::fs::create_dir_all(&dist)?;
    trunk.arg("serve").arg("--dist").arg(dist).args([
        "--proxy-backend",
        &format!("http://{addr}/api"),
        "--open",
        "false",
    ]);
    let mut trunk = KillOnDrop(trunk.spawn().context("cannot start Trunk")?);

    let sources = ["Cargo.lock", "crates"].map(|path| workspace::root().join(path));
    let mut built = Fingerprint::of_files(&sources)?;
    loop {
        std::thread::sleep(WATCH_INTERVAL);
        if let Some(status) = trunk.0.try_wait()? {
            anyhow::ensure!(status.success(), "Trunk ended with {status}");
            return Ok(());
        }
        // A file may vanish between being listed and being read: then look again.
        let Ok(current) = Fingerprint::of_files(&sources) else { continue };
        if current != built {
            built = current;
            // A mistake in the sources is shown and mended; the old server stays until then.
            match build_server() {
                Ok(()) => {
                    drop(api);
                    api = KillOnDrop(start_api(&addr, serve)?);
                }
                Err(error) => terminal::say(&format!("{error:#}")),
            }
        }
    }
}

fn build_server() -> Result<()> {
    let step = Step::start("debug server");
    process::run(&step, &mut process::cargo(&["build", "--package", "fanlight-server"]))?;
    step.done("");
    Ok(())
}

fn start_api(addr: &str, serve: &Serve) -> Result<Child> {
    let binary = workspace::target_dir().join("debug").join(workspace::executable("fanlight"));
    let mut command: Command = process::command(binary);
    // Not the data of the Fanlight that this person may use every day.
    let data_dir = match &serve.data_dir {
        Some(chosen) => std::path::absolute(chosen)?,
        None => workspace::notes_dir().join("dev-data"),
    };
    command.args(["serve", "--demo", "--addr", addr, "--data"]).arg(data_dir);
    command.spawn().context("cannot start the API server")
}

/// A program that must not outlive this one.
struct KillOnDrop(Child);

impl Drop for KillOnDrop {
    fn drop(&mut self) {
        // Both fail only when the program is gone already, which is what is wanted.
        self.0.kill().ok();
        self.0.wait().ok();
    }
}
