//! Takes the code of the dashboard's parts out of its wasm, so that readers download a part when it is first shown.
//! Trunk calls this after each build; docs/decisions/0005-wasm-splitting.md says why it is done this way.
//!
//! The linked wasm goes through the splitter, and the main file, with which everything begins, through wasm-bindgen
//! ([`tools`]). In a release all files are made small, and what parts share is put together into few ([`sharing`]). What
//! comes of it takes the place of Trunk's own script and wasm in the page ([`page`]).

pub mod loader;
mod page;
mod sharing;
mod size;
mod tools;

use crate::terminal::Step;
use crate::workspace;
use anyhow::{Context, Result};
use loader::Parts;
use std::collections::BTreeMap;
use std::path::Path;

/// The program's name in Cargo.toml, and the start of the names that Trunk gives to what it makes of it.
const PROGRAM: &str = "fanlight-dashboard";

/// Splits what Trunk has just built, in the folder that it is about to publish.
pub fn run() -> Result<()> {
    let variable = |name: &str| {
        std::env::var(name).with_context(|| format!("{name} is not set: Trunk calls this, as Trunk.toml tells it to"))
    };
    let (is_release, staging) = (variable("TRUNK_PROFILE")? == "release", variable("TRUNK_STAGING_DIR")?);
    let step = Step::start("split");
    let profile = if is_release { "wasm-release" } else { "debug" };
    let linked = workspace::target_dir().join("wasm32-unknown-unknown").join(profile).join(format!("{PROGRAM}.wasm"));
    let work = workspace::notes_dir().join("split").join(profile);

    let split = tools::split(&step, &linked, &work)?;
    let main = tools::bind(&step, &split.main, &work)?;
    let mut parts = split.parts;
    if is_release {
        shrink(&step, &mut parts, &main.wasm, &work)?;
    }
    page::publish(Path::new(&staging), &work, &main, &parts, &split.check)?;
    step.done(&format!("{} parts", parts.len()));
    Ok(())
}

/// Makes the files small and few.
fn shrink(step: &Step, parts: &mut Parts, main: &Path, work: &Path) -> Result<()> {
    let mut size_bytes = BTreeMap::new();
    for file in parts.values().flatten() {
        let wasm = std::fs::read(work.join(file)).with_context(|| format!("there is no {file}"))?;
        size_bytes.insert(file.clone(), size::loaded_bytes(&wasm).with_context(|| format!("{file} is no wasm"))?);
    }
    let bundles = sharing::bundles(parts, |file| size_bytes[file]);
    let mut made = vec![main.to_owned()];
    for bundle in &bundles {
        let files: Vec<_> = bundle.files.iter().map(|file| work.join(file)).collect();
        if bundle.is_in_main {
            tools::merge_into_main(step, main, &files)?;
        } else {
            tools::merge_parts(step, &files, work)?;
            made.push(files[0].clone());
        }
    }
    *parts = sharing::bundled(parts, &bundles);
    // After the merge: most files are small and many, and each run of the tool takes seconds to begin.
    tools::optimize(step, &made)
}
