//! The documents in a retriever's answer: text, where it is from, how well it matched. Pure.

pub mod quotes;
pub mod sources;

use crate::json_view::{Fields, Json};
use std::sync::Arc;

/// One retrieved document; its rank is its place in the list.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    pub title: Option<String>,
    /// A file, an address, a knowledge base: as it was recorded.
    pub source: Option<String>,
    pub text: Arc<str>,
    pub score: Option<Score>,
    /// What else was recorded about it: names with their values as JSON.
    pub metadata: Vec<(String, String)>,
}

/// How well a document matched.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    pub value: f64,
    /// Distances: the smaller, the better.
    pub is_distance: bool,
}

/// The documents in a run's outputs (JSON text), in order; empty when the outputs are something else.
///
/// `is_retriever` also takes a list of plain strings for documents.
pub fn documents(outputs: &str, is_retriever: bool) -> Vec<Document> {
    let Some(json) = Json::parse(outputs) else { return Vec::new() };
    find(json, is_retriever).unwrap_or_default()
}

/// How long the bar of a score is, from 0 to 1; `None` when the score says nothing about length (distances, negatives).
///
/// Scores up to 1 are shares; larger ones are compared with the best of the list.
pub fn bar_share(score: Score, all: &[Document]) -> Option<f64> {
    let scores = || all.iter().filter_map(|document| document.score).map(|score| score.value);
    if score.is_distance || !score.value.is_finite() || scores().any(|value| value < 0.0) {
        return None;
    }
    let best = scores().filter(|value| value.is_finite()).fold(1.0, f64::max);
    Some(score.value / best)
}

fn find(json: Json<'_>, is_retriever: bool) -> Option<Vec<Document>> {
    if json.is_array() {
        return list(json, is_retriever);
    }
    let fields = json.fields();
    let names = [
        "documents",
        "docs",
        "output",
        "results",
        "matches",
        "chunks",
        "retrieved_documents",
        "context",
        "hits",
        "data",
    ];
    let named = names.iter().find_map(|name| {
        let value = fields.get(name)?;
        if value.is_object() { list_in(value, is_retriever) } else { list(value, is_retriever) }
    });
    named.or_else(|| is_retriever.then(|| document(json)).flatten().map(|document| vec![document]))
}

fn list_in(json: Json<'_>, is_retriever: bool) -> Option<Vec<Document>> {
    let fields = json.fields();
    ["documents", "docs", "results", "hits", "matches"].iter().find_map(|name| list(fields.get(name)?, is_retriever))
}

/// A list in which every entry is a document.
fn list(json: Json<'_>, is_retriever: bool) -> Option<Vec<Document>> {
    let entry = |item: Json<'_>| match item.str() {
        Some(text) if is_retriever => {
            Some(Document { title: None, source: None, text: text.into(), score: None, metadata: vec![] })
        }
        _ if item.is_array() => scored(item),
        _ => document(item),
    };
    let documents: Option<Vec<Document>> = json.items().map(entry).collect();
    documents.filter(|documents| !documents.is_empty())
}

/// `[document, 0.83]` of `similarity_search_with_score`.
fn scored(pair: Json<'_>) -> Option<Document> {
    let mut items = pair.items();
    let (inner, value) = (document(items.next()?)?, items.next()?.number()?);
    items.next().is_none().then_some(Document { score: Some(Score { value, is_distance: false }), ..inner })
}

fn document(json: Json<'_>) -> Option<Document> {
    let outer = json.fields();
    // LangChain's serialised form keeps everything under `kwargs`, search engines under `_source` or `document`.
    let inner = ["kwargs", "_source", "document", "node"]
        .iter()
        .find_map(|name| outer.get(name).filter(|inner| inner.is_object()));
    let fields = inner.map_or_else(|| outer.clone(), Json::fields);
    let metadata_json = fields.first(&["metadata", "meta", "payload"]).or_else(|| outer.get("metadata"));
    let metadata = metadata_json.map(Json::fields);
    let text_names = ["page_content", "pageContent", "text", "content", "body", "chunk", "snippet"];
    let text = fields.str(&text_names).or_else(|| metadata.as_ref()?.str(&text_names))?;
    // A chat message has a content too.
    if fields.has("role") || outer.has("tool_calls") {
        return None;
    }
    let places: Vec<&Fields<'_>> = metadata.iter().chain([&fields, &outer]).collect();
    let named = |names: &[&str]| places.iter().find_map(|place| place.str(names));
    let number =
        |names: &[&str]| places.iter().find_map(|place| names.iter().find_map(|name| place.get(name)?.number()));
    let better = number(&["score", "relevance_score", "similarity", "_score", "rerank_score", "relevance"])
        .map(|value| Score { value, is_distance: false });
    let score = better.or_else(|| number(&["distance", "_distance"]).map(|value| Score { value, is_distance: true }));
    let mut rest: Vec<(String, String)> = Vec::new();
    for (name, value) in metadata.iter().flat_map(Fields::iter) {
        rest.push((name.to_owned(), value.str().unwrap_or_else(|| value.raw().chars().take(500).collect())));
    }
    rest.sort();
    Some(Document {
        title: named(&["title", "name", "file_name", "filename", "document_title"]),
        source: named(&["source", "url", "file_path", "path", "uri", "document_id", "doc_id"]),
        text: text.into(),
        score,
        metadata: rest,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

    #[track_caller]
    fn check(outputs: &str, expected: Expect) {
        let documents = documents(outputs, true);
        let draw = |document: &Document| {
            let score = document.score.map_or("no score".into(), |score| {
                let bar = bar_share(score, &documents).map_or("no bar".into(), |share| format!("bar {share:.2}"));
                format!("{} {bar}", score.value)
            });
            let none = "-".to_owned();
            let title = document.title.as_ref().unwrap_or(&none);
            format!(
                "{title} | {} | {} | {score} | {:?}\n",
                document.source.as_ref().unwrap_or(&none),
                document.text,
                document.metadata
            )
        };
        expected.assert_eq(&documents.iter().map(draw).collect::<String>());
    }

    #[test]
    fn langchain_documents_with_and_without_their_class() {
        check(
            r#"{"documents":[{"page_content":"14 days","metadata":{"title":"Returns","source":"kb-v3","score":0.89},"type":"Document"},
                {"lc":1,"id":["langchain","schema","document","Document"],"kwargs":{"page_content":"x","metadata":{"n":1}}}]}"#,
            expect![[r#"
                Returns | kb-v3 | 14 days | 0.89 bar 0.89 | [("score", "0.89"), ("source", "kb-v3"), ("title", "Returns")]
                - | - | x | no score | [("n", "1")]
            "#]],
        );
    }

    #[test]
    fn pairs_with_scores_and_distances() {
        check(
            r#"[[{"page_content":"a"},12],[{"page_content":"b"},6]]"#,
            expect![[r#"
            - | - | a | 12 bar 1.00 | []
            - | - | b | 6 bar 0.50 | []
        "#]],
        );
        check(
            r#"{"matches":[{"text":"a","distance":0.2}]}"#,
            expect![[r#"
            - | - | a | 0.2 no bar | []
        "#]],
        );
    }

    #[test]
    fn strings_are_documents_of_a_retriever_only() {
        check(
            r#"{"output":["one","two"]}"#,
            expect![[r#"
            - | - | one | no score | []
            - | - | two | no score | []
        "#]],
        );
        assert!(documents(r#"["one"]"#, false).is_empty());
    }

    #[test]
    fn messages_and_other_data_are_no_documents() {
        check(r#"{"output":[{"role":"user","content":"hi"}]}"#, expect![""]);
        check(r#"{"output":[{"id":1}]}"#, expect![""]);
        check("3", expect![""]);
    }
}
