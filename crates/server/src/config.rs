//! What a running server may use and whom it answers.

use std::time::Duration;

/// Choices of the operator; the defaults suit one machine.
#[derive(Clone, Debug)]
pub struct ServerConfig {
    /// Names that the `Host` header may carry, ports apart; `None` answers to any name.
    pub allowed_hosts: Option<Vec<String>>,
    /// Origins whose pages may do what the dashboard's own may, such as a development server's.
    pub allowed_origins: Vec<String>,
    pub limits: Limits,
}

/// Bounds that keep one client, or all together, from exhausting the server.
#[derive(Clone, Copy, Debug)]
pub struct Limits {
    /// Most bytes of one ingest body, before and after decompression.
    pub ingest_body_bytes: usize,
    /// Most bytes of any other body.
    pub body_bytes: usize,
    /// Most bytes of a body that asks a question about runs.
    pub question_bytes: usize,
    /// Most bytes of all bodies in flight together, from their first byte until they are stored.
    pub bodies_in_flight_bytes: usize,
    /// How long a body waits for its share of that memory before it is answered with 429.
    pub wait_for_memory: Duration,
    /// Longest silence within a request or response before the connection is given up.
    pub idle: Duration,
    /// Most readers of `/api/fanlight/v1/live` at once.
    pub live_readers: usize,
    /// Most requests at once that may look at all runs: statistics, facets, histograms, threads.
    pub heavy_reads: usize,
    /// Most exports at once.
    pub exports: usize,
    /// How long such a request waits for its turn before it is answered with 429.
    pub wait_for_turn: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        const MIB: usize = 1024 * 1024;
        Limits {
            ingest_body_bytes: 128 * MIB,
            body_bytes: 16 * MIB,
            question_bytes: MIB,
            bodies_in_flight_bytes: 512 * MIB,
            // The Python SDK gives up on an answer after 10 s.
            wait_for_memory: Duration::from_secs(5),
            idle: Duration::from_secs(30),
            live_readers: 512,
            heavy_reads: 8,
            exports: 4,
            wait_for_turn: Duration::from_secs(2),
        }
    }
}

impl Default for ServerConfig {
    /// For a server on loopback.
    fn default() -> Self {
        ServerConfig { allowed_hosts: Some(loopback_names()), allowed_origins: Vec::new(), limits: Limits::default() }
    }
}

/// The names by which a program on this machine calls it. A page from elsewhere whose name was made to resolve to
/// 127.0.0.1 (DNS rebinding) sends its own name, and is refused.
pub fn loopback_names() -> Vec<String> {
    ["localhost", "127.0.0.1", "[::1]"].map(str::to_owned).into()
}
