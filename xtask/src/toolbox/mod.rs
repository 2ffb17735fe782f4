//! Installs what building and testing need and the machine lacks, and says where it is.
//!
//! [`cache`] keeps one folder per tool and version outside the clone; the other files each know one tool. Nothing here
//! touches the system except [`chromium`], which may ask apt.

mod cache;
pub mod chromium;
pub mod node;
mod prebuilt;
pub mod python;
mod trunk;
mod wasm_bindgen;
pub mod wasm_opt;
pub mod wasm_split;
mod wasm_target;

use anyhow::{Context, Result};
use std::ffi::OsString;
use std::path::PathBuf;

/// The folders that hold trunk, wasm-bindgen, wasm-opt and the splitter in the versions that this clone needs.
pub struct WasmTools {
    pub trunk: PathBuf,
    bin_dirs: Vec<PathBuf>,
    /// Changes when a tool does.
    pub versions: String,
}

impl WasmTools {
    /// `PATH` with the tools first: Trunk looks there and takes what has the right version.
    pub fn path_variable(&self) -> Result<OsString> {
        let inherited = std::env::var_os("PATH").unwrap_or_default();
        let dirs = self.bin_dirs.iter().cloned().chain(std::env::split_paths(&inherited));
        std::env::join_paths(dirs).context("a folder in PATH has a name that cannot be passed on")
    }
}

/// Makes sure that everything between Rust source and a web page is there.
pub fn wasm_tools() -> Result<WasmTools> {
    node::require()?;
    wasm_target::ensure()?;
    let wasm_bindgen_version = crate::workspace::locked_version("wasm-bindgen")?;
    let wasm_opt = wasm_opt::ensure()?;
    let wasm_bindgen = wasm_bindgen::ensure(&wasm_bindgen_version)?;
    let wasm_split = wasm_split::ensure()?;
    let trunk = trunk::ensure()?;
    let rustc = crate::process::ask(crate::process::command("rustc").arg("--version")).unwrap_or_default();
    Ok(WasmTools {
        versions: format!(
            "trunk {} wasm-bindgen {wasm_bindgen_version} wasm-opt {} wasm-split {} {rustc}",
            trunk::VERSION,
            wasm_opt::VERSION,
            wasm_split::VERSION
        ),
        trunk: trunk.join(crate::workspace::executable("trunk")),
        bin_dirs: vec![trunk, wasm_bindgen, wasm_opt, wasm_split],
    })
}
