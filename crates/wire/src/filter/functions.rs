//! The functions of the call form: one table for the parser, completion and the documentation.

/// A function of the call form.
#[derive(Debug)]
pub struct FunctionInfo {
    pub name: &'static str,
    pub help: &'static str,
    pub example: &'static str,
}

const fn function(name: &'static str, help: &'static str, example: &'static str) -> FunctionInfo {
    FunctionInfo { name, help, example }
}

#[rustfmt::skip]
pub static FUNCTIONS: [FunctionInfo; 16] = [
    function("and", "All hold", r#"and(eq(status, "error"), gt(latency, "5s"))"#),
    function("or", "One holds", r#"or(eq(status, "error"), gt(latency, "5s"))"#),
    function("not", "It does not hold", r#"not(has(tags, "beta"))"#),
    function("eq", "Equal; with null, absent", r#"eq(run_type, "llm")"#),
    function("neq", "Not equal; with null, present", "neq(error, null)"),
    function("gt", "Greater, later, longer", r#"gt(latency, "5s")"#),
    function("gte", "Greater or equal", "gte(total_tokens, 1000)"),
    function("lt", "Less, earlier, shorter", "lt(feedback_score, 0.5)"),
    function("lte", "Less or equal", r#"lte(start_time, "2026-11-20")"#),
    function("in", "One of a list", r#"in(name, ["search", "answer"])"#),
    function("like", "Text with % for anything, _ for one character", r#"like(name, "search_%")"#),
    function("has", "Has a tag, or metadata with these entries", r#"has(tags, "beta")"#),
    function("exists", "Metadata has the key", r#"exists(metadata, "env")"#),
    function("search", "All words occur, anywhere or in one part; phrases in quotes", r#"search(inputs, "refund")"#),
    function("root_run", "The root run of the trace passes", r#"root_run(eq(status, "error"))"#),
    function("any_run", "Some run of the trace passes", r#"any_run(eq(run_type, "tool"))"#),
];
