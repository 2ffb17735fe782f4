//! HTTP manners that no single route owns: paths, bodies, queries, errors, who may call.

pub mod body;
pub mod body_memory;
pub mod errors;
pub mod guard;
pub mod idle_stream;
pub mod mounts;
pub mod params;
pub mod request_log;
pub mod server;
pub mod turns;
