//! Absolute URLs, under the name by which the caller reached us.

use axum::http::HeaderMap;
use axum::http::header::HOST;
use fanlight_wire::RunId;

/// `http://127.0.0.1:1984`, from the request's own headers. A proxy that ends TLS says so in `X-Forwarded-Proto`.
pub fn base_url(headers: &HeaderMap) -> String {
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    let scheme = if text("x-forwarded-proto") == Some("https") { "https" } else { "http" };
    format!("{scheme}://{}", text(HOST.as_str()).unwrap_or("localhost"))
}

/// Where a file of a run is downloaded, without credentials.
pub fn attachment_url(base_url: &str, run: RunId, name: &str) -> String {
    format!("{base_url}/api/v1/runs/{run}/attachments/{}", encode_segment(name))
}

/// Percent-encodes one segment of a path.
fn encode_segment(segment: &str) -> String {
    use std::fmt::Write;
    segment.bytes().fold(String::new(), |mut encoded, byte| {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'~' => encoded.push(byte.into()),
            _ => write!(encoded, "%{byte:02X}").expect("writing to a string cannot fail"),
        }
        encoded
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_encoded_as_one_segment() {
        let url = attachment_url("http://h", RunId(uuid::Uuid::nil()), "a/b ü?.txt");
        assert!(url.ends_with("/attachments/a%2Fb%20%C3%BC%3F.txt"), "{url}");
    }
}
