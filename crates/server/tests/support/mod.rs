//! The whole application in process, over a real database in a temporary directory.

#![expect(dead_code, reason = "each suite uses its own part of this")]

use axum::Router;
use axum::body::Body;
use axum::http::{HeaderMap, Method, Request, StatusCode};
use bytes::Bytes;
use fanlight_server::app::App;
use fanlight_server::config::{Limits, ServerConfig};
use fanlight_server::dashboard::{Dashboard, EmbeddedFile};
use fanlight_server::store::Store;
use fanlight_server::store::sqlite::{SqliteOptions, SqliteStore};
use http_body_util::BodyExt;
use serde_json::Value;
use std::sync::Arc;
use tower::ServiceExt;

/// A dashboard of two files, so that tests do not depend on a build of the real one.
pub const FILES: &[EmbeddedFile] = &[
    EmbeddedFile {
        path: "/index.html",
        etag: "\"page\"",
        plain: b"<!doctype html><title>Fanlight</title><script type=\"module\">start()</script>",
        brotli: None,
        gzip: None,
    },
    EmbeddedFile {
        path: "/fanlight-0123456789abcdef_bg.wasm",
        etag: "\"wasm\"",
        plain: b"plain wasm",
        brotli: Some(b"brotli wasm"),
        gzip: Some(b"gzip wasm"),
    },
];

pub struct TestApp {
    pub app: App,
    router: Router,
    _data: tempfile::TempDir,
}

/// What came back.
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    #[track_caller]
    pub fn json(&self) -> Value {
        let text = String::from_utf8_lossy(&self.body);
        serde_json::from_str(&text).unwrap_or_else(|e| panic!("{e} in {} {text}", self.status))
    }

    /// The JSON of a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert!(self.status.is_success(), "{} {}", self.status, String::from_utf8_lossy(&self.body));
        self.json()
    }

    #[track_caller]
    pub fn expect(self, status: u16) -> Self {
        assert_eq!(self.status.as_u16(), status, "{}", String::from_utf8_lossy(&self.body));
        self
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

impl TestApp {
    pub fn new() -> Self {
        TestApp::with_limits(Limits::default())
    }

    pub fn with_limits(limits: Limits) -> Self {
        TestApp::with(limits, SqliteOptions::default())
    }

    pub fn with(limits: Limits, options: SqliteOptions) -> Self {
        let data = tempfile::tempdir().unwrap();
        let store: Arc<dyn Store> = Arc::new(SqliteStore::open(data.path(), options).unwrap());
        let config = ServerConfig { limits, ..ServerConfig::default() };
        let app = App::new(store, config, Dashboard::new(FILES));
        TestApp { router: app.router(), app, _data: data }
    }

    /// Sends a request; `Host` is `localhost:1984` unless given.
    pub async fn send(&self, mut request: Request<Body>) -> Answer {
        let host = "localhost:1984".parse().unwrap();
        request.headers_mut().entry("host").or_insert(host);
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (head, body) = response.into_parts();
        Answer { status: head.status, headers: head.headers, body: body.collect().await.unwrap().to_bytes() }
    }

    pub async fn request(&self, method: &str, path: &str, headers: &[(&str, &str)], body: impl Into<Body>) -> Answer {
        let mut request = Request::builder().method(method.parse::<Method>().unwrap()).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        self.send(request.body(body.into()).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.request("GET", path, &[], Body::empty()).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.request("DELETE", path, &[], Body::empty()).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Answer {
        self.request("POST", path, &[("content-type", "application/json")], body.to_string()).await
    }

    pub async fn patch(&self, path: &str, body: &Value) -> Answer {
        self.request("PATCH", path, &[("content-type", "application/json")], body.to_string()).await
    }

    /// Sends multipart parts: name, content type, content.
    pub async fn multipart(&self, parts: &[(&str, &str, &str)]) -> Answer {
        self.request("POST", "/runs/multipart", &[("content-type", MULTIPART)], multipart_body(parts)).await
    }

    /// The run, all fields.
    pub async fn run(&self, id: &str) -> Value {
        self.get(&format!("/runs/{id}")).await.ok()
    }
}

pub const MULTIPART: &str = "multipart/form-data; boundary=BND";

pub fn multipart_body(parts: &[(&str, &str, &str)]) -> Vec<u8> {
    let mut body = String::new();
    for (name, content_type, data) in parts {
        let head = format!("Content-Disposition: form-data; name=\"{name}\"\r\nContent-Type: {content_type}");
        body += &format!("--BND\r\n{head}\r\nContent-Length: {}\r\n\r\n{data}\r\n", data.len());
    }
    (body + "--BND--\r\n").into_bytes()
}

/// A valid UUID that ends in `n`.
pub fn id(n: u32) -> String {
    format!("01938f00-0000-7000-8000-{n:012}")
}

/// A root run as the SDK posts it, complete.
pub fn run(n: u32, name: &str) -> Value {
    let id = id(n);
    serde_json::json!({
        "id": id, "trace_id": id, "name": name, "run_type": "chain", "session_name": "default",
        "start_time": format!("2026-11-23T22:00:{:02}.000000Z", n % 60),
        "end_time": format!("2026-11-23T22:01:{:02}.000000Z", n % 60),
        "dotted_order": format!("20261123T2200{:02}000000Z{id}", n % 60),
        "inputs": {"question": format!("Question {n}?")}, "outputs": {"answer": format!("Answer {n}.")},
        "extra": {"metadata": {}}, "events": [], "tags": [],
    })
}

/// A run below others: `parents` are the numbers of its ancestors from the root to the direct parent.
pub fn child(n: u32, parents: &[u32], name: &str) -> Value {
    let mut child = run(n, name);
    let place = |n: u32| format!("20261123T2200{:02}000000Z{}", n % 60, id(n));
    let order: Vec<String> = parents.iter().chain([&n]).map(|&n| place(n)).collect();
    child["trace_id"] = id(parents[0]).into();
    child["parent_run_id"] = id(*parents.last().unwrap()).into();
    child["dotted_order"] = order.join(".").into();
    child
}

/// Outputs of an LLM call of 10 + 20 tokens that costs 1 + 2 millionths of a dollar.
pub fn usage() -> Value {
    serde_json::json!({"usage_metadata": {"input_tokens": 10, "output_tokens": 20, "total_tokens": 30,
        "input_cost": 1e-6, "output_cost": 2e-6, "input_token_details": {"audio": 1, "foo": 2},
        "input_cost_details": {"audio": 1e-7, "foo": 2e-7}}})
}

impl TestApp {
    pub async fn send_runs(&self, runs: impl IntoIterator<Item = Value>) {
        let runs: Vec<Value> = runs.into_iter().collect();
        self.post("/runs/batch", &serde_json::json!({"post": runs})).await.expect(202);
    }

    pub async fn project_id(&self, name: &str) -> String {
        self.get(&format!("/sessions?name={name}")).await.ok()[0]["id"].as_str().unwrap().to_owned()
    }

    pub async fn put(&self, path: &str, body: &Value) -> Answer {
        self.request("PUT", path, &[("content-type", "application/json")], body.to_string()).await
    }
}
