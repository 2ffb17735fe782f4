//! `fanlight export`: the runs of a project as JSON lines on stdout.

use super::ExportArgs;
use super::remote::Remote;
use crate::store::sqlite::SqliteOptions;
use crate::store::{ProjectFilter, Store};
use anyhow::{Context, bail};
use fanlight_wire::run_query::{Order, RunQuery};
use fanlight_wire::{ProjectId, Run};
use serde_json::{Value, json};
use std::io::{self, BufWriter, StdoutLock, Write};
use std::sync::Arc;

/// Pages in memory at a time.
const PAGES_AHEAD: usize = 2;

/// Writes the runs, oldest first. A reader that stops reading (`| head`) ends it quietly.
pub fn run(args: &ExportArgs) -> anyhow::Result<()> {
    let filter = args.filter.as_deref();
    let result = match &args.url {
        Some(url) => from_server(&Remote::new(url), &args.project, filter),
        None => from_directory(args),
    };
    match result {
        Err(error) if error.downcast_ref::<io::Error>().is_some_and(|e| e.kind() == io::ErrorKind::BrokenPipe) => {
            Ok(())
        }
        other => other,
    }
}

/// Writes one line, with the project's name: ids differ between servers.
fn write_line(out: &mut BufWriter<StdoutLock<'_>>, run: &impl serde::Serialize, project: &str) -> anyhow::Result<()> {
    let json = serde_json::to_string(run)?;
    let open = json.strip_suffix('}').context("a run is an object")?;
    writeln!(out, "{open},\"session_name\":{}}}", serde_json::to_string(project)?)?;
    Ok(())
}

fn from_directory(args: &ExportArgs) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    runtime.block_on(async {
        let store = args.data.open(SqliteOptions::default())?;
        let result = stream(&store, &args.project, args.filter.as_deref()).await;
        store.close().await;
        result
    })
}

async fn stream(store: &Arc<dyn Store>, project: &str, filter: Option<&str>) -> anyhow::Result<()> {
    let (id, name) = find_project(store.as_ref(), project).await?;
    let (sender, mut pages) = tokio::sync::mpsc::channel::<Vec<Run>>(PAGES_AHEAD);
    let reading = store.clone();
    let query = RunQuery {
        project: Some(id),
        order: Some(Order::Asc),
        filter: filter.map(str::to_owned),
        ..RunQuery::default()
    };
    let reader = tokio::spawn(async move { reading.export_runs(query, sender).await });
    let mut out = BufWriter::new(io::stdout().lock());
    while let Some(page) = pages.recv().await {
        for run in &page {
            write_line(&mut out, run, &name)?;
        }
    }
    out.flush()?;
    reader.await??;
    Ok(())
}

async fn find_project(store: &dyn Store, project: &str) -> anyhow::Result<(ProjectId, String)> {
    let by_name = ProjectFilter { name: Some(project.to_owned()), limit: 1, ..ProjectFilter::default() };
    let mut found = store.list_projects(by_name).await?;
    if let (true, Ok(id)) = (found.is_empty(), project.parse::<ProjectId>()) {
        found.extend(store.find_project(id, false).await?);
    }
    let project = found.pop().with_context(|| format!("there is no project {project:?}"))?;
    Ok((project.id, project.name))
}

fn from_server(server: &Remote, project: &str, filter: Option<&str>) -> anyhow::Result<()> {
    let query: String = form_urlencoded::Serializer::new(String::new()).append_pair("name", project).finish();
    let mut found = server.get(&format!("/sessions?limit=1&{query}"))?;
    if found.as_array().is_some_and(Vec::is_empty) && project.parse::<ProjectId>().is_ok() {
        found = json!([server.get(&format!("/sessions/{project}"))?]);
    }
    let (Some(id), Some(name)) = (found[0]["id"].as_str(), found[0]["name"].as_str()) else {
        bail!("the server has no project {project:?}");
    };
    let mut out = BufWriter::new(io::stdout().lock());
    let mut query = json!({"session": [id], "order": "asc", "limit": 100, "filter": filter});
    loop {
        let body = serde_json::to_vec(&query)?;
        let page = server.post("/runs/query", &body)?.success()?;
        for run in page["runs"].as_array().into_iter().flatten() {
            write_line(&mut out, run, name)?;
        }
        match &page["cursors"]["next"] {
            Value::String(next) => query["cursor"] = next.as_str().into(),
            _ => break,
        }
    }
    out.flush()?;
    Ok(())
}
