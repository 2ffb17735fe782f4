//! Weighs what a reader downloads before a page shows.

use super::Workshop;
use crate::split::loader::{self, Parts};
use crate::terminal::{self, Step};
use crate::{process, workspace};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use std::fmt::Write as _;

/// A page where people begin, the parts that are fetched to show it, and what it may take, compressed with brotli.
type StartPage = (&'static str, &'static [&'static str], u64);

/// docs/budgets.md promises 400 KiB. The traces are above it, and said to be there.
const START_PAGES: [StartPage; 2] = [("projects", &["projects"], 400 * 1024), ("traces", &["traces"], 465_000)];

/// A link to a trace, opened by somebody who was never here: reported, not limited.
const LINKED_PAGE: (&str, &[&str]) = ("a linked trace", &["trace", "details"]);

/// Prints one `name raw_bytes brotli_bytes` line per file. Quality 11 is what the server is built with.
const WEIGH_SCRIPT: &str = "
    const fs = require('fs'), path = require('path'), zlib = require('zlib');
    for (const name of fs.readdirSync(process.argv[1]).sort()) {
        const bytes = fs.readFileSync(path.join(process.argv[1], name));
        console.log(name, bytes.length, zlib.brotliCompressSync(bytes).length);
    }";

/// A file of `dist/`, as it is and as the server sends it.
#[derive(Clone, Debug, PartialEq, Eq)]
struct File {
    name: String,
    raw_bytes: u64,
    brotli_bytes: u64,
}

/// Fails when the files of a first load, compressed with brotli, are more than the budget.
pub fn weigh(step: &Step, _: &Workshop) -> Result<String> {
    step.set_detail("compressing");
    let dist = workspace::dist_dir();
    let answer = process::ask(process::command("node").args(["-e", WEIGH_SCRIPT]).arg(&dist))
        .context("cannot compress the bundle with Node")?;
    let files = answer.lines().map(read_line).collect::<Option<Vec<_>>>().context("Node printed something else")?;
    let parts = parts_in(&files)?;

    let weigh = |of: &[&str]| first_load_bytes(&files, &parts, of);
    let weighed = START_PAGES.map(|(page, of, allowed)| (weigh(of), page, allowed));
    let pages = weighed.iter().map(|(bytes, page, _)| (*bytes, *page)).chain([(weigh(LINKED_PAGE.1), LINKED_PAGE.0)]);
    let table = table(&files, &parts, &pages.collect::<Vec<_>>());
    for (bytes, page, allowed) in weighed {
        ensure!(bytes <= allowed, "a first load of {page} takes {bytes} bytes, {allowed} are allowed\n{table}");
    }
    terminal::say(&table);
    let said = weighed.map(|(bytes, page, allowed)| format!("{page}: {bytes} of {allowed}"));
    Ok(format!("{} bytes brotli", said.join(", ")))
}

fn read_line(line: &str) -> Option<File> {
    // From the right: a name may hold spaces.
    let mut words = line.rsplitn(3, ' ');
    let brotli_bytes = words.next()?.parse().ok()?;
    let raw_bytes = words.next()?.parse().ok()?;
    Some(File { name: words.next()?.to_owned(), raw_bytes, brotli_bytes })
}

/// The parts that the script in the bundle fetches later.
fn parts_in(files: &[File]) -> Result<Parts> {
    let script = files.iter().find(|file| file.name.ends_with(".js")).context("there is no script in the bundle")?;
    loader::parts_of_script(&std::fs::read_to_string(workspace::dist_dir().join(&script.name))?)
}

/// What is downloaded on every page: all that no part is waiting for.
fn base<'a>(files: &'a [File], parts: &Parts) -> impl Iterator<Item = &'a File> {
    let of_parts: BTreeSet<String> = parts.values().flatten().cloned().collect();
    files.iter().filter(move |file| !of_parts.contains(&file.name))
}

fn first_load_bytes(files: &[File], parts: &Parts, of: &[&str]) -> u64 {
    let is_needed =
        |file: &&File| of.iter().any(|part| parts.get(*part).is_some_and(|names| names.contains(&file.name)));
    base(files, parts).chain(files.iter().filter(is_needed)).map(|file| file.brotli_bytes).sum()
}

/// The files of every page, those of each part, and what first loads come to.
fn table(files: &[File], parts: &Parts, first_loads: &[(u64, &str)]) -> String {
    let mut table = format!("    {:<50} {:>9} {:>9}\n", "", "bytes", "brotli");
    let mut rows = |title: &str, files: &mut dyn Iterator<Item = &File>| {
        _ = writeln!(table, "    {title}");
        for File { name, raw_bytes, brotli_bytes } in files {
            _ = writeln!(table, "      {name:<48} {raw_bytes:>9} {brotli_bytes:>9}");
        }
    };
    rows("every page", &mut base(files, parts));
    for (part, names) in parts {
        rows(part, &mut files.iter().filter(|file| names.contains(&file.name)));
    }
    table.push_str("    first load\n");
    for (bytes, page) in first_loads {
        _ = writeln!(table, "      {page:<58} {bytes:>9}");
    }
    table.trim_end().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_first_load_is_what_every_page_needs_and_what_its_part_needs() {
        let files: Vec<File> = ["index.html 100 10", "a b.wasm 200 20", "traces.wasm 300 30", "shared.wasm 400 40"]
            .into_iter()
            .map(|line| read_line(line).unwrap())
            .collect();
        let names = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
        let parts = Parts::from([
            ("traces".to_owned(), names(&["shared.wasm", "traces.wasm"])),
            ("projects".to_owned(), names(&["shared.wasm"])),
        ]);
        assert_eq!(first_load_bytes(&files, &parts, &["traces"]), 100);
        assert_eq!(first_load_bytes(&files, &parts, &["projects"]), 70);
        assert_eq!(first_load_bytes(&files, &parts, &["projects", "traces"]), 100, "what is shared counts once");
    }
}
