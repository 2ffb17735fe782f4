//! Takes the code of the dashboard's parts out of its wasm, so that readers download a part when it is first shown.
//! Trunk calls this after each build; docs/decisions/0005-wasm-splitting.md says why it is done this way.
//!
//! The linked wasm goes through the splitter, and the main file, with which everything begins, through wasm-bindgen
//! ([`tools`]). In a release all files are made small, and some of what parts share goes back into the main one
//! ([`sharing`]). What comes of it takes the place of Trunk's own script and wasm in the page ([`page`]).

pub mod loader;
mod page;
mod sharing;
mod tools;

use crate::terminal::Step;
use crate::workspace;
use anyhow::{Context, Result};
use loader::Parts;
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
    let (mut merged, mut kept) = (Vec::new(), Vec::new());
    for (file, n_sharers) in sharing::sharers(parts) {
        let size_bytes = std::fs::metadata(work.join(&file)).with_context(|| format!("there is no {file}"))?.len();
        if sharing::belongs_in_main(n_sharers, size_bytes) {
            merged.push(work.join(&file));
            parts.values_mut().for_each(|files| {
                files.remove(&file);
            });
        } else {
            kept.push(work.join(&file));
        }
    }
    tools::merge(step, main, &merged)?;
    // After the merge: most files are small and many, and each run of the tool takes seconds to begin.
    kept.push(main.to_owned());
    tools::optimize(step, &kept)
}
