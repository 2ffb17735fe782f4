//! The programs that work on the wasm. They are in PATH, where `cargo xtask` puts them before it starts Trunk.

use super::loader::{self, Parts};
use crate::terminal::Step;
use crate::toolbox::{wasm_opt, wasm_split};
use crate::{process, workspace};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Mutex;

/// What the wasm may use, and does: all of it is in browsers since 2022.
const FEATURES: [&str; 6] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
];

/// What the splitter made of the linked wasm.
pub struct Split {
    /// The wasm with which everything begins, for wasm-bindgen.
    pub main: PathBuf,
    /// Their files are in the work folder.
    pub parts: Parts,
    /// As in [`loader::check_of_splitter`].
    pub check: String,
}

/// The wasm with which everything begins, and the script around it.
pub struct Main {
    pub wasm: PathBuf,
    pub script: String,
}

/// Splits `linked` into files in `work`, which is emptied first.
pub fn split(step: &Step, linked: &Path, work: &Path) -> Result<Split> {
    if work.exists() {
        std::fs::remove_dir_all(work).with_context(|| format!("cannot empty {}", work.display()))?;
    }
    std::fs::create_dir_all(work).with_context(|| format!("cannot create {}", work.display()))?;
    let mut splitter = process::command(workspace::executable(wasm_split::PROGRAM));
    process::run(step, splitter.arg(linked).arg(work).args(["--out-name", "main"]))?;
    let script = read(&work.join("__wasm_split.js"))?;
    Ok(Split {
        main: work.join("main.wasm"),
        parts: loader::parts_of_splitter(&script)?,
        check: loader::check_of_splitter(&script).to_owned(),
    })
}

/// Runs wasm-bindgen. The parts find what they need in the exports that it is told to keep.
pub fn bind(step: &Step, wasm: &Path, work: &Path) -> Result<Main> {
    let out = work.join("bound");
    let mut bindgen = process::command(workspace::executable("wasm-bindgen"));
    bindgen.args(["--target=web", "--keep-lld-exports", "--no-demangle", "--no-typescript", "--out-name=main"]);
    process::run(step, bindgen.arg("--omit-default-module-path").arg("--out-dir").arg(&out).arg(wasm))?;
    Ok(Main { wasm: out.join("main_bg.wasm"), script: read(&out.join("main.js"))? })
}

/// Makes each file smaller, as many at a time as there are cores.
pub fn optimize(step: &Step, files: &[PathBuf]) -> Result<()> {
    let waiting = Mutex::new(files.iter());
    let work = || -> Result<()> {
        loop {
            let next = waiting.lock().expect("no one panics while taking a file").next();
            let Some(file) = next else { return Ok(()) };
            let mut optimizer = wasm_opt::command("wasm-opt");
            optimizer.arg(file).arg("-o").arg(file).args(FEATURES);
            process::run(
                step,
                optimizer.args(["-Oz", "--strip-debug", "--strip-producers", "--strip-target-features"]),
            )?;
        }
    };
    let n_workers = std::thread::available_parallelism().map_or(1, |n_cores| n_cores.get().min(files.len()));
    std::thread::scope(|scope| {
        let workers: Vec<_> = (0..n_workers).map(|_| scope.spawn(work)).collect();
        workers.into_iter().try_for_each(|worker| worker.join().expect("the work does not panic"))
    })
}

/// What all files import from: the main one.
const MAIN_MODULE: &str = "__wasm_split";

/// What files that were put together import the memory and the table from: the main one, too. See [`merge_parts`].
const MEMORY_MODULE: &str = "__wasm_memory";

/// Puts what `files` hold into `main`. Files that import from it find it as [`MAIN_MODULE`].
pub fn merge_into_main(step: &Step, main: &Path, files: &[PathBuf]) -> Result<()> {
    merge(step, (main, MAIN_MODULE), files, main)
}

/// Puts what `files` hold into the first of them.
///
/// Each imports the memory and the table of the main file. Put together they would have several, which no browser had
/// to take until lately: a module in between has each once.
pub fn merge_parts(step: &Step, files: &[PathBuf], work: &Path) -> Result<()> {
    let [into, others @ ..] = files else { return Ok(()) };
    if others.is_empty() {
        return Ok(());
    }
    let between = work.join("memory.wat");
    // All say the same of what they import; few import only one of the two.
    let mut lines = BTreeSet::new();
    for file in files {
        let text = process::ask(wasm_opt::command("wasm-dis").arg(file).args(FEATURES))
            .with_context(|| format!("wasm-dis cannot read {}", file.display()))?;
        lines.extend(text.lines().filter_map(memory_or_table));
        if lines.len() == 2 {
            break;
        }
    }
    std::fs::write(&between, format!("(module\n{})\n", lines.into_iter().collect::<String>()))
        .with_context(|| format!("cannot write {}", between.display()))?;
    merge(step, (&between, MAIN_MODULE), files, into)
}

/// From an import of the memory or the table the same for the module in between, which hands it on. `None` for other lines.
///
/// ```text
///  (import "__wasm_split" "memory" (memory $mimport$0 22))
/// ```
fn memory_or_table(line: &str) -> Option<String> {
    let (name, kind) = line.trim().strip_prefix("(import \"__wasm_split\" \"")?.split_once("\" ")?;
    let kind = kind.strip_suffix(')')?;
    let is_wanted = kind.starts_with("(memory ") || kind.starts_with("(table ");
    is_wanted.then(|| {
        let id = kind.split_whitespace().nth(1).unwrap_or_default();
        let sort = if kind.starts_with("(memory") { "memory" } else { "table" };
        format!(" (import \"{MEMORY_MODULE}\" \"{name}\" {kind})\n (export \"{name}\" ({sort} {id}))\n")
    })
}

fn merge(step: &Step, (first, module): (&Path, &str), files: &[PathBuf], into: &Path) -> Result<()> {
    if files.is_empty() {
        return Ok(());
    }
    let mut merger = wasm_opt::command("wasm-merge");
    merger.arg(first).arg(module);
    for file in files {
        merger.arg(file).arg(file.file_stem().context("a file without a name")?);
    }
    process::run(step, merger.arg("-o").arg(into).args(FEATURES))?;
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(!text.is_empty(), "{} is empty", path.display());
    Ok(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn memory_and_table_are_handed_on_and_functions_are_not() {
        let line = r#" (import "__wasm_split" "memory" (memory $mimport$0 22))"#;
        let handed_on =
            " (import \"__wasm_memory\" \"memory\" (memory $mimport$0 22))\n (export \"memory\" (memory $mimport$0))\n";
        assert_eq!(memory_or_table(line).as_deref(), Some(handed_on));
        assert!(memory_or_table(r#" (import "__wasm_split" "t" (table $timport$0 10620 funcref))"#).is_some());
        assert_eq!(memory_or_table(r#" (import "__wasm_split" "f" (func $fimport$0 (param i32)))"#), None);
    }
}
