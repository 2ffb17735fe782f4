//! Why a request failed, told apart by what the reader can do about it.

use std::fmt;

/// [`fmt::Display`] is the sentence we show.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ApiError {
    /// The server was not reached, or the connection broke.
    Network,
    /// What was asked for does not exist, or no longer.
    NotFound,
    /// Something of that name exists already.
    Conflict(String),
    /// The server refused the request (4xx) and said why.
    Refused { status: u16, message: String },
    /// The server failed (5xx).
    Server { status: u16, message: String },
    /// The answer was not what the contract says; the text says where.
    Decode(String),
}

impl ApiError {
    /// What an answer with an error status means; `body` as received.
    pub fn from_answer(status: u16, body: &str) -> Self {
        let message = message_in(body);
        match status {
            404 => ApiError::NotFound,
            409 => ApiError::Conflict(message),
            // What proxies answer when the server behind them is away.
            502..=504 => ApiError::Network,
            500.. => ApiError::Server { status, message },
            _ => ApiError::Refused { status, message },
        }
    }

    /// Whether the same request may well succeed later.
    pub fn can_retry(&self) -> bool {
        matches!(self, ApiError::Network | ApiError::Server { .. })
    }
}

/// The sentence in an error body: LangSmith's `detail`, Fanlight's `message`, or `error`.
fn message_in(body: &str) -> String {
    let parsed: Option<serde_json::Value> = serde_json::from_str(body).ok();
    let text = parsed.as_ref().and_then(|json| {
        ["detail", "message", "error"].iter().find_map(|key| json.get(key)).map(|value| match value {
            serde_json::Value::String(text) => text.clone(),
            other => other.to_string(),
        })
    });
    text.unwrap_or_default().chars().take(500).collect()
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let with_reason = |f: &mut fmt::Formatter<'_>, sentence: &str, status: &u16, message: &str| {
            if message.is_empty() {
                write!(f, "{sentence} ({status})")
            } else {
                write!(f, "{sentence} ({status}): {message}")
            }
        };
        match self {
            ApiError::Network => f.write_str("The server cannot be reached"),
            ApiError::NotFound => f.write_str("This does not exist, or no longer"),
            ApiError::Conflict(message) if message.is_empty() => f.write_str("Something of that name exists already"),
            ApiError::Conflict(message) => f.write_str(message),
            ApiError::Refused { status, message } => with_reason(f, "The server refused the request", status, message),
            ApiError::Server { status, message } => with_reason(f, "The server failed", status, message),
            ApiError::Decode(place) => write!(f, "The server's answer could not be read: {place}"),
        }
    }
}

impl std::error::Error for ApiError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(status: u16, body: &str, expected: &str) {
        assert_eq!(ApiError::from_answer(status, body).to_string(), expected);
    }

    #[test]
    fn the_servers_own_words_are_passed_on() {
        check(
            422,
            r#"{"detail":"filter is not supported"}"#,
            "The server refused the request (422): filter is not supported",
        );
        check(
            400,
            r#"{"code":"bad","message":"no project","request_id":"7"}"#,
            "The server refused the request (400): no project",
        );
        check(409, r#"{"detail":"Project default exists"}"#, "Project default exists");
        check(500, "<html>", "The server failed (500)");
        check(422, r#"{"detail":[{"loc":["body"]}]}"#, r#"The server refused the request (422): [{"loc":["body"]}]"#);
    }

    #[test]
    fn a_gateway_without_a_server_is_a_network_failure() {
        check(502, "Bad Gateway", "The server cannot be reached");
        assert!(ApiError::from_answer(503, "").can_retry());
        assert!(!ApiError::from_answer(404, "").can_retry());
    }
}
