//! The programs that work on the wasm. They are in PATH, where `cargo xtask` puts them before it starts Trunk.

use super::loader::{self, Parts};
use crate::terminal::Step;
use crate::toolbox::{wasm_opt, wasm_split};
use crate::{process, workspace};
use anyhow::{Context, Result, ensure};
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

/// Puts what `files` hold into `main`, which they import from.
pub fn merge(step: &Step, main: &Path, files: &[PathBuf]) -> Result<()> {
    let mut merger = wasm_opt::command("wasm-merge");
    // The second name is what others import from.
    merger.arg(main).arg("__wasm_split");
    for file in files {
        merger.arg(file).arg(file.file_stem().context("a file without a name")?);
    }
    process::run(step, merger.arg("-o").arg(main).args(FEATURES))?;
    Ok(())
}

fn read(path: &Path) -> Result<String> {
    let text = std::fs::read_to_string(path).with_context(|| format!("cannot read {}", path.display()))?;
    ensure!(!text.is_empty(), "{} is empty", path.display());
    Ok(text)
}
