//! JSON as rows that open and close, 100 children at a time: what the tree view draws.
//!
//! A [`Tree`] remembers which containers are open and where their children are, so that a click costs only what it
//! shows. Values are known by the byte they start at.

use super::node::{Child, Children, Node, root};
use super::{path, strings};
use std::collections::HashMap;
use std::sync::Arc;

/// How many children a container shows at first, and how many more each time.
pub const PAGE: usize = 100;

/// Opening everything stops at this many rows.
const MAX_ROWS_AT_ONCE: usize = 500;

/// Rows that a fresh tree opens up to, so that a small payload is seen whole.
const INITIAL_ROWS: usize = 40;

#[derive(Clone, Debug)]
struct Shown {
    children: Vec<Child>,
    /// Where reading continues; `None` when all children are shown.
    rest: Option<(usize, usize)>,
}

/// One line of the tree.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Row {
    Value {
        /// 0 for the children of the root, or for a root without children.
        depth: usize,
        parent_start: usize,
        child: Child,
        n_siblings: usize,
    },
    /// "Show more" of the container that starts at `parent_start`.
    More { depth: usize, parent_start: usize, parent: Node, n_shown: usize, n_total: usize },
}

impl Row {
    /// What tells this row from every other of the same tree.
    pub fn id(&self) -> (usize, bool) {
        match self {
            Row::Value { child, .. } => (child.value.start, false),
            Row::More { parent_start, .. } => (*parent_start, true),
        }
    }

    pub fn depth(&self) -> usize {
        match self {
            Row::Value { depth, .. } | Row::More { depth, .. } => *depth,
        }
    }

    pub fn parent_start(&self) -> usize {
        match self {
            Row::Value { parent_start, .. } | Row::More { parent_start, .. } => *parent_start,
        }
    }
}

/// A text, and what of it is open.
#[derive(Clone, Debug)]
pub struct Tree {
    text: Arc<str>,
    root: Option<Node>,
    open: HashMap<usize, Shown>,
}

impl Tree {
    /// The tree of a text with its first levels open, as many as fit a small panel.
    pub fn new(text: Arc<str>) -> Self {
        let mut tree = Tree { root: root(&text), text, open: HashMap::new() };
        tree.open_all(INITIAL_ROWS);
        tree
    }

    pub fn text(&self) -> &Arc<str> {
        &self.text
    }

    pub fn root(&self) -> Option<Node> {
        self.root
    }

    pub fn is_open(&self, start: usize) -> bool {
        self.open.contains_key(&start)
    }

    /// Opens a container at its first page; does nothing to scalars and open containers.
    pub fn open(&mut self, node: Node) {
        if node.can_open() && !self.is_open(node.start) {
            let shown = read_page(&self.text, node, Children::of(&self.text, node).resume_at(), Vec::new());
            self.open.insert(node.start, shown);
        }
    }

    /// Closes a container. What was open inside it is open again when it reopens.
    pub fn close(&mut self, start: usize) {
        self.open.remove(&start);
    }

    pub fn toggle(&mut self, node: Node) {
        if self.is_open(node.start) { self.close(node.start) } else { self.open(node) }
    }

    /// Shows the next page of an open container.
    pub fn show_more(&mut self, node: Node) {
        if let Some(shown) = self.open.remove(&node.start) {
            let shown = match shown.rest {
                Some(rest) => read_page(&self.text, node, rest, shown.children),
                None => shown,
            };
            self.open.insert(node.start, shown);
        }
    }

    /// Closes everything but the root.
    pub fn close_all(&mut self) {
        let root_start = self.root.map(|root| root.start);
        self.open.retain(|start, _| Some(*start) == root_start);
    }

    /// Opens level after level while the rows stay few enough to look at.
    pub fn open_everything(&mut self) {
        self.open_all(MAX_ROWS_AT_ONCE);
    }

    fn open_all(&mut self, max_rows: usize) {
        let Some(root) = self.root else { return };
        self.open(root);
        let (mut level, mut n_rows) = (vec![root], self.open.get(&root.start).map_or(0, |shown| shown.children.len()));
        while !level.is_empty() {
            let mut next = Vec::new();
            for node in level {
                let children = self.open.get(&node.start).map(|shown| shown.children.clone()).unwrap_or_default();
                for child in children.into_iter().map(|child| child.value).filter(|value| value.can_open()) {
                    let n_more = child.n_children().unwrap_or(0).min(PAGE);
                    if n_rows + n_more > max_rows {
                        continue;
                    }
                    self.open(child);
                    n_rows += n_more;
                    next.push(child);
                }
            }
            level = next;
        }
    }

    /// Every row on screen, top to bottom.
    pub fn rows(&self) -> Vec<Row> {
        let Some(root) = self.root else { return Vec::new() };
        if !root.can_open() {
            let child = Child { idx: 0, key: None, value: root };
            return vec![Row::Value { depth: 0, parent_start: root.start, child, n_siblings: 1 }];
        }
        let mut rows = Vec::new();
        let mut stack: Vec<(Node, usize)> = vec![(root, 0)];
        while let Some((node, next_idx)) = stack.pop() {
            let Some(shown) = self.open.get(&node.start) else { continue };
            let (depth, parent_start) = (stack.len(), node.start);
            let n_total = node.n_children().unwrap_or(0);
            let Some(&child) = shown.children.get(next_idx) else {
                if shown.rest.is_some() {
                    rows.push(Row::More { depth, parent_start, parent: node, n_shown: shown.children.len(), n_total });
                }
                continue;
            };
            rows.push(Row::Value { depth, parent_start, child, n_siblings: n_total });
            stack.push((node, next_idx + 1));
            if self.is_open(child.value.start) {
                stack.push((child.value, 0));
            }
        }
        rows
    }

    /// Opens what is needed to see the byte `at`, and says which row shows it (by the start of its value).
    pub fn reveal(&mut self, at: usize) -> Option<usize> {
        let root = self.root?;
        let steps = path::steps_to(&self.text.clone(), root, at);
        let mut parent = root;
        for step in &steps {
            self.open(parent);
            while self
                .open
                .get(&parent.start)
                .is_some_and(|shown| shown.children.len() <= step.idx && shown.rest.is_some())
            {
                self.show_more(parent);
            }
            parent = step.value;
        }
        steps.last().map(|step| step.value.start).or((!root.can_open()).then_some(root.start))
    }

    /// The path of the value that starts at `start`, such as `messages[0].content`.
    pub fn path(&self, start: usize) -> String {
        self.root.map_or_else(String::new, |root| path::print(&self.text, &path::steps_to(&self.text, root, start)))
    }

    /// The same places open in a newer version of the text.
    pub fn with_text(&self, text: Arc<str>) -> Tree {
        let open_paths: Vec<Vec<(Option<String>, usize)>> = match self.root {
            None => return Tree::new(text),
            Some(old_root) => self.open.keys().map(|&start| self.names_to(old_root, start)).collect(),
        };
        let mut tree = Tree { root: root(&text), text, open: HashMap::new() };
        let Some(new_root) = tree.root else { return tree };
        for names in open_paths {
            let mut node = Some(new_root);
            for (key, idx) in names {
                let Some(parent) = node else { break };
                tree.open(parent);
                node = tree.open.get(&parent.start).and_then(|shown| {
                    let is_it = |child: &&Child| match (&key, child.key) {
                        (Some(name), Some(key)) => strings::decode_all(key.raw(&tree.text)) == *name,
                        _ => child.idx == idx,
                    };
                    shown.children.iter().find(is_it).map(|child| child.value)
                });
            }
            if let Some(node) = node {
                tree.open(node);
            }
        }
        tree
    }

    fn names_to(&self, root: Node, start: usize) -> Vec<(Option<String>, usize)> {
        // `steps_to` finds the deepest value at a byte; the byte at `start` is the container's own bracket.
        let steps = if start == root.start { Vec::new() } else { path::steps_to(&self.text, root, start) };
        steps.iter().map(|step| (step.key.map(|key| strings::decode_all(key.raw(&self.text))), step.idx)).collect()
    }
}

fn read_page(text: &str, node: Node, from: (usize, usize), mut children: Vec<Child>) -> Shown {
    let mut rest = Children::resume(text, node, from);
    children.extend(rest.by_ref().take(PAGE));
    let (at, idx) = rest.resume_at();
    let is_complete = rest.next().is_none();
    Shown { children, rest: (!is_complete).then_some((at, idx)) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};

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
        super::super::node::node_at(tree.text(), at).expect("a value")
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
        assert!(tree.rows().iter().any(|row| row.id() == (start, false)));
        assert_eq!(tree.path(start), "[150][0]");
    }

    #[test]
    fn a_newer_text_keeps_the_same_places_open() {
        let mut tree = Tree::new(r#"{"a":{"b":[1]},"c":[[2]]}"#.into());
        tree.close(start_of(&tree, "[[2").start);
        tree.open_everything();
        tree.close(start_of(&tree, "[1").start);
        check(
            &tree.with_text(r#"{"new":[0],"a":{"z":0,"b":[1,2]},"c":[[2],[3]]}"#.into()),
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
}
