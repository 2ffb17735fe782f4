//! Fields and rows with their values.

use super::check;
use expect_test::expect;

#[test]
fn fields_have_values_lists_patterns_and_ranges() {
    check(
        r#"
        status:error
        -status:error
        status:error,pending
        -status:error,pending
        type:LLM
        name:foo
        name:"two words"
        name:"foo","bar baz",qux
        name:foo*
        -name:*foo*
        name:foo*,bar
        name:~"f_o (%)"
        name:!=foo
        latency:>2s
        latency:1s..5s
        -latency:1s..5s
        latency:..5s
        latency:>=90
        ttft:<800ms
        cost:>0.01
        cost:>=$1.5
        tokens:>=1000
        tokens:>10k
        tag:beta
        -tag:beta
        tag:a,b
        model:gpt-4*
        thread:c-42
        id:01930000000070008000000000000001
        parent:*
        -parent:*
        is_root:true
        is:root
        after:2026-11-20
        before:2026-11-21T10:30
        start:2026-11-20..2026-11-21
        after:2026-11-20T10:00:00.5+01:00
        error_kind:ValueError
        name:a,
        "#,
        expect![[r#"
            status:error
                eq(status, "error")
            -status:error
                neq(status, "error")
            status:error,pending
                in(status, ["error", "pending"])
            -status:error,pending
                not(in(status, ["error", "pending"]))
            type:LLM
                eq(run_type, "llm")
                type:llm
            name:foo
                eq(name, "foo")
            name:"two words"
                eq(name, "two words")
            name:"foo","bar baz",qux
                in(name, ["foo", "bar baz", "qux"])
                name:foo,"bar baz",qux
            name:foo*
                like(name, "foo%")
            -name:*foo*
                not(like(name, "%foo%"))
            name:foo*,bar
                or(like(name, "foo%"), eq(name, "bar"))
                name:foo* OR name:bar
            name:~"f_o (%)"
                like(name, "f_o (%)")
            name:!=foo
                neq(name, "foo")
                -name:foo
            latency:>2s
                gt(latency, "2s")
            latency:1s..5s
                and(gte(latency, "1s"), lte(latency, "5s"))
            -latency:1s..5s
                not(and(gte(latency, "1s"), lte(latency, "5s")))
            latency:..5s
                lte(latency, "5s")
                latency:<=5s
            latency:>=90
                gte(latency, "90s")
                latency:>=90s
            ttft:<800ms
                lt(first_token_latency, "800ms")
            cost:>0.01
                gt(total_cost, 0.01)
            cost:>=$1.5
                gte(total_cost, 1.5)
                cost:>=1.5
            tokens:>=1000
                gte(total_tokens, 1000)
            tokens:>10k
                gt(total_tokens, 10000)
                tokens:>10000
            tag:beta
                has(tags, "beta")
            -tag:beta
                neq(tags, "beta")
            tag:a,b
                in(tags, ["a", "b"])
            model:gpt-4*
                like(model, "gpt-4%")
            thread:c-42
                eq(thread_id, "c-42")
            id:01930000000070008000000000000001
                eq(id, "01930000-0000-7000-8000-000000000001")
                id:01930000-0000-7000-8000-000000000001
            parent:*
                neq(parent_run_id, null)
            -parent:*
                eq(parent_run_id, null)
            is_root:true
                eq(is_root, true)
            is:root
                eq(is_root, true)
                is_root:true
            after:2026-11-20
                gte(start_time, "2026-11-20T00:00:00.000000Z")
            before:2026-11-21T10:30
                lt(start_time, "2026-11-21T10:30:00.000000Z")
                before:2026-11-21T10:30:00Z
            start:2026-11-20..2026-11-21
                and(gte(start_time, "2026-11-20T00:00:00.000000Z"), lte(start_time, "2026-11-21T00:00:00.000000Z"))
            after:2026-11-20T10:00:00.5+01:00
                gte(start_time, "2026-11-20T09:00:00.500000Z")
                after:2026-11-20T09:00:00.5Z
            error_kind:ValueError
                eq(error_kind, "ValueError")
            name:a,
                in(name, ["a"])
        "#]],
    );
}

#[test]
fn rows_are_reached_by_their_key() {
    check(
        r#"
        meta.env:prod
        metadata.env:prod
        -meta.env:prod
        meta.env:!=prod
        meta.env:prod,staging
        meta.env:*
        -meta.env:*
        meta:env
        meta.attempt:3
        meta.attempt:=3
        meta.attempt:>3
        meta.attempt:1..3
        meta.flag:=true
        meta.flag:=null
        meta.a.b:x
        meta."user key":"a b"
        meta.version:~"1._"
        score.correctness:<0.5
        score:<0.5
        score.correctness:0.25..0.75
        score.correctness:*
        feedback:user_rating
        feedback.user_rating:good
        feedback.user_rating:>0.5
        feedback.user_rating:=1
        feedback_value.user_rating:=1
        comment.user_rating:*wrong*
        source:app
        input.messages.content:*refund*
        output.answer:42
        input:*refund*
        metadata_value:prod
        has:feedback
        has:error
        -has:parent
        has:metadata
        has:output
        "#,
        expect![[r#"
            meta.env:prod
                and(eq(metadata_key, "env"), eq(metadata_value, "prod"))
            metadata.env:prod
                and(eq(metadata_key, "env"), eq(metadata_value, "prod"))
                meta.env:prod
            -meta.env:prod
                and(neq(metadata_key, "env"), neq(metadata_value, "prod"))
            meta.env:!=prod
                and(eq(metadata_key, "env"), neq(metadata_value, "prod"))
            meta.env:prod,staging
                and(eq(metadata_key, "env"), in(metadata_value, ["prod", "staging"]))
            meta.env:*
                eq(metadata_key, "env")
                meta:env
            -meta.env:*
                neq(metadata_key, "env")
                -meta:env
            meta:env
                eq(metadata_key, "env")
            meta.attempt:3
                and(eq(metadata_key, "attempt"), eq(metadata_value, "3"))
            meta.attempt:=3
                and(eq(metadata_key, "attempt"), eq(metadata_value, 3))
            meta.attempt:>3
                and(eq(metadata_key, "attempt"), gt(metadata_value, 3))
            meta.attempt:1..3
                and(eq(metadata_key, "attempt"), gte(metadata_value, 1), lte(metadata_value, 3))
            meta.flag:=true
                and(eq(metadata_key, "flag"), eq(metadata_value, true))
            meta.flag:=null
                and(eq(metadata_key, "flag"), eq(metadata_value, null))
            meta.a.b:x
                and(eq(metadata_key, "a.b"), eq(metadata_value, "x"))
            meta."user key":"a b"
                and(eq(metadata_key, "user key"), eq(metadata_value, "a b"))
            meta.version:~"1._"
                and(eq(metadata_key, "version"), like(metadata_value, "1._"))
            score.correctness:<0.5
                and(eq(feedback_key, "correctness"), lt(feedback_score, 0.5))
            score:<0.5
                lt(feedback_score, 0.5)
            score.correctness:0.25..0.75
                and(eq(feedback_key, "correctness"), gte(feedback_score, 0.25), lte(feedback_score, 0.75))
            score.correctness:*
                and(eq(feedback_key, "correctness"), neq(feedback_score, null))
            feedback:user_rating
                eq(feedback_key, "user_rating")
            feedback.user_rating:good
                and(eq(feedback_key, "user_rating"), eq(feedback_value, "good"))
            feedback.user_rating:>0.5
                and(eq(feedback_key, "user_rating"), gt(feedback_score, 0.5))
                score.user_rating:>0.5
            feedback.user_rating:=1
                and(eq(feedback_key, "user_rating"), eq(feedback_score, 1))
                score.user_rating:1
            feedback_value.user_rating:=1
                and(eq(feedback_key, "user_rating"), eq(feedback_value, 1))
            comment.user_rating:*wrong*
                and(eq(feedback_key, "user_rating"), like(feedback_comment, "%wrong%"))
            source:app
                eq(feedback_source, "app")
            input.messages.content:*refund*
                and(eq(input_key, "messages.content"), like(input_value, "%refund%"))
            output.answer:42
                and(eq(output_key, "answer"), eq(output_value, "42"))
            input:*refund*
                like(input_value, "%refund%")
                input_value:*refund*
            metadata_value:prod
                eq(metadata_value, "prod")
            has:feedback
                like(feedback_key, "%")
                feedback:*
            has:error
                neq(error, null)
                error:*
            -has:parent
                eq(parent_run_id, null)
                -parent:*
            has:metadata
                like(metadata_key, "%")
                meta:*
            has:output
                like(output_key, "%")
                output_key:*
        "#]],
    );
}
