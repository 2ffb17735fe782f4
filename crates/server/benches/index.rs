//! What the run index takes for a million runs in 100,000 traces: memory, start-up, and the time of each kind of answer.
//!
//! `cargo bench -p fanlight-server --bench index [-- RUNS]`. In memory only: no SQL, no HTTP. The worst of 11 rounds stands
//! beside the median.

use fanlight_server::store::sqlite::index::bitset::Bitset;
use fanlight_server::store::sqlite::index::compile::Compiler;
use fanlight_server::store::sqlite::index::facets::{FeedbackKeys, Wanted, facets, suggest};
use fanlight_server::store::sqlite::index::facts::{FactRow, Publication};
use fanlight_server::store::sqlite::index::histogram::histogram;
use fanlight_server::store::sqlite::index::leaf::Lookups;
use fanlight_server::store::sqlite::index::memory::Index;
use fanlight_server::store::sqlite::index::monitor::buckets;
use fanlight_server::store::sqlite::index::monitor::differs::differs;
use fanlight_server::store::sqlite::index::monitor::exemplars::exemplars;
use fanlight_server::store::sqlite::index::monitor::grouping::ProjectNames;
use fanlight_server::store::sqlite::index::monitor::heatmap::heatmap;
use fanlight_server::store::sqlite::index::monitor::markers::markers;
use fanlight_server::store::sqlite::index::monitor::series::{Asked, Cut, Found};
use fanlight_server::store::sqlite::index::monitor::top::Names;
use fanlight_server::store::sqlite::index::scan::{Paging, page};
use fanlight_server::store::sqlite::index::scope::Scope;
use fanlight_server::store::sqlite::index::stats::stats;
use fanlight_server::store::sqlite::index::threads::threads;
use fanlight_wire::filter::parse;
use fanlight_wire::monitor::series::{GroupBy, Rank};
use fanlight_wire::monitor::{Area, Metric, Quantity};
use fanlight_wire::run_query::{Order, Sort};
use fanlight_wire::run_stats::FacetKey;
use fanlight_wire::{RunStatus, RunType};
use std::borrow::Cow;
use std::hint::black_box;
use std::time::Instant;

const RUNS_PER_TRACE: usize = 10;
const START_NS: i64 = 1_795_471_200_000_000_000;
const MILLIS: i64 = 1_000_000;

fn main() {
    // Cargo passes `--bench`.
    let n_runs: usize = std::env::args().find_map(|arg| arg.parse().ok()).unwrap_or(1_000_000);
    let before = resident_bytes();
    let began = Instant::now();
    let mut index = Index::default();
    let mut chance = Chance(7);
    for trace in 0..n_runs / RUNS_PER_TRACE {
        for depth in 0..3 {
            index.load_metadata((trace * 3 + depth) as i64 + 1, &metadata(&mut chance, trace, depth));
        }
        for position in 0..RUNS_PER_TRACE {
            index.load(&run(&mut chance, trace, position));
        }
    }
    let made = began.elapsed();
    let began = Instant::now();
    index.sort();
    println!("{:<44} {:>9.1} ms", "interning and filling columns", made.as_secs_f64() * 1e3);
    println!("{:<44} {:>9.1} ms", "sorting the orders", began.elapsed().as_secs_f64() * 1e3);
    println!("{:<44} {:>9.1} bytes a run", "memory", (resident_bytes() - before) as f64 / n_runs as f64);
    measure(&index, n_runs);
    measure_monitor(&index);
    measure_commits(&mut index, n_runs);
}

fn measure(index: &Index, n_runs: usize) {
    let all = Scope { projects: vec![1], ..Scope::default() };
    let roots = Scope { is_root: Some(true), ..all.clone() };
    let lookups = Lookups::default();
    let compiler = Compiler::new(index, &lookups);
    let compile = |filter: &str| compiler.compile(&parse(filter).expect("the filter can be read"));
    let newest = Paging { sort: Sort::StartTime, order: Order::Desc, after: None, limit: 50 };
    let everything = compile("");

    report("newest page of roots", || page(index, &roots, &everything, &newest).pks.len());
    let deep = page(index, &roots, &everything, &Paging { limit: (n_runs / 20).min(50_000), ..newest.clone() });
    let deep = Paging { after: deep.next, ..newest.clone() };
    report("page 1,000 of roots", || page(index, &roots, &everything, &deep).pks.len());
    for (name, filter) in [
        ("page, a rare name", "eq(name, \"rare step\")"),
        ("page, no such name", "eq(name, \"no such step\")"),
        ("page, latency > 100 s (none)", "gt(latency, \"100s\")"),
        ("page, one thread", "eq(thread_id, \"thread-77\")"),
        ("page, one user in metadata", "and(eq(metadata_key, \"user_id\"), eq(metadata_value, \"user-77\"))"),
        ("page, names like %zzz% (none)", "like(name, \"%zzz%\")"),
        ("page, metadata like %zzz% (none)", "like(metadata_value, \"%zzz%\")"),
    ] {
        report(name, || page(index, &all, &compile(filter), &newest).pks.len());
    }
    let worst = "and(or(neq(status, \"success\"), gt(latency, \"500ms\"), has(tags, \"beta\")), neq(name, \"step 3\"), \
         neq(model, \"gpt-4.1\"), and(eq(metadata_key, \"env\"), neq(metadata_value, \"prod\")))";
    let in_tree = "and(any_run(and(eq(run_type, \"tool\"), eq(status, \"error\"))), root_run(gt(total_tokens, 1000)))";
    let count = |filter: &str| {
        let mut n_found = 0usize;
        all.for_each(index, &compile(filter), |_| n_found += 1);
        n_found
    };
    report("counting a long filter", || count(worst));
    report("counting root and tree conditions", || count(in_tree));
    for (name, sort) in [("latency", Sort::Latency), ("cost", Sort::TotalCost), ("name", Sort::Name)] {
        let paging = Paging { sort, ..newest.clone() };
        report(&format!("page sorted by {name}, all runs"), || page(index, &all, &everything, &paging).pks.len());
    }
    let keys = ["name", "run_type", "status", "error_kind", "model", "provider", "tag", "metadata", "metadata.env"];
    let wanted = |filter: &str| -> Vec<Wanted> {
        let of = |key: &&str| Wanted {
            key: key.parse::<FacetKey>().expect("the facet is known"),
            scope: all.clone(),
            predicate: compile(filter),
        };
        keys.iter().map(of).collect()
    };
    let feedback = FeedbackKeys::default();
    for (name, filter) in [("everything", ""), ("a long filter", worst)] {
        let (wanted, predicate) = (wanted(filter), compile(filter));
        let answer = || facets(index, (&all, &predicate), &wanted, &feedback, 10).facets.len();
        report(&format!("nine facets, {name}"), answer);
    }
    let users = &[("metadata.user_id", "user-7"), ("name", "st")];
    for (key, text) in users {
        let key: FacetKey = key.parse().expect("the facet is known");
        let wanted = Wanted { key, scope: all.clone(), predicate: everything.clone() };
        report(&format!("suggestions for {}", wanted.key), || suggest(index, &wanted, &feedback, text, 20).len());
    }
    report("histogram, all runs", || histogram(index, &all, &everything, None).n_success.len());
    report("statistics, all runs", || {
        let mut slots = Vec::new();
        all.for_each(index, &everything, |slot| slots.push(slot));
        stats(index, &slots).run_count as usize
    });
    report("threads", || threads(index, &roots, &everything, None, 0, 20).n_threads);
    report("rows of every run, as a set", || {
        let mut rows = Bitset::default();
        all.for_each(index, &everything, |slot| rows.insert(index.columns.pk[slot as usize]));
        rows.len()
    });
}

/// What the Monitor page asks, over everything and under a long filter.
fn measure_monitor(index: &Index) {
    let all = Scope { projects: vec![1], ..Scope::default() };
    let roots = Scope { is_root: Some(true), ..all.clone() };
    let lookups = Lookups::default();
    let compiler = Compiler::new(index, &lookups);
    let compile = |filter: &str| compiler.compile(&parse(filter).expect("the filter can be read"));
    let everything = compile("");
    let long = compile(
        "and(or(neq(status, \"success\"), gt(latency, \"500ms\"), has(tags, \"beta\")), neq(name, \"step 3\"), \
         any_run(and(eq(run_type, \"tool\"), eq(status, \"error\"))))",
    );
    let zone = chrono_tz::Europe::Berlin;
    let every: Vec<Metric> = Metric::fixed().collect();
    let few = [Metric::Count, Metric::ErrorCount, Metric::Cost];
    let series = |scope: &Scope, predicate, metrics: &[Metric], by: Option<(&str, Rank)>, n_points: usize| {
        let group_by = by.map(|(key, rank_by)| GroupBy {
            key: key.parse().expect("runs can be grouped by it"),
            max_groups: Some(20),
            rank_by,
        });
        let asked = Asked {
            cut: Cut { zone, wanted: buckets::Wanted::AtMost(n_points), now_ns: i64::MAX },
            group_by: group_by.as_ref(),
            metrics,
            feedback_keys: &[],
            scores: &[],
            projects: &ProjectNames::new(),
        };
        let found = Found::new(index, scope, predicate, &asked).expect("time can be cut");
        found.into_series(metrics).groups.len()
    };
    let is_model = compile("eq(run_type, \"llm\")");
    report("series, roots, every metric", || series(&roots, &everything, &every, None, 60));
    report("series, all runs, every metric", || series(&all, &everything, &every, None, 60));
    report("the same in 2,000 buckets", || series(&all, &everything, &every, None, 2_000));
    report("the same, a long filter", || series(&all, &long, &every, None, 60));
    report("series, cost by model", || series(&all, &is_model, &few, Some(("model", Rank::Cost)), 60));
    report("series, all runs by name, p95", || {
        series(&all, &everything, &[Metric::LatencyP95], Some(("name", Rank::Count)), 60)
    });
    report("series, roots by user", || series(&roots, &everything, &few, Some(("metadata.user_id", Rank::Cost)), 60));
    report("heatmap, all runs", || {
        heatmap(index, &all, &everything, Quantity::Latency, (zone, i64::MAX), (60, 40))
            .map_or(0, |map| map.counts.len())
    });
    report("top names, all runs", || Names::new(index, &all, &everything).into_top(None).slowest.len());
    let slow = Area { of: Quantity::Latency, min: Some(0.8), ..Area::default() };
    report("exemplars, roots", || exemplars(index, &roots, &everything, &slow, 7).chosen.len());
    report("what differs, roots and their steps", || differs(index, &roots, &everything, &slow, None).values.len());
    report("what differs, all runs", || differs(index, &all, &everything, &slow, None).values.len());
    report("markers", || markers(index, &all, &["revision_id".to_owned()]).markers.len());
}

/// How long the writer holds the index: 100 runs of ten new traces, in order and long ago; then their ends.
fn measure_commits(index: &mut Index, n_runs: usize) {
    let mut chance = Chance(9);
    let mut next_trace = n_runs / RUNS_PER_TRACE;
    for (name, shift_ns) in
        [("a commit of 100 new runs", 0), ("the same, from before all others", -1_000_000_000_000_000)]
    {
        report(name, || {
            let mut publication = Publication::default();
            for trace in next_trace..next_trace + 10 {
                for position in 0..RUNS_PER_TRACE {
                    let row = run(&mut chance, trace, position);
                    publication.save_run(FactRow { start_ns: row.start_ns + shift_ns, metadata_set: None, ..row });
                }
            }
            next_trace += 10;
            index.apply(&publication);
            100
        });
    }
    let last = next_trace - 10;
    report("a commit of 100 changed runs", || {
        let mut publication = Publication::default();
        for position in 0..100 {
            publication.save_run(run(&mut chance, last + position / RUNS_PER_TRACE, position % RUNS_PER_TRACE));
        }
        index.apply(&publication);
        100
    });
}

fn report(name: &str, mut answer: impl FnMut() -> usize) {
    let mut took = Vec::new();
    let mut n = 0;
    for _ in 0..11 {
        let began = Instant::now();
        n = black_box(answer());
        took.push(began.elapsed().as_secs_f64() * 1e3);
    }
    took.sort_unstable_by(f64::total_cmp);
    println!("{name:<44} {:>9.2} ms   (worst {:.2}; {n})", took[took.len() / 2], took[took.len() - 1]);
}

fn metadata(chance: &mut Chance, trace: usize, depth: usize) -> String {
    let env = ["prod", "prod", "prod", "staging", "dev"][chance.below(5)];
    format!(
        r#"{{"env":"{env}","ls_method":"traceable","ls_run_depth":{depth},"revision_id":"v1.{}","session_id":"thread-{}","user_id":"user-{}"}}"#,
        trace / 20_000,
        trace / 4,
        chance.below(5_000)
    )
}

fn run(chance: &mut Chance, trace: usize, position: usize) -> FactRow<'static> {
    let run_type = [RunType::Chain, RunType::Llm, RunType::Tool, RunType::Retriever][position % 4];
    let is_llm = run_type == RunType::Llm;
    let has_failed = chance.below(40) == 0;
    let start_ns = START_NS + (trace * 400 + position * 20) as i64 * MILLIS;
    let latency_ns = (20 + chance.below(900)) as i64 * MILLIS;
    let text = |text: &'static str| Some(Cow::Borrowed(text));
    let names = ["step 0", "step 1", "step 2", "step 3", "step 4", "step 5", "step 6", "step 7", "step 8", "step 9"];
    let tags = [None, None, text(r#"["beta"]"#), text(r#"["beta","eu"]"#), text(r#"["us"]"#)][chance.below(5)].clone();
    let tokens = if is_llm || position == 0 { 200 + chance.below(2_000) as i64 } else { 0 };
    FactRow {
        pk: (trace * RUNS_PER_TRACE + position) as i64 + 1,
        project: 1,
        trace: trace as i64 + 1,
        start_ns,
        end_ns: Some(start_ns + latency_ns),
        first_token_ns: is_llm.then_some(start_ns + latency_ns / 4),
        status: if has_failed { RunStatus::Error } else { RunStatus::Success },
        run_type,
        is_root: position == 0,
        has_error_text: has_failed,
        has_example: false,
        name: if chance.below(50_000) == 0 { text("rare step") } else { text(names[position]) },
        model: if is_llm { text(["gpt-4.1", "gpt-4o-mini", "claude-sonnet-4-5"][chance.below(3)]) } else { None },
        provider: if is_llm { text("openai") } else { None },
        thread_id: Some(Cow::Owned(format!("thread-{}", trace / 4))),
        error_kind: if has_failed { text(["TimeoutError", "ValueError"][chance.below(2)]) } else { None },
        error_text: None,
        tags,
        metadata_set: Some((trace * 3 + position.min(2)) as i64 + 1),
        prompt_tokens: tokens / 2,
        completion_tokens: tokens - tokens / 2,
        total_tokens: tokens,
        cache_read_tokens: tokens / 4,
        reasoning_tokens: 0,
        prompt_cost: (tokens > 0).then_some(tokens * 1_000),
        completion_cost: (tokens > 0).then_some(tokens * 3_000),
        total_cost: (tokens > 0).then_some(tokens * 4_000),
    }
}

/// Numbers that look random, the same every time.
struct Chance(u64);

impl Chance {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 33) as usize % n
    }
}

fn resident_bytes() -> u64 {
    let status = std::fs::read_to_string("/proc/self/statm").unwrap_or_default();
    let pages: u64 = status.split(' ').nth(1).and_then(|pages| pages.parse().ok()).unwrap_or(0);
    pages * 4096
}
