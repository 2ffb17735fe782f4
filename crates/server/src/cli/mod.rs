//! The command line. One file per command; this one says what they are.

mod banner;
mod data_dir;
mod demo;
mod export;
mod import;
mod logging;
mod remote;
mod serve;

use clap::{Args, Parser, Subcommand};
use logging::LogFormat;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "fanlight", version, about = "A window onto LLM applications.", long_about = LONG_ABOUT)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const LONG_ABOUT: &str = "\
A window onto LLM applications: receives traces from the LangSmith SDKs, keeps them, and shows them in the browser.

Start it, and send it what your application does:

  fanlight serve
  export LANGSMITH_TRACING=true
  export LANGSMITH_ENDPOINT=http://127.0.0.1:1984
  export LANGSMITH_API_KEY=local
  python my_application.py

Then open http://127.0.0.1:1984.";

#[derive(Subcommand)]
enum Command {
    /// Receive traces and show them
    #[command(after_help = "\
Examples:
  fanlight serve
  fanlight serve --demo
  fanlight serve --addr 127.0.0.1:8000 --data ./traces

The log goes to stderr; FANLIGHT_LOG sets what is in it: FANLIGHT_LOG=debug shows a line per request.")]
    Serve(ServeArgs),
    /// Send a week of made-up traces to a running server
    #[command(after_help = "\
A support application's conversations of the last seven days, in three languages, with ratings, errors and one answer
that is confidently wrong, in the project production-agent; and batch jobs in supplier-research, one of 2,000 runs.
They arrive through the public API, like anybody's. Running it twice sends two weeks' worth.

Examples:
  fanlight demo
  fanlight demo --url http://127.0.0.1:8000")]
    Demo(DemoArgs),
    /// Read runs from JSON lines
    #[command(after_help = "\
Each line is one run as POST /runs/query returns it, and as `fanlight export` writes it. A run that is already there is
completed, not doubled. Bad lines are reported with their number and skipped; then the exit code is 1.

Without --url the data directory is opened directly, which no server may have open at the same time.
With --url the lines are sent to a running server.

Examples:
  fanlight import traces.jsonl
  zcat traces.jsonl.gz | fanlight import -
  fanlight import --project before-the-incident traces.jsonl
  fanlight import --url http://127.0.0.1:1984 traces.jsonl")]
    Import(ImportArgs),
    /// Write the runs of a project as JSON lines, all or those that a filter finds
    #[command(after_help = "\
Oldest first, one run per line, as POST /runs/query returns it, with the project's name as session_name. Attached files
and feedback are not included. Filters are written as for the SDKs' list_runs.

Without --url the data directory is opened directly, which no server may have open at the same time.
With --url a running server is asked.

Examples:
  fanlight export --project default > default.jsonl
  fanlight export --project default --filter 'and(eq(is_root, true), neq(error, null))' > failures.jsonl
  fanlight export --project default --url http://127.0.0.1:1984 | jq .name")]
    Export(ExportArgs),
}

#[derive(Args)]
struct ServeArgs {
    /// Where to listen; only addresses of this machine (127.0.0.1, ::1) until Fanlight has sign-in
    #[arg(long, env = "FANLIGHT_ADDR", default_value = "127.0.0.1:1984")]
    addr: SocketAddr,
    #[command(flatten)]
    data: DataArgs,
    /// A further name that requests may use for this server in their Host header
    #[arg(long = "allow-host", env = "FANLIGHT_ALLOW_HOST", value_name = "NAME", value_delimiter = ',')]
    allowed_hosts: Vec<String>,
    /// A further origin whose pages may do what the dashboard does, such as http://127.0.0.1:8080
    #[arg(long = "allow-origin", env = "FANLIGHT_ALLOW_ORIGIN", value_name = "ORIGIN", value_delimiter = ',')]
    allowed_origins: Vec<String>,
    /// A trace with more runs opens in part, with a fifth as many; the rest is fetched when it is looked at
    #[arg(long, env = "FANLIGHT_WHOLE_TRACE_RUNS", value_name = "RUNS", default_value_t = 1_000_000,
        value_parser = clap::value_parser!(u32).range(100..=10_000_000))]
    whole_trace_runs: u32,
    /// Load made-up traces to look at, unless they are there already
    #[arg(long)]
    demo: bool,
    /// How log lines look; text is coloured on a terminal
    #[arg(long, env = "FANLIGHT_LOG_FORMAT", value_enum, default_value_t = LogFormat::Text)]
    log_format: LogFormat,
}

#[derive(Args)]
struct DemoArgs {
    /// The server to send them to
    #[arg(long, default_value = "http://127.0.0.1:1984")]
    url: String,
}

#[derive(Args)]
struct DataArgs {
    /// The data directory [default: the platform's place for application data]
    #[arg(long = "data", env = "FANLIGHT_DATA", value_name = "DIR")]
    dir: Option<PathBuf>,
}

#[derive(Args)]
struct ImportArgs {
    /// Files of JSON lines; - is standard input
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,
    /// Put every run into this project, whatever the lines say
    #[arg(long)]
    project: Option<String>,
    /// Send to this server instead of opening the data directory
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

#[derive(Args)]
struct ExportArgs {
    /// The project's name or id
    #[arg(long)]
    project: String,
    /// Only runs that pass this filter, such as 'gt(latency, "5s")'
    #[arg(long)]
    filter: Option<String>,
    /// Ask this server instead of opening the data directory
    #[arg(long)]
    url: Option<String>,
    #[command(flatten)]
    data: DataArgs,
}

/// Runs the command that the arguments name. Failures are one line on stderr, causes included.
pub fn main() -> ExitCode {
    let result = match Cli::parse().command {
        Command::Serve(args) => serve::run(args).map(|()| ExitCode::SUCCESS),
        Command::Demo(args) => demo::run(&args).map(|()| ExitCode::SUCCESS),
        Command::Import(args) => import::run(args),
        Command::Export(args) => export::run(&args).map(|()| ExitCode::SUCCESS),
    };
    result.unwrap_or_else(|error| {
        eprintln!("fanlight: {error:#}");
        ExitCode::FAILURE
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_consistent() {
        Cli::command().debug_assert();
    }
}
