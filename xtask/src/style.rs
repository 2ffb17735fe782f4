//! Joins the stylesheets into the one that readers download. Trunk calls this before it builds.

use crate::fingerprint::sorted_children;
use crate::workspace;
use anyhow::{Context, Result};
use std::path::Path;

/// Weakest first. Each file wraps itself in its layer, so the order of the files does not matter once this is said.
const LAYERS: &str = "@layer reset, tokens, base, layout, components, pages;\n";

/// Writes `target/style/fanlight.css` from every file below `style/`.
pub fn join() -> Result<()> {
    let root = workspace::root();
    let mut css = LAYERS.to_owned();
    append(&root.join("style"), &mut css)?;
    // Beside the clone's sources even when cargo builds elsewhere: index.html names this path.
    let dir = root.join("target").join("style");
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
    let path = dir.join("fanlight.css");
    std::fs::write(&path, css).with_context(|| format!("cannot write {}", path.display()))
}

fn append(dir: &Path, css: &mut String) -> Result<()> {
    for child in sorted_children(dir)? {
        if child.is_dir() {
            append(&child, css)?;
        } else if child.extension().is_some_and(|extension| extension == "css") {
            css.push_str(&std::fs::read_to_string(&child).with_context(|| format!("cannot read {}", child.display()))?);
            css.push('\n');
        }
    }
    Ok(())
}
