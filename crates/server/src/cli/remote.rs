//! A running server, for commands that are given its URL.

use anyhow::{Context, bail};
use serde_json::Value;
use std::time::Duration;

pub struct Remote {
    agent: ureq::Agent,
    base_url: String,
}

/// An answer: its status, and its body as JSON or text.
pub struct Answer {
    pub status: u16,
    pub body: Value,
}

impl Remote {
    pub fn new(base_url: &str) -> Self {
        let config = ureq::Agent::config_builder()
            .http_status_as_error(false)
            .timeout_global(Some(Duration::from_secs(120)))
            .build();
        Remote { agent: config.into(), base_url: format!("{}/api/v1", base_url.trim_end_matches('/')) }
    }

    pub fn post(&self, path: &str, body: &[u8]) -> anyhow::Result<Answer> {
        let url = format!("{}{path}", self.base_url);
        let response = self.agent.post(&url).header("content-type", "application/json").send(body);
        read(response, &url)
    }

    /// Fails unless the answer is a success.
    pub fn get(&self, path: &str) -> anyhow::Result<Value> {
        let url = format!("{}{path}", self.base_url);
        read(self.agent.get(&url).call(), &url)?.success()
    }
}

impl Answer {
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn success(self) -> anyhow::Result<Value> {
        if !self.is_success() {
            bail!("the server answered {}: {}", self.status, self.body);
        }
        Ok(self.body)
    }
}

fn read(response: Result<ureq::http::Response<ureq::Body>, ureq::Error>, url: &str) -> anyhow::Result<Answer> {
    let mut response = response.with_context(|| format!("cannot reach {url}; is the server running?"))?;
    let status = response.status().as_u16();
    // A page of 100 runs may carry large payloads.
    let text = response.body_mut().with_config().limit(1 << 30).read_to_string()?;
    let body = serde_json::from_str(&text).unwrap_or(Value::String(text));
    Ok(Answer { status, body })
}
