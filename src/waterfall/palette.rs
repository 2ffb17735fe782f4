//! The theme's colours as a canvas takes them: made once per theme, so that no text crosses to the browser in a frame.

use super::chart_state::Inks;
use super::marks::{Fill, Paint};
use super::text_width::TextWidths;
use crate::theme::CanvasTokens;
use fanlight_wire::RunType;
use js_sys::JsString;
use leptos::prelude::{document, window};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement};

/// How much of the surface a veil lays over what it pales.
const VEIL_PERCENT: u32 = 58;
const RANGE_PERCENT: u32 = 14;
/// Labels that are kept as the browser's own texts; beyond that all are forgotten.
const MOST_TEXTS: usize = 4000;

/// See the module.
pub struct Palette {
    fills: Vec<JsValue>,
    /// Each fill as red, green and blue, for pixels.
    pub bytes: [[u8; 3]; Fill::COUNT],
    /// For each fill the number of its text colour in `ink_colors`.
    pub inks: [u8; Fill::COUNT],
    ink_colors: Vec<JsValue>,
    error: JsValue,
    error_hatch: JsValue,
    gap_hatch: JsValue,
    grid: JsValue,
    critical: JsValue,
    muted: JsValue,
    faded: JsValue,
    veil: JsValue,
    range: JsValue,
    cursor: JsValue,
    marker: JsValue,
    accent: JsValue,
    pub font: String,
    pub widths: TextWidths,
    /// Fills and text have one colour, as forced colours make them.
    pub is_monochrome: bool,
    texts: RefCell<HashMap<String, JsString>>,
    n_new_texts: Cell<u32>,
}

impl Palette {
    pub fn new(tokens: &CanvasTokens, context: &CanvasRenderingContext2d, dpr: f64) -> Self {
        let font = format!("{}px {}", (0.75 * root_font_px()).round(), tokens.font_sans);
        context.set_font(&font);
        let measure = |text: &str| context.measure_text(text).map_or(8.0, |metrics| metrics.width());
        let (mut ink_colors, mut inks) = (Vec::<String>::new(), [0; Fill::COUNT]);
        for (ink, colors) in inks.iter_mut().zip(&tokens.fills) {
            let known = ink_colors.iter().position(|other| *other == colors.text);
            *ink = known.unwrap_or(ink_colors.len()) as u8;
            if known.is_none() {
                ink_colors.push(colors.text.clone());
            }
        }
        let text = |color: &str| JsValue::from_str(color);
        let through = |color: &str, percent: u32| text(&format!("color-mix(in srgb, {color} {percent}%, transparent)"));
        let hatched = |color: &str| hatch(color, dpr).unwrap_or_else(|| text(color));
        let mut bytes = [[0; 3]; Fill::COUNT];
        bytes.iter_mut().zip(&tokens.fills).for_each(|(bytes, colors)| *bytes = rgb_bytes(&colors.fill));
        Palette {
            fills: tokens.fills.iter().map(|colors| text(&colors.fill)).collect(),
            bytes,
            inks,
            ink_colors: ink_colors.iter().map(|color| text(color)).collect(),
            error: text(&tokens.error),
            error_hatch: hatched(&tokens.error),
            gap_hatch: hatched(&tokens.line),
            grid: text(&tokens.grid),
            critical: text(&tokens.critical),
            muted: text(&tokens.text_muted),
            faded: through(&tokens.text_muted, 60),
            veil: through(&tokens.surface, VEIL_PERCENT),
            range: through(&tokens.accent, RANGE_PERCENT),
            cursor: through(&tokens.text_faint, 60),
            marker: text(&tokens.warning),
            accent: text(&tokens.accent),
            widths: TextWidths::measured(measure),
            is_monochrome: tokens.run(RunType::Llm).fill == tokens.run(RunType::Tool).fill,
            font,
            texts: RefCell::default(),
            n_new_texts: Cell::new(0),
        }
    }

    pub fn color(&self, paint: Paint) -> &JsValue {
        match paint {
            Paint::Grid => &self.grid,
            Paint::GapHatch => &self.gap_hatch,
            Paint::Fill(fill) => &self.fills[fill.idx()],
            Paint::Veil => &self.veil,
            Paint::Error => &self.error,
            Paint::ErrorHatch => &self.error_hatch,
            Paint::Critical => &self.critical,
            Paint::Muted => &self.muted,
            Paint::Range => &self.range,
            Paint::Cursor => &self.cursor,
            Paint::Marker => &self.marker,
            Paint::Accent => &self.accent,
        }
    }

    /// The text colour of a number in [`Palette::inks`].
    pub fn ink(&self, ink: u8) -> &JsValue {
        self.ink_colors.get(ink as usize).unwrap_or(&self.muted)
    }

    /// Text beside bars, or of what a search did not find.
    pub fn beside(&self, is_faded: bool) -> &JsValue {
        if is_faded { &self.faded } else { &self.muted }
    }

    /// `text` as the browser's own, which a label that was drawn before is already.
    pub fn text(&self, text: &str) -> JsString {
        let mut texts = self.texts.borrow_mut();
        if let Some(known) = texts.get(text) {
            return known.clone();
        }
        if texts.len() >= MOST_TEXTS {
            texts.clear();
        }
        self.n_new_texts.set(self.n_new_texts.get() + 1);
        let made = JsString::from(text);
        texts.insert(text.to_owned(), made.clone());
        made
    }

    /// For whoever lays out text.
    pub fn as_inks(&self) -> Inks<'_> {
        Inks { widths: &self.widths, inks: &self.inks, is_monochrome: self.is_monochrome }
    }

    /// How many texts crossed to the browser since this was last asked.
    pub fn take_new_texts(&self) -> u32 {
        self.n_new_texts.take()
    }
}

/// CSS pixels of one rem: canvas text follows the reader's text size.
fn root_font_px() -> f64 {
    let size = document()
        .document_element()
        .and_then(|root| window().get_computed_style(&root).ok().flatten())
        .and_then(|style| style.get_property_value("font-size").ok());
    size.and_then(|size| size.trim_end_matches("px").parse().ok()).unwrap_or(16.0)
}

/// Red, green and blue of a computed colour: three numbers in brackets.
pub fn rgb_bytes(color: &str) -> [u8; 3] {
    let mut bytes = [0; 3];
    let numbers = color.split(|char: char| !char.is_ascii_digit() && char != '.').filter(|part| !part.is_empty());
    for (byte, number) in bytes.iter_mut().zip(numbers) {
        *byte = number.parse::<f64>().unwrap_or(0.0).round() as u8;
    }
    bytes
}

/// Slanted lines in `color`, transparent between.
fn hatch(color: &str, dpr: f64) -> Option<JsValue> {
    let side = (7.0 * dpr).round().max(4.0);
    let tile: HtmlCanvasElement = document().create_element("canvas").ok()?.dyn_into().ok()?;
    tile.set_width(side as u32);
    tile.set_height(side as u32);
    let context = super::canvas::context_of(&tile)?;
    context.set_stroke_style_str(color);
    context.set_line_width(1.6 * dpr);
    context.begin_path();
    for offset in [-side, 0.0, side] {
        context.move_to(offset - 1.0, side + 1.0);
        context.line_to(offset + side + 1.0, -1.0);
    }
    context.stroke();
    let pattern = context.create_pattern_with_html_canvas_element(&tile, "repeat").ok().flatten()?;
    Some(pattern.into())
}
