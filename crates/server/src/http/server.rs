//! Accepts connections and ends them in order: slow clients are given up, requests in progress are finished.

use crate::app::App;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::time::Duration;
use tokio::net::TcpListener;

/// How long requests in progress may take once the server stops.
const PATIENCE: Duration = Duration::from_secs(10);

/// How long a connection may rest between requests, and take to send a request's headers.
const BETWEEN_REQUESTS: Duration = Duration::from_secs(75);

/// Binds `addr`. Fails with a message that says what to do: port in use, not allowed, no such address.
pub async fn bind(addr: SocketAddr) -> anyhow::Result<TcpListener> {
    TcpListener::bind(addr).await.map_err(|error| {
        let advice = match error.kind() {
            io::ErrorKind::AddrInUse => format!(
                "port {} is already in use. Is another Fanlight running? Stop it, or choose another port: --addr {}:{}",
                addr.port(),
                addr.ip(),
                addr.port().wrapping_add(1).max(1024)
            ),
            io::ErrorKind::PermissionDenied => format!("not allowed to listen on {addr}. Choose a port above 1023"),
            io::ErrorKind::AddrNotAvailable => format!("this machine has no address {}", addr.ip()),
            _ => format!("cannot listen on {addr}"),
        };
        anyhow::Error::from(error).context(advice)
    })
}

/// Serves until `stop` is done, then finishes what was begun, for at most 10 s.
pub async fn serve(app: &App, listener: TcpListener, stop: impl Future<Output = ()>) {
    let router = app.router();
    let graceful = GracefulShutdown::new();
    let idle = app.config.limits.idle;
    tokio::pin!(stop);
    loop {
        let (stream, _) = tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok(accepted) => accepted,
                Err(error) => {
                    // Out of file handles, or a client that left at once: neither is a reason to stop.
                    tracing::warn!(%error, "cannot accept a connection");
                    tokio::time::sleep(Duration::from_millis(50)).await;
                    continue;
                }
            },
            () = &mut stop => break,
        };
        // Small answers should not wait for more. Fails only when the client has already left.
        if stream.set_nodelay(true).is_err() {
            continue;
        }
        let stream = TokioIo::new(super::idle_stream::IdleStream::new(stream, idle));
        let service = TowerToHyperService::new(router.clone());
        let connection = http1::Builder::new()
            .timer(TokioTimer::new())
            .header_read_timeout(BETWEEN_REQUESTS)
            .serve_connection(stream, service);
        let connection = graceful.watch(connection);
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(error = format!("{error:?}"), "a connection ended early");
            }
        });
    }
    drop(listener);
    app.is_stopping.cancel();
    if tokio::time::timeout(PATIENCE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in {} s and were cut off", PATIENCE.as_secs());
    }
}

/// Completes on Ctrl-C, or when the system asks the process to end.
pub async fn asked_to_stop() {
    let ctrl_c = async {
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    };
    #[cfg(unix)]
    let terminate = async {
        match tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate()) {
            Ok(mut signal) => {
                signal.recv().await;
            }
            Err(_) => std::future::pending().await,
        }
    };
    #[cfg(not(unix))]
    let terminate = std::future::pending::<()>();
    tokio::select! {
        () = ctrl_c => {}
        () = terminate => {}
    }
}
