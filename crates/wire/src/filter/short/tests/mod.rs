//! What people type, and what it means.

mod conditions;
mod errors;
mod terms;

use super::{KEYWORDS, parse, print};
use crate::filter::fields::FIELDS;
use crate::filter::testing::any_filter;
use crate::filter::{Filter, parse as parse_calls, print as print_calls};
use expect_test::Expect;
use proptest::prelude::*;

/// Each line, what it means in calls, and how it is printed where that differs.
#[track_caller]
fn check(lines: &str, expected: Expect) {
    let mut shown = String::new();
    for line in lines.trim().lines().map(str::trim) {
        let filter = parse(line).unwrap_or_else(|error| panic!("{line}: {error}"));
        let printed = print(&filter).unwrap_or_else(|| panic!("{line} is not printed"));
        assert_eq!(parse(&printed).as_ref(), Ok(&filter), "{printed} is read as something else");
        shown += &format!("{line}\n    {}\n", print_calls(&filter));
        if printed != line {
            shown += &format!("    {printed}\n");
        }
    }
    expected.assert_eq(&shown);
}

#[test]
fn every_example_of_the_tables_reads_and_prints_as_itself() {
    let fields = FIELDS.iter().map(|info| info.example);
    for example in fields.chain(KEYWORDS.iter().map(|keyword| keyword.example)) {
        let filter = parse(example).unwrap_or_else(|error| panic!("{example}: {error}"));
        let printed = print(&filter).unwrap();
        assert_eq!(parse(&printed), Ok(filter), "{example} is printed as {printed}");
    }
}

#[test]
fn calls_are_read_too() {
    for text in [r#"and(eq(status, "error"), gt(latency, "5s"))"#, r#"  search ("x")"#] {
        assert_eq!(parse(text), parse_calls(text), "{text}");
    }
    assert_eq!(parse("  "), Ok(Filter::ALL));
    assert_eq!(print(&Filter::ALL), Some(String::new()));
}

#[test]
fn what_only_calls_can_say_is_not_printed() {
    for text in [
        r#"has(metadata, '{"a": 1}')"#,
        r#"and(eq(feedback_key, "k"), gt(feedback_score, 1), eq(feedback_source, "app"))"#,
        "or()",
        "not(and())",
        "in(name, [])",
    ] {
        assert_eq!(print(&parse_calls(text).unwrap()), None, "{text}");
    }
}

#[test]
fn limits_are_errors_not_crashes() {
    for deep in ["(".repeat(5000), "-".repeat(5000), "NOT ".repeat(4000), "any(".repeat(4000)] {
        assert!(parse(&deep).unwrap_err().message.contains("64 deep"));
    }
    assert!(parse(&"a ".repeat(501)).unwrap_err().message.contains("500"));
    assert!(parse(&"a ".repeat(10_000)).unwrap_err().message.contains("16384"));
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(500))]

    #[test]
    fn what_is_printed_reads_back_as_the_same(filter in any_filter()) {
        if let Some(printed) = print(&filter) {
            prop_assert_eq!(parse(&printed), Ok(filter), "{}", printed);
        }
    }

    #[test]
    fn what_is_read_says_the_same_in_calls(text in r#"(-?(status:error|latency:>1s|name:a\*|meta\.a:[=>]?1|\(|\)|OR|AND|NOT|any\(|x|"y"|tag:a,b,?|score:1\.\.2) ?){0,8}"#) {
        if let Ok(filter) = parse(&text) {
            prop_assert_eq!(parse_calls(&print_calls(&filter)), Ok(filter.clone()));
            if let Some(printed) = print(&filter) {
                prop_assert_eq!(parse(&printed), Ok(filter), "{}", printed);
            }
        }
    }

    #[test]
    fn reading_never_panics(text in r#"([a-z_]{1,4}|status|meta|:|\.|\.\.|"|\\|\(|\)|,|>|=|!|~|\*|-| |é|5s|OR|any\(){0,20}"#) {
        if let Err(error) = parse(&text) {
            prop_assert!(text.get(error.span.clone()).is_some(), "{:?}", error);
        }
    }
}
