//! `POST /api/v2/threads/query`: the conversations of a project.

use super::page::{self, Page};
use super::shape::feedback_json;
use super::window::Window;
use crate::app::App;
use crate::error::{AppError, AppResult};
use crate::routes::costs::{costs_as_numbers, dollars_by_category};
use crate::routes::{filters, json_body};
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use fanlight_wire::run_query::RunQuery;
use fanlight_wire::thread::{Thread, ThreadQuery};
use fanlight_wire::{ProjectId, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

/// Threads on a page without a word, and at most.
const DEFAULT_PAGE: usize = 20;
const MAX_PAGE: usize = 100;

/// Which threads are asked about; the body of everything about several of them.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Question {
    project_id: Option<ProjectId>,
    filter: Option<String>,
    thread_filter: Option<String>,
    trace_filter: Option<String>,
    tree_filter: Option<String>,
    min_start_time: Option<Timestamp>,
    max_start_time: Option<Timestamp>,
    page_size: Option<f64>,
    cursor: Option<String>,
    pub select: Vec<String>,
}

impl Question {
    pub async fn read(app: &App, headers: &HeaderMap, body: Body) -> AppResult<Question> {
        let asked = json_body::read_question(app, headers, body).await?;
        page::refuse_ai(&asked)?;
        let question: Question = json_body::from_fields(asked)?;
        for (name, filter) in [
            ("filter", &question.filter),
            ("thread_filter", &question.thread_filter),
            ("trace_filter", &question.trace_filter),
            ("tree_filter", &question.tree_filter),
        ] {
            filters::check(name, filter.as_deref())?;
        }
        if question.project_id.is_none() {
            return Err(AppError::invalid("body", "project_id", "is missing"));
        }
        Ok(question)
    }

    pub fn window(&self) -> AppResult<Window> {
        Window::of(self.min_start_time, self.max_start_time, self.cursor.as_deref())
    }

    /// Its answer from the store, in a window.
    pub fn threads(&self, window: &Window) -> AppResult<ThreadQuery> {
        Ok(ThreadQuery {
            project_id: self.project_id,
            filter: self.filter.clone(),
            trace_filter: self.trace_filter.clone(),
            tree_filter: self.tree_filter.clone(),
            thread_filter: self.thread_filter.clone(),
            min_start_time: window.start,
            max_start_time: window.last(),
            page_size: Some(page::page_size("body", self.page_size, DEFAULT_PAGE, MAX_PAGE)?),
            cursor: window.cursor.clone(),
            offset: 0,
        })
    }

    /// The root runs of its threads.
    pub fn turns(&self, window: &Window) -> RunQuery {
        // Each in an `and` of its own: a key in one must not pair with a value in another.
        let own = [&self.filter, &self.thread_filter, &self.trace_filter].into_iter().flatten();
        let own = own.filter(|filter| !filter.trim().is_empty()).map(|filter| format!("and({filter})"));
        let conditions: Vec<String> = own.chain(["neq(thread_id, null)".to_owned()]).collect();
        RunQuery {
            project: self.project_id,
            is_root: Some(true),
            filter: Some(format!("and({})", conditions.join(", "))),
            tree_filter: self.tree_filter.clone(),
            start_time: window.start,
            end_time: window.last(),
            ..RunQuery::default()
        }
    }
}

/// A page of a project's threads, those that spoke last first. `filter` and `trace_filter` hold for a root run,
/// `tree_filter` for some run of its trace, `thread_filter` for the thread (`thread_id` only). Without `min_start_time`
/// the last 24 hours are looked at; `max_start_time` is the first instant after the window.
///
/// For everybody; looks at every root run of the project, so a few at a time are answered. Up to 100 threads a page.
pub async fn query_threads(State(app): State<App>, headers: HeaderMap, body: Body) -> AppResult<Response> {
    let question = Question::read(&app, &headers, body).await?;
    let window = question.window()?;
    let threads = question.threads(&window)?;
    let _turn = app.heavy_reads.take().await?;
    let page = app.store.query_threads(threads).await?;
    let items: Vec<Value> = page.items.iter().map(thread_json).collect();
    Page::new(items, window.next(page.next_cursor)).with_total(page.total).respond(&headers)
}

/// A thread in the shape of v2.
fn thread_json(thread: &Thread) -> Value {
    let Ok(Value::Object(mut object)) = serde_json::to_value(thread) else {
        unreachable!("a thread is a plain struct");
    };
    costs_as_numbers(&mut object, &["total_cost"]);
    object.insert("total_cost_details".into(), json!(dollars_by_category(&thread.total_cost_details)));
    object.insert("feedback_stats".into(), json!(feedback_json(thread.feedback_stats.as_ref())));
    Value::Object(object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    #[test]
    fn costs_of_a_thread_are_numbers() {
        let cost = "0.25".parse().unwrap();
        let thread = Thread {
            total_cost: Some(cost),
            total_cost_details: BTreeMap::from([("audio".into(), cost)]),
            ..Thread::default()
        };
        let json = thread_json(&thread);
        assert_eq!((&json["total_cost"], &json["total_cost_details"]), (&json!(0.25), &json!({"audio": 0.25})));
    }
}
