//! `fanlight export`, as it is started from a shell.

mod support;

use serde_json::{Value, json};
use std::process::{Command, Output};
use support::{TestApp, run};

fn export(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_fanlight")).arg("export").args(arguments).output().unwrap()
}

fn names(output: &Output) -> Vec<String> {
    let text = std::str::from_utf8(&output.stdout).unwrap();
    text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()["name"].as_str().unwrap().to_owned()).collect()
}

fn data_dir(directory: &tempfile::TempDir) -> String {
    directory.path().join("data").to_str().unwrap().to_owned()
}

/// A data directory with three runs that nobody has open.
async fn directory() -> tempfile::TempDir {
    let app = TestApp::new();
    let mut failed = run(2, "failed");
    failed["error"] = json!("no");
    app.send_runs([run(1, "first"), failed, run(3, "last")]).await;
    let lines = app.post("/api/fanlight/v1/runs/export", &json!({})).await.expect(200);
    let directory = tempfile::tempdir().unwrap();
    let file = directory.path().join("runs.jsonl");
    std::fs::write(&file, &lines.body).unwrap();
    let import = Command::new(env!("CARGO_BIN_EXE_fanlight"))
        .args(["import", "--project", "default", "--data", data_dir(&directory).as_str(), file.to_str().unwrap()])
        .output()
        .unwrap();
    assert!(import.status.success(), "{}", String::from_utf8_lossy(&import.stderr));
    directory
}

#[tokio::test(flavor = "multi_thread")]
async fn an_export_has_all_runs_or_those_that_a_filter_finds() {
    let directory = directory().await;
    let data = data_dir(&directory);
    let data = data.as_str();
    let all = export(&["--project", "default", "--data", data]);
    assert_eq!(names(&all), ["first", "failed", "last"]);
    let failed = export(&["--project", "default", "--data", data, "--filter", "neq(error, null)"]);
    assert_eq!(names(&failed), ["failed"]);
    let wrong = export(&["--project", "default", "--data", data, "--filter", "eq(colour, 1)"]);
    assert!(!wrong.status.success() && wrong.stdout.is_empty());
    let reason = String::from_utf8_lossy(&wrong.stderr).into_owned();
    assert!(reason.contains("colour"), "{reason}");
}
