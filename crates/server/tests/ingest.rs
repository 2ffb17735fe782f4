//! Runs on their way in: batches, parts, encodings, and what is refused.

mod support;

use serde_json::json;
use std::io::Write;
use support::{MULTIPART, TestApp, id, multipart_body, run};

const JSON: &str = "application/json";

#[tokio::test]
async fn a_run_is_readable_when_it_is_acknowledged() {
    let app = TestApp::new();
    app.post("/runs/batch", &json!({"post": [run(1, "a"), run(2, "b")]})).await.expect(202);
    assert_eq!(app.run(&id(2)).await["outputs"], json!({"answer": "Answer 2."}));
}

#[tokio::test]
async fn trap_2_multipart_is_never_404_and_feedback_needs_no_run() {
    let app = TestApp::new();
    app.multipart(&[]).await.expect(202);
    let feedback = json!({"key": "ok", "score": 1, "run_id": id(404), "id": id(7)});
    app.post("/feedback", &feedback).await.expect(200);
}

#[tokio::test]
async fn trap_3_patch_before_post_gives_the_same_run_as_post_before_patch() {
    let start = json!({"id": id(1), "trace_id": id(1), "name": "a", "run_type": "chain", "session_name": "p", "outputs": {},
        "events": [], "tags": [], "start_time": "2026-11-23T22:00:01Z", "inputs": {"x": 1}});
    let end =
        json!({"name": null, "trace_id": null, "end_time": "2026-11-23T22:00:02Z", "outputs": {"y": 2}, "tags": ["t"]});
    let mut seen = Vec::new();
    for is_patch_first in [false, true] {
        let app = TestApp::new();
        if is_patch_first {
            app.patch(&format!("/runs/{}", id(1)), &end).await.expect(202);
        }
        app.post("/runs", &start).await.expect(202);
        app.patch(&format!("/runs/{}", id(1)), &end).await.expect(202);
        // A post that is sent again, late, changes nothing.
        app.post("/runs", &start).await.expect(202);
        let run = app.run(&id(1)).await;
        seen.push(["name", "status", "inputs", "outputs", "tags", "end_time"].map(|field| run[field].clone()));
    }
    assert_eq!(seen[0], seen[1]);
    assert_eq!(seen[0][1..5], [json!("success"), json!({"x": 1}), json!({"y": 2}), json!(["t"])]);
}

#[tokio::test]
async fn trap_4_zstd_and_gzip_bodies_with_lengths_and_without_filenames() {
    let body = |n: u32| {
        let core = run(n, "root").to_string();
        multipart_body(&[
            (&format!("post.{}", id(n)), "application/json; length=9", &core),
            (&format!("post.{}.inputs", id(n)), JSON, r#"{"x":"apart"}"#),
            (&format!("attachment.{}.notes", id(n)), "text/plain; length=2", "hi"),
        ])
    };
    let app = TestApp::new();
    let zstd = {
        // Flushed in the middle, as the Python SDK does.
        let mut encoder = zstd::Encoder::new(Vec::new(), 1).unwrap();
        let body = body(1);
        let (head, tail) = body.split_at(100);
        encoder.write_all(head).unwrap();
        encoder.flush().unwrap();
        encoder.write_all(tail).unwrap();
        encoder.finish().unwrap()
    };
    let gzip = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(&body(2)).unwrap();
        encoder.finish().unwrap()
    };
    for (n, encoding, body) in [(1, "zstd", zstd), (2, "gzip", gzip), (3, "identity", body(3))] {
        let headers = [("content-type", MULTIPART), ("content-encoding", encoding)];
        app.request("POST", "/runs/multipart", &headers, body).await.expect(202);
        assert_eq!(app.run(&id(n)).await["inputs"], json!({"x": "apart"}), "{encoding}");
    }
}

#[tokio::test]
async fn trap_8_attachments_are_downloaded_without_credentials_under_their_bare_type() {
    let app = TestApp::new();
    let core = run(1, "root").to_string();
    let (post, file) = (format!("post.{}", id(1)), format!("attachment.{}.a.b c.txt", id(1)));
    let page = format!("attachment.{}.page", id(1));
    app.multipart(&[(&post, JSON, &core), (&file, "text/plain; length=2", "hi"), (&page, "text/html", "<script>")])
        .await
        .expect(202);
    let run = app.run(&id(1)).await;
    let link = &run["s3_urls"]["attachment.a.b c.txt"];
    assert_eq!(link["mime_type"], "text/plain");
    let url = link["presigned_url"].as_str().unwrap().strip_prefix("http://localhost:1984").unwrap();
    let download = app.get(url).await.expect(200);
    assert_eq!((&download.body[..], download.header("content-type")), (&b"hi"[..], "text/plain"));
    // A page in an attachment must not run as ours.
    let page = app.get(&format!("/runs/{}/attachments/page", id(1))).await.expect(200);
    assert!(page.header("content-disposition").starts_with("attachment"));
    assert_eq!(page.header("content-security-policy"), "default-src 'none'; sandbox");
    app.get(&format!("/runs/{}/attachments/none", id(1))).await.expect(404);
}

#[tokio::test]
async fn trap_12_nul_and_lone_surrogates_are_stored() {
    let app = TestApp::new();
    let body =
        format!(r#"{{"id":"{}","name":"a\u0000b\ud83d","run_type":"tool","inputs":{{"x":"\ud800\u0000"}}}}"#, id(1));
    app.request("POST", "/runs", &[], body).await.expect(202);
    let run = app.run(&id(1)).await;
    assert_eq!((&run["name"], &run["inputs"]["x"]), (&json!("a\0b\u{fffd}"), &json!("\u{fffd}\0")));
}

#[tokio::test]
async fn one_bad_run_is_422_and_the_others_are_stored_and_the_reason_recorded() {
    let app = TestApp::new();
    let mut bad = run(2, "bad");
    bad["run_type"] = json!("agent");
    let refused = app.post("/runs/batch", &json!({"post": [run(1, "good"), bad]})).await.expect(422);
    insta::assert_json_snapshot!(refused.json());
    app.run(&id(1)).await;
    app.get(&format!("/runs/{}", id(2))).await.expect(404);
    let rejections = app.get("/api/fanlight/v1/rejections").await.ok();
    insta::assert_json_snapshot!(rejections, {"[].received_at" => "[time]"});
}

#[tokio::test]
async fn a_bad_part_does_not_cost_the_good_ones() {
    let app = TestApp::new();
    let (core, post) = (run(1, "good").to_string(), format!("post.{}", id(1)));
    let inputs = format!("{post}.inputs");
    let refused =
        app.multipart(&[(&post, JSON, &core), (&inputs, JSON, "{"), ("nonsense", JSON, "{}")]).await.expect(422);
    assert_eq!(refused.json()["error"], "2 of 3 parts refused; the other one is stored");
    app.run(&id(1)).await;
}

#[tokio::test]
async fn a_field_part_alone_completes_a_run() {
    let app = TestApp::new();
    app.post("/runs", &run(1, "a")).await.expect(202);
    app.multipart(&[(&format!("patch.{}.outputs", id(1)), JSON, r#"{"answer":"new"}"#)]).await.expect(202);
    assert_eq!(app.run(&id(1)).await["outputs"], json!({"answer": "new"}));
}

#[tokio::test]
async fn a_run_of_64_mib_and_one_of_100_000_levels_are_accepted() {
    let app = TestApp::new();
    let text = "é".repeat(32 << 20);
    let large = format!(r#"{{"id":"{}","name":"large","run_type":"chain","inputs":{{"x":"{text}"}}}}"#, id(1));
    app.request("POST", "/runs", &[], large).await.expect(202);
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let deep = format!(r#"{{"post":[{{"id":"{}","name":"deep","run_type":"llm","inputs":{{"x":{deep}}}}}]}}"#, id(2));
    app.request("POST", "/runs/batch", &[], deep).await.expect(202);
    let read = app.get(&format!("/runs/{}", id(2))).await.expect(200);
    assert!(read.body.len() > 200_000);
    assert!(app.get(&format!("/runs/{}", id(1))).await.expect(200).body.len() > 64 << 20);
}

#[tokio::test]
async fn malformed_bodies_are_400() {
    let app = TestApp::new();
    for body in ["", "{", "[]", "nonsense"] {
        app.request("POST", "/runs/batch", &[], body).await.expect(400);
    }
    app.request("POST", "/runs/multipart", &[("content-type", "application/json")], "{}").await.expect(400);
    app.request("PATCH", "/runs/nonsense", &[], "{}").await.expect(422);
}

#[tokio::test]
async fn an_update_without_an_id_in_its_body_is_for_the_run_in_its_path() {
    let app = TestApp::new();
    app.post("/runs", &json!({"id": id(1), "name": "js", "run_type": "llm", "start_time": 1_795_471_362_000_i64}))
        .await
        .expect(202);
    let update = json!({"outputs": {"y": 1}, "end_time": 1_795_471_362_229_i64});
    app.patch(&format!("/runs/{}", id(1)), &update).await.expect(202);
    let run = app.run(&id(1)).await;
    assert_eq!((&run["status"], &run["end_time"]), (&json!("success"), &json!("2026-11-23T22:02:42.229000Z")));
}
