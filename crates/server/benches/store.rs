//! What the store does with 100,000 runs of 2 KB: rate, bytes on disk, memory, and how long lists take.
//!
//! `cargo bench -p fanlight-server --bench store [-- RUNS]`. Bodies are made and decoded as over HTTP, without the network.

use fanlight_server::ingest::langsmith::batch::decode_batch;
use fanlight_server::store::sqlite::{SqliteOptions, SqliteStore};
use fanlight_server::store::{ProjectFilter, Store, StoreError};
use fanlight_wire::run_query::RunQuery;
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

const RUNS_PER_TRACE: usize = 5;
const TRACES_PER_BODY: usize = 20;
const N_WRITERS: usize = 4;

fn main() {
    // Cargo passes `--bench`.
    let n_runs = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(100_000);
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().expect("a runtime starts");
    runtime.block_on(measure(n_runs));
}

async fn measure(n_runs: usize) {
    let directory = tempfile::TempDir::new().expect("there is a temporary directory");
    let store = SqliteStore::open(directory.path(), SqliteOptions::default()).expect("the store opens");
    let store = Arc::new(store);
    let n_bodies = n_runs / (RUNS_PER_TRACE * TRACES_PER_BODY);

    let writers = (0..N_WRITERS).map(|writer| tokio::spawn(ingest(Arc::clone(&store), writer, n_bodies / N_WRITERS)));
    let began = Instant::now();
    let mut sent = Sent::default();
    for writer in writers.collect::<Vec<_>>() {
        sent.add(&writer.await.expect("a writer ends well"));
    }
    let elapsed = began.elapsed() - sent.making / N_WRITERS as u32;
    let n_sent = sent.n_runs as f64;
    println!("runs                       {n_sent:>12}");
    println!("JSON bytes per run         {:>12.0}", sent.n_bytes as f64 / n_sent);
    println!("runs/s, decoded and stored {:>12.0}", n_sent / elapsed.as_secs_f64());
    println!("  decoding, us per run     {:>12.1}", sent.decoding.as_secs_f64() * 1e6 / n_sent);
    println!("  429s                     {:>12}", sent.n_busy);
    println!("resident, MB               {:>12.1}", resident_bytes() as f64 / 1e6);

    measure_lists(&store).await;
    println!("resident, MB               {:>12.1}", resident_bytes() as f64 / 1e6);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let on_disk = bytes_in(directory.path()) as f64;
    println!("on disk, share of JSON     {:>11.1}%", on_disk * 100.0 / sent.n_bytes as f64);
    store.close().await;
    print_tables(directory.path());
}

#[derive(Default)]
struct Sent {
    n_runs: usize,
    n_bytes: usize,
    n_busy: usize,
    making: Duration,
    decoding: Duration,
}

impl Sent {
    fn add(&mut self, other: &Sent) {
        self.n_runs += other.n_runs;
        self.n_bytes += other.n_bytes;
        self.n_busy += other.n_busy;
        self.making += other.making;
        self.decoding += other.decoding;
    }
}

async fn ingest(store: Arc<SqliteStore>, writer: usize, n_bodies: usize) -> Sent {
    let mut maker = Maker::new(writer as u64 + 1);
    let mut sent = Sent::default();
    for _ in 0..n_bodies {
        let began = Instant::now();
        let body = maker.body();
        sent.making += began.elapsed();
        let began = Instant::now();
        let mut batch = decode_batch(body.as_bytes()).expect("the body is a batch");
        sent.decoding += began.elapsed();
        assert!(batch.rejections.is_empty());
        sent.n_runs += batch.runs.len();
        sent.n_bytes += body.len();
        while let Err(StoreError::Busy { .. }) = store.write(batch).await {
            sent.n_busy += 1;
            tokio::time::sleep(Duration::from_millis(20)).await;
            batch = decode_batch(body.as_bytes()).expect("the body is a batch");
        }
    }
    sent
}

/// Makes traces with words as uneven as those of a language.
struct Maker {
    state: u64,
    words: Vec<String>,
    clock_us: i64,
}

impl Maker {
    fn new(seed: u64) -> Self {
        let mut maker = Maker { state: 7, words: Vec::new(), clock_us: 1_795_471_200_000_000 };
        let syllables =
            ["ba", "con", "de", "fi", "gra", "hel", "in", "jo", "ka", "lo", "men", "ni", "or", "pre", "ra", "st"];
        for _ in 0..4000 {
            let n_syllables = 1 + maker.below(4);
            let word = (0..n_syllables).map(|_| syllables[maker.below(16)]).collect();
            maker.words.push(word);
        }
        maker.state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        maker
    }

    fn next(&mut self) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() >> 33) as usize % n
    }

    fn uuid(&mut self) -> Uuid {
        let (high, low) = (self.next(), self.next());
        uuid::Builder::from_u128(u128::from(high) << 64 | u128::from(low))
            .with_version(uuid::Version::Random)
            .into_uuid()
    }

    fn text(&mut self, n_bytes: usize) -> String {
        let mut text = String::new();
        while text.len() < n_bytes {
            // Squaring twice makes few words frequent and many rare.
            let uniform = self.below(1 << 20) as f64 / f64::from(1 << 20);
            let word = (uniform.powi(3) * self.words.len() as f64) as usize;
            text.push_str(&self.words[word]);
            text.push(' ');
        }
        text
    }

    fn body(&mut self) -> String {
        let mut body = String::from("{\"post\":[");
        for _ in 0..TRACES_PER_BODY {
            self.trace(&mut body);
        }
        body.pop();
        body.push_str("],\"patch\":[]}");
        body
    }

    fn trace(&mut self, body: &mut String) {
        let (trace, mut parent) = (self.uuid(), None::<(Uuid, String)>);
        for position in 0..RUNS_PER_TRACE {
            let id = if position == 0 { trace } else { self.uuid() };
            self.clock_us += 1500;
            let (start, end) = (time(self.clock_us), time(self.clock_us + 20_000 + self.below(900_000) as i64));
            let compact = start.to_compact();
            let order =
                parent.as_ref().map_or(String::new(), |(_, order)| format!("{order}.")) + &format!("{compact}{id}");
            let is_llm = position == 2;
            let run_type = if is_llm { "llm" } else { "chain" };
            let usage = if is_llm {
                r#","usage_metadata":{"input_tokens":812,"output_tokens":143,"total_tokens":955}"#
            } else {
                ""
            };
            let parent_id = parent.as_ref().map_or("null".to_owned(), |(id, _)| format!("\"{id}\""));
            let (question, answer) = (self.text(420), self.text(420));
            write!(
                body,
                r#"{{"id":"{id}","trace_id":"{trace}","parent_run_id":{parent_id},"dotted_order":"{order}","name":"step {position}","run_type":"{run_type}","session_name":"bench","start_time":"{start}","end_time":"{end}","tags":[],"events":[],"inputs":{{"messages":[{{"role":"user","content":"{question}"}}]}},"outputs":{{"role":"assistant","content":"{answer}"{usage}}},"extra":{{"metadata":{{"user_id":"user-{user}","session_id":"{thread}","ls_model_name":"gpt-6-sol","ls_provider":"openai","revision_id":"v1.4.2-12-gabcdef0","LANGSMITH_PROJECT":"bench"}},"runtime":{{"sdk":"langsmith-py","sdk_version":"0.11.1","library":"langsmith","platform":"Linux-6.1.0-18-cloud-amd64-x86_64-with-glibc2.36","runtime":"python","py_implementation":"CPython","runtime_version":"3.12.4","langchain_version":"1.2.0","langchain_core_version":"1.2.3"}}}}}},"#,
                user = self.below(500),
                thread = trace,
            )
            .expect("a string can be written to");
            if position < 2 {
                parent = Some((id, order));
            }
        }
    }
}

fn time(micros: i64) -> fanlight_wire::Timestamp {
    fanlight_wire::Timestamp::from_micros(micros).expect("the clock is in range")
}

async fn measure_lists(store: &Arc<SqliteStore>) {
    let filter = ProjectFilter { name: Some("bench".into()), limit: 1, ..ProjectFilter::default() };
    let project = store.list_projects(filter.clone()).await.expect("projects can be listed")[0].id;
    let select =
        ["id", "name", "status", "inputs_preview", "outputs_preview", "tags", "total_tokens"].map(String::from);
    let roots = RunQuery {
        project: Some(project),
        is_root: Some(true),
        limit: Some(50),
        select: Some(select.to_vec()),
        ..RunQuery::default()
    };
    let whole = RunQuery { select: None, limit: Some(100), is_root: None, ..roots.clone() };
    report_list(store, "newest 50 roots, ms", &roots).await;
    report_list(store, "100 whole runs, ms", &whole).await;
    let page = store.query_runs(roots.clone()).await.expect("runs can be listed");
    let deep = RunQuery { cursor: page.cursors.next, ..roots };
    report_list(store, "the next 50 roots, ms", &deep).await;
    let with_stats = ProjectFilter { with_stats: true, ..filter };
    let began = Instant::now();
    store.list_projects(with_stats).await.expect("projects can be listed");
    println!("project statistics, ms     {:>12.2}", began.elapsed().as_secs_f64() * 1e3);
}

async fn report_list(store: &Arc<SqliteStore>, name: &str, query: &RunQuery) {
    let mut took = Vec::new();
    for _ in 0..21 {
        let began = Instant::now();
        store.query_runs(query.clone()).await.expect("runs can be listed");
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    let first = took[0];
    took.sort_unstable_by(f64::total_cmp);
    println!("{name:<26} {:>12.2}   (first {first:.2}, worst {:.2})", took[took.len() / 2], took[took.len() - 1]);
}

fn bytes_in(directory: &Path) -> u64 {
    let entries = std::fs::read_dir(directory).expect("the directory can be listed");
    entries.filter_map(|entry| Some(entry.ok()?.metadata().ok()?.len())).sum()
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = status.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096
}

/// Where the bytes went.
fn print_tables(directory: &Path) {
    let Ok(db) = rusqlite::Connection::open(directory.join(fanlight_server::store::sqlite::DATABASE_FILE)) else {
        return;
    };
    let sql = "SELECT name, sum(pgsize) FROM dbstat GROUP BY name ORDER BY 2 DESC LIMIT 9";
    let Ok(mut statement) = db.prepare(sql) else { return };
    let Ok(rows) = statement.query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, i64>(1)?))) else { return };
    for (name, n_bytes) in rows.flatten() {
        println!("  {name:<24} {:>12.2} MB", n_bytes as f64 / 1e6);
    }
}
