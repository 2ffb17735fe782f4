//! What clicks on facets and chips make of a filter.

use super::*;
use crate::filter::eval::matches;
use crate::filter::short::{parse, print};
use crate::filter::testing::{any_filter, any_run_facts};
use expect_test::{Expect, expect};
use proptest::prelude::*;

fn read(text: &str) -> Filter {
    parse(text).expect(text)
}

#[track_caller]
fn check(edited: Filter, expected: &str) {
    assert_eq!(print(&edited).as_deref(), Some(expected), "{edited:?}");
}

#[test]
fn two_values_of_one_facet_are_alternatives() {
    check(include(read(""), &FacetKey::Name, "a b"), "name:\"a b\"");
    check(include(read("name:a latency:>1s"), &FacetKey::Name, "b"), "name:a,b latency:>1s");
    check(include(read("meta.env:prod"), &FacetKey::Metadata("env".into()), "dev"), "meta.env:prod,dev");
    check(include(read("feedback:a"), &FacetKey::Feedback, "b"), "feedback:a,b");
    check(include(read("meta.env:prod"), &FacetKey::MetadataKeys, "user"), "meta.env:prod meta:user");
    check(include(read("name:a"), &FacetKey::Name, "a"), "name:a");
    check(include(read("tag:a tag:a,b"), &FacetKey::Tag, "a"), "tag:a tag:a,b");
    check(include(read("status:error"), &FacetKey::Status, "pending"), "status:error,pending");
}

#[test]
fn excluded_values_stand_on_their_own() {
    check(exclude(read("status:error"), &FacetKey::Name, "a"), "status:error -name:a");
    check(exclude(read("-name:a"), &FacetKey::Name, "b"), "-name:a -name:b");
    check(exclude(read("name:a,b"), &FacetKey::Name, "a"), "name:b -name:a");
    check(exclude(read("tag:a"), &FacetKey::Tag, "a"), "-tag:a");
    check(exclude(read(""), &FacetKey::Metadata("env".into()), "dev"), "-meta.env:dev");
}

#[test]
fn a_value_is_on_one_side_only() {
    check(include(read("-name:a -name:b"), &FacetKey::Name, "a"), "-name:b name:a");
    check(include(read("-name:a,b"), &FacetKey::Name, "a"), "-name:b name:a");
}

#[test]
fn clearing_takes_back_one_value_or_all() {
    check(clear(read("name:a,b type:llm"), &FacetKey::Name, "a"), "name:b type:llm");
    check(clear(read("name:a type:llm"), &FacetKey::Name, "a"), "type:llm");
    check(clear(read("-tag:a"), &FacetKey::Tag, "a"), "");
    check(clear_facet(read("name:a -name:b name:c* type:llm"), &FacetKey::Name), "type:llm");
    check(clear_facet(read("meta.env:a meta.env:>3 meta.x:b meta:env"), &FacetKey::Metadata("env".into())), "meta.x:b");
    check(clear_facet(read("meta:a meta.env:b -meta:c"), &FacetKey::MetadataKeys), "meta.env:b");
    check(clear_facet(read("name:a*,b (name:a OR type:llm)"), &FacetKey::Name), "name:a OR type:llm");
}

#[test]
fn a_facet_knows_what_the_filter_says_about_its_values() {
    let filter = read("name:a,b -tag:x -status:error,pending meta.env:prod -meta:k");
    let marks = [
        (FacetKey::Name, "a", Mark::Included),
        (FacetKey::Name, "c", Mark::Off),
        (FacetKey::Tag, "x", Mark::Excluded),
        (FacetKey::Status, "pending", Mark::Excluded),
        (FacetKey::Metadata("env".into()), "prod", Mark::Included),
        (FacetKey::MetadataKeys, "env", Mark::Off),
        (FacetKey::MetadataKeys, "k", Mark::Excluded),
    ];
    for (key, value, mark) in marks {
        assert_eq!(is_on(&filter, &key, value), mark, "{key} {value}");
    }
}

#[test]
fn a_chip_can_be_taken_away() {
    check(without(&read("name:a type:llm refund"), 1), "name:a refund");
    check(without(&read("name:a"), 0), "");
    assert_eq!(conjuncts(&read("")).len(), 0);
}

#[track_caller]
fn check_words(lines: &str, expected: Expect) {
    let described: Vec<String> = lines.trim().lines().map(|line| describe(&read(line.trim()))).collect();
    expected.assert_eq(&(described.join("\n") + "\n"));
}

#[test]
fn chips_say_their_condition_in_a_few_words() {
    check_words(
        r#"
        status:error
        -tag:beta
        latency:>2s
        (latency:1s..5s)
        name:a,b
        -name:a,b
        name:foo*
        error:*
        -parent:*
        "refund order"
        input:refund
        meta.env:prod
        -meta.env:prod
        meta:env
        meta.n:>3
        score.correctness:<0.5
        score:<0.5
        comment.rating:*wrong*
        any(type:tool status:error)
        (status:error OR latency:>5s)
        after:2026-11-20
        is:root
        "#,
        expect![[r#"
            status: error
            tag: not beta
            latency > 2s
            latency 1s to 5s
            name: a or b
            not name: a or b
            name: foo*
            has error
            no parent
            “refund order”
            “refund” in input
            metadata env: prod
            not metadata env: prod
            has metadata env
            metadata n > 3
            feedback correctness < 0.5
            feedback score < 0.5
            feedback rating comment: *wrong*
            any run: type: tool and status: error
            status: error or latency > 5s
            start ≥ 2026-11-20
            is root: true
        "#]],
    );
    assert!(describe(&read(&"word ".repeat(100))).ends_with('…'));
}

proptest! {
    #[test]
    fn an_included_value_is_on_and_an_excluded_one_is_kept_out(
        filter in any_filter(),
        key in prop::sample::select(vec![
            FacetKey::Name, FacetKey::Tag, FacetKey::Status, FacetKey::Metadata("env".into()), FacetKey::Feedback,
        ]),
        run in any_run_facts(),
    ) {
        let value = if key == FacetKey::Status { "error" } else { "alpha" };
        let included = include(filter.clone(), &key, value);
        prop_assert_eq!(is_on(&included, &key, value), Mark::Included);
        let excluded = exclude(filter.clone(), &key, value);
        prop_assert_eq!(is_on(&excluded, &key, value), Mark::Excluded);
        let only = include(Filter::ALL, &key, value);
        let run = [run];
        prop_assert!(!(matches(&excluded, 0, &run) && matches(&only, 0, &run)));
        prop_assert_eq!(is_on(&clear(included, &key, value), &key, value), Mark::Off);
    }

    #[test]
    fn without_a_facet_more_runs_pass(filter in any_filter(), run in any_run_facts()) {
        let run = [run];
        let wider = without_facet(&filter, &FacetKey::Name);
        prop_assert!(!matches(&filter, 0, &run) || matches(&wider, 0, &run));
    }
}
