//! Runs other programs: quietly, with their last line as a sign of life and all of it in a log when they fail.

use crate::terminal::{self, Step};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc::{self, Sender};

/// How many lines of a failed program are shown; the rest is in its log.
const N_LINES_SHOWN: usize = 120;

/// A program to be run in the clone, free of what `cargo run` told this one.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(workspace::root());
    for (name, _) in std::env::vars_os() {
        if name.to_str().is_some_and(is_set_by_cargo_run) {
            command.env_remove(name);
        }
    }
    command
}

/// Cargo, for the workspace.
pub fn cargo(args: &[&str]) -> Command {
    let mut command = command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()));
    command.args(args);
    if terminal::is_interactive() {
        command.env("CARGO_TERM_COLOR", "always");
    }
    command
}

// Inherited, they make cargo believe that build scripts have to run again.
fn is_set_by_cargo_run(name: &str) -> bool {
    ["CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "CARGO_CRATE_", "CARGO_PRIMARY_"]
        .iter()
        .any(|prefix| name.starts_with(prefix))
}

/// Runs a program to its end as part of a step and returns the lines it printed, both streams in order of arrival.
///
/// Fails when the program cannot be started or says that it failed; what it printed last is then shown.
pub fn run(step: &Step, command: &mut Command) -> Result<Vec<String>> {
    let program = command.get_program().to_string_lossy().into_owned();
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().with_context(|| format!("cannot start `{program}`; is it installed?"))?;

    let (send, receive) = mpsc::channel();
    forward_lines(child.stdout.take().expect("it was piped"), send.clone());
    forward_lines(child.stderr.take().expect("it was piped"), send);
    let mut lines = Vec::new();
    for line in receive {
        if terminal::is_verbose() {
            terminal::say(&line);
        }
        let plain = terminal::plain_text(&line);
        if !plain.trim().is_empty() {
            step.set_detail(plain.trim());
        }
        lines.push(line);
    }

    let status = child.wait().with_context(|| format!("cannot wait for `{program}`"))?;
    if status.success() {
        return Ok(lines);
    }
    let log = write_log(&program, &lines)?;
    let skipped = lines.len().saturating_sub(N_LINES_SHOWN);
    let shown = if terminal::is_verbose() { String::new() } else { format!("\n{}\n", lines[skipped..].join("\n")) };
    bail!("`{}` ended with {status}; all it said is in {log}{shown}", command_line(command))
}

/// Runs a program whose output nobody needs to see and returns its standard output, trimmed.
///
/// `None` when it cannot be started or says that it failed.
pub fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// `cargo build --release`: a command as one would type it, without the folders of its program.
pub fn command_line(command: &Command) -> String {
    let program = std::path::Path::new(command.get_program()).file_stem().unwrap_or(command.get_program());
    let words = std::iter::once(program).chain(command.get_args());
    words.map(OsStr::to_string_lossy).collect::<Vec<_>>().join(" ")
}

fn forward_lines(stream: impl Read + Send + 'static, lines: Sender<String>) {
    std::thread::spawn(move || {
        let mut stream = BufReader::new(stream);
        let mut line = Vec::new();
        while stream.read_until(b'\n', &mut line).is_ok_and(|n_bytes| n_bytes > 0) {
            let text = String::from_utf8_lossy(&line).trim_end().to_owned();
            if lines.send(text).is_err() {
                return;
            }
            line.clear();
        }
    });
}

fn write_log(program: &str, lines: &[String]) -> Result<String> {
    let name = std::path::Path::new(program).file_stem().unwrap_or_default().to_string_lossy().into_owned();
    let dir = workspace::notes_dir();
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let path = dir.join(format!("{name}.log"));
    let mut file = std::fs::File::create(&path).with_context(|| format!("cannot write {}", path.display()))?;
    for line in lines {
        writeln!(file, "{}", terminal::plain_text(line))?;
    }
    Ok(path.display().to_string())
}
