//! What the Rust tools have to say.

use super::Workshop;
use crate::process::{cargo, run};
use crate::terminal::{Step, plain_text};
use anyhow::Result;

pub fn fmt(step: &Step, _: &Workshop) -> Result<String> {
    run(step, &mut cargo(&["fmt", "--all", "--check"]))?;
    Ok(String::new())
}

pub fn clippy(step: &Step, _: &Workshop) -> Result<String> {
    run(step, &mut cargo(&["clippy", "--workspace", "--all-targets", "--", "-D", "warnings"]))?;
    Ok(String::new())
}

/// Views are compiled for the browser only, so native clippy never sees all of them.
pub fn clippy_wasm(step: &Step, _: &Workshop) -> Result<String> {
    let target = ["--target", "wasm32-unknown-unknown"];
    run(step, cargo(&["clippy", "--package", "fanlight"]).args(target).args(["--", "-D", "warnings"]))?;
    Ok(String::new())
}

pub fn test(step: &Step, _: &Workshop) -> Result<String> {
    // Snapshots are compared, never quietly rewritten.
    let lines = run(step, cargo(&["test", "--workspace", "--no-fail-fast"]).env("INSTA_UPDATE", "no"))?;
    Ok(format!("{} tests", n_passed(&lines)))
}

pub fn doc(step: &Step, _: &Workshop) -> Result<String> {
    // Readers of these pages work on the code: what is private is what they look for.
    let doc = ["doc", "--workspace", "--no-deps", "--lib", "--document-private-items"];
    run(step, cargo(&doc).env("RUSTDOCFLAGS", "-D warnings -A rustdoc::private-intra-doc-links"))?;
    Ok(String::new())
}

/// Adds up what each test program says: `test result: ok. 12 passed; 0 failed; …`.
fn n_passed(lines: &[String]) -> u32 {
    let counts = lines.iter().filter_map(|line| {
        let line = plain_text(line);
        let (before, _) = line.strip_prefix("test result: ")?.split_once(" passed")?;
        before.rsplit(' ').next()?.parse::<u32>().ok()
    });
    counts.sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passed_tests_of_all_programs_are_added_up() {
        let lines = [
            "test result: \x1b[32mok\x1b[0m. 12 passed; 0 failed; 0 ignored",
            "test a_name_with_passed ... ok",
            "test result: ok. 3 passed; 0 failed; 1 ignored",
        ];
        assert_eq!(n_passed(&lines.map(str::to_owned)), 15);
    }
}
