//! Two JSON texts compared by structure: objects key by key, lists by what their elements have in common.
//!
//! Nothing is parsed into a tree and nothing recurses, as in [`crate::json_view`]; values are places in their text.

use super::align::{Alignment, Effort, Step, Stretch};
use crate::json_view::node::{Child, Children};
use crate::json_view::{Kind, Node, node, strings};
use fanlight_wire::digest::json_digest;
use std::collections::{HashMap, VecDeque};
use std::ops::Range;

/// What a value is called in its parent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Name {
    Whole,
    Key(String),
    /// From 0, in the old list and in the new one.
    Idx {
        old: Option<usize>,
        new: Option<usize>,
    },
}

/// What became of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Same {
        old: Node,
        new: Node,
    },
    /// Both are objects, or both are lists; the rows that follow, one level deeper, say what differs.
    Opened {
        old: Node,
        new: Node,
    },
    Replaced {
        old: Node,
        new: Node,
    },
    Removed {
        old: Node,
    },
    Added {
        new: Node,
    },
}

/// One value of the comparison, before what is in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    pub depth: usize,
    pub name: Name,
    pub fate: Fate,
}

/// What differs between two JSON texts, from top to bottom: objects in the order of the old text, with keys that only
/// the new one has at their end.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct JsonDiff {
    pub rows: Vec<Row>,
    /// Values that were added, removed or replaced.
    pub n_changes: usize,
    /// There were more rows than anybody reads: what follows was not compared.
    pub is_cut: bool,
}

/// Deeper values are compared whole.
const MAX_DEPTH: usize = 48;

/// Rows that are made at most.
const MAX_ROWS: usize = 20_000;

/// What remains to be compared.
struct Task {
    depth: usize,
    name: Name,
    old: Option<Node>,
    new: Option<Node>,
}

/// Compares two JSON texts; what is not JSON in them is compared as it is written. Order of keys, space, and ids that
/// models' APIs make up do not count as differences; see [`json_digest`].
pub fn diff_json(old: &str, new: &str) -> JsonDiff {
    let mut diff = JsonDiff::default();
    let mut tasks = vec![Task { depth: 0, name: Name::Whole, old: node::root(old), new: node::root(new) }];
    while let Some(Task { depth, name, old: old_node, new: new_node }) = tasks.pop() {
        if diff.rows.len() == MAX_ROWS {
            diff.is_cut = true;
            break;
        }
        let fate = match (old_node, new_node) {
            (None, None) => continue,
            (Some(node), None) => Fate::Removed { old: node },
            (None, Some(node)) => Fate::Added { new: node },
            (Some(one), Some(other)) => {
                let fate = compare(old, one, new, other, depth);
                if matches!(fate, Fate::Opened { .. }) {
                    let children = match one.kind {
                        Kind::Object { .. } => by_key((old, one), (new, other)),
                        _ => by_content((old, one), (new, other)),
                    };
                    let task = |(name, old, new)| Task { depth: depth + 1, name, old, new };
                    tasks.extend(children.into_iter().rev().map(task));
                }
                fate
            }
        };
        diff.n_changes += usize::from(!matches!(fate, Fate::Same { .. } | Fate::Opened { .. }));
        diff.rows.push(Row { depth, name, fate });
    }
    diff
}

fn compare(old_text: &str, old: Node, new_text: &str, new: Node, depth: usize) -> Fate {
    let (one, other) = (old.raw(old_text), new.raw(new_text));
    if one == other || json_digest(one) == json_digest(other) {
        return Fate::Same { old, new };
    }
    let is_same_kind = matches!(
        (old.kind, new.kind),
        (Kind::Object { .. }, Kind::Object { .. }) | (Kind::Array { .. }, Kind::Array { .. })
    );
    if is_same_kind && depth < MAX_DEPTH { Fate::Opened { old, new } } else { Fate::Replaced { old, new } }
}

type Pair = (Name, Option<Node>, Option<Node>);

/// A key that occurs twice, which is legal, meets its namesakes in order.
fn by_key((old_text, old): (&str, Node), (new_text, new): (&str, Node)) -> Vec<Pair> {
    let key_of = |text: &str, child: &Child| child.key.map_or(String::new(), |key| strings::decode_all(key.raw(text)));
    let new_children: Vec<(String, Node)> =
        Children::of(new_text, new).map(|child| (key_of(new_text, &child), child.value)).collect();
    let mut places: HashMap<&str, VecDeque<usize>> = HashMap::new();
    for (place, (key, _)) in new_children.iter().enumerate() {
        places.entry(key).or_default().push_back(place);
    }
    let mut is_taken = vec![false; new_children.len()];
    let mut pairs: Vec<Pair> = Vec::new();
    for child in Children::of(old_text, old) {
        let key = key_of(old_text, &child);
        let place = places.get_mut(key.as_str()).and_then(VecDeque::pop_front);
        let found = place.map(|place| {
            is_taken[place] = true;
            new_children[place].1
        });
        pairs.push((Name::Key(key), Some(child.value), found));
    }
    let rest = new_children.iter().zip(&is_taken).filter(|(_, is_taken)| !**is_taken);
    pairs.extend(rest.map(|((key, node), _)| (Name::Key(key.clone()), None, Some(*node))));
    pairs
}

/// Elements that are the same on both sides hold the list together; between them, elements of one kind meet in order.
fn by_content((old_text, old): (&str, Node), (new_text, new): (&str, Node)) -> Vec<Pair> {
    let elements = |text, list| Children::of(text, list).map(|child| child.value).collect::<Vec<Node>>();
    let digests = |text: &str, nodes: &[Node]| nodes.iter().map(|node| json_digest(node.raw(text))).collect::<Vec<_>>();
    let (olds, news) = (elements(old_text, old), elements(new_text, new));
    let alignment = Alignment::new(&digests(old_text, &olds), &digests(new_text, &news), Effort::Landmarks);
    let mut pairs = Vec::with_capacity(olds.len().max(news.len()));
    let mut push = |old: Option<usize>, new: Option<usize>| {
        pairs.push((Name::Idx { old, new }, old.map(|idx| olds[idx]), new.map(|idx| news[idx])));
    };
    for stretch in alignment.stretches() {
        match stretch {
            Stretch::Same { old, new, n } => (0..n).for_each(|offset| push(Some(old + offset), Some(new + offset))),
            Stretch::Changed { old, new } => {
                let kinds =
                    |text: &str, nodes: &[Node]| nodes.iter().map(|node| likeness(text, *node)).collect::<Vec<_>>();
                let (old_kinds, new_kinds) = (kinds(old_text, &olds[old.clone()]), kinds(new_text, &news[new.clone()]));
                for (old_idx, new_idx) in met(&old_kinds, &new_kinds, (old, new)) {
                    push(old_idx, new_idx);
                }
            }
        }
    }
    pairs
}

/// Which elements of two stretches meet, by their places in the lists.
fn met(
    old: &[String],
    new: &[String],
    (olds, news): (Range<usize>, Range<usize>),
) -> Vec<(Option<usize>, Option<usize>)> {
    let steps = Alignment::new(old, new, Effort::Landmarks);
    let pairs = steps.steps().map(|step| match step {
        Step::Same { old, new } => (Some(olds.start + old), Some(news.start + new)),
        Step::Removed(at) => (Some(olds.start + at), None),
        Step::Added(at) => (None, Some(news.start + at)),
    });
    pairs.collect()
}

/// What tells the elements of a list apart when their content has changed: their kind and, of objects, the fields that
/// say what they are.
fn likeness(text: &str, node: Node) -> String {
    const TELLING: [&str; 4] = ["\"role\"", "\"type\"", "\"name\"", "\"title\""];
    let kind = match node.kind {
        Kind::Object { .. } => "{",
        Kind::Array { .. } => "[",
        _ => return "scalar".to_owned(),
    };
    let fields = Children::of(text, node).filter(|child| {
        let is_telling = child.key.is_some_and(|key| TELLING.contains(&key.raw(text)));
        is_telling && child.value.n_children().is_none()
    });
    fields.fold(kind.to_owned(), |likeness, child| {
        likeness + child.key.map_or("", |key| key.raw(text)) + child.value.raw(text)
    })
}

#[cfg(test)]
#[path = "json_tests.rs"]
mod tests;
