//! What the waterfall works out when a large trace opens, is folded and is searched.
//!
//! `cargo bench -p fanlight-core --features testing --bench waterfall`

use fanlight_core::model::RunTree;
use fanlight_core::model::find::Find;
use fanlight_core::model::fixtures::Shape;
use fanlight_core::model::run_set::RunSet;
use fanlight_core::model::time_went::TimeWent;
use fanlight_core::waterfall::collapse::Collapsed;
use fanlight_core::waterfall::coloring::Coloring;
use fanlight_core::waterfall::critical_path::CriticalPath;
use fanlight_core::waterfall::groups::Groups;
use fanlight_core::waterfall::idle_gaps::IdleGaps;
use fanlight_core::waterfall::link::choices::ColorBy;
use fanlight_core::waterfall::overview::Overview;
use fanlight_core::waterfall::rows::VisibleRows;
use fanlight_core::waterfall::time_scale::TimeScale;
use fanlight_core::waterfall::time_window::TimeWindow;
use std::time::{Duration, Instant};

const REPEATS: usize = 5;

fn main() {
    for n_runs in [10_000, 100_000, 1_000_000] {
        let tree = RunTree::from_skeleton(&Shape::Agent(n_runs).skeleton(1));
        let path = CriticalPath::new(&tree, tree.extent_ns());
        let folded = Collapsed::on_open(&tree, &path);
        let coloring = Coloring::new(&tree, ColorBy::Kind);
        let scale = TimeScale::linear(TimeWindow::whole(tree.extent_ns()), 900.0);
        println!("{n_runs} runs");
        say("critical path", median(|| CriticalPath::new(&tree, tree.extent_ns())));
        say("what is folded on opening", median(|| Collapsed::on_open(&tree, &path)));
        say("groups of equal siblings", median(|| Groups::find(&tree)));
        say("rows, as it opens", median(|| VisibleRows::new(&tree, &folded)));
        say("rows, nothing folded", median(|| VisibleRows::new(&tree, &Collapsed::none())));
        say("idle gaps", median(|| IdleGaps::find(&tree)));
        say("map of the whole", median(|| Overview::new(&tree, &coloring, &scale, 40, 0)));
        say("where the time went", median(|| TimeWent::new(&tree)));
        for query in ["search_orders", "status:error", "dur:>1s llm"] {
            let find = Find::read(query).expect("a query");
            say(&format!("search: {query}"), median(|| find.runs(&tree, &RunSet::EMPTY)));
        }
    }
}

fn say(what: &str, took: Duration) {
    println!("  {what:<34} {:.1} ms", took.as_secs_f64() * 1_000.0);
}

fn median<T>(work: impl Fn() -> T) -> Duration {
    let time = || {
        let began = Instant::now();
        let made = work();
        let took = began.elapsed();
        drop(made);
        took
    };
    let mut times: Vec<Duration> = (0..REPEATS).map(|_| time()).collect();
    times.sort_unstable();
    times[REPEATS / 2]
}
