//! Reads a request's body into memory: decompressed, within limits, with a patience that ends.

pub use super::body_memory::{BodyMemory, BodyShare};
use crate::error::{AppError, AppResult};
use async_compression::tokio::bufread::{BrotliDecoder, GzipDecoder, ZstdDecoder};
use async_compression::zstd::DParameter;
use axum::body::Body;
use axum::http::header::CONTENT_ENCODING;
use axum::http::{HeaderMap, StatusCode};
use bytes::{Bytes, BytesMut};
use futures_util::TryStreamExt;
use std::io;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt};
use tokio_util::io::StreamReader;

/// Bodies larger than this are decoded on a thread of their own, so that other requests are not held up.
pub const LARGE_BODY_BYTES: usize = 256 * 1024;

/// Largest window of a zstd frame, as a power of two: 8 MiB, the size every decoder must accept (RFC 8878 §3.1.1.1.2).
const ZSTD_WINDOW_LOG: u32 = 23;

/// A body and the share of memory it takes; keep the share until the body is stored.
pub struct ReadBody {
    pub bytes: Bytes,
    pub share: BodyShare,
}

/// Reads a body of at most `max_bytes`, decompressed as `Content-Encoding` says. Fails with 413 as soon as the limit is
/// passed, so that a small body that expands without end costs no more than the limit; with 408 after `idle` without
/// a byte.
pub async fn read(
    headers: &HeaderMap,
    body: Body,
    memory: &BodyMemory,
    max_bytes: usize,
    idle: Duration,
) -> AppResult<ReadBody> {
    let stream = body.into_data_stream().map_err(io::Error::other);
    let reader = StreamReader::new(Box::pin(stream));
    let encoding = headers.get(CONTENT_ENCODING).map(|value| value.to_str().unwrap_or("?").trim().to_ascii_lowercase());
    let mut limited = Limited { memory, max_bytes, idle };
    match encoding.as_deref().unwrap_or("identity") {
        "" | "identity" => limited.read(reader).await,
        "gzip" | "x-gzip" => {
            let mut decoder = GzipDecoder::new(reader);
            decoder.multiple_members(true);
            limited.read(decoder).await
        }
        "zstd" => {
            let mut decoder = ZstdDecoder::with_params(reader, &[DParameter::window_log_max(ZSTD_WINDOW_LOG)]);
            decoder.multiple_members(true);
            limited.read(decoder).await
        }
        "br" => limited.read(BrotliDecoder::new(reader)).await,
        other => {
            let message = format!("Content-Encoding {other:?} is not one of identity, gzip, zstd, br");
            Err(AppError::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "unsupported_encoding", message))
        }
    }
}

struct Limited<'a> {
    memory: &'a BodyMemory,
    max_bytes: usize,
    idle: Duration,
}

impl Limited<'_> {
    async fn read(&mut self, mut reader: impl AsyncRead + Unpin) -> AppResult<ReadBody> {
        let mut share = self.memory.share();
        let mut bytes = BytesMut::new();
        loop {
            if bytes.capacity() == bytes.len() {
                // Doubling keeps copying linear; the share covers the buffer before it exists.
                let capacity = (bytes.len() * 2).clamp(16 * 1024, self.max_bytes + 1);
                share.grow_to(capacity).await?;
                bytes.reserve(capacity - bytes.len());
            }
            let read = tokio::time::timeout(self.idle, reader.read_buf(&mut bytes)).await;
            let n_read = read.map_err(|_| self.too_slow())?.map_err(|e| unreadable(&e))?;
            if n_read == 0 {
                return Ok(ReadBody { bytes: bytes.freeze(), share });
            }
            if bytes.len() > self.max_bytes {
                let limit_mib = self.max_bytes >> 20;
                return Err(AppError::too_large(format!("the body is larger than {limit_mib} MiB when decompressed")));
            }
        }
    }

    fn too_slow(&self) -> AppError {
        let message = format!("no byte of the body arrived for {} s", self.idle.as_secs());
        AppError::new(StatusCode::REQUEST_TIMEOUT, "timeout", message)
    }
}

fn unreadable(error: &io::Error) -> AppError {
    AppError::malformed(format!("the body cannot be read or decompressed: {error}"))
}
