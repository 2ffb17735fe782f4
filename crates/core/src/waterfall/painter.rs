//! Sends a draw list to whatever paints: a canvas in the browser, text in tests.

use super::marks::{DrawList, Label, LabelPaint, Mark, Paint};

/// Something that can be painted on. Styles are set seldom and hold for the marks that follow.
pub trait Painter {
    fn set_paint(&mut self, paint: Paint, is_faded: bool);
    fn draw(&mut self, mark: &Mark);
    fn set_label_paint(&mut self, paint: LabelPaint, is_faded: bool);
    fn draw_label(&mut self, label: &Label);
}

/// Paints the list in order.
pub fn paint(list: &DrawList, painter: &mut impl Painter) {
    let mut style = None;
    for mark in &list.marks {
        if style.replace((mark.paint, mark.is_faded)) != Some((mark.paint, mark.is_faded)) {
            painter.set_paint(mark.paint, mark.is_faded);
        }
        painter.draw(mark);
    }
    let mut style = None;
    for label in &list.labels {
        if style.replace((label.paint, label.is_faded)) != Some((label.paint, label.is_faded)) {
            painter.set_label_paint(label.paint, label.is_faded);
        }
        painter.draw_label(label);
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
    fn set_paint(&mut self, paint: Paint, is_faded: bool) {
        self.line(format_args!("{paint:?}{}", if is_faded { " faded" } else { "" }));
    }

    fn draw(&mut self, mark: &Mark) {
        let Mark { shape, x, y, w, h, .. } = mark;
        self.line(format_args!("  {shape:?} {x:.0},{y:.0} {w:.0}×{h:.0}"));
    }

    fn set_label_paint(&mut self, paint: LabelPaint, is_faded: bool) {
        self.line(format_args!("{paint:?}{}", if is_faded { " faded" } else { "" }));
    }

    fn draw_label(&mut self, label: &Label) {
        self.line(format_args!("  {:?} {:.0},{:.0}", label.text, label.x, label.y_middle));
    }
}
