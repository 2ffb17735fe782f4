//! Puts the files under their final names where Trunk's own were, and changes the page accordingly.

use super::PROGRAM;
use super::loader::{self, Parts};
use super::tools::Main;
use crate::fingerprint::{Fingerprint, sorted_children};
use anyhow::{Context, Result, bail};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};

/// The start of the names of the script and of the main wasm.
const MAIN: &str = "fanlight";

/// The start of the name of the stylesheet below `style/later/`.
const LATER: &str = "later-";

/// Parts that need nothing of it: where people begin, and lists.
const PLAIN_PARTS: [&str; 10] =
    ["filters", "overview", "palette", "projects", "prompts", "storage", "threads", "times", "tools", "traces"];

/// Moves everything into `staging` with hashes in the names. `work` holds the files of `parts`.
pub fn publish(staging: &Path, work: &Path, main: &Main, parts: &Parts, check: &str) -> Result<()> {
    let mut new_names = BTreeMap::new();
    for file in parts.values().flatten().collect::<BTreeSet<_>>() {
        new_names.insert(file, add(staging, &work.join(file), public_name(file))?);
    }
    let renamed = |files: &BTreeSet<String>| files.iter().map(|file| new_names[file].clone()).collect();
    let mut parts: Parts = parts.iter().map(|(name, files)| (name.clone(), renamed(files))).collect();
    let page = staging.join("index.html");
    let mut html = std::fs::read_to_string(&page).with_context(|| format!("cannot read {}", page.display()))?;
    let later = take_stylesheet(&mut html).context("the page does not name the stylesheet of what is shown later")?;
    for (_, files) in parts.iter_mut().filter(|(name, _)| !PLAIN_PARTS.contains(&name.as_str())) {
        files.insert(later.clone());
    }
    let script = work.join("script.js");
    std::fs::write(&script, loader::script(&main.script, &parts, check)?)
        .with_context(|| format!("cannot write {}", script.display()))?;

    for (ending, replacement) in [(".js", script.as_path()), (".wasm", main.wasm.as_path())] {
        let old = made_by_trunk(staging, ending)?;
        let old_name = old.file_name().and_then(|name| name.to_str()).context("Trunk chose an odd name")?;
        html = html.replace(old_name, &add(staging, replacement, MAIN)?);
        std::fs::remove_file(&old).with_context(|| format!("cannot remove {}", old.display()))?;
    }
    std::fs::write(&page, html).with_context(|| format!("cannot write {}", page.display()))
}

/// Takes the link to the stylesheet that parts fetch out of the page. Returns the file's name.
fn take_stylesheet(html: &mut String) -> Option<String> {
    let name_start = html.find(&format!("/{LATER}"))? + 1;
    let name_end = name_start + html[name_start..].find(".css")? + ".css".len();
    let name = html[name_start..name_end].to_owned();
    let link_start = html[..name_start].rfind("<link")?;
    let link_end = name_end + html[name_end..].find('>')? + 1;
    html.replace_range(link_start..link_end, "");
    Some(name)
}

/// Copies a file to `staging` as `NAME-HASH.ENDING`, which never stands for anything else. Returns that name.
fn add(staging: &Path, file: &Path, name: &str) -> Result<String> {
    let ending = file.extension().and_then(|ending| ending.to_str()).context("a file without an ending")?;
    let name = format!("{name}-{}.{ending}", Fingerprint::of_files(&[file.to_owned()])?);
    std::fs::copy(file, staging.join(&name)).with_context(|| format!("cannot copy {}", file.display()))?;
    Ok(name)
}

/// The splitter says `split_traces.wasm`, and `chunk_4.wasm` of what parts share, numbered as others happen to be.
fn public_name(file: &str) -> &str {
    let stem = file.strip_suffix(".wasm").unwrap_or(file);
    stem.strip_prefix("split_").unwrap_or("shared")
}

/// What Trunk made of the unsplit wasm.
fn made_by_trunk(staging: &Path, ending: &str) -> Result<PathBuf> {
    let is_it = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        name.starts_with(PROGRAM) && name.ends_with(ending)
    };
    match sorted_children(staging)?.into_iter().filter(is_it).collect::<Vec<_>>().as_slice() {
        [path] => Ok(path.clone()),
        others => bail!("Trunk left {} files like {PROGRAM}-….{ending} where one was expected", others.len()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stylesheet_of_parts_is_no_business_of_the_page() {
        let (before, after) = ("<link href=/fanlight-1.css rel=stylesheet>", "<script></script>");
        for link in
            ["<link href=/later-2.css integrity=x rel=stylesheet>", "<link rel=\"stylesheet\" href=\"/later-2.css\"/>"]
        {
            let mut html = format!("{before}{link}{after}");
            assert_eq!(take_stylesheet(&mut html).as_deref(), Some("later-2.css"));
            assert_eq!(html, format!("{before}{after}"));
        }
        assert_eq!(take_stylesheet(&mut before.to_owned()), None);
    }

    #[test]
    fn a_part_is_called_by_its_name_and_what_is_shared_is_called_that() {
        assert_eq!(public_name("split_trace.wasm"), "trace");
        assert_eq!(public_name("chunk_12.wasm"), "shared");
    }
}
