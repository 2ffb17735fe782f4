//! `fanlight serve`.

use super::banner::banner;
use super::{ServeArgs, logging};
use crate::app::App;
use crate::config::{Limits, ServerConfig, loopback_names};
use crate::dashboard::Dashboard;
use crate::http::server;
use crate::store::sqlite::SqliteOptions;
use anyhow::bail;
use std::io::Write;
use std::net::SocketAddr;

/// Serves until asked to stop.
pub fn run(args: ServeArgs) -> anyhow::Result<()> {
    logging::start(args.log_format);
    require_loopback(args.addr)?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(serve(args))
}

/// Whoever reaches the server can read and delete everything.
fn require_loopback(addr: SocketAddr) -> anyhow::Result<()> {
    if !addr.ip().is_loopback() {
        bail!(
            "{} can be reached from other machines, and Fanlight has no sign-in yet: anybody could read and delete your \
             traces. Listen on 127.0.0.1 and put a proxy with sign-in, or an SSH tunnel, in front (name it with --allow-host)",
            addr.ip()
        );
    }
    Ok(())
}

async fn serve(args: ServeArgs) -> anyhow::Result<()> {
    // The port first: a second server should complain about that, not about the directory the first one holds.
    let listener = server::bind(args.addr).await?;
    let addr = listener.local_addr()?;
    let data_dir = args.data.path()?;
    let max_whole_trace = args.whole_trace_runs as usize;
    let store = args.data.open(SqliteOptions {
        max_whole_trace,
        max_partial_trace: max_whole_trace / 5,
        ..SqliteOptions::default()
    })?;
    let mut allowed_hosts = loopback_names();
    allowed_hosts.extend(args.allowed_hosts);
    let config = ServerConfig {
        allowed_hosts: Some(allowed_hosts),
        allowed_origins: args.allowed_origins,
        limits: Limits::default(),
    };
    let app = App::new(store, config, Dashboard::embedded());
    let url = format!("http://{addr}");
    tracing::info!(%url, data = %data_dir.display(), version = env!("CARGO_PKG_VERSION"), "Fanlight is ready");
    // A closed standard output must not stop the server.
    let _ = writeln!(std::io::stdout(), "{}", banner(&url));
    if args.demo {
        // Through the door that everybody uses, so it needs the server running and must not hold it up.
        tokio::task::spawn_blocking(move || super::demo::load(&url));
    }
    server::serve(&app, listener, server::asked_to_stop()).await;
    app.store.close().await;
    tracing::info!("stopped");
    Ok(())
}
