//! Where a value is, as a path that a person can paste into code: `choices[0].message["finish reason"]`.

use super::node::{Child, Children, Node};
use super::scan::Index;
use super::strings;

/// The children to go through from `root` to the deepest value that holds the byte `at`, outermost first.
///
/// Empty when `at` is in no child of `root`.
pub fn steps_to(text: &str, index: &Index, root: Node, at: usize) -> Vec<Child> {
    let mut steps = Vec::new();
    let mut node = root;
    while let Some(child) = child_around(text, index, node, at) {
        steps.push(child);
        if child.value.start > at {
            break; // The byte is in the key.
        }
        node = child.value;
    }
    steps
}

fn child_around(text: &str, index: &Index, node: Node, at: usize) -> Option<Child> {
    if !node.can_open() {
        return None;
    }
    let children = Children::indexed(text, index, node);
    let mut children = index.mark_before(node.start, at).map_or(children, |mark| children.skip_to(mark));
    children
        .find(|child| at < child.value.end)
        .filter(|child| at >= child.key.map_or(child.value.start, |key| key.start))
}

/// Writes steps down: names after a dot where they are plain words, in brackets otherwise.
pub fn print(text: &str, steps: &[Child]) -> String {
    let mut path = String::new();
    for step in steps {
        match step.key {
            None => path.push_str(&format!("[{}]", step.idx)),
            Some(key) => {
                let name = strings::decode(key.raw(text), 200).text;
                if is_word(&name) {
                    if !path.is_empty() {
                        path.push('.');
                    }
                    path.push_str(&name);
                } else {
                    path.push_str(&format!("[{}]", key.raw(text)));
                }
            }
        }
    }
    path
}

fn is_word(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_view::node::root;

    #[track_caller]
    fn check(text: &str, needle: &str, expected: &str) {
        let at = text.find(needle).expect("the needle is in the text");
        assert_eq!(print(text, &steps_to(text, Index::EMPTY, root(text).unwrap(), at)), expected);
    }

    #[test]
    fn a_path_leads_to_the_deepest_value() {
        let text = r#"{"choices": [{"a":1}, {"message": {"finish reason": "stop", "x1": [[7]]}}]}"#;
        check(text, "stop", r#"choices[1].message["finish reason"]"#);
        check(text, "7", "choices[1].message.x1[0][0]");
        check(text, "x1", "choices[1].message.x1");
        check(text, "choices", "choices");
    }

    #[test]
    fn between_values_there_is_only_the_container() {
        check("[1,  22]", "  2", "");
    }
}
