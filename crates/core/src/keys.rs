//! Keyboard shortcuts as data: one table binds a screen's keys and feeds its `?` sheet. Pure.
//!
//! A chord is written as it is shown: `j`, `Shift+E`, `Mod+Enter`, `ArrowDown`, `?`; `g t` is `t` after `g`. `Mod` is ⌘
//! on a Mac and Ctrl elsewhere. Letters and signs match what was typed; whether Shift was needed to type a sign is the
//! keyboard's affair. Digits mean the keys above the letters: on some keyboards they type digits only with Shift.

/// What a keyboard event says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct KeyPress<'a> {
    /// `KeyboardEvent.key`.
    pub key: &'a str,
    /// `KeyboardEvent.code`: which key it is, whatever it types.
    pub code: &'a str,
    pub has_shift: bool,
    /// ⌘ or Ctrl.
    pub has_mod: bool,
    pub has_alt: bool,
    /// The plain key pressed just before, for chords of two keys; empty when that is too long ago.
    pub after: &'a str,
}

/// Chords that do the same, and what they do in the reader's words; without words, the line before says it.
#[derive(Clone, Copy, Debug)]
pub struct Binding<A: 'static> {
    pub chords: &'static [&'static str],
    pub action: A,
    pub label: &'static str,
}

/// The action that `press` is bound to.
pub fn find<A: Copy>(table: &[Binding<A>], press: KeyPress<'_>) -> Option<A> {
    table.iter().find(|binding| binding.chords.iter().any(|chord| matches(chord, press))).map(|binding| binding.action)
}

/// Whether `press` is `chord`.
pub fn matches(chord: &str, press: KeyPress<'_>) -> bool {
    let chord = match chord.split_once(' ') {
        Some((first, second)) if !second.is_empty() && first != press.after => return false,
        Some((_, second)) if !second.is_empty() => second,
        _ => chord,
    };
    let (modifiers, key) = match chord.rsplit_once('+') {
        // `+` itself, and `Mod++`.
        Some((rest, "")) => (rest.trim_end_matches('+'), "+"),
        Some((rest, key)) => (rest, key),
        None => ("", chord),
    };
    let wants = |name| modifiers.split('+').any(|modifier| modifier == name);
    let is_letter = key.chars().count() == 1 && key.chars().all(char::is_alphabetic);
    let is_digit = key.len() == 1 && key.bytes().all(|byte| byte.is_ascii_digit());
    let is_sign = key.chars().count() == 1 && !is_letter && !is_digit;
    let is_same_key = match () {
        _ if is_letter => key.eq_ignore_ascii_case(press.key),
        _ if is_digit => press.code.strip_prefix("Digit").map_or(key == press.key, |digit| digit == key),
        _ => key == press.key,
    };
    is_same_key
        && wants("Mod") == press.has_mod
        && wants("Alt") == press.has_alt
        && (is_sign || wants("Shift") == press.has_shift)
}

/// One line of the `?` sheet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyHelp {
    pub chords: &'static [&'static str],
    pub label: &'static str,
}

/// Some lines of the sheet under a heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyGroup {
    pub title: &'static str,
    pub keys: Vec<KeyHelp>,
}

impl KeyGroup {
    /// Everything that `table` binds.
    pub fn new<A>(title: &'static str, table: &[Binding<A>]) -> Self {
        let listed = table.iter().filter(|binding| !binding.label.is_empty());
        let keys = listed.map(|binding| KeyHelp { chords: binding.chords, label: binding.label }).collect();
        Self { title, keys }
    }
}

/// The keys of a chord as printed on caps: `["Ctrl", "Enter"]`, `["↓"]`.
pub fn caps(chord: &str, is_mac: bool) -> Vec<String> {
    let keys: Vec<&str> = match chord {
        "+" | " " => vec![chord],
        _ => chord.split(['+', ' ']).collect(),
    };
    keys.into_iter()
        .map(|key| match key {
            "Mod" if is_mac => "⌘".into(),
            "Mod" => "Ctrl".into(),
            "Alt" if is_mac => "⌥".into(),
            "ArrowDown" => "↓".into(),
            "ArrowUp" => "↑".into(),
            "ArrowLeft" => "←".into(),
            "ArrowRight" => "→".into(),
            "PageUp" => "Page ↑".into(),
            "PageDown" => "Page ↓".into(),
            "Escape" => "Esc".into(),
            " " => "Space".into(),
            "" => "+".into(),
            other => other.into(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TABLE: &[Binding<u8>] = &[
        Binding { chords: &["j", "ArrowDown"], action: 1, label: "Next" },
        Binding { chords: &["Mod+Enter"], action: 2, label: "Open in a new tab" },
        Binding { chords: &["Enter"], action: 3, label: "Open" },
        Binding { chords: &["?"], action: 4, label: "Help" },
        Binding { chords: &["Shift+E"], action: 5, label: "Previous error" },
        Binding { chords: &["+"], action: 6, label: "Zoom in" },
        Binding { chords: &["g t"], action: 7, label: "Go to traces" },
        Binding { chords: &["1"], action: 8, label: "Tree" },
        Binding { chords: &["Shift+1"], action: 9, label: "" },
    ];

    #[track_caller]
    fn check(key: &str, modifiers: &str, expected: Option<u8>) {
        let press = KeyPress {
            key,
            code: "",
            has_shift: modifiers.contains('S'),
            has_mod: modifiers.contains('M'),
            has_alt: modifiers.contains('A'),
            after: if modifiers.contains('g') { "g" } else { "" },
        };
        assert_eq!(find(TABLE, press), expected);
    }

    #[test]
    fn plain_keys_and_modifiers_are_told_apart() {
        check("j", "", Some(1));
        check("ArrowDown", "", Some(1));
        check("Enter", "", Some(3));
        check("Enter", "M", Some(2));
        check("j", "M", None);
        check("j", "A", None);
    }

    #[test]
    fn shift_matters_for_letters_and_not_for_signs() {
        check("E", "S", Some(5));
        check("e", "", None);
        check("?", "S", Some(4));
        check("?", "", Some(4));
        check("+", "S", Some(6));
    }

    #[test]
    fn digits_are_keys_whatever_they_type() {
        let press = |key, has_shift| KeyPress { key, code: "Digit1", has_shift, ..KeyPress::default() };
        assert_eq!(find(TABLE, press("1", false)), Some(8));
        assert_eq!(find(TABLE, press("!", true)), Some(9));
        // A French keyboard types digits with Shift.
        assert_eq!(find(TABLE, press("&", false)), Some(8));
        assert_eq!(find(TABLE, press("1", true)), Some(9));
        let of_number_pad = KeyPress { key: "1", code: "Numpad1", ..KeyPress::default() };
        assert_eq!(find(TABLE, of_number_pad), Some(8));
    }

    #[test]
    fn keys_without_words_are_not_listed() {
        assert_eq!(KeyGroup::new("Keys", TABLE).keys.len(), TABLE.len() - 1);
    }

    #[test]
    fn a_sequence_needs_its_first_key() {
        check("t", "g", Some(7));
        check("t", "", None);
        check("j", "g", Some(1));
    }

    #[test]
    fn caps_speak_the_readers_keyboard() {
        assert_eq!(caps("Mod+Enter", false), ["Ctrl", "Enter"]);
        assert_eq!(caps("Mod+Enter", true), ["⌘", "Enter"]);
        assert_eq!(caps("ArrowDown", false), ["↓"]);
        assert_eq!(caps("+", false), ["+"]);
        assert_eq!(caps("g t", false), ["g", "t"]);
        assert_eq!(caps(" ", false), ["Space"]);
    }
}
