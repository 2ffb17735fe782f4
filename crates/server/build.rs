//! Embeds the built dashboard, compressed, from the folder that `FANLIGHT_DIST` names. Without it the server still
//! builds, and serves a page that says how to build the dashboard.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::{env, fs, io};

/// Smaller files, and such that hardly shrink, are sent as they are.
const MIN_COMPRESSED_BYTES: usize = 512;

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-env-changed=FANLIGHT_DIST");
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or_else(|| io::Error::other("cargo sets OUT_DIR"))?);
    let mut files = Vec::new();
    if let Some(dist) = env::var_os("FANLIGHT_DIST").filter(|dist| !dist.is_empty()) {
        let dist = PathBuf::from(dist);
        println!("cargo::rerun-if-changed={}", dist.display());
        if !dist.join("index.html").is_file() {
            let message = format!("FANLIGHT_DIST={} has no index.html: run `cargo xtask build`", dist.display());
            return Err(io::Error::other(message));
        }
        collect(&dist, &dist, &mut files)?;
        files.sort();
    }
    let mut table = String::from("&[\n");
    for (idx, (path, source)) in files.iter().enumerate() {
        let content = fs::read(source)?;
        let brotli = write_smaller(&out.join(format!("{idx}.br")), content.len(), brotli(&content)?)?;
        let gzip = write_smaller(&out.join(format!("{idx}.gz")), content.len(), gzip(&content)?)?;
        let include = |path: &Path| format!("include_bytes!({:?})", path.display().to_string());
        let optional = |path: Option<PathBuf>| path.map_or("None".into(), |path| format!("Some({})", include(&path)));
        let plain = out.join(format!("{idx}.plain"));
        fs::write(&plain, &content)?;
        writeln!(
            table,
            "EmbeddedFile {{ path: {path:?}, etag: \"\\\"{:016x}\\\"\", plain: {}, brotli: {}, gzip: {} }},",
            fnv1a(&content),
            include(&plain),
            optional(brotli),
            optional(gzip)
        )
        .map_err(io::Error::other)?;
    }
    table.push(']');
    fs::write(out.join("dashboard_files.rs"), table)
}

/// Finds all files below `folder`, with their URL paths.
fn collect(dist: &Path, folder: &Path, files: &mut Vec<(String, PathBuf)>) -> io::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            collect(dist, &path, files)?;
        } else if let Some(relative) = path.strip_prefix(dist).ok().and_then(Path::to_str) {
            println!("cargo::rerun-if-changed={}", path.display());
            files.push((format!("/{}", relative.replace('\\', "/")), path.clone()));
        }
    }
    Ok(())
}

fn write_smaller(path: &Path, plain_len: usize, compressed: Vec<u8>) -> io::Result<Option<PathBuf>> {
    if plain_len < MIN_COMPRESSED_BYTES || compressed.len() + plain_len / 20 >= plain_len {
        return Ok(None);
    }
    fs::write(path, compressed)?;
    Ok(Some(path.to_owned()))
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 24, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &content[..], &mut compressed, &parameters)?;
    Ok(compressed)
}

fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

/// FNV-1a: names a version of a file for caches; nothing depends on it being hard to forge.
fn fnv1a(content: &[u8]) -> u64 {
    content.iter().fold(0xcbf2_9ce4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}
