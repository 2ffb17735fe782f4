//! `cargo xtask up`: from a fresh clone to Fanlight in the browser.

use crate::cli::Serve;
use crate::{build, process, server, terminal};
use anyhow::{Context, Result};
use std::process::Command;

/// Builds what changed and becomes the server, which says where it listens and how to send traces to it.
///
/// Does not return while the server runs.
pub fn run(serve: &Serve) -> Result<()> {
    let binary = build::everything()?;
    terminal::say("Start");
    let addr = server::choose_addr(serve.addr.as_deref())?;
    let mut command = process::command(binary);
    command.args(["serve", "--addr", &addr]);
    if !serve.is_without_demo {
        command.arg("--demo");
    }
    if let Some(data_dir) = &serve.data_dir {
        // The server runs in the clone's folder, the person who typed a relative path may be elsewhere.
        command.arg("--data").arg(std::path::absolute(data_dir)?);
    }
    become_program(command)
}

/// Puts the server in this process's place, so that Ctrl-C and `kill` reach it and it shuts down in good order.
#[cfg(unix)]
fn become_program(mut command: Command) -> Result<()> {
    use std::os::unix::process::CommandExt;
    Err(command.exec()).context("cannot start the server")
}

/// Where a process cannot become another: waits for it. Ctrl-C reaches both.
#[cfg(not(unix))]
fn become_program(mut command: Command) -> Result<()> {
    let status = command.status().context("cannot start the server")?;
    anyhow::ensure!(status.success(), "the server ended with {status}");
    Ok(())
}
