//! JSON as rows that open and close, 100 children at a time: what the tree view draws.
//!
//! A [`Tree`] remembers which containers are open and where their children are, so that a click costs only what it
//! shows. Values are known by the byte they start at.

use super::node::{Child, Children, Node, indexed_node_at};
use super::scan::Index;
use super::{path, strings};
use std::collections::HashMap;
use std::sync::Arc;

/// How many children a container shows at first, and how many more each time.
pub const PAGE: usize = 100;

/// Opening everything stops at this many rows.
const MAX_ROWS_AT_ONCE: usize = 500;

/// Rows that a fresh tree opens up to, so that a small payload is seen whole.
const INITIAL_ROWS: usize = 40;

/// The children on screen: neighbours, a page or several.
#[derive(Clone, Debug)]
struct Shown {
    /// How many are left out before them.
    n_before: usize,
    children: Vec<Child>,
    /// Where reading continues; `None` when the last child is shown.
    rest: Option<(usize, usize)>,
}

/// What a row is: a value, or what stands for children that are not shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum RowPart {
    Value,
    Earlier,
    More,
}

/// What tells a row from every other of the same tree: where its value, or its container, starts.
pub type RowId = (usize, RowPart);

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
    /// "Show earlier" of the container that starts at `parent_start`.
    Earlier { depth: usize, parent_start: usize, parent: Node, n_before: usize },
    /// "Show more" of it.
    More { depth: usize, parent_start: usize, parent: Node, n_shown: usize, n_total: usize },
}

impl Row {
    pub fn id(&self) -> RowId {
        match self {
            Row::Value { child, .. } => (child.value.start, RowPart::Value),
            Row::Earlier { parent_start, .. } => (*parent_start, RowPart::Earlier),
            Row::More { parent_start, .. } => (*parent_start, RowPart::More),
        }
    }

    pub fn depth(&self) -> usize {
        match self {
            Row::Value { depth, .. } | Row::Earlier { depth, .. } | Row::More { depth, .. } => *depth,
        }
    }

    pub fn parent_start(&self) -> usize {
        match self {
            Row::Value { parent_start, .. } | Row::Earlier { parent_start, .. } | Row::More { parent_start, .. } => {
                *parent_start
            }
        }
    }
}

/// A text, and what of it is open.
#[derive(Clone, Debug)]
pub struct Tree {
    text: Arc<str>,
    index: Arc<Index>,
    root: Option<Node>,
    open: HashMap<usize, Shown>,
}

impl Tree {
    /// The tree of a text with its first levels open, as many as fit a small panel.
    pub fn new(text: Arc<str>) -> Self {
        Tree::indexed(text, Arc::default())
    }

    /// The same with the index of the text, which a large text should have.
    pub fn indexed(text: Arc<str>, index: Arc<Index>) -> Self {
        let mut tree = Tree::closed(text, index);
        tree.open_all(INITIAL_ROWS);
        tree
    }

    fn closed(text: Arc<str>, index: Arc<Index>) -> Self {
        Tree { root: indexed_node_at(&text, &index, 0), text, index, open: HashMap::new() }
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
            let shown = self.page(node, 0);
            self.open.insert(node.start, shown);
        }
    }

    /// The page of a container's children that begins with child `first`.
    fn page(&self, node: Node, first: usize) -> Shown {
        let children = Children::indexed(&self.text, &self.index, node);
        let children = match self.index.mark_of_child(node.start, first) {
            Some(mark) => children.skip_to(mark),
            None => children,
        };
        let (_, at_idx) = children.resume_at();
        let mut rest = children;
        for _ in at_idx..first {
            rest.next();
        }
        let children: Vec<Child> = rest.by_ref().take(PAGE).collect();
        let resume_at = rest.resume_at();
        Shown { n_before: first, children, rest: rest.next().is_some().then_some(resume_at) }
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
        let Some(mut shown) = self.open.remove(&node.start) else { return };
        if let Some(rest) = shown.rest {
            let mut rest = Children::indexed(&self.text, &self.index, node).skip_to(rest);
            shown.children.extend(rest.by_ref().take(PAGE));
            let resume_at = rest.resume_at();
            shown.rest = rest.next().is_some().then_some(resume_at);
        }
        self.open.insert(node.start, shown);
    }

    /// Shows the page before what is shown of an open container.
    pub fn show_earlier(&mut self, node: Node) {
        let Some(shown) = self.open.get(&node.start) else { return };
        let n_wanted = shown.n_before.min(PAGE);
        let mut earlier = self.page(node, shown.n_before - n_wanted);
        earlier.children.truncate(n_wanted);
        if let Some(shown) = self.open.get_mut(&node.start) {
            shown.n_before -= n_wanted;
            earlier.children.append(&mut shown.children);
            shown.children = earlier.children;
        }
    }

    /// Shows child `idx` of an open container: on the page that follows if it is there, else on its own page alone.
    fn show_child(&mut self, node: Node, idx: usize) {
        let Some(shown) = self.open.get(&node.start) else { return };
        let end = shown.n_before + shown.children.len();
        if (shown.n_before..end).contains(&idx) {
            return;
        }
        if (end..end + PAGE).contains(&idx) {
            self.show_more(node);
        } else {
            let shown = self.page(node, idx - idx % PAGE);
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
            let (depth, parent_start, n_before) = (stack.len(), node.start, shown.n_before);
            let n_total = node.n_children().unwrap_or(0);
            if next_idx == 0 && n_before > 0 {
                rows.push(Row::Earlier { depth, parent_start, parent: node, n_before });
            }
            let Some(&child) = shown.children.get(next_idx) else {
                if shown.rest.is_some() {
                    let n_shown = n_before + shown.children.len();
                    rows.push(Row::More { depth, parent_start, parent: node, n_shown, n_total });
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
        let steps = self.steps_to(root, at);
        let mut parent = root;
        for step in &steps {
            self.open(parent);
            self.show_child(parent, step.idx);
            parent = step.value;
        }
        steps.last().map(|step| step.value.start).or((!root.can_open()).then_some(root.start))
    }

    /// The path of the value that starts at `start`, such as `messages[0].content`.
    pub fn path(&self, start: usize) -> String {
        self.root.map_or_else(String::new, |root| path::print(&self.text, &self.steps_to(root, start)))
    }

    fn steps_to(&self, root: Node, at: usize) -> Vec<Child> {
        path::steps_to(&self.text, &self.index, root, at)
    }

    /// The same places open in a newer version of the text, which has `index`.
    pub fn with_text(&self, text: Arc<str>, index: Arc<Index>) -> Tree {
        let open_paths: Vec<Vec<(Option<String>, usize)>> = match self.root {
            None => return Tree::indexed(text, index),
            Some(old_root) => self.open.keys().map(|&start| self.names_to(old_root, start)).collect(),
        };
        let mut tree = Tree::closed(text, index);
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
        let steps = if start == root.start { Vec::new() } else { self.steps_to(root, start) };
        steps.iter().map(|step| (step.key.map(|key| strings::decode_all(key.raw(&self.text))), step.idx)).collect()
    }
}
