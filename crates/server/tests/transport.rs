//! Paths, spellings, bodies and guards: what holds for every endpoint.

mod support;

use axum::body::Body;
use fanlight_server::config::Limits;
use serde_json::json;
use support::{TestApp, id, run};

#[tokio::test]
async fn every_base_path_answers_with_and_without_trailing_slash() {
    let app = TestApp::new();
    for base in ["", "/api", "/api/v1", "/v1"] {
        for path in ["/info", "/ok", "/sessions", "/settings", "/feedback"] {
            for ending in ["", "/", "?", "/?"] {
                let url = format!("{base}{path}{ending}");
                assert_eq!(app.get(&url).await.status, 200, "{url}");
            }
        }
        app.post(&format!("{base}/runs/"), &run(1, "a")).await.expect(202);
        app.post(&format!("{base}/runs/query/"), &json!({})).await.expect(200);
    }
}

#[tokio::test]
async fn trap_1_info_is_complete_and_needs_no_key() {
    let app = TestApp::new();
    let info = app.request("GET", "/info", &[("x-api-key", "bogus")], Body::empty()).await.ok();
    insta::assert_json_snapshot!(info, {".fanlight.version" => "[version]"});
}

#[tokio::test]
async fn trap_11_python_booleans_and_hexadecimal_ids_are_read() {
    let app = TestApp::new();
    app.post("/runs", &run(1, "a")).await.expect(202);
    assert_eq!(
        app.get("/sessions?include_stats=True&sort_by_desc=False&limit=1").await.ok().as_array().unwrap().len(),
        1
    );
    let hexadecimal = id(1).replace('-', "").to_uppercase();
    assert_eq!(app.run(&hexadecimal).await["name"], "a");
    assert_eq!(app.get(&format!("/feedback?run={hexadecimal}")).await.ok(), json!([]));
}

#[tokio::test]
async fn trap_11_a_json_body_needs_no_content_type() {
    let app = TestApp::new();
    for content_type in ["text/plain;charset=UTF-8", "application/json"] {
        let headers = [("content-type", content_type)];
        app.request("POST", "/runs", &headers, run(1, "a").to_string()).await.expect(202);
    }
    app.request("POST", "/runs", &[], run(1, "a").to_string()).await.expect(202);
    app.request("POST", "/sessions", &[], r#"{"name":"p"}"#).await.expect(200);
}

#[tokio::test]
async fn trap_11_a_raw_plus_in_a_timestamp_is_read() {
    let app = TestApp::new();
    app.get("/feedback?min_created_at=2026-08-21+10:00:00.123456+00:00").await.expect(200);
}

#[tokio::test]
async fn each_family_fails_in_its_own_shape() {
    let app = TestApp::new();
    let missing = id(9);
    let errors = json!({
        "v1": app.get(&format!("/runs/{missing}")).await.expect(404).json(),
        "v1 validation": app.get("/sessions?limit=many").await.expect(422).json(),
        "v1 path": app.get("/feedback/nonsense").await.expect(422).json(),
        "v1 body": app.post("/runs/query", &json!({"run_type": "agent"})).await.expect(422).json(),
        "ingest": app.post("/runs", &json!({"id": missing, "run_type": "agent"})).await.expect(422).json(),
        "v2": app.get("/api/v2/nothing").await.expect(404).json(),
        "ours": app.get(&format!("/api/fanlight/v1/traces/{missing}/skeleton")).await.expect(404).json(),
    });
    insta::assert_json_snapshot!(errors, {".ours.request_id" => "[id]"});
}

#[tokio::test]
async fn what_is_not_here_is_404_and_not_something_else() {
    let app = TestApp::new();
    for path in ["/runs/rules", "/runs/generate-query", "/feedback/tokens", "/datasets", "/api/v2/sessions"] {
        app.post(path, &json!({})).await.expect(404);
    }
    app.get("/runs/query").await.expect(404);
    app.request("PUT", &format!("/runs/{}", id(1)), &[], Body::empty()).await.expect(405);
}

#[tokio::test]
async fn a_browser_gets_the_page_where_a_client_gets_the_api() {
    let app = TestApp::new();
    let accept = [("accept", "text/html,application/xhtml+xml,*/*;q=0.8")];
    for path in ["/", "/projects/1/traces", "/datasets/1", "/sessions", "/o/1/projects/p/2/r/3?poll=true"] {
        let page = app.request("GET", path, &accept, Body::empty()).await.expect(200);
        assert_eq!(page.header("content-type"), "text/html; charset=utf-8", "{path}");
    }
    // Under /api nobody is looking for a page.
    app.request("GET", "/api/v1/nothing", &accept, Body::empty()).await.expect(404);
    app.get("/nothing").await.expect(404);
}

#[tokio::test]
async fn the_page_runs_under_a_strict_policy() {
    let app = TestApp::new();
    let page = app.get("/").await.expect(200);
    let expected = "default-src 'none'; script-src 'self' 'wasm-unsafe-eval' 'sha256-";
    assert!(page.header("content-security-policy").starts_with(expected));
    assert_eq!((page.header("cache-control"), page.header("x-content-type-options")), ("no-cache", "nosniff"));
}

#[tokio::test]
async fn files_are_sent_compressed_and_cached_by_their_hash() {
    let app = TestApp::new();
    let path = "/fanlight-0123456789abcdef_bg.wasm";
    let file = app.request("GET", path, &[("accept-encoding", "gzip, br")], Body::empty()).await.expect(200);
    assert_eq!((file.header("content-encoding"), file.header("content-type")), ("br", "application/wasm"));
    assert_eq!(file.header("cache-control"), "public, max-age=31536000, immutable");
    assert_eq!(&file.body[..], b"brotli wasm");
    app.request("GET", path, &[("if-none-match", "\"wasm\"")], Body::empty()).await.expect(304);
}

#[tokio::test]
async fn a_foreign_host_name_is_refused() {
    let app = TestApp::new();
    for host in ["evil.example", "localhost.evil.example:1984", ""] {
        app.request("GET", "/api/v1/sessions", &[("host", host)], Body::empty()).await.expect(403);
    }
    for host in ["127.0.0.1:1984", "[::1]:1984", "LOCALHOST"] {
        app.request("GET", "/api/v1/sessions", &[("host", host)], Body::empty()).await.expect(200);
    }
}

#[tokio::test]
async fn pages_from_elsewhere_may_send_traces_and_nothing_else() {
    let app = TestApp::new();
    let origin = ("origin", "https://app.example");
    let sent = app.request("POST", "/runs", &[origin], run(1, "a").to_string()).await.expect(202);
    assert_eq!(sent.header("access-control-allow-origin"), "*");
    for (method, path) in [("GET", "/sessions"), ("POST", "/runs/query"), ("POST", "/sessions"), ("GET", "/feedback")] {
        let refused = app.request(method, path, &[origin], "{}").await.expect(403);
        assert_eq!(refused.header("access-control-allow-origin"), "", "{method} {path}");
    }
    let from_script = [("sec-fetch-site", "cross-site"), ("sec-fetch-mode", "no-cors")];
    app.request("GET", "/api/v1/sessions", &from_script, Body::empty()).await.expect(403);
    let own = [("origin", "http://localhost:1984"), ("sec-fetch-site", "same-origin")];
    app.request("POST", "/runs/query", &own, "{}").await.expect(200);
}

#[tokio::test]
async fn a_preflight_is_answered_for_what_is_open() {
    let app = TestApp::new();
    let ask = |method: &'static str| [("origin", "https://app.example"), ("access-control-request-method", method)];
    let allowed = app.request("OPTIONS", &format!("/runs/{}", id(1)), &ask("PATCH"), Body::empty()).await.expect(204);
    assert_eq!(allowed.header("access-control-allow-methods"), "PATCH");
    assert!(allowed.header("access-control-allow-headers").contains("x-api-key"));
    app.request("OPTIONS", &format!("/runs/{}", id(1)), &ask("GET"), Body::empty()).await.expect(403);
    app.request("OPTIONS", &format!("/sessions/{}", id(1)), &ask("DELETE"), Body::empty()).await.expect(403);
}

#[tokio::test]
async fn a_body_over_the_limit_is_413_however_small_it_arrives() {
    let limits = Limits { ingest_body_bytes: 1 << 20, body_bytes: 1 << 20, ..Limits::default() };
    let app = TestApp::with_limits(limits);
    let zeros = vec![b' '; 64 << 20];
    let bomb = zstd::encode_all(&zeros[..], 3).unwrap();
    assert!(bomb.len() < 10_000);
    app.request("POST", "/runs/batch", &[("content-encoding", "zstd")], bomb).await.expect(413);
    app.request("POST", "/runs/query", &[], zeros).await.expect(413);
}

#[tokio::test]
async fn a_broken_or_unknown_encoding_is_said_so() {
    let app = TestApp::new();
    app.request("POST", "/runs/batch", &[("content-encoding", "gzip")], "{}").await.expect(400);
    app.request("POST", "/runs/batch", &[("content-encoding", "rot13")], "{}").await.expect(415);
}

#[tokio::test]
async fn every_answer_carries_its_request_id() {
    let app = TestApp::new();
    assert_eq!(app.get("/ok").await.header("x-request-id").len(), 32);
    let error = app.get("/api/fanlight/v1/nothing").await;
    assert_eq!(error.json()["request_id"], error.header("x-request-id"));
}
