//! How wide a label will be, from advances measured once per font: layout must not ask the browser.

/// Advance widths of one font in CSS pixels.
#[derive(Clone, Debug, PartialEq)]
pub struct TextWidths {
    ascii_px: [f64; 128],
    other_px: f64,
}

impl TextWidths {
    /// Asks `measure` for the width of each character once.
    pub fn measured(mut measure: impl FnMut(&str) -> f64) -> Self {
        let mut ascii_px = [0.0; 128];
        for byte in 32u8..127 {
            ascii_px[byte as usize] = measure(char::from(byte).encode_utf8(&mut [0; 4]));
        }
        TextWidths { ascii_px, other_px: measure("µ").max(measure("m")) }
    }

    /// The same width for every character.
    pub fn uniform(width_px: f64) -> Self {
        TextWidths { ascii_px: [width_px; 128], other_px: width_px }
    }

    pub fn width_px(&self, text: &str) -> f64 {
        let advance = |c: char| self.ascii_px.get(c as usize).copied().unwrap_or(self.other_px);
        text.chars().map(advance).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_add_up() {
        let widths = TextWidths::measured(|text| if text == "m" { 9.0 } else { 5.0 });
        assert_eq!(widths.width_px("1 ms"), 24.0);
        assert_eq!(widths.width_px("µ"), 9.0);
    }
}
