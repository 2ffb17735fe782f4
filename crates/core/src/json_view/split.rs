//! Takes the large fields out of a JSON object, so that the rest can be parsed and they need not be.

use super::node::{Children, indexed_node_at};
use super::scan::Index;
use std::ops::Range;

/// An object in two parts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Split {
    /// The object without the fields that were asked for, as JSON.
    pub rest: String,
    /// Where each of the fields asked for stands in the text; `None` for one that is absent or null.
    pub fields: Vec<Option<Range<usize>>>,
}

/// Splits the object in `text` at the fields `names`. A text that is no object is all rest.
pub fn split(text: &str, index: &Index, names: &[&str]) -> Split {
    let mut fields = vec![None; names.len()];
    let object = indexed_node_at(text, index, 0).filter(|node| text.as_bytes().get(node.start) == Some(&b'{'));
    let Some(object) = object else { return Split { rest: text.to_owned(), fields } };
    let mut rest = String::from("{");
    for child in Children::indexed(text, index, object) {
        let Some(key) = child.key else { continue };
        let (key, value) = (key.raw(text), child.value.raw(text));
        let name = key.trim_matches('"');
        match names.iter().position(|wanted| *wanted == name) {
            Some(position) => fields[position] = (value != "null").then_some(child.value.start..child.value.end),
            None => {
                if rest.len() > 1 {
                    rest.push(',');
                }
                rest.extend([key, ":", value]);
            }
        }
    }
    rest.push('}');
    Split { rest, fields }
}

#[cfg(test)]
mod tests {
    use super::super::scan::scan;
    use super::*;

    #[test]
    fn the_fields_asked_for_are_found_and_left_out() {
        let text = r#" {"id": 1, "inputs": {"a": [1, "}"]}, "outputs": null, "name":"x"} "#;
        let split = split(text, &scan(text), &["inputs", "outputs", "extra"]);
        assert_eq!(split.rest, r#"{"id":1,"name":"x"}"#);
        assert_eq!(split.fields[0].clone().map(|range| &text[range]), Some(r#"{"a": [1, "}"]}"#));
        assert_eq!(split.fields[1..], [None, None]);
    }

    #[test]
    fn what_is_no_object_is_all_rest() {
        assert_eq!(split("[1]", Index::EMPTY, &["a"]), Split { rest: "[1]".into(), fields: vec![None] });
        assert_eq!(split("", Index::EMPTY, &[]).rest, "");
    }

    #[test]
    fn twenty_megabytes_are_split_scanned_and_opened_without_reading_twice() {
        use super::super::tree::{PAGE, Tree};
        use std::sync::Arc;
        let record = r#"{"id":12345,"title":"A record of a large payload","tags":["a","b"],"score":0.25},"#;
        let n = 20_000_000 / record.len() + 1;
        let mut text = String::from(r#"{"id":"r","inputs":{"rows":["#);
        (0..n).for_each(|_| text.push_str(record));
        text.pop();
        text.push_str(r#"],"note":"end"}}"#);
        assert!(text.len() > 20_000_000);
        let index = scan(&text);
        let fields = split(&text, &index, &["inputs"]).fields;
        let range = fields[0].clone().unwrap();
        let inputs: Arc<str> = text[range.clone()].into();
        let mut tree = Tree::indexed(Arc::clone(&inputs), Arc::new(index.part(range.start, range.end)));
        let root = tree.root().unwrap();
        assert_eq!((root.end, tree.rows().len()), (inputs.len(), 2));
        // Reached by marks: what is read on the way is a share of the text that no one would notice.
        let start = tree.reveal(inputs.rfind("\"score\"").unwrap()).unwrap();
        assert_eq!(tree.path(start), format!("rows[{}].score", n - 1));
        assert!(tree.rows().len() <= 2 * PAGE);
    }
}
