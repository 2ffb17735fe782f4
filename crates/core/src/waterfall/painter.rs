//! Sends a draw list to whatever paints: a canvas in the browser, text in tests.

use super::marks::{DrawList, Label, LabelPaint, Mark, Paint};

/// Something that can be painted on. Styles are set seldom and hold for the marks that follow.
pub trait Painter {
    fn set_paint(&mut self, paint: Paint);
    fn draw(&mut self, mark: &Mark);
    fn set_label_paint(&mut self, paint: LabelPaint);
    fn draw_label(&mut self, label: &Label);
}

/// Paints the list in order.
pub fn paint(list: &DrawList, painter: &mut impl Painter) {
    let mut style = None;
    for mark in &list.marks {
        if style.replace(mark.paint) != Some(mark.paint) {
            painter.set_paint(mark.paint);
        }
        painter.draw(mark);
    }
    let mut style = None;
    for label in &list.labels {
        if style.replace(label.paint) != Some(label.paint) {
            painter.set_label_paint(label.paint);
        }
        painter.draw_label(label);
    }
}

/// What a list costs to paint.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PaintCounts {
    pub n_rects: usize,
    pub n_labels: usize,
    pub n_style_changes: usize,
}

/// At most this many marks in a frame, however many runs there are.
pub const MOST_RECTS: usize = 2500;
pub const MOST_LABELS: usize = 120;
pub const MOST_STYLE_CHANGES: usize = 16;

/// Counts what [`paint`] would do.
pub fn count(list: &DrawList) -> PaintCounts {
    let mut counts = PaintCounts::default();
    paint(list, &mut counts);
    counts
}

impl Painter for PaintCounts {
    fn set_paint(&mut self, _: Paint) {
        self.n_style_changes += 1;
    }

    fn draw(&mut self, _: &Mark) {
        self.n_rects += 1;
    }

    fn set_label_paint(&mut self, _: LabelPaint) {
        self.n_style_changes += 1;
    }

    fn draw_label(&mut self, _: &Label) {
        self.n_labels += 1;
    }
}

/// The calls as text, one line each, for snapshots.
#[cfg(test)]
pub fn draw_as_text(list: &DrawList) -> String {
    let mut painter = TextPainter::default();
    paint(list, &mut painter);
    painter.text
}

#[cfg(test)]
#[derive(Default)]
struct TextPainter {
    text: String,
}

#[cfg(test)]
impl TextPainter {
    fn line(&mut self, line: std::fmt::Arguments<'_>) {
        self.text.push_str(&line.to_string());
        self.text.push('\n');
    }
}

#[cfg(test)]
impl Painter for TextPainter {
    fn set_paint(&mut self, paint: Paint) {
        match paint {
            Paint::Fill(fill) => self.line(format_args!("{}", fill.token())),
            other => self.line(format_args!("{other:?}")),
        }
    }

    fn draw(&mut self, mark: &Mark) {
        let Mark { shape, x, y, w, h, .. } = mark;
        self.line(format_args!("  {shape:?} {x:.0},{y:.0} {w:.0}×{h:.0}"));
    }

    fn set_label_paint(&mut self, paint: LabelPaint) {
        self.line(format_args!("{paint:?}"));
    }

    fn draw_label(&mut self, label: &Label) {
        self.line(format_args!("  {:?} {:.0},{:.0}", label.text, label.x, label.y_middle));
    }
}
