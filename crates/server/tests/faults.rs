//! What was acknowledged survives `kill -9`, at whatever moment it comes.
//!
//! Takes a minute and a server of its own, so it runs only when asked for: `cargo xtask test faults`.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use uuid::Uuid;

const N_ROUNDS: u64 = 20;
const N_WRITERS: u64 = 4;
const RUNS_PER_BATCH: u64 = 10;

/// The runs that the server said it has, with what it has to give back as their output.
type Acknowledged = BTreeMap<Uuid, u64>;

#[test]
#[ignore = "takes a minute; run by `cargo xtask test faults`"]
fn no_acknowledged_run_is_lost_when_the_server_is_killed() {
    let data = tempfile::tempdir().expect("a temporary directory");
    let acknowledged = Arc::new(Mutex::new(Acknowledged::new()));
    let seed = seed();
    eprintln!("FANLIGHT_SEED={seed} repeats the moments of this run");

    for round in 0..N_ROUNDS {
        let server = Server::start(data.path());
        let n_before = acknowledged.lock().unwrap().len();
        let is_over = AtomicBool::new(false);
        std::thread::scope(|scope| {
            for _ in 0..N_WRITERS {
                scope.spawn(|| write_until_refused(&server.url, &acknowledged, &is_over));
            }
            std::thread::sleep(moment(seed, round));
            server.kill();
            is_over.store(true, Ordering::Relaxed);
        });
        let acknowledged = acknowledged.lock().unwrap();
        let n_new = acknowledged.len() - n_before;
        eprintln!("round {round}: {n_new} runs acknowledged before the kill");

        let server = Server::start(data.path());
        assert_all_there(&server.url, &acknowledged);
        server.kill();
        assert_sound(data.path());
    }
    assert!(acknowledged.lock().unwrap().len() > 1000, "the server was given something to lose");
}

/// Sends batches as fast as they are acknowledged: created, or created and then ended by a patch.
fn write_until_refused(url: &str, acknowledged: &Mutex<Acknowledged>, is_over: &AtomicBool) {
    let agent = agent();
    while !is_over.load(Ordering::Relaxed) {
        let runs: Vec<(Uuid, u64)> = (0..RUNS_PER_BATCH).map(|idx| (Uuid::now_v7(), idx)).collect();
        let posts: Vec<Value> = runs.iter().map(|(id, number)| run(*id, *number)).collect();
        if agent.post(format!("{url}/runs/batch")).send_json(json!({ "post": posts })).is_err() {
            return;
        }
        acknowledged.lock().unwrap().extend(runs);
    }
}

fn run(id: Uuid, number: u64) -> Value {
    json!({
        "id": id, "trace_id": id, "name": format!("run {number}"), "run_type": "chain", "session_name": "faults",
        "dotted_order": format!("20260101T000000000000Z{id}"),
        "start_time": "2026-01-01T00:00:00Z", "end_time": "2026-01-01T00:00:01Z",
        // Long enough to be kept compressed, apart from the run's columns.
        "inputs": { "text": format!("{id} ").repeat(50) }, "outputs": { "number": number },
    })
}

fn assert_all_there(url: &str, acknowledged: &Acknowledged) {
    let (agent, ids) = (agent(), acknowledged.keys().collect::<Vec<_>>());
    for ids in ids.chunks(100) {
        let query = json!({ "id": ids, "limit": 100, "select": ["id", "outputs"] });
        let mut answer = agent.post(format!("{url}/runs/query")).send_json(query).expect("the server answers");
        let page: Value = answer.body_mut().read_json().expect("the server answers with JSON");
        let found: BTreeMap<Uuid, Option<u64>> = page["runs"]
            .as_array()
            .expect("a list of runs")
            .iter()
            .map(|run| (run["id"].as_str().unwrap().parse().unwrap(), run["outputs"]["number"].as_u64()))
            .collect();
        for id in ids {
            assert_eq!(found.get(id), Some(&Some(acknowledged[id])), "run {id} was acknowledged");
        }
    }
}

fn assert_sound(data_dir: &Path) {
    let db = rusqlite::Connection::open(data_dir.join("fanlight.db")).expect("the database opens");
    let verdict: String = db.query_row("PRAGMA integrity_check", [], |row| row.get(0)).expect("it can be checked");
    assert_eq!(verdict, "ok");
    let n_orphans: u64 = db
        .query_row("SELECT count(*) FROM pragma_foreign_key_check", [], |row| row.get(0))
        .expect("references can be checked");
    assert_eq!(n_orphans, 0, "rows that refer to nothing");
}

struct Server {
    process: Mutex<Child>,
    url: String,
}

impl Server {
    /// Starts the server and waits until it answers. After a kill it must start without help.
    fn start(data_dir: &Path) -> Server {
        let port = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let process = Command::new(binary())
            .args(["serve", "--addr", &format!("127.0.0.1:{port}"), "--data"])
            .arg(data_dir)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::inherit())
            .env("FANLIGHT_LOG", "warn")
            .spawn()
            .expect("the server starts");
        let server = Server { process: Mutex::new(process), url: format!("http://127.0.0.1:{port}") };
        let started = Instant::now();
        while agent().get(format!("{}/readyz", server.url)).call().is_err() {
            assert!(started.elapsed() < Duration::from_secs(30), "the server did not become ready");
            std::thread::sleep(Duration::from_millis(20));
        }
        server
    }

    /// `kill -9`, where there is such a thing.
    fn kill(&self) {
        let mut process = self.process.lock().unwrap();
        process.kill().expect("it runs until it is killed");
        process.wait().expect("it ends when it is killed");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // When a test fails, the server must not stay behind.
        if let Ok(process) = self.process.get_mut() {
            process.kill().ok();
            process.wait().ok();
        }
    }
}

fn agent() -> ureq::Agent {
    ureq::Agent::config_builder().timeout_global(Some(Duration::from_secs(20))).build().into()
}

/// The release build where there is one: it does more in the same time.
fn binary() -> PathBuf {
    std::env::var_os("FANLIGHT_BINARY").unwrap_or_else(|| env!("CARGO_BIN_EXE_fanlight").into()).into()
}

fn seed() -> u64 {
    let chosen = std::env::var("FANLIGHT_SEED").ok().and_then(|seed| seed.parse().ok());
    chosen.unwrap_or_else(|| Uuid::new_v4().as_u64_pair().0 % 1_000_000)
}

/// When to kill in this round: between 20 and 1,200 ms after the writers began, more often early than late.
fn moment(seed: u64, round: u64) -> Duration {
    use std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher};
    let share = BuildHasherDefault::<DefaultHasher>::default().hash_one((seed, round)) as f64 / u64::MAX as f64;
    Duration::from_secs_f64(0.02 + 1.18 * share * share)
}
