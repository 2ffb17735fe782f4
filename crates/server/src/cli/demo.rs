//! `fanlight demo`, and the demo traces of `fanlight serve --demo`.

use super::DemoArgs;
use crate::demo::{self, DemoOptions, DemoSummary};

/// Sends the demo to the server that the arguments name.
pub fn run(args: &DemoArgs) -> anyhow::Result<()> {
    println!("sent {}", in_words(demo::send(&args.url, &DemoOptions::default())?));
    Ok(())
}

/// Sends the demo to this process's own server, unless it is there already. A failure is logged: the server goes on.
pub fn load(url: &str) {
    let loaded = demo::is_loaded(url)
        .and_then(|is_loaded| if is_loaded { Ok(None) } else { demo::send(url, &DemoOptions::default()).map(Some) });
    match loaded {
        Ok(Some(summary)) => tracing::info!("demo traces loaded: {}", in_words(summary)),
        Ok(None) => tracing::info!("the demo traces are already here"),
        Err(error) => tracing::error!("the demo traces could not be loaded: {error:#}"),
    }
}

fn in_words(summary: DemoSummary) -> String {
    format!("{} traces of {} runs in all, and {} ratings", summary.n_traces, summary.n_runs, summary.n_feedback)
}
