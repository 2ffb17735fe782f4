//! Sending through the public API, as any SDK would: patient when the server is busy, loud when it refuses.

use super::trace::Trace;
use anyhow::{Context, bail};
use serde_json::{Value, json};
use std::time::Duration;

/// Runs in one request; what `/info` advertises as `size_limit`.
const MAX_RUNS_PER_REQUEST: usize = 100;
const MAX_ATTEMPTS: u32 = 8;

/// A client of one server.
pub struct Poster {
    agent: ureq::Agent,
    /// Without a trailing slash.
    base_url: String,
}

impl Poster {
    pub fn new(base_url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(60)))
            .build();
        Poster { agent: config.into(), base_url: base_url.trim_end_matches('/').to_owned() }
    }

    /// Sends runs in the order given, a hundred to a request.
    pub fn post_runs(&self, runs: &[Value]) -> anyhow::Result<()> {
        for part in runs.chunks(MAX_RUNS_PER_REQUEST) {
            self.post_json("/runs/batch", &json!({"post": part}))?;
        }
        Ok(())
    }

    /// Sends a trace with its files in one multipart request.
    pub fn post_with_attachments(&self, trace: &Trace) -> anyhow::Result<()> {
        let boundary = format!("fanlight-demo-{}", trace.root().id);
        let mut body = Vec::new();
        let mut part = |name: String, mime: &str, data: &[u8]| {
            let head = format!(
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n\r\n",
                data.len()
            );
            body.extend_from_slice(head.as_bytes());
            body.extend_from_slice(data);
            body.extend_from_slice(b"\r\n");
        };
        for run in &trace.runs {
            part(format!("post.{}", run.id), "application/json", &serde_json::to_vec(&trace.to_wire(run))?);
        }
        for (name, mime, data) in &trace.attachments {
            part(format!("attachment.{}.{name}", trace.root().id), mime, data);
        }
        body.extend_from_slice(format!("--{boundary}--\r\n").as_bytes());
        self.post("/runs/multipart", &format!("multipart/form-data; boundary={boundary}"), &body).map(|_| ())
    }

    pub fn post_json(&self, path: &str, body: &Value) -> anyhow::Result<()> {
        self.post(path, "application/json", &serde_json::to_vec(body)?).map(|_| ())
    }

    /// Like [`post_json`](Self::post_json), and returns the answer.
    pub fn post_for_json(&self, path: &str, body: &Value) -> anyhow::Result<Value> {
        Ok(serde_json::from_str(&self.post(path, "application/json", &serde_json::to_vec(body)?)?)?)
    }

    /// The JSON that `path` answers with.
    pub fn get_json(&self, path: &str) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.base_url);
        let mut response = self.agent.get(&url).call().with_context(|| format!("no answer from {url}"))?;
        if !response.status().is_success() {
            bail!("{url} answered {}: {}", response.status(), response.body_mut().read_to_string().unwrap_or_default());
        }
        Ok(serde_json::from_str(&response.body_mut().read_to_string()?)?)
    }

    fn post(&self, path: &str, content_type: &str, body: &[u8]) -> anyhow::Result<String> {
        let url = format!("{}{path}", self.base_url);
        for attempt in 1.. {
            let mut response = self
                .agent
                .post(&url)
                .header("content-type", content_type)
                .send(body)
                .with_context(|| format!("no answer from {url}"))?;
            let status = response.status().as_u16();
            if response.status().is_success() {
                return Ok(response.body_mut().read_to_string()?);
            }
            if !matches!(status, 429 | 503) || attempt == MAX_ATTEMPTS {
                let answer = response.body_mut().read_to_string().unwrap_or_default();
                bail!("{url} answered {status}: {}", answer.chars().take(500).collect::<String>());
            }
            let wait_s = response.headers().get("retry-after").and_then(|value| value.to_str().ok()?.parse().ok());
            std::thread::sleep(Duration::from_secs(wait_s.unwrap_or(1).min(10)));
        }
        unreachable!("the last attempt returns")
    }
}
