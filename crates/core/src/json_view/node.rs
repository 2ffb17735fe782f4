//! Finds values in JSON text: where each starts and ends, what kind it is, how many children it has.
//!
//! Total on any text: what is not JSON becomes a [`Kind::Malformed`] scalar, never a panic and never an endless loop.

use super::scan::Index;
use memchr::memchr2;

/// What a value is. Containers know their number of direct children.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    Object {
        n_children: usize,
    },
    Array {
        n_children: usize,
    },
    String,
    Number,
    Bool,
    Null,
    /// Text that is no JSON value; it reaches to the next delimiter.
    Malformed,
}

/// One value: `text[start..end]` is its JSON, surrounding space excluded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Node {
    pub start: usize,
    pub end: usize,
    pub kind: Kind,
}

impl Node {
    pub fn raw(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }

    pub fn size_bytes(self) -> usize {
        self.end - self.start
    }

    /// `None` for scalars.
    pub fn n_children(self) -> Option<usize> {
        match self.kind {
            Kind::Object { n_children } | Kind::Array { n_children } => Some(n_children),
            _ => None,
        }
    }

    /// A container with something inside.
    pub fn can_open(self) -> bool {
        self.n_children().is_some_and(|n| n > 0)
    }
}

/// The value that starts at `at`, or after the space there. `None` at the end of the text or at a closing bracket.
pub fn node_at(text: &str, at: usize) -> Option<Node> {
    indexed_node_at(text, Index::EMPTY, at)
}

/// The same with the index of the text: what is large is not read again.
pub fn indexed_node_at(text: &str, index: &Index, at: usize) -> Option<Node> {
    let bytes = text.as_bytes();
    let start = skip_space(bytes, at);
    let (end, kind) = match *bytes.get(start)? {
        b'"' => (index.end_of(start).map_or_else(|| string_end(bytes, start), |(end, _)| end), Kind::String),
        b'{' => {
            let (end, n_children) = index.end_of(start).unwrap_or_else(|| container_end(bytes, start));
            (end, Kind::Object { n_children })
        }
        b'[' => {
            let (end, n_children) = index.end_of(start).unwrap_or_else(|| container_end(bytes, start));
            (end, Kind::Array { n_children })
        }
        b'}' | b']' | b',' | b':' => return None,
        _ => {
            let end = scalar_end(bytes, start);
            (end, scalar_kind(&bytes[start..end]))
        }
    };
    Some(Node { start, end, kind })
}

/// The whole text as one value.
pub fn root(text: &str) -> Option<Node> {
    node_at(text, 0)
}

/// A direct child of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Child {
    /// Position among its siblings, from 0.
    pub idx: usize,
    /// The name in an object: a string of the text, quotes included.
    pub key: Option<Node>,
    pub value: Node,
}

/// The direct children of a container, in the order of the text; nothing for a scalar.
///
/// Each step costs as many bytes as the child has. [`Children::resume_at`] continues later without reading again.
#[derive(Clone, Copy, Debug)]
pub struct Children<'a> {
    text: &'a str,
    index: &'a Index,
    end: usize,
    at: usize,
    idx: usize,
    is_object: bool,
}

impl<'a> Children<'a> {
    pub fn of(text: &'a str, parent: Node) -> Self {
        Self::indexed(text, Index::EMPTY, parent)
    }

    /// The same with the index of the text.
    pub fn indexed(text: &'a str, index: &'a Index, parent: Node) -> Self {
        let is_object = matches!(parent.kind, Kind::Object { .. });
        let end = if parent.n_children().is_some() { parent.end } else { parent.start };
        Children { text, index, end, at: parent.start + 1, idx: 0, is_object }
    }

    /// Goes to a place that [`Children::resume_at`] or a mark of the index names.
    pub fn skip_to(self, (at, idx): (usize, usize)) -> Self {
        Children { at, idx, ..self }
    }

    /// Where the next child is looked for, and its position among the siblings: what [`Children::resume`] takes.
    pub fn resume_at(&self) -> (usize, usize) {
        (self.at, self.idx)
    }

    pub fn resume(text: &'a str, parent: Node, (at, idx): (usize, usize)) -> Self {
        Self::of(text, parent).skip_to((at, idx))
    }
}

impl Iterator for Children<'_> {
    type Item = Child;

    fn next(&mut self) -> Option<Child> {
        let bytes = self.text.as_bytes();
        let mut at = skip_space(bytes, self.at);
        if bytes.get(at) == Some(&b',') {
            at = skip_space(bytes, at + 1);
        }
        if at >= self.end {
            return None;
        }
        let key = if self.is_object {
            let key = indexed_node_at(self.text, self.index, at)?;
            at = skip_space(bytes, key.end);
            if bytes.get(at) == Some(&b':') {
                at += 1;
            }
            Some(key)
        } else {
            None
        };
        let value = indexed_node_at(self.text, self.index, at).filter(|value| value.end <= self.end)?;
        let idx = self.idx;
        (self.at, self.idx) = (value.end, idx + 1);
        Some(Child { idx, key, value })
    }
}

fn skip_space(bytes: &[u8], mut at: usize) -> usize {
    while matches!(bytes.get(at), Some(b' ' | b'\n' | b'\r' | b'\t')) {
        at += 1;
    }
    at
}

/// The position after the closing quote of the string that opens at `start`, or the end of the text.
fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    while let Some(found) = bytes.get(at..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
        at += found;
        if bytes[at] == b'"' {
            return at + 1;
        }
        at += 2;
    }
    bytes.len()
}

/// The position after the container that opens at `start`, and how many children it has.
fn container_end(bytes: &[u8], start: usize) -> (usize, usize) {
    let (mut depth, mut n_commas, mut is_empty) = (0usize, 0usize, true);
    let mut at = start;
    while let Some(&byte) = bytes.get(at) {
        match byte {
            b'"' => {
                is_empty = false;
                at = string_end(bytes, at);
                continue;
            }
            b'{' | b'[' => {
                is_empty &= depth == 0;
                depth += 1;
            }
            b'}' | b']' => {
                depth -= 1;
                if depth == 0 {
                    at += 1;
                    break;
                }
            }
            b',' if depth == 1 => n_commas += 1,
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => is_empty = false,
        }
        at += 1;
    }
    (at, if is_empty { 0 } else { n_commas + 1 })
}

fn scalar_end(bytes: &[u8], start: usize) -> usize {
    let is_delimiter =
        |byte: &u8| matches!(byte, b',' | b':' | b'}' | b']' | b'{' | b'[' | b'"' | b' ' | b'\n' | b'\r' | b'\t');
    bytes[start..].iter().position(is_delimiter).map_or(bytes.len(), |n| start + n)
}

fn scalar_kind(word: &[u8]) -> Kind {
    match word {
        b"true" | b"false" => Kind::Bool,
        b"null" => Kind::Null,
        [b'-' | b'0'..=b'9', rest @ ..]
            if rest.iter().all(|b| matches!(b, b'0'..=b'9' | b'.' | b'e' | b'E' | b'+' | b'-')) =>
        {
            Kind::Number
        }
        _ => Kind::Malformed,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// One line per direct child: its key and its JSON.
    #[track_caller]
    fn check(text: &str, expected: &[(&str, &str)]) {
        let root = root(text).expect("a value");
        let children: Vec<_> = Children::of(text, root)
            .map(|child| (child.key.map_or("", |key| key.raw(text)), child.value.raw(text)))
            .collect();
        assert_eq!(children, expected);
        assert_eq!(root.n_children().unwrap_or(0), expected.len(), "the count agrees with the children");
    }

    #[test]
    fn children_are_found_whatever_space_is_between_them() {
        check(r#"{"a":1,"b":[2,3]}"#, &[("\"a\"", "1"), ("\"b\"", "[2,3]")]);
        check("  [ 1 ,\n\ttrue , { } ]  ", &[("", "1"), ("", "true"), ("", "{ }")]);
        check("[]", &[]);
        check("{ }", &[]);
        check("[[]]", &[("", "[]")]);
        check("[\"\"]", &[("", "\"\"")]);
    }

    #[test]
    fn brackets_and_quotes_inside_strings_do_not_count() {
        check(r#"["}]\"{", "\\"]"#, &[("", r#""}]\"{""#), ("", r#""\\""#)]);
        check(r#"{"a\"}":"]"}"#, &[(r#""a\"}""#, "\"]\"")]);
    }

    #[test]
    fn scalars_have_no_children() {
        for (text, kind) in
            [("1.5e-3", Kind::Number), ("null", Kind::Null), ("false", Kind::Bool), ("\"x\"", Kind::String)]
        {
            assert_eq!(root(text).map(|node| node.kind), Some(kind));
            check(text, &[]);
        }
        assert_eq!(root("NaN").map(|node| node.kind), Some(Kind::Malformed));
        assert_eq!(root("   "), None);
    }

    #[test]
    fn reading_continues_where_it_stopped() {
        let text = "[10,20,30]";
        let parent = root(text).unwrap();
        let mut children = Children::of(text, parent);
        children.next();
        let rest: Vec<_> =
            Children::resume(text, parent, children.resume_at()).map(|c| (c.idx, c.value.raw(text))).collect();
        assert_eq!(rest, [(1, "20"), (2, "30")]);
    }

    #[test]
    fn a_million_levels_are_no_deeper_than_one() {
        let text = format!("{}1{}", "[".repeat(1_000_000), "]".repeat(1_000_000));
        let root = root(&text).unwrap();
        assert_eq!((root.size_bytes(), root.n_children()), (2_000_001, Some(1)));
    }

    proptest! {
        #[test]
        fn any_text_is_read_to_an_end(text in r#"[\[\]{}",:\\ a1é\n]{0,60}"#) {
            if let Some(root) = root(&text) {
                prop_assert!(root.end <= text.len());
                for child in Children::of(&text, root) {
                    prop_assert!(root.start < child.value.start && child.value.end <= root.end);
                    child.value.raw(&text);
                }
            }
        }

        #[test]
        fn valid_json_has_the_children_that_serde_finds(items in proptest::collection::vec("[a-z\"\\\\{\\[,é]{0,8}", 0..20)) {
            let text = serde_json::to_string_pretty(&items).unwrap();
            let root = root(&text).unwrap();
            let found: Vec<String> = Children::of(&text, root).map(|c| serde_json::from_str(c.value.raw(&text)).unwrap()).collect();
            prop_assert_eq!(root.n_children(), Some(items.len()));
            prop_assert_eq!(found, items);
        }
    }
}
