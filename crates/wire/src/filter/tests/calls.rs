//! What calls are read as, and what is said about those that cannot be read.

use crate::filter::{FUNCTIONS, Filter, parse, print};
use expect_test::{Expect, expect};

/// Each line is read and printed again.
#[track_caller]
fn check(lines: &str, expected: Expect) {
    let printed: Vec<String> = lines
        .trim()
        .lines()
        .map(|line| {
            let filter = parse(line.trim()).unwrap_or_else(|error| panic!("{line}: {error}"));
            let printed = print(&filter);
            assert_eq!(parse(&printed).unwrap(), filter, "{printed} is read as something else");
            printed
        })
        .collect();
    expected.assert_eq(&(printed.join("\n") + "\n"));
}

/// Shows each line, what is marked, and what is said about it.
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
fn blank_text_holds_for_every_run() {
    for text in ["", "  \n", "and()", " and ( ) "] {
        assert_eq!(parse(text), Ok(Filter::ALL), "{text:?}");
    }
}

#[test]
fn calls_print_as_they_are_read() {
    check(
        r#"
        eq(id, "01930000000070008000000000000001")
        and(eq(run_type,"LLM"), gt(latency, "5s"))
        and(gt(start_time, "2023-07-15T12:34:56Z"), eq(is_root, true))
        or(neq(error, null), and(eq(feedback_key,"Correctness"), eq(feedback_score, 0.0)))
        has(tags, "experimental")
        and(eq(metadata_key,'test_run'), eq(metadata_value, 'x'))
        search("gpt")
        in(name, ["a","b"])
        neq(start_time, null)
        and(gte(start_time, "2025-01-01"), lte(start_time, "2025-01-31"))
        and(eq(status, "success"), lte(feedback_score, 0.5))
        and(eq(feedback_key, "user_rating"), lt(feedback_score, 0.4))
        like(input_value, "%x%")
        search(inputs, "a b")
        has(metadata, '{"b": {"c": [1, 2.5]}, "a": "it\\u0027s"}')
        exists(metadata, "k")
        not(eq(name, 'it\'s \u00e9 \ud83d\ude00'))
        and(eq(thread_id, "t"), and(eq(name, "x"), or(eq(name, "y"))))
        eq(parent_run_id, None)
        eq(execution_order, 1)
        root_run(any_run(eq(model, "m")))
        eq("name", "quoted field")
        gt(ttft, 1.5)
        eq(total_cost, 0.01)
        lt(cost, "$1e-06")
        in(tags, ["a"])
        eq(name, 5)
        "#,
        expect![[r#"
            eq(id, "01930000-0000-7000-8000-000000000001")
            and(eq(run_type, "llm"), gt(latency, "5s"))
            and(gt(start_time, "2023-07-15T12:34:56.000000Z"), eq(is_root, true))
            or(neq(error, null), and(eq(feedback_key, "Correctness"), eq(feedback_score, 0)))
            has(tags, "experimental")
            and(eq(metadata_key, "test_run"), eq(metadata_value, "x"))
            search("gpt")
            in(name, ["a", "b"])
            neq(start_time, null)
            and(gte(start_time, "2025-01-01T00:00:00.000000Z"), lte(start_time, "2025-01-31T00:00:00.000000Z"))
            and(eq(status, "success"), lte(feedback_score, 0.5))
            and(eq(feedback_key, "user_rating"), lt(feedback_score, 0.4))
            like(input_value, "%x%")
            search(inputs, "a b")
            has(metadata, "{\"a\":\"it's\",\"b\":{\"c\":[1,2.5]}}")
            eq(metadata_key, "k")
            not(eq(name, "it's é 😀"))
            and(eq(thread_id, "t"), eq(name, "x"), eq(name, "y"))
            eq(parent_run_id, null)
            eq(is_root, true)
            root_run(any_run(eq(model, "m")))
            eq(name, "quoted field")
            gt(first_token_latency, "1.5s")
            eq(total_cost, 0.01)
            lt(total_cost, 0.000001)
            in(tags, ["a"])
            eq(name, "5")
        "#]],
    );
}

#[test]
fn every_example_of_a_function_is_read() {
    for function in &FUNCTIONS {
        assert!(function.example.starts_with(function.name), "{}", function.name);
        parse(function.example).unwrap_or_else(|error| panic!("{}: {error}", function.example));
    }
}

#[test]
fn conditions_on_rows_pair_inside_one_and() {
    check(
        r#"
        and(eq(metadata_key,"a"), eq(name, "n"), eq(metadata_value,"1"))
        and(eq(metadata_key,"a"), eq(metadata_value,"1"), eq(metadata_key,"b"), eq(metadata_value,"2"))
        and(eq(metadata_value,"1"), eq(metadata_key,"a"), eq(metadata_value,"2"), eq(metadata_key,"b"))
        and(and(eq(metadata_key,"a"), eq(metadata_value,"1")), and(eq(metadata_key,"b"), eq(metadata_value,"2")))
        and(eq(metadata_key,"a"), gte(metadata_value,1), lte(metadata_value,5))
        and(eq(metadata_key,"a"), eq(feedback_key,"b"), eq(metadata_value,1), gt(feedback_score,2))
        and(gt(feedback_score,2), eq(feedback_key,"b"), eq(feedback_source,"app"))
        and(and(eq(metadata_key,"a")), and(eq(metadata_value,"1")))
        or(eq(metadata_key,"a"), eq(metadata_value,"1"))
        "#,
        expect![[r#"
            and(eq(metadata_key, "a"), eq(metadata_value, "1"), eq(name, "n"))
            and(and(eq(metadata_key, "a"), eq(metadata_value, "1")), and(eq(metadata_key, "b"), eq(metadata_value, "2")))
            and(and(eq(metadata_value, "1"), eq(metadata_key, "a")), and(eq(metadata_value, "2"), eq(metadata_key, "b")))
            and(and(eq(metadata_key, "a"), eq(metadata_value, "1")), and(eq(metadata_key, "b"), eq(metadata_value, "2")))
            and(eq(metadata_key, "a"), gte(metadata_value, 1), lte(metadata_value, 5))
            and(eq(metadata_key, "a"), eq(metadata_value, 1), eq(feedback_key, "b"), gt(feedback_score, 2))
            and(gt(feedback_score, 2), eq(feedback_key, "b"), eq(feedback_source, "app"))
            and(and(eq(metadata_key, "a")), and(eq(metadata_value, "1")))
            or(eq(metadata_key, "a"), eq(metadata_value, "1"))
        "#]],
    );
}

#[test]
fn conditions_that_are_all_neq_say_that_no_row_is_so() {
    let negated = |text: &str| match parse(text) {
        Ok(Filter::Pair(pair)) => pair.is_negated,
        other => panic!("{other:?}"),
    };
    assert!(negated(r#"neq(metadata_key, "k")"#));
    assert!(negated(r#"and(neq(metadata_key, "k"), neq(metadata_value, "v"))"#));
    assert!(!negated(r#"and(eq(metadata_key, "k"), neq(metadata_value, "v"))"#));
    assert!(!negated("neq(feedback_score, null)"));
}

#[test]
fn errors_say_where_and_what_was_expected() {
    check_errors(
        r#"
        eq(latecy, 5)
        eqq(name, "x")
        latency(name, "x")
        name
        eq(name, "x"
        eq(name "x")
        eq(name, "x"))
        eq(name, "x") eq(name, "y")
        eq(status, error)
        eq(status, "eror")
        eq(run_type, 5)
        gt(latency, "soon")
        gt(latency, null)
        gt(name, "a")
        eq(id, "42")
        eq(start_time, "yesterday")
        eq(total_tokens, 1.5)
        gt(total_cost, "much")
        eq(is_root, "perhaps")
        eq(metadata_key, null)
        gt(metadata_value, true)
        like(latency, "5%")
        like(name, 5)
        has(metadata, "k")
        has(names, "k")
        exists(tags, "k")
        in(name, "a")
        in(name, ["a" "b"])
        in(name, ["a", null])
        search()
        search(input, "!!!")
        search(outptus, "x")
        eq(name, "never ends)
        eq(name, "\q")
        eq(name, "\u12")
        eq(name, 1e999)
        eq(name; "x")
        and(eq(name, "x"), )
        eq(execution_order, 2)
        not()
        "#,
        expect![[r#"
            eq(latecy, 5)
               ^^^^^^ There is no field “latecy”. Did you mean latency?
            eqq(name, "x")
            ^^^ There is no function “eqq”. Did you mean eq?
            latency(name, "x")
            ^^^^^^^ There is no function “latency”. It is a field: eq(latency, …).
            name
            ^^^^ There is no function “name”. It is a field: eq(name, …).
            eq(name, "x"
                        ^ Expected “)” at the end of eq(…), not the end.
            eq(name "x")
                    ^^^ Expected a comma as in eq(name, …), not the text “x”.
            eq(name, "x"))
                         ^ The filter is complete before “)”. Several conditions go into and(…) or or(…).
            eq(name, "x") eq(name, "y")
                          ^^ The filter is complete before “eq”. Several conditions go into and(…) or or(…).
            eq(status, error)
                       ^^^^^ Texts stand in quotes: "error".
            eq(status, "eror")
                       ^^^^^^ “eror” is not one of pending, success, error, interrupted. Did you mean error?
            eq(run_type, 5)
                         ^ “5” cannot be compared here: it is a word in quotes.
            gt(latency, "soon")
                        ^^^^^^ “soon” cannot be compared here: a span of time is a number of seconds, or has a unit: 200ms, 1.5s, 2m, 1h.
            gt(latency, null)
                        ^^^^ Nothing is greater or less than this: ask whether it is equal or not.
            gt(name, "a")
               ^^^^ name has no order: it is equal or not.
            eq(id, "42")
                   ^^^^ “42” cannot be compared here: an id is a UUID: 32 hexadecimal digits, with or without dashes.
            eq(start_time, "yesterday")
                           ^^^^^^^^^^^ “yesterday” cannot be compared here: a time is written 2026-11-20 or 2026-11-20T18:30:00Z, in UTC unless it says otherwise.
            eq(total_tokens, 1.5)
                             ^^^ “1.5” cannot be compared here: a count is a whole number, such as 1000 or 10k.
            gt(total_cost, "much")
                           ^^^^^^ “much” cannot be compared here: expected an amount in US dollars, such as 0.01.
            eq(is_root, "perhaps")
                        ^^^^^^^^^ “perhaps” cannot be compared here: it is true or false.
            eq(metadata_key, null)
                             ^^^^ A key is never null; leave the condition out, or compare the value.
            gt(metadata_value, true)
                               ^^^^ Nothing is greater or less than this: ask whether it is equal or not.
            like(latency, "5%")
                 ^^^^^^^ latency is not a text, so no pattern fits it.
            like(name, 5)
                       ^ Expected a pattern in quotes, such as "search_%", not the number “5”.
            has(metadata, "k")
                          ^^^ This is not a JSON object such as '{"env": "prod"}'. To ask for a key: exists(metadata, "env").
            has(names, "k")
                ^^^^^ has looks at tags or metadata, not at “names”.
            exists(tags, "k")
                   ^^^^ exists looks at metadata, not at “tags”. Whether a field has a value is asked with neq(…, null).
            in(name, "a")
                     ^^^ Expected “[” before the values, not the text “a”.
            in(name, ["a" "b"])
                          ^^^ Expected “]” or a comma after a value, not the text “b”.
            in(name, ["a", null])
                           ^^^^ A list holds no null; ask with eq(…, null) beside it.
            search()
                   ^ Expected the text to search for, in quotes, not “)”.
            search(input, "!!!")
                          ^^^^^ There is no word to search for in “!!!”.
            search(outptus, "x")
                   ^^^^^^^ search looks in inputs, outputs, error or name, not in “outptus”. Did you mean outputs?
            eq(name, "never ends)
                     ^^^^^^^^^^^^ The text that begins here never ends: a " is missing.
            eq(name, "\q")
                      ^^ \q means nothing; a backslash is written \\.
            eq(name, "\u12")
                      ^^^^^^ After \u come four hexadecimal digits, as in \u00e9.
            eq(name, 1e999)
                     ^^^^^ “1e999” is not a number. Texts, times and spans of time stand in quotes.
            eq(name; "x")
                   ^ “;” means nothing here. Texts stand in quotes.
            and(eq(name, "x"), )
                               ^ Expected a condition such as eq(status, "error"), not “)”.
            eq(execution_order, 2)
               ^^^^^^^^^^^^^^^^^^ Of execution_order only eq(execution_order, 1) is known: the root runs.
            not()
                ^ Expected a condition such as eq(status, "error"), not “)”.
        "#]],
    );
}

#[test]
fn limits_are_errors_not_crashes() {
    let deep = "not(".repeat(5000) + "eq(name, 1)" + &")".repeat(5000);
    assert!(parse(&deep).unwrap_err().message.contains("16384"));
    let deep = "not(".repeat(65) + "eq(name, 1)" + &")".repeat(65);
    assert!(parse(&deep).unwrap_err().message.contains("64 deep"));
    let deep = "not(".repeat(64) + "eq(name, 1)" + &")".repeat(64);
    assert!(parse(&deep).is_ok());
    let wide = format!("or({})", vec!["eq(name,1)"; 501].join(","));
    assert!(parse(&wide).unwrap_err().message.contains("500"));
}
