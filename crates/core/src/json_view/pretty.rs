//! JSON with line breaks and indents, a page of lines at a time and without reading ahead.

use super::node::{Kind, node_at};
use super::strings;

/// Deeper levels are not indented further, so that lines stay readable.
const MAX_INDENT: usize = 24;
/// Longer strings are cut on screen; copying and saving give all of it.
const MAX_STRING_BYTES: usize = 2000;

/// Where the next page begins.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Position {
    at: usize,
    depth: usize,
    before: Before,
}

/// What was printed last: it decides whether the next token opens a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Before {
    Open,
    Comma,
    #[default]
    Other,
}

/// At most `max_lines` lines from `from` on, and where the next page begins if there is one.
pub fn page(text: &str, from: Position, max_lines: usize) -> (String, Option<Position>) {
    let bytes = text.as_bytes();
    let (mut printed, mut n_lines) = (String::new(), 1);
    let Position { mut at, mut depth, mut before } = from;
    while let Some(&byte) = bytes.get(at) {
        if byte.is_ascii_whitespace() {
            at += 1;
            continue;
        }
        let closes = matches!(byte, b'}' | b']');
        let opens_line = if closes { before != Before::Open } else { before != Before::Other };
        let token_depth = if closes { depth.saturating_sub(1) } else { depth };
        if opens_line {
            if !printed.is_empty() {
                if n_lines == max_lines {
                    return (printed, Some(Position { at, depth, before }));
                }
                n_lines += 1;
                printed.push('\n');
            }
            indent(&mut printed, token_depth);
        }
        depth = token_depth;
        at = match byte {
            b'{' | b'[' | b'}' | b']' | b',' => {
                printed.push(char::from(byte));
                at + 1
            }
            b':' => {
                printed.push_str(": ");
                at + 1
            }
            _ => print_scalar(text, at, &mut printed),
        };
        before = match byte {
            b'{' | b'[' => Before::Open,
            b',' => Before::Comma,
            _ => Before::Other,
        };
        depth += usize::from(before == Before::Open);
    }
    (printed, None)
}

/// Prints the scalar at `at` and returns where it ends.
fn print_scalar(text: &str, at: usize, printed: &mut String) -> usize {
    let Some(node) = node_at(text, at) else { return at + 1 };
    let raw = node.raw(text);
    if node.kind == Kind::String && raw.len() > MAX_STRING_BYTES {
        let start = strings::decode(raw, 500).text;
        printed.push_str(&format!("\"{}…\" ({} bytes)", strings::escape(&start), raw.len()));
    } else {
        printed.push_str(raw);
    }
    node.end.max(at + 1)
}

fn indent(printed: &mut String, depth: usize) {
    for _ in 0..depth.min(MAX_INDENT) {
        printed.push_str("  ");
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn all(text: &str, max_lines: usize) -> String {
        let (mut pages, mut from) = (Vec::new(), Some(Position::default()));
        while let Some(position) = from {
            let (printed, next) = page(text, position, max_lines);
            pages.push(printed);
            from = next;
        }
        pages.join("\n")
    }

    #[test]
    fn it_reads_like_any_pretty_printer_whatever_the_page() {
        let text = r#"{"a":[1,{"b":[]},{}],"c":"x:y,[z]","d":{"e":null}}"#;
        let value: serde_json::Value = serde_json::from_str(text).unwrap();
        let expected = serde_json::to_string_pretty(&value).unwrap();
        for max_lines in 1..20 {
            assert_eq!(all(text, max_lines), expected, "{max_lines} lines a page");
            assert_eq!(
                page(text, Position::default(), max_lines).0.lines().count(),
                max_lines.min(expected.lines().count())
            );
        }
    }

    #[test]
    fn long_strings_are_cut_and_deep_levels_are_not_indented_for_ever() {
        let (printed, _) = page(&format!("[\"{}\"]", "x".repeat(5_000_000)), Position::default(), 100);
        assert!(printed.len() < 1000 && printed.contains("(5000002 bytes)"));
        let deep = all(&format!("{}{}", "[".repeat(1000), "]".repeat(1000)), 100);
        assert!(deep.lines().all(|line| line.len() < 60));
    }

    proptest! {
        #[test]
        fn any_text_comes_to_an_end(text in r#"[\[\]{}",: a1\n]{0,40}"#, max_lines in 1usize..5) {
            all(&text, max_lines);
        }
    }
}
