//! Reads JSON text once, in pieces as it arrives, and remembers where what is large begins and ends: an [`Index`].
//!
//! With it nothing is read twice: a container of 20 MB is stepped over at once, and the 150,000th item of a list is reached
//! from a mark close by. Small values are not in it; they are read when they are looked at.

use memchr::memchr2;

/// Values from this size on are remembered, and marks are set this far apart.
const LARGE_BYTES: usize = 32 * 1024;

/// Where a large value ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Large {
    start: usize,
    end: usize,
    /// Of a container; 0 for strings, which have none.
    n_children: usize,
}

/// A place between two children of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Mark {
    container_start: usize,
    /// Where the next child is looked for.
    at: usize,
    /// The position of that child among its siblings.
    idx: usize,
}

/// Where what is large begins and ends in a text. Empty for a text that was not scanned: everything works, more slowly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Index {
    /// By start.
    large: Vec<Large>,
    /// By container, then by place.
    marks: Vec<Mark>,
}

impl Index {
    /// An index that knows nothing.
    pub const EMPTY: &'static Index = &Index { large: Vec::new(), marks: Vec::new() };

    /// Where the value that starts at `start` ends and how many children it has, if it is large.
    pub fn end_of(&self, start: usize) -> Option<(usize, usize)> {
        let position = self.large.binary_search_by_key(&start, |large| large.start).ok()?;
        let large = &self.large[position];
        Some((large.end, large.n_children))
    }

    /// The last mark in a container at or before byte `at`: where reading may begin, and the position of the child there.
    pub fn mark_before(&self, container_start: usize, at: usize) -> Option<(usize, usize)> {
        self.last_mark(container_start, |mark| mark.at <= at)
    }

    /// The last mark in a container at or before its child `idx`.
    pub fn mark_of_child(&self, container_start: usize, idx: usize) -> Option<(usize, usize)> {
        self.last_mark(container_start, |mark| mark.idx <= idx)
    }

    fn last_mark(&self, container_start: usize, is_before: impl Fn(&Mark) -> bool) -> Option<(usize, usize)> {
        let first = self.marks.partition_point(|mark| mark.container_start < container_start);
        let of_container = self.marks[first..].partition_point(|mark| mark.container_start == container_start);
        let marks = &self.marks[first..first + of_container];
        let position = marks.partition_point(is_before).checked_sub(1)?;
        Some((marks[position].at, marks[position].idx))
    }

    /// The index of a part of the text, for that part alone.
    pub fn part(&self, start: usize, end: usize) -> Index {
        let from = self.large.partition_point(|large| large.start < start);
        let to = self.large.partition_point(|large| large.start < end);
        let large = self.large[from..to].iter().map(|large| Large {
            start: large.start - start,
            end: large.end - start,
            n_children: large.n_children,
        });
        let from = self.marks.partition_point(|mark| mark.container_start < start);
        let to = self.marks.partition_point(|mark| mark.container_start < end);
        let marks = self.marks[from..to].iter().map(|mark| Mark {
            container_start: mark.container_start - start,
            at: mark.at - start,
            idx: mark.idx,
        });
        Index { large: large.collect(), marks: marks.collect() }
    }
}

/// A container that is not closed yet.
#[derive(Debug)]
struct Open {
    start: usize,
    n_commas: usize,
    is_empty: bool,
    last_mark: usize,
}

/// Reads a text piece by piece. Total on any bytes.
#[derive(Debug, Default)]
pub struct Scanner {
    /// Bytes read so far.
    at: usize,
    open: Vec<Open>,
    /// Where the string began that is being read.
    string_start: Option<usize>,
    is_escaped: bool,
    index: Index,
}

impl Scanner {
    /// Reads on.
    pub fn feed(&mut self, bytes: &[u8]) {
        let base = self.at;
        let mut i = 0;
        while i < bytes.len() {
            if let Some(start) = self.string_start {
                i = self.string(bytes, i, base, start);
                continue;
            }
            match bytes[i] {
                b'"' => {
                    self.not_empty();
                    self.string_start = Some(base + i);
                }
                b'{' | b'[' => {
                    self.not_empty();
                    let start = base + i;
                    self.open.push(Open { start, n_commas: 0, is_empty: true, last_mark: start });
                }
                b'}' | b']' => self.close(base + i + 1),
                b',' => self.comma(base + i + 1),
                b' ' | b'\n' | b'\r' | b'\t' => {}
                _ => self.not_empty(),
            }
            i += 1;
        }
        self.at = base + bytes.len();
    }

    /// What was found. Containers that never closed reach to the end of the text.
    pub fn finish(mut self) -> Index {
        while !self.open.is_empty() {
            self.close(self.at);
        }
        if let Some(start) = self.string_start {
            self.large(start, self.at, 0);
        }
        self.index.large.sort_unstable_by_key(|large| large.start);
        self.index.marks.sort_unstable_by_key(|mark| (mark.container_start, mark.at));
        self.index
    }

    /// Reads on in a string from `i`; returns where to go on.
    fn string(&mut self, bytes: &[u8], mut i: usize, base: usize, start: usize) -> usize {
        if std::mem::take(&mut self.is_escaped) {
            i += 1;
        }
        while let Some(found) = bytes.get(i..).and_then(|rest| memchr2(b'"', b'\\', rest)) {
            i += found;
            if bytes[i] == b'"' {
                self.string_start = None;
                self.large(start, base + i + 1, 0);
                return i + 1;
            }
            if i + 1 == bytes.len() {
                self.is_escaped = true;
            }
            i += 2;
        }
        bytes.len()
    }

    fn not_empty(&mut self) {
        if let Some(open) = self.open.last_mut() {
            open.is_empty = false;
        }
    }

    fn comma(&mut self, after: usize) {
        let Some(open) = self.open.last_mut() else { return };
        open.n_commas += 1;
        if after - open.last_mark >= LARGE_BYTES {
            open.last_mark = after;
            self.index.marks.push(Mark { container_start: open.start, at: after, idx: open.n_commas });
        }
    }

    fn close(&mut self, end: usize) {
        if let Some(open) = self.open.pop() {
            let n_children = if open.is_empty { 0 } else { open.n_commas + 1 };
            self.large(open.start, end, n_children);
        }
    }

    fn large(&mut self, start: usize, end: usize, n_children: usize) {
        if end - start >= LARGE_BYTES {
            self.index.large.push(Large { start, end, n_children });
        }
    }
}

/// The index of a whole text.
pub fn scan(text: &str) -> Index {
    let mut scanner = Scanner::default();
    scanner.feed(text.as_bytes());
    scanner.finish()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::json_view::node::{Children, root};
    use proptest::prelude::*;

    /// A list of `n` records of some 60 bytes inside an object.
    fn records(n: usize) -> String {
        let records: Vec<String> =
            (0..n).map(|i| format!("{{\"id\":{i},\"name\":\"record, no. {i}\",\"tags\":[\"a\",\"}}\"]}}")).collect();
        format!("{{\"head\":1,\"rows\":[{}],\"tail\":\"{}\"}}", records.join(","), "x\\\"".repeat(30_000))
    }

    #[test]
    fn pieces_of_any_size_give_the_same_index() {
        let text = records(3000);
        let whole = scan(&text);
        for size in [1, 7, 4096, 65_537] {
            let mut scanner = Scanner::default();
            text.as_bytes().chunks(size).for_each(|piece| scanner.feed(piece));
            assert_eq!(scanner.finish(), whole);
        }
    }

    #[test]
    fn what_is_large_ends_where_reading_it_ends() {
        let text = records(3000);
        let index = scan(&text);
        let node = root(&text).unwrap();
        assert_eq!(index.end_of(node.start), Some((node.end, 3)));
        let children: Vec<_> = Children::of(&text, node).map(|child| child.value).collect();
        assert_eq!(index.end_of(children[0].start), None);
        assert_eq!(index.end_of(children[1].start), Some((children[1].end, 3000)));
        assert_eq!(index.end_of(children[2].start), Some((children[2].end, 0)));
    }

    #[test]
    fn marks_lead_close_to_any_child() {
        let text = records(3000);
        let index = scan(&text);
        let rows = Children::of(&text, root(&text).unwrap()).nth(1).unwrap().value;
        for (idx, child) in Children::of(&text, rows).enumerate().step_by(97) {
            if let Some((at, first)) = index.mark_of_child(rows.start, idx) {
                assert!(first <= idx && idx - first < 2000 && at <= child.value.start);
                let found = Children::resume(&text, rows, (at, first)).nth(idx - first).unwrap();
                assert_eq!((found.idx, found.value), (idx, child.value));
                assert_eq!(
                    index.mark_before(rows.start, child.value.start).map(|(_, idx)| idx <= child.idx),
                    Some(true)
                );
            }
        }
        assert_eq!(index.mark_before(rows.start, rows.start), None);
    }

    #[test]
    fn a_part_has_the_index_of_its_own_text() {
        let text = records(3000);
        let rows = Children::of(&text, root(&text).unwrap()).nth(1).unwrap().value;
        assert_eq!(scan(&text).part(rows.start, rows.end), scan(rows.raw(&text)));
    }

    proptest! {
        #[test]
        fn any_bytes_are_read(pieces in proptest::collection::vec("[\\[\\]{}\",:\\\\ a1é]{0,20}", 0..6)) {
            let mut scanner = Scanner::default();
            pieces.iter().for_each(|piece| scanner.feed(piece.as_bytes()));
            scanner.finish();
        }
    }
}
