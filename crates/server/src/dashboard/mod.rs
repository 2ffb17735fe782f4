//! The dashboard's files, embedded when the server is built (see `build.rs`), and the policy its pages run under.

pub mod content_policy;
mod media_type;

use bytes::Bytes;
use content_policy::content_security_policy;
pub use media_type::media_type;
use std::collections::HashMap;

/// One file of the build, in each encoding that made it smaller.
#[derive(Clone, Copy, Debug)]
pub struct EmbeddedFile {
    /// From the root, such as `/index.html`.
    pub path: &'static str,
    /// Quoted, as the header wants it.
    pub etag: &'static str,
    pub plain: &'static [u8],
    pub brotli: Option<&'static [u8]>,
    pub gzip: Option<&'static [u8]>,
}

static FILES: &[EmbeddedFile] = include!(concat!(env!("OUT_DIR"), "/dashboard_files.rs"));

/// What stands in for the page when the server was built without the dashboard.
static NOT_BUILT: EmbeddedFile = EmbeddedFile {
    path: "/index.html",
    etag: "\"not-built\"",
    plain: include_bytes!("not_built.html"),
    brotli: None,
    gzip: None,
};

/// The files by path, and the policy for pages.
pub struct Dashboard {
    files: HashMap<&'static str, EmbeddedFile>,
    index: EmbeddedFile,
    /// The value of `Content-Security-Policy` for `index`.
    pub policy: String,
}

impl Dashboard {
    /// The files that were embedded.
    pub fn embedded() -> Self {
        Dashboard::new(FILES)
    }

    pub fn new(files: &[EmbeddedFile]) -> Self {
        let files: HashMap<_, _> = files.iter().map(|&file| (file.path, file)).collect();
        let index = files.get("/index.html").copied().unwrap_or(NOT_BUILT);
        let policy = content_security_policy(&String::from_utf8_lossy(index.plain));
        Dashboard { files, index, policy }
    }

    /// Whether `path` names a file other than the page itself.
    pub fn has_file(&self, path: &str) -> bool {
        self.files.contains_key(path)
    }

    pub fn file(&self, path: &str) -> Option<EmbeddedFile> {
        self.files.get(path).copied()
    }

    /// The page that every path of the dashboard shows.
    pub fn index(&self) -> EmbeddedFile {
        self.index
    }
}

impl EmbeddedFile {
    /// Trunk puts a hash into the names of files that never change under that name: `fanlight-0123456789abcdef.js`.
    pub fn is_immutable(&self) -> bool {
        let words = self.path.split(['-', '_', '.', '/']);
        let is_hash = |word: &str| word.len() >= 15 && word.len() <= 16 && word.bytes().all(|b| b.is_ascii_hexdigit());
        words.into_iter().any(is_hash)
    }

    /// The smallest encoding that `accept_encoding` allows, and its name; no name for the file as it is.
    pub fn encoded(&self, accept_encoding: &str) -> (Option<&'static str>, Bytes) {
        let accepts = |coding: &str| {
            accept_encoding.split(',').any(|item| {
                let (name, quality) = item.split_once(';').unwrap_or((item, "q=1"));
                let quality =
                    quality.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok()).unwrap_or(1.0);
                name.trim().eq_ignore_ascii_case(coding) && quality > 0.0
            })
        };
        match (self.brotli, self.gzip) {
            (Some(brotli), _) if accepts("br") => (Some("br"), Bytes::from_static(brotli)),
            (_, Some(gzip)) if accepts("gzip") => (Some("gzip"), Bytes::from_static(gzip)),
            _ => (None, Bytes::from_static(self.plain)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(path: &'static str) -> EmbeddedFile {
        EmbeddedFile { path, etag: "\"1\"", plain: b"plain", brotli: Some(b"br"), gzip: Some(b"gz") }
    }

    #[test]
    fn hashed_names_never_change() {
        assert!(file("/fanlight-92f0f37b1ab4f0c5.js").is_immutable());
        assert!(file("/fanlight-92f0f37b1ab4f0c5_bg.wasm").is_immutable());
        assert!(!file("/index.html").is_immutable());
        assert!(!file("/favicon.svg").is_immutable());
    }

    #[test]
    fn the_smallest_accepted_encoding_is_sent() {
        let encoding = |accept| file("/x").encoded(accept).0;
        assert_eq!(encoding("gzip, deflate, br, zstd"), Some("br"));
        assert_eq!(encoding("gzip, br;q=0"), Some("gzip"));
        assert_eq!((encoding(""), encoding("identity")), (None, None));
    }
}
