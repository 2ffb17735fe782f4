//! Colours by their job, and which one stands for whom.

/// A colour of a chart; the painter knows the theme.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Color {
    /// One of [`Color::N_SERIES`] that every sight tells apart.
    Series(u8),
    Accent,
    Error,
    /// What succeeded, and whatever else is ground rather than figure.
    Neutral,
    /// All that is not among the largest.
    Other,
    Grid,
    Muted,
}

impl Color {
    pub const N_SERIES: u8 = 8;

    /// The token of the style sheet that says which colour it is.
    pub fn token(self) -> &'static str {
        const SERIES: [&str; Color::N_SERIES as usize] =
            ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6", "series-7", "series-8"];
        match self {
            Color::Series(idx) => SERIES[usize::from(idx % Self::N_SERIES)],
            Color::Accent => "accent",
            Color::Error => "error",
            Color::Neutral => "bar-success",
            Color::Other => "text-faint",
            Color::Grid => "grid",
            Color::Muted => "text-muted",
        }
    }

    /// Every colour, in the order of [`Color::idx`].
    pub const ALL: [Color; 14] = [
        Color::Series(0),
        Color::Series(1),
        Color::Series(2),
        Color::Series(3),
        Color::Series(4),
        Color::Series(5),
        Color::Series(6),
        Color::Series(7),
        Color::Accent,
        Color::Error,
        Color::Neutral,
        Color::Other,
        Color::Grid,
        Color::Muted,
    ];

    /// Its place in a palette.
    pub fn idx(self) -> usize {
        match self {
            Color::Series(idx) => usize::from(idx % Self::N_SERIES),
            Color::Accent => 8,
            Color::Error => 9,
            Color::Neutral => 10,
            Color::Other => 11,
            Color::Grid => 12,
            Color::Muted => 13,
        }
    }
}

/// The waterfall gives this many colours to names; beginning with the same ones, a model keeps its colour there.
const N_FIRST: u64 = 7;

/// A colour for each name, in their order: the one that its text asks for, or the next that is free.
pub fn colors_of(names: &[&str]) -> Vec<Color> {
    // The order of names must not matter: the largest of today is not that of tomorrow.
    let mut order: Vec<usize> = (0..names.len()).collect();
    order.sort_by_key(|&idx| names[idx]);
    let mut is_taken = [false; Color::N_SERIES as usize];
    let mut colors = vec![Color::Other; names.len()];
    for idx in order {
        let wanted = (hash(names[idx]) % N_FIRST) as u8;
        let near = (0..Color::N_SERIES).map(|offset| (wanted + offset) % Color::N_SERIES);
        let free = near.into_iter().find(|&color| !is_taken[usize::from(color)]).unwrap_or(wanted);
        is_taken[usize::from(free)] = true;
        colors[idx] = Color::Series(free);
    }
    colors
}

/// FNV-1a: the same on every machine and in every version, which the standard library's is not.
fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3))
}

/// Red, green and blue of a computed colour: `rgb(52, 82, 209)`, `rgba(0, 0, 0, 0.5)`, `color(srgb 0.2 0.3 0.8)`.
/// Transparency is left out: charts bring their own.
pub fn rgb_of_css(text: &str) -> Option<(u8, u8, u8)> {
    let (name, rest) = text.trim().split_once('(')?;
    let numbers: Vec<f64> = rest
        .trim_end_matches(')')
        .split([',', ' ', '/'])
        .filter_map(|part| part.trim().parse().ok())
        .filter(|number: &f64| number.is_finite())
        .collect();
    let [red, green, blue, ..] = numbers[..] else { return None };
    let scale = match name {
        "rgb" | "rgba" => 1.0,
        "color" => 255.0,
        _ => return None,
    };
    let byte = |value: f64| (value * scale).round().clamp(0.0, 255.0) as u8;
    Some((byte(red), byte(green), byte(blue)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_keeps_its_colour_whoever_else_is_there_before_it() {
        let one = colors_of(&["gpt-4o", "claude", "gemini"]);
        let other = colors_of(&["gemini", "gpt-4o", "claude"]);
        assert_eq!((one[0], one[1], one[2]), (other[1], other[2], other[0]));
    }

    #[test]
    fn eight_names_have_eight_colours() {
        let mut colors = colors_of(&["a", "b", "c", "d", "e", "f", "g", "h"]);
        colors.sort();
        colors.dedup();
        assert_eq!(colors.len(), 8);
    }

    #[test]
    fn every_colour_is_at_its_place() {
        for (idx, color) in Color::ALL.into_iter().enumerate() {
            assert_eq!(color.idx(), idx);
        }
    }

    #[test]
    fn computed_colours_are_read_in_every_spelling() {
        assert_eq!(rgb_of_css("rgb(52, 82, 209)"), Some((52, 82, 209)));
        assert_eq!(rgb_of_css("rgba(52, 82, 209, 0.5)"), Some((52, 82, 209)));
        assert_eq!(rgb_of_css("rgb(52 82 209 / 50%)"), Some((52, 82, 209)));
        assert_eq!(rgb_of_css("color(srgb 1 0.5 0)"), Some((255, 128, 0)));
        for nonsense in ["", "red", "rgb(1, 2)", "lab(1 2 3)", "rgb(x)"] {
            assert_eq!(rgb_of_css(nonsense), None, "{nonsense}");
        }
    }
}
