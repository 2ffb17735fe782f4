//! `docs/filters.md` is true: its examples are read, its two forms mean the same, its table is the table.

use crate::filter::fields::FIELDS;
use crate::filter::{FUNCTIONS, parse, short};

const DOCS: &str = include_str!("../../../../../docs/filters.md");

/// The backticked pieces of a line's cell.
fn pieces(cell: &str) -> Vec<&str> {
    cell.split('`').skip(1).step_by(2).collect()
}

/// The rows of the table below a heading, cell by cell.
fn table(heading: &str) -> Vec<Vec<&'static str>> {
    let section = DOCS.split("\n## ").find(|section| section.starts_with(heading)).expect(heading);
    let rows = section.lines().filter(|line| line.starts_with("| ")).skip(2);
    rows.map(|row| row.trim_matches(['|', ' ']).split(" | ").collect()).collect()
}

#[test]
fn every_example_is_read() {
    let blocks = DOCS.split("```filter\n").skip(1).map(|block| block.split("```").next().unwrap_or_default());
    let examples: Vec<&str> = blocks.flat_map(str::lines).collect();
    assert!(examples.len() > 8, "the examples are found");
    for example in examples {
        short::parse(example).unwrap_or_else(|error| panic!("{example}: {error}"));
    }
}

#[test]
fn every_short_form_of_the_table_is_read() {
    let rows = table("The short form");
    assert!(rows.len() > 10);
    for example in rows.iter().flat_map(|row| pieces(row[0])) {
        short::parse(example).unwrap_or_else(|error| panic!("{example}: {error}"));
    }
}

#[test]
fn both_forms_mean_the_same() {
    let rows = table("The same in both forms");
    assert!(rows.len() > 10);
    for row in rows {
        let (short, call) = (pieces(row[0])[0], pieces(row[1])[0]);
        assert_eq!(short::parse(short).expect(short), parse(call).expect(call), "{short}");
    }
}

#[test]
fn every_field_and_function_is_documented() {
    let rows: Vec<String> = table("Fields").iter().map(|row| row.join(" | ")).collect();
    let expected: Vec<String> =
        FIELDS.iter().map(|info| format!("`{}` | `{}` | {}", info.short, info.name, info.help)).collect();
    assert_eq!(rows, expected);
    for function in &FUNCTIONS {
        assert!(table("Calls").iter().any(|row| row[0].contains(function.name)), "{} is missing", function.name);
    }
}
