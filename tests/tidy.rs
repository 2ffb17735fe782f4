//! House style that a compiler does not know: who may import what, and what must never be written.
//!
//! Each rule is one test. A rule that gets in the way of something good is changed here, with the reason.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

/// Decide, lay out, parse or print; draw nothing. A path that ends in `/` stands for everything below it.
const PURE: [&str; 39] = [
    "crates/core/src/",
    "src/routes.rs",
    "src/routes/",
    "crates/wire/src/",
    "src/components/subsequence.rs",
    "src/feedback/summary.rs",
    "src/pages/monitor/query.rs",
    "src/pages/projects/losses.rs",
    "src/pages/projects/retention.rs",
    "src/pages/projects/sort.rs",
    "src/pages/prompts/query.rs",
    "src/pages/prompt_diff/keys.rs",
    "src/pages/prompt_diff/period.rs",
    "src/pages/storage/purge.rs",
    "src/pages/storage/rows.rs",
    "src/pages/thread/keys.rs",
    "src/pages/thread/said.rs",
    "src/pages/thread/turn.rs",
    "src/pages/thread/turns.rs",
    "src/pages/threads/keys.rs",
    "src/pages/threads/query.rs",
    "src/pages/threads/row.rs",
    "src/pages/traces/cell_filter.rs",
    "src/pages/traces/cells.rs",
    "src/pages/traces/column_id.rs",
    "src/pages/traces/columns.rs",
    "src/pages/traces/filter/bar_keys.rs",
    "src/pages/traces/filter/bar_text.rs",
    "src/pages/traces/filter/edit.rs",
    "src/pages/traces/filter/facet_list.rs",
    "src/pages/traces/histogram/brush.rs",
    "src/pages/traces/histogram/layout.rs",
    "src/pages/traces/keys.rs",
    "src/pages/traces/query.rs",
    "src/pages/traces/row.rs",
    "src/pages/traces/selection.rs",
    "src/pages/traces/shape_strip.rs",
    "src/pages/traces/table/header_keys.rs",
    "src/pages/traces/time_range.rs",
];

/// One idea told in order may be longer than a file should be. Each with its reason.
const LONG_FILES: [(&str, &str); 1] = [(
    "crates/core/src/model/run_tree.rs",
    "one index over the columns of a trace: built, repaired and asked, told in order",
)];

const MAX_LINES: usize = 400;

/// Folders that hold what programs made.
const GENERATED: [&str; 9] =
    [".git", "target", "dist", "node_modules", "test-results", "playwright-report", ".venv", "__pycache__", "corpus"];

#[test]
fn pure_modules_know_no_browser() {
    check(
        |path| is_within(path, &PURE),
        |line| ["leptos", "web_sys", "js_sys", "gloo"].iter().any(|name| names(line, name)),
        "takes plain values and returns plain values; what needs the browser belongs beside it",
    );
}

#[test]
fn wire_reads_no_clock_and_does_no_io() {
    check(
        |path| path.starts_with("crates/wire/src/"),
        |line| ["SystemTime", "Instant", "Utc::now", "std::fs", "std::net"].iter().any(|name| line.contains(name)),
        "parses, prints and checks its own values; the time is passed in",
    );
}

#[test]
fn components_know_no_api_and_no_page() {
    check(
        |path| path.starts_with("src/components/"),
        |line| ["crate::api", "crate::pages", "crate::routes"].iter().any(|name| line.contains(name)),
        "takes what it shows as a prop",
    );
}

#[test]
fn only_the_api_client_talks_http() {
    check(
        |path| is_rust_of(path, "src/") && !path.starts_with("src/api/"),
        |line| names(line, "gloo_net") || line.contains("fetch_with"),
        "asks through src/api/, where a request has its error and its abort",
    );
}

#[test]
fn only_the_live_module_opens_event_streams() {
    check(
        |path| is_rust_of(path, "src/") && path != "src/live.rs",
        |line| names(line, "EventSource"),
        "listens with Live::on_event, so that one page has one stream",
    );
}

#[test]
fn only_the_store_speaks_sql() {
    check(
        |path| is_rust_of(path, "crates/server/src/") && !path.starts_with("crates/server/src/store/"),
        |line| {
            let statements = ["SELECT ", "INSERT INTO", "DELETE FROM", "CREATE TABLE", "PRAGMA "];
            names(line, "rusqlite") || statements.iter().any(|statement| line.contains(statement))
        },
        "asks the Store, which has more than one implementation to come",
    );
}

#[test]
fn only_routes_and_errors_know_status_codes() {
    check(
        |path| path.starts_with("crates/server/src/store/") || path.starts_with("crates/server/src/model/"),
        |line| names(line, "StatusCode"),
        "says what went wrong; src/http and src/error.rs say how a client hears of it",
    );
}

#[test]
fn nothing_is_left_for_later() {
    let words = ["TO".to_owned() + "DO", "FIX".to_owned() + "ME", "XX".to_owned() + "X"];
    let calls = ["dbg".to_owned() + "!(", "todo".to_owned() + "!(", "unimplemented".to_owned() + "!("];
    check(
        is_source,
        |line| words.iter().any(|word| names(line, word)) || calls.iter().any(|call| line.contains(call)),
        "do it, or open an issue and say what is missing in a sentence",
    );
}

#[test]
fn lints_are_expected_with_a_reason_and_never_allowed() {
    let allow = "[allow".to_owned() + "(";
    check(
        // A helper that several test programs include is used in part by each: no expectation holds in all of them.
        |path| path.ends_with(".rs") && !path.ends_with("_support/mod.rs"),
        |line| line.contains(&allow),
        "use #[expect(lint, reason = \"…\")], which also says when it is no longer needed",
    );
}

#[test]
fn nothing_becomes_html_from_text() {
    check(
        |path| is_rust_of(path, "src/"),
        |line| {
            let ways = ["inner_html", "innerHTML", "outer_html", "outerHTML", "insert_adjacent_html", "document.write"];
            ways.iter().any(|way| line.contains(way))
        },
        "what traces hold is hostile: make text nodes",
    );
}

#[test]
fn views_carry_no_style_attribute() {
    check(
        |path| is_rust_of(path, "src/") || path == "index.html",
        |line| line.split_whitespace().any(|word| word.starts_with("style=")),
        "the page's CSP forbids it: use a class, or a custom property with `style:--name=value`",
    );
}

#[test]
fn colours_are_written_in_the_tokens() {
    check(
        |path| (path.ends_with(".css") && path != "style/tokens.css") || is_rust_of(path, "src/"),
        |line| {
            let functions = ["rgb(", "rgba(", "hsl(", "hsla(", "oklch(", "oklab(", "hwb("];
            functions.iter().any(|function| line.contains(function)) || has_hex_colour(line)
        },
        "name a token of style/tokens.css for the job; canvases read them through src/theme.rs",
    );
}

#[test]
fn files_know_no_machine() {
    let folders = ["/wo".to_owned() + "rk/", "/ro".to_owned() + "ot/", "/Us".to_owned() + "ers/"];
    // Which registry answers is the business of each machine's configuration.
    let hosts = [("npm", "js.org"), ("pypi", ".org"), ("python", "hosted.org"), ("index.crates", ".io")];
    check(
        |_| true,
        |line| {
            let has_host = hosts.iter().any(|(start, end)| line.contains(&format!("{start}{end}")));
            has_host || folders.iter().any(|folder| line.contains(folder.as_str()))
        },
        "names a folder or a host that another machine does not have",
    );
}

#[test]
fn lock_files_name_no_registry() {
    check(
        |path| path.ends_with("package-lock.json"),
        |line| line.trim_start().starts_with("\"resolved\":"),
        "make the lock file again with omit-lockfile-registry-resolved=true in .npmrc",
    );
}

#[test]
fn unwrap_is_for_tests() {
    let mut complaints = String::new();
    for file in files().iter().filter(|file| file.is_program()) {
        let program = file.text.lines().take_while(|line| line.trim() != "#[cfg(test)]");
        for (idx, _) in program.enumerate().filter(|(_, line)| code_of(line).contains(".unwrap()")) {
            writeln!(complaints, "  {}:{}", file.path, idx + 1).expect("a string takes all");
        }
    }
    assert!(complaints.is_empty(), "use `?`, `let … else`, or an `expect` that states the invariant:\n{complaints}");
}

#[test]
fn every_file_opens_with_a_sentence_about_itself() {
    let is_opened = |file: &File| match file.path.rsplit('.').next() {
        Some("rs") => file.text.starts_with("//!"),
        Some("ts") => file.text.starts_with("//") || file.text.starts_with("/*"),
        _ => true,
    };
    let silent: Vec<_> = files().into_iter().filter(|file| !is_opened(file)).map(|file| file.path).collect();
    assert!(silent.is_empty(), "say on top what the file is: {silent:#?}");
}

#[test]
fn files_fit_in_the_head() {
    let has_reason = |file: &File| LONG_FILES.iter().any(|(path, _)| *path == file.path);
    let is_long = |file: &File| is_source(&file.path) && file.text.lines().count() > MAX_LINES;
    let long: Vec<_> = files()
        .into_iter()
        .filter(|file| is_long(file) && !has_reason(file))
        .map(|file| (file.text.lines().count(), file.path))
        .collect();
    assert!(long.is_empty(), "two ideas are two files; one long idea goes into LONG_FILES with its reason: {long:#?}");
}

#[test]
fn exceptions_are_still_needed() {
    for path in PURE.iter().chain(LONG_FILES.iter().map(|(path, _)| path)) {
        assert!(root().join(path).exists(), "tests/tidy.rs names {path}, which is gone");
    }
}

/// Fails with every line that breaks a rule, in the files that the rule is for.
#[track_caller]
fn check(is_for: impl Fn(&str) -> bool, breaks: impl Fn(&str) -> bool, instead: &str) {
    let mut complaints = String::new();
    for file in files().iter().filter(|file| is_for(&file.path)) {
        // Comments of Rust may speak of what code must not do; in other files nothing is told apart.
        let strip = |line: &'_ str| if file.path.ends_with(".rs") { code_of(line).to_owned() } else { line.to_owned() };
        for (idx, line) in file.text.lines().enumerate().filter(|(_, line)| breaks(&strip(line))) {
            writeln!(complaints, "  {}:{}: {}", file.path, idx + 1, line.trim()).expect("a string takes all");
        }
    }
    assert!(complaints.is_empty(), "{instead}:\n{complaints}");
}

struct File {
    /// From the root of the clone, with `/` between folders.
    path: String,
    text: String,
}

impl File {
    /// Whether it runs for users rather than only in tests.
    fn is_program(&self) -> bool {
        self.path.ends_with(".rs")
            && (self.path.starts_with("src/") || self.path.contains("/src/"))
            && !self.path.ends_with("tests.rs")
            && !self.path.contains("/tests/")
    }
}

/// Every text file of the clone that people write.
fn files() -> Vec<File> {
    let mut files = Vec::new();
    collect(&root(), &mut files);
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn collect(dir: &Path, files: &mut Vec<File>) {
    for entry in std::fs::read_dir(dir).expect("the clone can be listed") {
        let path = entry.expect("the clone can be listed").path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if GENERATED.contains(&name.as_str()) {
            continue;
        }
        if path.is_dir() {
            collect(&path, files);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            let path = path.strip_prefix(root()).expect("it was found below").to_string_lossy().replace('\\', "/");
            files.push(File { path, text });
        }
    }
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn is_source(path: &str) -> bool {
    [".rs", ".ts", ".mjs", ".css", ".py", ".toml"].iter().any(|extension| path.ends_with(extension))
}

fn is_rust_of(path: &str, folder: &str) -> bool {
    path.starts_with(folder) && path.ends_with(".rs")
}

fn is_within(path: &str, places: &[&str]) -> bool {
    places.iter().any(|place| path == *place || (place.ends_with('/') && path.starts_with(place)))
}

/// The line up to its comment. A `//` inside a string is taken for one only when a space precedes it.
fn code_of(line: &str) -> &str {
    match line.trim_start().starts_with("//") {
        true => "",
        false => line.split(" // ").next().unwrap_or(line),
    }
}

/// Whether the line has the word, not merely the letters.
fn names(line: &str, word: &str) -> bool {
    let is_part = |char: char| char.is_alphanumeric() || char == '_';
    line.match_indices(word)
        .any(|(start, _)| !line[..start].ends_with(is_part) && !line[start + word.len()..].starts_with(is_part))
}

/// Whether a value on the line is `#` and 3, 4, 6 or 8 hexadecimal digits. Selectors stand before the colon.
fn has_hex_colour(line: &str) -> bool {
    line.match_indices('#').any(|(start, _)| {
        let digits = line[start + 1..].chars().take_while(char::is_ascii_hexdigit).count();
        let ends = !line[start + 1 + digits..].starts_with(|char: char| char.is_alphanumeric() || char == '-');
        let is_value = line[..start].ends_with(['"', '\'']) || line[..start].contains(':');
        matches!(digits, 3 | 4 | 6 | 8) && ends && is_value
    })
}

#[test]
fn what_the_rules_see_is_what_is_meant() {
    assert!(names("use leptos::prelude::*;", "leptos"));
    assert!(!names("let n_leptospirae = 1;", "leptos"));
    assert!(has_hex_colour("color: #fff;") && has_hex_colour("let red = \"#B3261E\";"));
    assert!(!has_hex_colour("#feed { }") && !has_hex_colour("issue: #12") && !has_hex_colour("href: #features"));
    assert_eq!(code_of("let url = \"http://x\"; // why"), "let url = \"http://x\";");
    assert_eq!(code_of("    // only words"), "");
}
