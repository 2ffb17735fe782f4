//! The splitter, which takes the code of the dashboard's parts out of its wasm. It reads what `#[wasm_split]` wrote, so
//! its version follows that of `wasm_split_helpers`.

use super::cache;
use crate::process;
use crate::workspace::executable;
use anyhow::Result;
use std::path::PathBuf;

pub const PROGRAM: &str = "wasm-split-cli";

pub const VERSION: &str = "0.2.4";

/// The folder that holds the splitter.
pub fn ensure() -> Result<PathBuf> {
    let tool = cache::Tool {
        name: "wasm-split",
        version: VERSION,
        // It does not tell its version; the folder's name does.
        works: &|dir| {
            let program = dir.join("bin").join(executable(PROGRAM));
            program.is_file() && process::ask(process::command(program).arg("--help")).is_some()
        },
        install: &|step, dir| {
            let spec = format!("wasm_split_cli_support@{VERSION}");
            // Unoptimised, it would make everyone who works on the dashboard wait at each change.
            cache::cargo_install(step, dir, &spec, 1, &["--locked", "--features", "build-binary"])?;
            Ok("built from source".to_owned())
        },
    };
    Ok(cache::ensure_installed(&tool)?.join("bin"))
}
