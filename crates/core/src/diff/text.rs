//! Two texts compared line by line, and where lines changed, word by word.

use super::align::{Alignment, Effort, Stretch};
use super::marks::{Marks, Side, WordRules, marks};
use super::moves::{self, Changed, Move};
use crate::prompt::template::Format;
use std::collections::HashMap;
use std::ops::Range;

/// What became of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LineKind {
    Same,
    Removed,
    Added,
}

/// One line of the comparison.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub kind: LineKind,
    /// From 1; `None` for an added line.
    pub old_number: Option<usize>,
    /// From 1; `None` for a removed line.
    pub new_number: Option<usize>,
    /// The bytes of the line, its line break included: of the new text when it was added, else of the old.
    pub span: Range<usize>,
    /// Of a line that stayed, its bytes in the new text: with other space when that does not count. Empty otherwise.
    pub new_span: Range<usize>,
    /// The parts of the line that changed, as ranges like `span`; nothing in a line that stayed. A line that has hardly
    /// anything in common with the other side is one mark; of a line that moved, what changed on the way.
    pub marks: Vec<Range<usize>>,
    /// In [`TextDiff::moves`].
    pub move_idx: Option<usize>,
}

impl Line {
    /// The whole line changed: marking words would say nothing.
    pub fn is_all_marked(&self) -> bool {
        self.marks.as_slice() == [self.span.clone()]
    }
}

/// What differs between two texts. The lines that stayed and those that were added are the new text; those that stayed
/// and those that were removed the old one. Without what is marked, removed and added lines are the same text, unless
/// some of them moved.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextDiff {
    pub lines: Vec<Line>,
    /// The lines of each section.
    pub sections: Vec<Range<usize>>,
    /// Blocks that moved, by their lines here: those that were removed, and those that were added.
    pub moves: Vec<Move>,
    /// Lines that moved count as neither.
    pub n_removed: usize,
    pub n_added: usize,
    /// Somewhere so much changed that words were not looked at: there, whole lines are marked.
    pub is_by_lines_only: bool,
}

impl TextDiff {
    pub fn is_empty(&self) -> bool {
        self.lines.iter().all(|line| line.kind == LineKind::Same)
    }
}

/// How texts are compared.
#[derive(Clone, Copy, Debug, Default)]
pub struct Rules {
    pub words: WordRules,
    pub finds_moves: bool,
}

impl Rules {
    /// Those of templates.
    pub fn of_templates(variables: Format, ignores_space: bool) -> Self {
        Rules { words: WordRules { variables: Some(variables), ignores_space }, finds_moves: true }
    }
}

/// Words of all stretches together.
const MAX_PIECES_IN_ALL: usize = 400_000;

/// Compares two texts. Takes time in proportion to their lengths.
pub fn diff_text(old: &str, new: &str) -> TextDiff {
    diff_sections(old, new, &[(0..old.len(), 0..new.len())], Rules::default())
}

/// Compares two texts section by section: parts of both that correspond, either of which may be empty. Lines are
/// numbered in each; blocks may move from one to another. Takes time in proportion to the lengths.
pub fn diff_sections(old: &str, new: &str, sections: &[(Range<usize>, Range<usize>)], rules: Rules) -> TextDiff {
    let mut old_lines = Vec::new();
    let mut new_lines = Vec::new();
    // By section: the stretches, and the first line of both sides.
    let mut aligned = Vec::new();
    for (old_bytes, new_bytes) in sections {
        let first = (old_lines.len(), new_lines.len());
        old_lines.extend(lines(old, old_bytes.clone()));
        new_lines.extend(lines(new, new_bytes.clone()));
        let ignores_space = rules.words.ignores_space;
        let (olds, news) =
            (keys(old, &old_lines[first.0..], ignores_space), keys(new, &new_lines[first.1..], ignores_space));
        aligned.push((first, Alignment::new(&olds, &news, Effort::Landmarks).stretches()));
    }
    let mut builder = Builder {
        texts: [old, new],
        lines: [&old_lines, &new_lines],
        rules,
        n_pieces_left: MAX_PIECES_IN_ALL,
        diff: TextDiff::default(),
        moved: [HashMap::new(), HashMap::new()],
        moved_marks: [HashMap::new(), HashMap::new()],
    };
    if rules.finds_moves {
        builder.find_moves(&aligned);
    }
    for (first, stretches) in &aligned {
        let start = builder.diff.lines.len();
        stretches.iter().for_each(|stretch| builder.add(stretch, *first));
        builder.diff.sections.push(start..builder.diff.lines.len());
    }
    builder.finish()
}

/// The stretches of a section, and its first line of both sides.
type Aligned = ((usize, usize), Vec<Stretch>);

/// Lines and bytes are those of the whole texts; stretches count from the beginning of their section.
struct Builder<'a> {
    texts: [&'a str; 2],
    lines: [&'a [Range<usize>]; 2],
    rules: Rules,
    n_pieces_left: usize,
    diff: TextDiff,
    /// By line of the old and of the new text: the move.
    moved: [HashMap<usize, usize>; 2],
    moved_marks: [HashMap<usize, Vec<Range<usize>>>; 2],
}

const OLD: usize = 0;
const NEW: usize = 1;

impl Builder<'_> {
    fn find_moves(&mut self, aligned: &[Aligned]) {
        let mut changed: [Vec<Changed<'_>>; 2] = [Vec::new(), Vec::new()];
        let mut n_stretches = 0;
        for ((first_old, first_new), stretches) in aligned {
            for stretch in stretches {
                n_stretches += 1;
                let Stretch::Changed { old, new } = stretch else { continue };
                for (side, first, range) in [(OLD, first_old, old), (NEW, first_new, new)] {
                    changed[side].extend(range.clone().map(|at| {
                        let line_idx = first + at;
                        let text = &self.texts[side][self.lines[side][line_idx].clone()];
                        Changed { line_idx, text, stretch: n_stretches }
                    }));
                }
            }
        }
        for (idx, found) in
            moves::find(&changed[OLD], &changed[NEW], self.rules.words.variables).into_iter().enumerate()
        {
            for (side, lines) in [(OLD, found.old.clone()), (NEW, found.new.clone())] {
                lines.for_each(|line| {
                    self.moved[side].insert(line, idx);
                });
            }
            for (one, other) in found.old.clone().zip(found.new.clone()) {
                self.mark(&[one], &[other], true);
            }
            self.diff.moves.push(found);
        }
    }

    /// Compares some lines word by word, and keeps the marks by line.
    fn mark(&mut self, olds: &[usize], news: &[usize], is_move: bool) {
        let spans = |side: usize, at: &[usize]| at.iter().map(|at| self.lines[side][*at].clone()).collect::<Vec<_>>();
        let (old_spans, new_spans) = (spans(OLD, olds), spans(NEW, news));
        let old = Side { text: self.texts[OLD], lines: &old_spans };
        let new = Side { text: self.texts[NEW], lines: &new_spans };
        // A block that moved is not changed by that.
        let found = match is_move
            && self.texts[OLD][old_spans[0].clone()].trim() == self.texts[NEW][new_spans[0].clone()].trim()
        {
            true => Marks::Words([Vec::new(), Vec::new()]),
            false => marks(old, new, self.rules.words, &mut self.n_pieces_left),
        };
        self.diff.is_by_lines_only |= found == Marks::NotLookedAt;
        let Marks::Words(marks) = found else { return };
        for ((side, at), marks) in [(OLD, olds), (NEW, news)].into_iter().zip(marks) {
            let mut marks = marks.into_iter().peekable();
            for &line in at {
                let span = &self.lines[side][line];
                let inside = std::iter::from_fn(|| marks.next_if(|mark| mark.start < span.end)).collect();
                self.moved_marks[side].insert(line, inside);
            }
        }
    }

    fn add(&mut self, stretch: &Stretch, (first_old, first_new): (usize, usize)) {
        match stretch {
            Stretch::Same { old, new, n } => {
                let line = |offset: usize| Line {
                    kind: LineKind::Same,
                    old_number: Some(old + offset + 1),
                    new_number: Some(new + offset + 1),
                    span: self.lines[OLD][first_old + old + offset].clone(),
                    new_span: self.lines[NEW][first_new + new + offset].clone(),
                    marks: Vec::new(),
                    move_idx: None,
                };
                self.diff.lines.extend((0..*n).map(line));
            }
            Stretch::Changed { old, new } => {
                let stayed = |side: usize, first: usize, range: &Range<usize>| -> Vec<usize> {
                    range.clone().map(|at| first + at).filter(|line| !self.moved[side].contains_key(line)).collect()
                };
                let (olds, news) = (stayed(OLD, first_old, old), stayed(NEW, first_new, new));
                self.diff.n_removed += olds.len();
                self.diff.n_added += news.len();
                if !olds.is_empty() && !news.is_empty() {
                    self.mark(&olds, &news, false);
                }
                self.add_changed(OLD, LineKind::Removed, first_old, old);
                self.add_changed(NEW, LineKind::Added, first_new, new);
            }
        }
    }

    fn add_changed(&mut self, side: usize, kind: LineKind, first: usize, range: &Range<usize>) {
        for at in range.clone() {
            let span = self.lines[side][first + at].clone();
            let of = |is_of: LineKind| (kind == is_of).then_some(at + 1);
            self.diff.lines.push(Line {
                kind,
                old_number: of(LineKind::Removed),
                new_number: of(LineKind::Added),
                marks: self.moved_marks[side].remove(&(first + at)).unwrap_or_else(|| vec![span.clone()]),
                span,
                new_span: 0..0,
                move_idx: self.moved[side].get(&(first + at)).copied(),
            });
        }
    }

    /// Blocks were found by the lines of both texts; readers know the lines of the comparison.
    fn finish(self) -> TextDiff {
        let mut diff = self.diff;
        diff.moves.fill(Move { old: 0..0, new: 0..0 });
        for (at, line) in diff.lines.iter().enumerate() {
            let Some(block) = line.move_idx.map(|idx| &mut diff.moves[idx]) else { continue };
            let side = if line.kind == LineKind::Added { &mut block.new } else { &mut block.old };
            *side = if Range::is_empty(side) { at..at + 1 } else { side.start..at + 1 };
        }
        diff
    }
}

/// Where the lines of a part of a text are, line breaks included.
fn lines(text: &str, bytes: Range<usize>) -> Vec<Range<usize>> {
    let mut start = bytes.start;
    text[bytes]
        .split_inclusive('\n')
        .map(|line| {
            start += line.len();
            start - line.len()..start
        })
        .collect()
}

/// What makes two lines the same.
fn keys(text: &str, lines: &[Range<usize>], ignores_space: bool) -> Vec<String> {
    let key = |line: &Range<usize>| match ignores_space {
        true => text[line.clone()].split_whitespace().collect::<Vec<_>>().join(" "),
        false => text[line.clone()].to_owned(),
    };
    lines.iter().map(key).collect()
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
