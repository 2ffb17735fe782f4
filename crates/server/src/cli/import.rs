//! `fanlight import`: runs from JSON lines, into the data directory or to a running server.

use super::ImportArgs;
use super::remote::Remote;
use crate::ingest::json::text_from_bytes;
use crate::ingest::langsmith::batch::decode_run;
use crate::model::{Batch, OpKind, RunOp};
use crate::store::sqlite::SqliteOptions;
use crate::store::{Store, StoreError};
use anyhow::{Context, bail};
use std::fs::File;
use std::io::{BufRead, BufReader, IsTerminal, stdin};
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;
use std::time::Duration;

/// Runs and bytes that are written together: fewer, larger commits are faster.
const MAX_RUNS: usize = 500;
const MAX_BYTES: usize = 8 * 1024 * 1024;

/// Imports all files. Success only when every line was good.
pub fn run(args: ImportArgs) -> anyhow::Result<ExitCode> {
    let target = match &args.url {
        Some(url) => Target::Server(Remote::new(url)),
        None => {
            let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
            let store = {
                let _in_runtime = runtime.enter();
                args.data.open(SqliteOptions::default())?
            };
            Target::Directory { runtime, store }
        }
    };
    let mut import = Import { target, project: args.project, waiting: Waiting::default(), n_stored: 0, n_bad: 0 };
    let result = args.files.iter().try_for_each(|file| import.read_file(file));
    let result = result.and_then(|()| import.flush());
    import.target.close();
    result?;
    eprintln!("{} runs imported, {} lines skipped", import.n_stored, import.n_bad);
    Ok(if import.n_bad == 0 { ExitCode::SUCCESS } else { ExitCode::FAILURE })
}

enum Target {
    Server(Remote),
    Directory { runtime: tokio::runtime::Runtime, store: Arc<dyn Store> },
}

struct Import {
    target: Target,
    project: Option<String>,
    waiting: Waiting,
    n_stored: usize,
    n_bad: usize,
}

#[derive(Default)]
struct Waiting {
    runs: Vec<RunOp>,
    /// The same runs as JSON, for a server.
    lines: Vec<String>,
    n_bytes: usize,
}

impl Import {
    fn read_file(&mut self, path: &Path) -> anyhow::Result<()> {
        let name = path.display().to_string();
        let mut reader: Box<dyn BufRead> = match name.as_str() {
            "-" => Box::new(stdin().lock()),
            _ => Box::new(BufReader::new(File::open(path).with_context(|| format!("cannot open {name}"))?)),
        };
        let mut line = Vec::new();
        for n in 1.. {
            line.clear();
            if reader.read_until(b'\n', &mut line).with_context(|| format!("cannot read {name}"))? == 0 {
                break;
            }
            if line.trim_ascii().is_empty() {
                continue;
            }
            if let Err(reason) = self.add_line(&line) {
                self.n_bad += 1;
                eprintln!("{name}:{n}: {reason}");
            }
            if self.waiting.runs.len() >= MAX_RUNS || self.waiting.n_bytes >= MAX_BYTES {
                self.flush()?;
            }
        }
        Ok(())
    }

    fn add_line(&mut self, line: &[u8]) -> Result<(), String> {
        let mut op = decode_run(line.trim_ascii_end(), OpKind::Post, None).map_err(|rejection| rejection.reason)?;
        let mut json = match self.target {
            Target::Server(_) => text_from_bytes(line)?.trim().to_owned(),
            Target::Directory { .. } => String::new(),
        };
        if let Some(project) = &self.project {
            op.project.id = None;
            op.project.name = Some(project.clone());
            if !json.is_empty() {
                json = in_project(&json, project)?;
            }
        }
        self.waiting.n_bytes += line.len();
        self.waiting.runs.push(op);
        self.waiting.lines.push(json);
        Ok(())
    }

    fn flush(&mut self) -> anyhow::Result<()> {
        let waiting = std::mem::take(&mut self.waiting);
        let n_runs = waiting.runs.len();
        if n_runs == 0 {
            return Ok(());
        }
        match &self.target {
            Target::Server(server) => send(server, &waiting.lines)?,
            Target::Directory { runtime, store } => {
                let batch = Batch { runs: waiting.runs, ..Batch::default() };
                // One batch at a time: the queue cannot be full of others'.
                match runtime.block_on(store.write(batch)) {
                    Err(StoreError::Busy { .. }) => bail!("the store is busy; is a server writing to this directory?"),
                    other => other?,
                }
            }
        }
        self.n_stored += n_runs;
        if std::io::stderr().is_terminal() {
            eprint!("\r{} runs", self.n_stored);
        }
        Ok(())
    }
}

impl Target {
    fn close(&self) {
        if let Target::Directory { runtime, store } = self {
            runtime.block_on(store.close());
        }
    }
}

fn send(server: &Remote, lines: &[String]) -> anyhow::Result<()> {
    let body = format!("{{\"post\":[{}]}}", lines.join(","));
    for _ in 0..60 {
        let answer = server.post("/runs/batch", body.as_bytes())?;
        if answer.status != 429 {
            return answer.success().map(drop);
        }
        std::thread::sleep(Duration::from_secs(1));
    }
    bail!("the server stayed too busy for a minute")
}

/// The same run, said to belong to `project`.
fn in_project(json: &str, project: &str) -> Result<String, String> {
    let mut run: std::collections::BTreeMap<String, Box<serde_json::value::RawValue>> =
        serde_json::from_str(json).map_err(|e| e.to_string())?;
    run.remove("session_id");
    let name = serde_json::value::to_raw_value(project).map_err(|e| e.to_string())?;
    run.insert("session_name".into(), name);
    serde_json::to_string(&run).map_err(|e| e.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_can_be_moved_to_another_project() {
        let moved = in_project(r#"{"id":"x","session_id":"y","inputs":{"a":  1}}"#, "new \"one\"").unwrap();
        assert_eq!(moved, r#"{"id":"x","inputs":{"a":  1},"session_name":"new \"one\""}"#);
    }
}
