//! The condition that a cell stands for: what `f` narrows the list to, and `Shift+F` excludes. Pure.

use super::columns::ColumnId;
use super::filter::edit::condition_of;
use super::row::TraceRow;
use fanlight_wire::filter::words::quoted;
use fanlight_wire::filter::{
    Comparison, Field, Filter, Literal, Pair, PairPart, PairRows, PairTest, TestKind, TextPart,
};
use fanlight_wire::run_stats::FacetKey;

/// What the cell says, as a condition; `None` where a value says nothing that others could share.
pub fn condition(row: &TraceRow, column: &ColumnId) -> Option<Filter> {
    let one = |key: FacetKey, value: &str| Some(condition_of(&key, value));
    let at_least = |field: Field, value: Literal| Some(Filter::Compare { field, comparison: Comparison::Gte, value });
    match column {
        ColumnId::Status => one(FacetKey::Status, row.status.as_str()),
        ColumnId::Name => one(FacetKey::Name, &row.name),
        ColumnId::Type => one(FacetKey::RunType, row.run_type.as_str()),
        ColumnId::Model => one(FacetKey::Model, row.model.as_deref()?),
        ColumnId::Thread => Some(Filter::Compare {
            field: Field::ThreadId,
            comparison: Comparison::Eq,
            value: Literal::Text(row.thread.clone()?),
        }),
        ColumnId::Tags => {
            let tags = row.tags.iter().map(|tag| condition_of(&FacetKey::Tag, tag));
            (!row.tags.is_empty()).then(|| Filter::all_of(tags))
        }
        // "As slow as this one": of exact durations there is one each.
        ColumnId::Latency => at_least(Field::Latency, Literal::Duration(rounded(row.end?.since(row.start)))),
        ColumnId::FirstToken => at_least(Field::FirstTokenLatency, Literal::Duration(rounded(row.first_token_ns()?))),
        ColumnId::Tokens => at_least(Field::TotalTokens, Literal::Count(row.total_tokens)),
        ColumnId::PromptTokens => at_least(Field::PromptTokens, Literal::Count(row.prompt_tokens)),
        ColumnId::CompletionTokens => at_least(Field::CompletionTokens, Literal::Count(row.completion_tokens)),
        ColumnId::Cost => at_least(Field::TotalCost, Literal::Money(row.cost?)),
        ColumnId::Started => at_least(Field::StartTime, Literal::Time(row.start)),
        ColumnId::Metadata(key) => one(FacetKey::Metadata(key.clone()), row.metadata_of(key)?),
        ColumnId::FeedbackKey(key) => Some(feedback(key, row.feedback_of(key)?)),
        ColumnId::Feedback => {
            let keys = row.feedback.iter().map(|(key, _)| condition_of(&FacetKey::Feedback, key));
            (!row.feedback.is_empty()).then(|| Filter::all_of(keys))
        }
        ColumnId::Output if row.status == fanlight_wire::RunStatus::Error => {
            let kind = row.output.lines().next()?.split(['(', ':']).next()?.trim();
            if kind.is_empty() || kind.contains(char::is_whitespace) { None } else { one(FacetKey::ErrorKind, kind) }
        }
        ColumnId::Shape => None,
        ColumnId::Input => same_text(TextPart::Inputs, &row.input),
        ColumnId::Output => same_text(TextPart::Outputs, &row.output),
    }
}

/// Down to whole milliseconds: what is read in the cell.
fn rounded(ns: i64) -> i64 {
    if ns >= 1_000_000 { ns / 1_000_000 * 1_000_000 } else { ns }
}

fn feedback(key: &str, value: &str) -> Filter {
    let is = |part, value| PairTest { part, test: TestKind::Compare(Comparison::Eq, value) };
    let value = match value.parse::<f64>() {
        Ok(score) => is(PairPart::Score, Literal::Number(score)),
        Err(_) => is(PairPart::Value, Literal::Text(value.to_owned())),
    };
    let key = is(PairPart::Key, Literal::Text(key.to_owned()));
    Filter::Pair(Pair { rows: PairRows::Feedback, is_negated: false, tests: vec![key, value] })
}

/// Runs with the first words of this text side by side in the same part.
fn same_text(part: TextPart, text: &str) -> Option<Filter> {
    let words: Vec<&str> = text.split_whitespace().take(8).collect();
    let text = words.join(" ");
    let has_word = text.chars().any(char::is_alphanumeric);
    has_word.then(|| Filter::Search { within: Some(part), text: quoted(&text) })
}

/// The filter with the cell's condition, or with its opposite; conditions that it has are not doubled.
pub fn narrowed(filter: &Filter, condition: Filter, is_excluded: bool) -> Filter {
    let condition = if is_excluded { negated(condition) } else { condition };
    let mut all = super::filter::edit::conjuncts(filter);
    if !all.contains(&condition) {
        all.push(condition);
    }
    Filter::all_of(all)
}

fn negated(condition: Filter) -> Filter {
    let opposite = |comparison| match comparison {
        Comparison::Eq => Comparison::Neq,
        Comparison::Neq => Comparison::Eq,
        Comparison::Gt => Comparison::Lte,
        Comparison::Gte => Comparison::Lt,
        Comparison::Lt => Comparison::Gte,
        Comparison::Lte => Comparison::Gt,
    };
    match condition {
        Filter::Compare { field, comparison, value } => {
            Filter::Compare { field, comparison: opposite(comparison), value }
        }
        Filter::Pair(pair) => Filter::Pair(Pair { is_negated: !pair.is_negated, ..pair }),
        other => Filter::Not(Box::new(other)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use fanlight_wire::Run;
    use fanlight_wire::filter::print;
    use serde_json::json;

    fn row() -> TraceRow {
        let id = "6f0c7a4e-0000-4000-8000-000000000001";
        let run = json!({
            "id": id, "trace_id": id, "session_id": id, "name": "chat", "run_type": "llm", "status": "error",
            "start_time": "2026-11-23T22:00:00Z", "end_time": "2026-11-23T22:00:01.2345Z", "first_token_time": null,
            "parent_run_id": null, "dotted_order": "", "app_path": "", "tags": ["a", "b"], "total_tokens": 12,
            "inputs_preview": "Where is it?", "error_preview": "TimeoutError: no answer", "metadata": {"env": "prod"},
            "feedback_stats": {"score": {"n": 1, "avg": 0.5}},
        });
        serde_json::from_value::<Run>(run).unwrap().into()
    }

    #[track_caller]
    fn check(column: &str, is_excluded: bool, expected: &str) {
        let columns: super::super::columns::Columns = column.parse().unwrap();
        let condition = condition(&row(), &columns.get(0).unwrap().id);
        let printed = condition.map_or_else(|| "nothing".into(), |it| print(&narrowed(&Filter::ALL, it, is_excluded)));
        assert_eq!(printed, expected);
    }

    #[test]
    fn a_cell_narrows_the_list_to_its_value() {
        check("name", false, r#"eq(name, "chat")"#);
        check("name", true, r#"neq(name, "chat")"#);
        check("status", false, r#"eq(status, "error")"#);
        check("tags", false, r#"and(has(tags, "a"), has(tags, "b"))"#);
        check("metadata.env", false, r#"and(eq(metadata_key, "env"), eq(metadata_value, "prod"))"#);
        check("feedback.score", false, r#"and(eq(feedback_key, "score"), eq(feedback_score, 0.5))"#);
    }

    #[test]
    fn numbers_mean_as_much_as_this() {
        check("latency", false, r#"gte(latency, "1.234s")"#);
        check("latency", true, r#"lt(latency, "1.234s")"#);
        check("tokens", false, "gte(total_tokens, 12)");
    }

    #[test]
    fn a_failure_means_its_kind_and_a_text_its_phrase() {
        check("output", false, r#"eq(error_kind, "TimeoutError")"#);
        check("input", false, r#"search(inputs, "\"Where is it?\"")"#);
    }

    #[test]
    fn what_is_not_there_says_nothing() {
        check("first_token", false, "nothing");
        check("cost", false, "nothing");
        check("metadata.other", false, "nothing");
    }
}
