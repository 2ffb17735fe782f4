//! Joins the stylesheets into the two that readers download. Trunk calls this before it builds.

use crate::fingerprint::sorted_children;
use crate::workspace;
use anyhow::{Context, Result};
use std::path::Path;

/// Weakest first. Each file wraps itself in its layer, so the order of the files does not matter once this is said.
const LAYERS: &str = "@layer reset, tokens, base, layout, components, pages;\n";

/// Writes `target/style/later.css` from every file below `style/later/`, and `target/style/fanlight.css` from the others.
pub fn join() -> Result<()> {
    let root = workspace::root();
    let (style, later) = (root.join("style"), root.join("style").join("later"));
    // Beside the clone's sources even when cargo builds elsewhere: index.html names these paths.
    let dir = root.join("target").join("style");
    std::fs::create_dir_all(&dir).with_context(|| format!("cannot create {}", dir.display()))?;
    for (name, from, without) in [("fanlight.css", &style, Some(later.as_path())), ("later.css", &later, None)] {
        let mut css = LAYERS.to_owned();
        append(from, without, &mut css)?;
        let path = dir.join(name);
        std::fs::write(&path, css).with_context(|| format!("cannot write {}", path.display()))?;
    }
    Ok(())
}

fn append(dir: &Path, without: Option<&Path>, css: &mut String) -> Result<()> {
    for child in sorted_children(dir)? {
        if Some(child.as_path()) == without {
            continue;
        }
        if child.is_dir() {
            append(&child, without, css)?;
        } else if child.extension().is_some_and(|extension| extension == "css") {
            css.push_str(&std::fs::read_to_string(&child).with_context(|| format!("cannot read {}", child.display()))?);
            css.push('\n');
        }
    }
    Ok(())
}
