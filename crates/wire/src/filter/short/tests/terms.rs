//! Words on their own, and what puts conditions together.

use super::check;
use expect_test::expect;

#[test]
fn words_are_searched_for() {
    check(
        r#"
        refund
        refund order
        "exact text"
        -refund
        -"exact text"
        error:Timeout
        error:"timed out",refused
        error:*
        -error:*
        error:="all of it"
        error:*refused*
        input:refund
        output:"the answer"
        検索 gpt-4o 12:30
        ref*
        "OR" "any"
        don't
        search:"late refund" search:late
        search:"late \"exact text\""
        search.inputs:"late refund" search.name:agent
        error:"late" input:"say \"hi\" now"
        "#,
        expect![[r#"
            refund
                search("refund")
            refund order
                and(search("refund"), search("order"))
            "exact text"
                search("\"exact text\"")
            -refund
                not(search("refund"))
            -"exact text"
                not(search("\"exact text\""))
            error:Timeout
                search(error, "Timeout")
            error:"timed out",refused
                or(search(error, "\"timed out\""), search(error, "refused"))
                error:"timed out" OR error:refused
            error:*
                neq(error, null)
            -error:*
                eq(error, null)
            error:="all of it"
                eq(error, "all of it")
            error:*refused*
                like(error, "%refused%")
            input:refund
                search(inputs, "refund")
            output:"the answer"
                search(outputs, "\"the answer\"")
            検索 gpt-4o 12:30
                and(search("検索"), search("gpt-4o"), search("12:30"))
            ref*
                search("ref*")
            "OR" "any"
                and(search("OR"), search("any"))
                "OR" any
            don't
                search("don't")
            search:"late refund" search:late
                and(search("late refund"), search("late"))
                search:"late refund" late
            search:"late \"exact text\""
                search("late \"exact text\"")
            search.inputs:"late refund" search.name:agent
                and(search(inputs, "late refund"), search(name, "agent"))
                search.inputs:"late refund" search.name:"agent"
            error:"late" input:"say \"hi\" now"
                and(search(error, "late"), search(inputs, "\"say  hi  now\""))
                error:late input:"say  hi  now"
        "#]],
    );
}

#[test]
fn brackets_and_words_between_conditions_group_them() {
    check(
        r#"
        status:error latency:>2s -tag:beta "refund"
        status:error AND latency:>2s
        (status:error OR latency:>5s) tag:beta
        status:error OR latency:>5s tag:beta
        status:error OR (a OR b)
        NOT status:error
        NOT (status:error latency:>5s)
        -(status:error OR tag:x)
        -(status:error)
        NOT NOT status:error
        --verbose
        any(type:tool status:error)
        root(name:agent OR tag:x)
        -any(type:tool)
        any(root(name:x))
        "#,
        expect![[r#"
            status:error latency:>2s -tag:beta "refund"
                and(eq(status, "error"), gt(latency, "2s"), neq(tags, "beta"), search("refund"))
                status:error latency:>2s -tag:beta refund
            status:error AND latency:>2s
                and(eq(status, "error"), gt(latency, "2s"))
                status:error latency:>2s
            (status:error OR latency:>5s) tag:beta
                and(or(eq(status, "error"), gt(latency, "5s")), has(tags, "beta"))
            status:error OR latency:>5s tag:beta
                or(eq(status, "error"), and(gt(latency, "5s"), has(tags, "beta")))
                status:error OR (latency:>5s tag:beta)
            status:error OR (a OR b)
                or(eq(status, "error"), search("a"), search("b"))
                status:error OR a OR b
            NOT status:error
                not(eq(status, "error"))
            NOT (status:error latency:>5s)
                not(and(eq(status, "error"), gt(latency, "5s")))
                -(status:error latency:>5s)
            -(status:error OR tag:x)
                not(or(eq(status, "error"), has(tags, "x")))
            -(status:error)
                not(eq(status, "error"))
                NOT status:error
            NOT NOT status:error
                not(not(eq(status, "error")))
            --verbose
                not(not(search("verbose")))
                NOT -verbose
            any(type:tool status:error)
                any_run(and(eq(run_type, "tool"), eq(status, "error")))
            root(name:agent OR tag:x)
                root_run(or(eq(name, "agent"), has(tags, "x")))
            -any(type:tool)
                not(any_run(eq(run_type, "tool")))
            any(root(name:x))
                any_run(root_run(eq(name, "x")))
        "#]],
    );
}
