//! What is said about texts that cannot be read.

use crate::filter::short::parse;
use expect_test::{Expect, expect};

#[track_caller]
fn check_errors(lines: &str, expected: Expect) {
    let mut shown = String::new();
    for line in lines.trim().lines().map(str::trim) {
        let error = parse(line).expect_err(line);
        let indent = line[..error.span.start].chars().count();
        let width = line[error.span.clone()].chars().count().max(1);
        shown += &format!("{line}\n{}{} {}\n", " ".repeat(indent), "^".repeat(width), error.message);
    }
    expected.assert_eq(&shown);
}

#[test]
fn errors_say_where_and_what_was_expected() {
    check_errors(
        r#"
        stauts:error
        http://example.com
        status:
        status: error
        status:eror
        status:err*
        status:>error
        latency:>soon
        latency:1s..soon
        latency:>1s,2s
        cost:free
        is_root:maybe
        id:42
        after:yesterday
        after:>2026-11-20
        has:wings
        is:llm
        status.x:error
        name:foo(bar)
        name:"never ends
        (status:error
        status:error)
        ()
        any()
        status:error OR
        OR status:error
        status:error AND
        NOT
        -
        a - b
        prnt(x)
        status:error and(eq(name, "x"))
        ...
        error:"!"
        meta.flag:>true
        meta.x:=1,null
        "#,
        expect![[r#"
            stauts:error
            ^^^^^^ There is no field “stauts”. Did you mean status? A text to search for with a colon stands in quotes.
            http://example.com
            ^^^^ There is no field “http”. A text to search for with a colon stands in quotes.
            status:
                   ^ Expected a value after status:, as in status:error.
            status: error
                   ^ Expected a value after status:, as in status:error.
            status:eror
                   ^^^^ “eror” is not one of pending, success, error, interrupted. Did you mean error?
            status:err*
            ^^^^^^ status is not a text, so no pattern fits it.
            status:>error
            ^^^^^^ status has no order: it is equal or not.
            latency:>soon
                     ^^^^ “soon” cannot be compared here: a span of time is a number of seconds, or has a unit: 200ms, 1.5s, 2m, 1h.
            latency:1s..soon
                        ^^^^ “soon” cannot be compared here: a span of time is a number of seconds, or has a unit: 200ms, 1.5s, 2m, 1h.
            latency:>1s,2s
                     ^^^^^ One value goes here, not a list.
            cost:free
                 ^^^^ “free” cannot be compared here: expected an amount in US dollars, such as 0.01.
            is_root:maybe
                    ^^^^^ “maybe” cannot be compared here: it is true or false.
            id:42
               ^^ “42” cannot be compared here: an id is a UUID: 32 hexadecimal digits, with or without dashes.
            after:yesterday
                  ^^^^^^^^^ “yesterday” cannot be compared here: a time is written 2026-11-20 or 2026-11-20T18:30:00Z, in UTC unless it says otherwise.
            after:>2026-11-20
                   ^^^^^^^^^^ No sign goes before this value.
            has:wings
                ^^^^^ “wings” is nothing that a run has: try error, feedback, parent, tag or thread.
            is:llm
               ^^^ A run is:root or it is not; “llm” means nothing here.
            status.x:error
            ^^^^^^^^ status has no parts; a dot goes with meta, input, output, feedback, score and search.
            name:foo(bar)
                 ^^^ A value with brackets stands in quotes.
            name:"never ends
                 ^^^^^^^^^^^ The text that begins here never ends: a " is missing.
            (status:error
            ^ This bracket is never closed.
            status:error)
                        ^ This bracket closes nothing.
            ()
             ^ Expected a condition here, such as status:error.
            any()
                ^ Expected a condition here, such as status:error.
            status:error OR
                           ^ Expected a condition here, such as status:error.
            OR status:error
            ^ Expected a condition here, such as status:error.
            status:error AND
                            ^ Expected a condition here, such as status:error.
            NOT
               ^ After NOT comes what is excluded.
            -
             ^ After - comes what is excluded.
            a - b
               ^ After - comes what is excluded.
            prnt(x)
            ^^^^ There is no prnt(…) here. A text to search for with brackets stands in quotes.
            status:error and(eq(name, "x"))
                         ^^^ There is no and(…) here. Calls stand alone: either the whole filter is calls, or none of it is. A text to search for with brackets stands in quotes.
            ...
            ^^^ There is no word to search for in “...”.
            error:"!"
                  ^^^ There is no word to search for in “!”.
            meta.flag:>true
                       ^^^^ Nothing is greater or less than this: ask whether it is equal or not.
            meta.x:=1,null
                      ^^^^ A list holds no null; ask for it in a condition of its own.
        "#]],
    );
}
