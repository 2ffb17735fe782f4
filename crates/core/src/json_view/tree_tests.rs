//! The tree as a reader opens it.

use super::node::{self, Node};
use super::scan::scan;
use super::strings;
use super::tree::*;
use expect_test::{Expect, expect};
use std::sync::Arc;

fn draw(tree: &Tree) -> String {
    let line = |row: Row| match row {
        Row::Value { depth, child, .. } => {
            let name = child.key.map_or(format!("{}", child.idx), |key| strings::decode_all(key.raw(tree.text())));
            let value = match child.value.n_children() {
                Some(n) => format!("({n}){}", if tree.is_open(child.value.start) { " open" } else { "" }),
                None => child.value.raw(tree.text()).to_owned(),
            };
            format!("{}{name}: {value}\n", "  ".repeat(depth))
        }
        Row::Earlier { depth, n_before, .. } => format!("{}… {n_before} earlier\n", "  ".repeat(depth)),
        Row::More { depth, n_shown, n_total, .. } => format!("{}… {n_shown} of {n_total}\n", "  ".repeat(depth)),
    };
    tree.rows().into_iter().map(line).collect()
}

#[track_caller]
fn check(tree: &Tree, expected: Expect) {
    expected.assert_eq(&draw(tree));
}

fn start_of(tree: &Tree, needle: &str) -> Node {
    let at = tree.text().find(needle).expect("in the text");
    node::node_at(tree.text(), at).expect("a value")
}

#[test]
fn a_small_payload_is_seen_whole() {
    check(
        &Tree::new(r#"{"messages":[{"role":"user","content":[]}],"n":1}"#.into()),
        expect![[r#"
            messages: (1) open
              0: (2) open
                role: "user"
                content: (0)
            n: 1
        "#]],
    );
    check(
        &Tree::new("\"only text\"".into()),
        expect![[r#"
        0: "only text"
    "#]],
    );
}

#[test]
fn a_container_shows_a_page_at_a_time() {
    let numbers: Vec<usize> = (0..250).collect();
    let mut tree = Tree::new(serde_json::to_string(&numbers).unwrap().into());
    let root = tree.root().unwrap();
    assert_eq!(tree.rows().len(), PAGE + 1);
    tree.show_more(root);
    tree.show_more(root);
    assert_eq!(tree.rows().len(), 250);
    tree.show_more(root);
    assert_eq!(tree.rows().len(), 250);
}

#[test]
fn closing_hides_what_is_inside_and_reopening_brings_it_back() {
    let mut tree = Tree::new(r#"{"a":{"b":[1]},"c":2}"#.into());
    let a = start_of(&tree, r#"{"b""#);
    tree.toggle(a);
    check(
        &tree,
        expect![[r#"
        a: (1)
        c: 2
    "#]],
    );
    tree.toggle(a);
    check(
        &tree,
        expect![[r#"
        a: (1) open
          b: (1) open
            0: 1
        c: 2
    "#]],
    );
    tree.close_all();
    check(
        &tree,
        expect![[r#"
        a: (1)
        c: 2
    "#]],
    );
}

#[test]
fn what_is_looked_for_is_opened_even_on_a_later_page() {
    let items: Vec<Vec<String>> = (0..300).map(|n| vec![format!("item {n}")]).collect();
    let mut tree = Tree::new(serde_json::to_string(&items).unwrap().into());
    let at = tree.text().find("item 150\"").unwrap();
    let start = tree.reveal(at).unwrap();
    assert!(tree.rows().iter().any(|row| row.id() == (start, RowPart::Value)));
    assert_eq!(tree.path(start), "[150][0]");
}

#[test]
fn a_match_far_away_brings_its_own_page_and_the_way_back() {
    let numbers: Vec<usize> = (0..100_000).collect();
    let text: Arc<str> = serde_json::to_string(&numbers).unwrap().into();
    let index = Arc::new(scan(&text));
    let mut tree = Tree::indexed(text, index);
    let root = tree.root().unwrap();
    let start = tree.reveal(tree.text().find("54321").unwrap()).unwrap();
    assert_eq!((tree.path(start).as_str(), tree.rows().len()), ("[54321]", PAGE + 2));
    assert!(matches!(tree.rows()[0], Row::Earlier { n_before: 54_300, .. }));
    tree.show_earlier(root);
    tree.show_more(root);
    let rows = tree.rows();
    assert_eq!(rows.len(), 3 * PAGE + 2);
    assert!(matches!(&rows[1], Row::Value { child, .. } if child.idx == 54_200));
    assert!(matches!(rows[301], Row::More { n_shown: 54_500, n_total: 100_000, .. }));
}

#[test]
fn a_newer_text_keeps_the_same_places_open() {
    let mut tree = Tree::new(r#"{"a":{"b":[1]},"c":[[2]]}"#.into());
    tree.close(start_of(&tree, "[[2").start);
    tree.open_everything();
    tree.close(start_of(&tree, "[1").start);
    check(
        &tree.with_text(r#"{"new":[0],"a":{"z":0,"b":[1,2]},"c":[[2],[3]]}"#.into(), Arc::default()),
        expect![[r#"
            new: (1)
            a: (2) open
              z: 0
              b: (2)
            c: (2) open
              0: (1) open
                0: 2
              1: (1)
        "#]],
    );
}

#[test]
fn a_thousand_levels_open_one_by_one() {
    let mut tree = Tree::new(format!("{}1{}", "[".repeat(1000), "]".repeat(1000)).into());
    for _ in 0..3 {
        tree.open_everything();
    }
    let start = tree.reveal(1000).unwrap();
    assert_eq!((start, tree.rows().len()), (1000, 1000));
    assert_eq!(tree.path(start).len(), 3 * 1000);
}
