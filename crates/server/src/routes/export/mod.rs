//! `POST /api/fanlight/v1/runs/export`: the whole set that a query finds, as JSON lines or as a table.

mod cell;
mod columns;
mod csv;

use self::columns::Column;
use super::run_pages::{self, PagePrinter, RunPages};
use super::{json_body, links, question, runs};
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::http::turns::Turn;
use crate::store::Store;
use axum::body::Body;
use axum::extract::State;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::http::{HeaderMap, HeaderName};
use axum::response::{IntoResponse, Response};
use fanlight_wire::run_stats::FacetQuery;
use fanlight_wire::{ProjectId, Run};
use serde::Deserialize;
use serde_json::{Map, Value};
use std::collections::HashMap;
use std::sync::Arc;

/// Says how many runs are to be expected, so that a page can show how far it is.
const RUN_COUNT: HeaderName = HeaderName::from_static("x-fanlight-run-count");

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Format {
    /// One JSON object per line: whole runs as `/runs/query` returns them, or only the columns named.
    #[default]
    Jsonl,
    /// RFC 4180, with a header line.
    Csv,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Export {
    query: Map<String, Value>,
    format: Format,
    columns: Option<Vec<String>>,
}

/// All runs of a query, in its order, written as they are read: one page in memory, whatever the number. Columns are
/// names of run fields, `latency`, `first_token_latency`, `project`, `metadata.KEY` and `feedback.KEY`; at most 200.
/// `limit` and `cursor` of the query do not count.
///
/// For the dashboard and for programs; 4 at a time, others wait briefly, then get 429. A client that goes away ends the
/// work. The header `x-fanlight-run-count` says how many runs there were when it began; an answer that breaks off has no
/// last chunk, so that no client takes it for complete. Files and feedback comments are not part of it.
pub async fn export_runs(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Response> {
    let export: Export = json_body::from_fields(json_body::read_question(&app, &headers, body).await?)?;
    let columns = match (export.columns, export.format) {
        (Some(names), _) => Some(columns::read(&names)?),
        (None, Format::Csv) => Some(columns::usual()),
        (None, Format::Jsonl) => None,
    };
    let mut asked = export.query;
    asked.retain(|_, value| !value.is_null() && value.as_str().is_none_or(|text| !text.trim().is_empty()));
    let mut query = question::run_query(asked)?;
    (query.limit, query.cursor, query.select) = (None, None, columns.as_deref().map(columns::store_names));
    let turn = app.exports.take().await?;
    let n_runs = {
        let _turn = app.heavy_reads.take().await?;
        app.store.facets(FacetQuery { query: query.clone(), ..FacetQuery::default() }).await?.n_runs
    };
    let pages = RunPages::begin(&app, query).await?;
    let printer = Printer {
        format: export.format,
        columns,
        base_url: links::base_url(&headers),
        projects: ProjectNames { store: app.store.clone(), known: HashMap::new() },
        _turn: turn,
    };
    let (content_type, disposition) = match export.format {
        Format::Jsonl => ("application/x-ndjson", "attachment; filename=\"runs.jsonl\""),
        Format::Csv => ("text/csv; charset=utf-8", "attachment; filename=\"runs.csv\""),
    };
    let head = [(CONTENT_TYPE, content_type.to_owned()), (CONTENT_DISPOSITION, disposition.to_owned())];
    Ok((head, [(RUN_COUNT, n_runs.to_string())], run_pages::body(pages, printer)).into_response())
}

struct Printer {
    format: Format,
    /// `None`: whole runs.
    columns: Option<Vec<Column>>,
    base_url: String,
    projects: ProjectNames,
    _turn: Turn,
}

impl PagePrinter for Printer {
    fn head(&mut self) -> Vec<u8> {
        match (self.format, &self.columns) {
            (Format::Csv, Some(columns)) => csv::line(columns.iter().map(ToString::to_string)),
            _ => Vec::new(),
        }
    }

    async fn page(&mut self, runs: &[Run]) -> AppResult<Vec<u8>> {
        let mut bytes = Vec::new();
        for run in runs {
            let project = self.projects.name(run.project_id).await?;
            match (&self.columns, self.format) {
                (None, _) => self.print_whole(run, &project, &mut bytes)?,
                (Some(columns), Format::Jsonl) => {
                    let row = columns::Row::new(run, &project);
                    serde_json::to_writer(&mut bytes, &row.object(columns)).map_err(unprintable)?;
                    bytes.push(b'\n');
                }
                (Some(columns), Format::Csv) => {
                    let row = columns::Row::new(run, &project);
                    bytes.extend(csv::line(columns.iter().map(|column| row.cell(column).into_csv())));
                }
            }
        }
        Ok(bytes)
    }

    fn tail(&mut self) -> Vec<u8> {
        Vec::new()
    }
}

impl Printer {
    /// As `/runs/query` returns it, with the project's name: ids differ between servers.
    fn print_whole(&self, run: &Run, project: &str, bytes: &mut Vec<u8>) -> AppResult<()> {
        let mut run = run.clone();
        runs::complete(&mut run, &self.base_url);
        serde_json::to_writer(&mut *bytes, &run).map_err(unprintable)?;
        bytes.pop();
        bytes.extend(b",\"session_name\":");
        serde_json::to_writer(&mut *bytes, project).map_err(unprintable)?;
        bytes.extend(b"}\n");
        Ok(())
    }
}

fn unprintable(error: serde_json::Error) -> AppError {
    AppError::unexpected(&error.into())
}

/// Names of projects, each looked up once.
struct ProjectNames {
    store: Arc<dyn Store>,
    known: HashMap<ProjectId, String>,
}

impl ProjectNames {
    async fn name(&mut self, id: ProjectId) -> AppResult<String> {
        if let Some(name) = self.known.get(&id) {
            return Ok(name.clone());
        }
        // A project that was deleted while its runs were read has only its id left.
        let found = self.store.find_project(id, false).await?;
        let name = found.map_or_else(|| id.to_string(), |project| project.name);
        self.known.insert(id, name.clone());
        Ok(name)
    }
}
