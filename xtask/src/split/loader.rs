//! The JavaScript that fetches the parts: what the splitter says of them, and what readers get. Text in, text out.

use anyhow::{Context, Result, ensure};
use std::collections::{BTreeMap, BTreeSet};

const LOADER: &str = include_str!("loader.js");

/// Where the splitter has its own loaders, and what wasm-bindgen's script therefore imports.
const MODULE: &str = "\"./__wasm_split.js\"";

/// The files of each part, by its name.
pub type Parts = BTreeMap<String, BTreeSet<String>>;

/// Reads from the splitter's script which file holds code of which parts.
///
/// ```text
/// /* projects, traces */
/// const __chunk_4 = … fetch(new URL("./chunk_4.wasm", …
/// export const __wasm_split_load_traces = … fetch(new URL("./split_traces.wasm", …
/// ```
pub fn parts_of_splitter(script: &str) -> Result<Parts> {
    let mut parts = Parts::new();
    let mut sharers: Vec<&str> = Vec::new();
    for line in script.lines() {
        if let Some(names) = line.strip_prefix("/* ").and_then(|rest| rest.strip_suffix(" */")) {
            sharers = names.split(", ").collect();
        } else if let Some((_, rest)) = line.split_once("const __wasm_split_load_") {
            let name = rest.split(' ').next().unwrap_or_default();
            sharers = vec![name];
            // One whose code is all shared has no file of its own.
            parts.entry(name.to_owned()).or_default();
        } else if let Some(file) = line.split_once("new URL(\"./").and_then(|(_, rest)| rest.split('"').next()) {
            ensure!(!sharers.is_empty(), "the splitter does not say which parts need {file}");
            for name in &sharers {
                parts.entry((*name).to_owned()).or_default().insert(file.to_owned());
            }
        }
    }
    ensure!(parts.values().any(|files| !files.is_empty()), "the splitter names no file of any part");
    Ok(parts)
}

/// What modules built for debugging import as a check that they belong together: `__canary_0123: ~0xdead,`.
pub fn check_of_splitter(script: &str) -> &str {
    let start = script.split_once("{ __wasm_split: {").map(|(_, rest)| rest);
    start.and_then(|rest| rest.split('}').next()).unwrap_or_default().trim()
}

/// wasm-bindgen's script with the loaders of `parts` in it. `check` is as in [`check_of_splitter`].
pub fn script(bindgen: &str, parts: &Parts, check: &str) -> Result<String> {
    let rows: Vec<String> = parts.iter().map(|(name, files)| row(name, files)).collect();
    let loader = LOADER.replace("__PARTS__", &rows.join("\n")).replace("__CHECK__", check);
    let is_import = |line: &str| line.starts_with("import ") && line.contains(MODULE);
    ensure!(bindgen.lines().any(is_import), "wasm-bindgen imports no loader: is no part called?");

    let mut script = String::new();
    loader.lines().for_each(|line| push_line(&mut script, line));
    for line in bindgen.lines().filter(|line| !is_import(line)) {
        match line.split_once(MODULE) {
            Some(_) => push_line(&mut script, &format!("{MODULE}: loaders,")),
            None => push_line(&mut script, line),
        }
    }
    Ok(script)
}

/// The parts that a script made here fetches.
pub fn parts_of_script(script: &str) -> Result<Parts> {
    let rows = script.lines().filter_map(read_row).collect::<Parts>();
    (!rows.is_empty()).then_some(rows).context("the script fetches no parts")
}

/// `traces: ["a.wasm", "b.wasm"],`
fn row(name: &str, files: &BTreeSet<String>) -> String {
    let files: Vec<String> = files.iter().map(|file| format!("\"{file}\"")).collect();
    format!("{name}: [{}],", files.join(", "))
}

fn read_row(line: &str) -> Option<(String, BTreeSet<String>)> {
    let (name, files) = line.strip_suffix("],")?.split_once(": [")?;
    let files = files.split(", ").map(|file| file.strip_prefix('"')?.strip_suffix('"').map(str::to_owned));
    Some((name.to_owned(), files.collect::<Option<_>>()?))
}

/// Leaves out indentation and comments: every reader downloads this, and none of it depends on them.
fn push_line(script: &mut String, line: &str) {
    let line = line.trim();
    let is_comment = line == "*" || ["//", "/*", "* ", "*/"].iter().any(|start| line.starts_with(start));
    if !line.is_empty() && !is_comment {
        script.push_str(line);
        script.push('\n');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPLITTER: &str = r#"import { initSync } from "./fanlight.js";
function getSharedImports() {
        sharedImports = { __wasm_split: { __canary_68: ~0xdead, } };
}
/* projects, traces */
const __chunk_4 = makeLoad(() => {
    const src = fetch(new URL("./chunk_4.wasm", import.meta.url));
}
, []);
export const __wasm_split_load_traces = wrapAsyncCb(makeLoad(() => {
    const src = fetch(new URL("./split_traces.wasm", import.meta.url));
}
, [__chunk_4]));
export const __wasm_split_load_projects = wrapAsyncCb(makeLoad(() => async (_imp) => ({}), [__chunk_4]));
"#;

    fn parts(rows: &[(&str, &[&str])]) -> Parts {
        let files = |files: &[&str]| files.iter().map(|&file| file.to_owned()).collect();
        rows.iter().map(|&(name, row)| (name.to_owned(), files(row))).collect()
    }

    #[test]
    fn the_splitter_says_which_part_needs_which_file() {
        let expected = parts(&[("projects", &["chunk_4.wasm"]), ("traces", &["chunk_4.wasm", "split_traces.wasm"])]);
        assert_eq!(parts_of_splitter(SPLITTER).unwrap(), expected);
        assert_eq!(check_of_splitter(SPLITTER), "__canary_68: ~0xdead,");
        assert!(parts_of_splitter("export {};").is_err(), "another version writes something else");
    }

    #[test]
    fn the_loaders_take_the_place_of_the_splitters() {
        let bindgen = "import * as import1 from \"./__wasm_split.js\"\n/**\n * Words.\n */\nlet wasm;\n\
                       return {\n    \"./__wasm_split.js\": import1,\n};";
        let parts = parts(&[("projects", &[]), ("traces", &["a.wasm", "b.wasm"])]);
        let script = script(bindgen, &parts, "").unwrap();
        assert!(script.starts_with("const loaders = "), "{script}");
        assert!(script.ends_with("let wasm;\nreturn {\n\"./__wasm_split.js\": loaders,\n};\n"), "{script}");
        assert!(!script.contains("import1") && !script.contains("__PARTS__"), "{script}");
        assert_eq!(parts_of_script(&script).unwrap()["traces"], parts["traces"]);
    }
}
