//! The base paths under which SDKs look for the API, folded into one.
//!
//! Users configure `http://h:p`, `http://h:p/api` or `http://h:p/api/v1`, clients add trailing slashes or not, and the
//! dashboard's own pages share the bare mount. Redirects would lose bodies, so paths are rewritten before routing:
//! `/runs`, `/api/runs/`, `/v1/runs` all become `/api/v1/runs`.

use crate::dashboard::Dashboard;
use axum::extract::Request;
use axum::http::header::ACCEPT;
use axum::http::{Method, Uri};

/// Rewrites the request's path to the one that is routed. The query string stays, a bare `?` goes.
pub fn to_canonical_path<B>(mut request: axum::http::Request<B>, dashboard: &Dashboard) -> axum::http::Request<B> {
    let is_page = wants_page(&request);
    let path = request.uri().path();
    let canonical = canonical_path(path, is_page || dashboard.has_file(path));
    let path_and_query = match request.uri().query().map(|query| query.trim_start_matches('?')) {
        Some(query) if !query.is_empty() => format!("{canonical}?{query}"),
        _ => canonical,
    };
    if let Ok(uri) = path_and_query.parse::<Uri>() {
        *request.uri_mut() = uri;
    }
    request
}

/// Whether a browser is navigating: it asks for HTML, which no API client does.
fn wants_page<B>(request: &axum::http::Request<B>) -> bool {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    let mut accepts = request.headers().get_all(ACCEPT).iter();
    is_read && accepts.any(|accept| accept.to_str().is_ok_and(|accept| accept.contains("text/html")))
}

/// Paths outside `/api` that are never the dashboard's.
const HEALTH: [&str; 2] = ["/healthz", "/readyz"];

fn canonical_path(path: &str, is_dashboard: bool) -> String {
    let mut segments: Vec<&str> = path.split('/').filter(|segment| !segment.is_empty()).collect();
    let joined = |segments: &[&str]| format!("/{}", segments.join("/"));
    match *segments.as_slice() {
        [] => return "/".into(),
        [only] if HEALTH.iter().any(|health| &health[1..] == only) => return joined(&segments),
        ["api", "v1" | "v2" | "fanlight", ..] => return joined(&segments),
        // Python's client removes a doubled `api`, other callers may not.
        ["api", "api", ..] => {
            segments.remove(0);
            return canonical_path(&joined(&segments), is_dashboard);
        }
        ["api", ..] => {
            segments.insert(1, "v1");
            return joined(&segments);
        }
        ["v1" | "v2", _, ..] => {
            segments.insert(0, "api");
            return joined(&segments);
        }
        ["ok"] | ["info", ..] => {}
        _ if is_dashboard => return joined(&segments),
        _ => {}
    }
    segments.splice(0..0, ["api", "v1"]);
    joined(&segments)
}

/// Whether the path was one of the API's, under any mount.
pub fn is_api(request: &Request) -> bool {
    let path = request.uri().path();
    path == "/api" || path.starts_with("/api/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(path: &str, is_dashboard: bool, expected: &str) {
        assert_eq!(canonical_path(path, is_dashboard), expected);
    }

    #[test]
    fn every_spelling_of_the_base_leads_to_one_path() {
        for base in ["", "/api", "/api/v1", "/v1", "/api/api", "//api//v1"] {
            check(&format!("{base}/runs/batch"), false, "/api/v1/runs/batch");
            check(&format!("{base}/sessions/"), false, "/api/v1/sessions");
        }
        check("/v1/platform/datasets/1/examples", false, "/api/v1/platform/datasets/1/examples");
        check("/v2/runs/query", false, "/api/v2/runs/query");
        check("/api/fanlight/v1/live/", false, "/api/fanlight/v1/live");
    }

    #[test]
    fn a_browser_gets_the_page_and_a_client_the_api() {
        check("/datasets/1", true, "/datasets/1");
        check("/datasets/1", false, "/api/v1/datasets/1");
        check("/", true, "/");
        check("/", false, "/");
    }

    #[test]
    fn info_and_health_are_the_same_for_everyone() {
        check("/info", true, "/api/v1/info");
        check("/ok", true, "/api/v1/ok");
        check("/healthz/", false, "/healthz");
    }
}
