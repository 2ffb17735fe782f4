//! The colours of bars, as `style/tokens.css` has them: apart for every kind of sight, and readable.

use std::collections::HashMap;

type Rgb = [f64; 3];

/// Fills that may stand side by side in one chart: errors, and the series that kinds, models and names are drawn in.
const FILLS: [&str; 9] =
    ["series-1", "series-2", "series-3", "series-4", "series-5", "series-6", "series-7", "series-8", "error"];
/// Kinds that are filled; chains are outlines.
const KINDS: [&str; 6] = ["llm", "tool", "retriever", "embedding", "prompt", "parser"];
const SCALE: [&str; 6] = ["scale-1", "scale-2", "scale-3", "scale-4", "scale-5", "scale-6"];
/// OKLab distance at which two fills are told apart without a legend at hand.
const LEAST_DISTANCE: f64 = 0.08;

/// Linear light as each sight has it: Machado, Oliveira and Fernandes (2009), severity 1.0.
const SIGHTS: [(&str, [Rgb; 3]); 4] = [
    ("normal", [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]),
    ("protan", [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]]),
    ("deutan", [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]),
    ("tritan", [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]]),
];

/// The colour tokens of one theme as linear light.
struct Theme {
    name: &'static str,
    colors: HashMap<String, Rgb>,
}

fn themes() -> [Theme; 2] {
    let css = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../style/tokens.css"))
        .expect("the tokens are in the clone");
    let read = |name, pick: usize| {
        let mut colors = HashMap::new();
        let mut named = Vec::new();
        for line in css.lines() {
            let Some((token, value)) = line.trim().strip_prefix("--").and_then(|line| line.split_once(": ")) else {
                continue;
            };
            let value = value.split(';').next().unwrap_or_default();
            if let Some(token_of) = value.strip_prefix("var(--").and_then(|rest| rest.strip_suffix(')')) {
                named.push((token.to_owned(), token_of.to_owned()));
            } else if let Some(pair) = value.strip_prefix("light-dark(").and_then(|rest| rest.strip_suffix(')'))
                && let Some(color) = pair.split(", ").nth(pick).and_then(linear)
            {
                colors.insert(token.to_owned(), color);
            }
        }
        for (token, token_of) in named {
            if let Some(&color) = colors.get(&token_of) {
                colors.entry(token).or_insert(color);
            }
        }
        Theme { name, colors }
    };
    [read("light", 0), read("dark", 1)]
}

/// Linear light of `#rrggbb`.
fn linear(hex: &str) -> Option<Rgb> {
    let digits = hex.strip_prefix('#').filter(|digits| digits.len() == 6)?;
    let mut rgb = [0.0; 3];
    for (channel, value) in rgb.iter_mut().enumerate() {
        let byte = u8::from_str_radix(&digits[2 * channel..2 * channel + 2], 16).ok()?;
        let encoded = f64::from(byte) / 255.0;
        *value = if encoded <= 0.04045 { encoded / 12.92 } else { ((encoded + 0.055) / 1.055).powf(2.4) };
    }
    Some(rgb)
}

fn times(matrix: &[Rgb; 3], rgb: Rgb) -> Rgb {
    matrix.map(|row| row.iter().zip(rgb).map(|(factor, value)| factor * value).sum())
}

/// Björn Ottosson's OKLab: <https://bottosson.github.io/posts/oklab/>.
fn oklab(rgb: Rgb) -> Rgb {
    let lms = times(
        &[
            [0.4122214708, 0.5363325363, 0.0514459929],
            [0.2119034982, 0.6806995451, 0.1073969566],
            [0.0883024619, 0.2817188376, 0.6299787005],
        ],
        rgb.map(|value| value.clamp(0.0, 1.0)),
    );
    times(
        &[
            [0.2104542553, 0.7936177850, -0.0040720468],
            [1.9779984951, -2.4285922050, 0.4505937099],
            [0.0259040371, 0.7827717662, -0.8086757660],
        ],
        lms.map(f64::cbrt),
    )
}

fn distance(one: Rgb, other: Rgb) -> f64 {
    let [one, other] = [oklab(one), oklab(other)];
    one.iter().zip(other).map(|(a, b)| (a - b).powi(2)).sum::<f64>().sqrt()
}

/// WCAG contrast, from 1 to 21.
fn contrast(one: Rgb, other: Rgb) -> f64 {
    let luminance = |rgb: Rgb| 0.2126 * rgb[0] + 0.7152 * rgb[1] + 0.0722 * rgb[2];
    let (one, other) = (luminance(one), luminance(other));
    (one.max(other) + 0.05) / (one.min(other) + 0.05)
}

impl Theme {
    fn color(&self, token: &str) -> Rgb {
        *self.colors.get(token).unwrap_or_else(|| panic!("--{token} is a colour of the {} theme", self.name))
    }
}

#[test]
fn fills_stay_apart_for_every_sight() {
    let mut complaints = Vec::new();
    for theme in themes() {
        for (sight, matrix) in SIGHTS {
            for (idx, one) in FILLS.iter().enumerate() {
                for other in &FILLS[idx + 1..] {
                    let seen = |token: &str| times(&matrix, theme.color(token));
                    let distance = distance(seen(one), seen(other));
                    if distance < LEAST_DISTANCE {
                        complaints.push(format!("{} {sight}: {one} and {other} are {distance:.3} apart", theme.name));
                    }
                }
            }
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn fills_stand_out_from_the_surface_and_carry_their_text() {
    let mut complaints = Vec::new();
    let mut demand = |theme: &Theme, one: &str, other: &str, least: f64| {
        let contrast = contrast(theme.color(one), theme.color(other));
        if contrast < least {
            complaints.push(format!("{}: {one} on {other} is {contrast:.2}, not {least}", theme.name));
        }
    };
    for theme in themes() {
        for fill in FILLS.iter().chain(&SCALE).copied().chain(["run-chain"]) {
            demand(&theme, fill, "surface", 3.0);
        }
        for fill in FILLS.iter().filter(|&&fill| fill != "error").chain(&SCALE) {
            demand(&theme, &format!("{fill}-text"), fill, 4.5);
        }
        for kind in KINDS {
            demand(&theme, &format!("run-{kind}-text"), &format!("run-{kind}"), 4.5);
        }
        for (text, surface) in [("text", "surface"), ("text-muted", "surface"), ("run-chain-text", "surface")] {
            demand(&theme, text, surface, 4.5);
        }
    }
    assert!(complaints.is_empty(), "{complaints:#?}");
}

#[test]
fn kinds_are_drawn_in_the_colours_of_series() {
    for theme in themes() {
        for kind in KINDS {
            let is_series = FILLS.iter().any(|fill| theme.color(fill) == theme.color(&format!("run-{kind}")));
            assert!(
                is_series,
                "--run-{kind} is no series of the {} theme: nobody has checked its distances",
                theme.name
            );
        }
    }
}

#[test]
fn the_scale_gets_darker_on_light_and_lighter_on_dark() {
    for theme in themes() {
        let contrasts = SCALE.map(|token| contrast(theme.color(token), theme.color("surface")));
        assert!(contrasts.is_sorted_by(|one, other| other - one > 0.5), "{}: {contrasts:.2?}", theme.name);
    }
}
