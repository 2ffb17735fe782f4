//! What every handler can reach, and the whole application as one service.

use crate::config::ServerConfig;
use crate::dashboard::Dashboard;
use crate::http::{body::BodyMemory, errors, guard, mounts, request_log, turns::Turns};
use crate::routes;
use crate::store::Store;
use axum::Router;
use axum::middleware::{from_fn, from_fn_with_state};
use std::sync::Arc;
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::ServiceBuilder;
use tower_http::catch_panic::CatchPanicLayer;
use tower_http::compression::predicate::{NotForContentType, Predicate, SizeAbove};
use tower_http::compression::{CompressionLayer, CompressionLevel};

/// Cheap to clone; one per server.
#[derive(Clone)]
pub struct App {
    pub store: Arc<dyn Store>,
    pub config: Arc<ServerConfig>,
    pub dashboard: Arc<Dashboard>,
    pub body_memory: BodyMemory,
    pub live_readers: Arc<Semaphore>,
    /// Of requests that look at many runs and answer briefly.
    pub heavy_reads: Turns,
    /// Of exports, which last as long as their reader: they must not keep the others waiting.
    pub exports: Turns,
    /// Cancelled when the server stops: streams that would never end, end then.
    pub is_stopping: CancellationToken,
}

impl App {
    pub fn new(store: Arc<dyn Store>, config: ServerConfig, dashboard: Dashboard) -> Self {
        App {
            store,
            dashboard: Arc::new(dashboard),
            body_memory: BodyMemory::new(&config.limits),
            live_readers: Arc::new(Semaphore::new(config.limits.live_readers)),
            heavy_reads: Turns::new(config.limits.heavy_reads, config.limits.wait_for_turn),
            exports: Turns::new(config.limits.exports, config.limits.wait_for_turn),
            is_stopping: CancellationToken::new(),
            config: Arc::new(config),
        }
    }

    /// The application: every route under every mount, guarded, logged, with errors in the caller's shape.
    pub fn router(&self) -> Router {
        let routes = Router::new()
            .nest("/api/v1", routes::v1())
            .nest("/api/v2", routes::v2::router())
            .nest("/api/fanlight/v1", routes::fanlight())
            .merge(routes::health())
            .fallback(routes::dashboard::serve)
            .method_not_allowed_fallback(routes::not_here)
            .with_state(self.clone());
        let layers = ServiceBuilder::new()
            .layer(from_fn(request_log::log))
            .layer(from_fn(errors::shape))
            .layer(from_fn_with_state(self.clone(), guard::check))
            .layer(CatchPanicLayer::custom(errors::from_panic))
            .layer(json_compression());
        // Paths are rewritten before anything is matched, so the rewriting wraps the router instead of being a layer in it.
        let dashboard = self.dashboard.clone();
        let mounted = ServiceBuilder::new()
            .map_request(move |request| mounts::to_canonical_path(request, &dashboard))
            .service(routes.layer(layers));
        Router::new().fallback_service(mounted)
    }
}

/// Fast compression for long JSON; the dashboard's files are compressed when it is built, and events must not wait.
fn json_compression() -> CompressionLayer<impl Predicate> {
    let predicate = SizeAbove::new(4096)
        .and(NotForContentType::const_new("text/event-stream"))
        .and(NotForContentType::const_new("application/octet-stream"))
        // Exports are as long as the disk is fast; compressing them would only keep a processor busy.
        .and(NotForContentType::const_new("application/x-ndjson"))
        .and(NotForContentType::const_new("text/csv"))
        .and(NotForContentType::const_new("application/wasm"))
        .and(NotForContentType::IMAGES);
    CompressionLayer::new().no_br().quality(CompressionLevel::Fastest).compress_when(predicate)
}
