//! What is the same to somebody who searches: capitals, accents, widths and ligatures are folded away.

/// Pushes what `char` is searched as; nothing for a mark that only changes the letter before it.
pub(super) fn push_folded(out: &mut String, char: char) {
    // `İ` is two characters in lower case; the second is a mark, and falls away.
    for lower in char.to_lowercase() {
        push_base(out, lower);
    }
}

fn push_base(out: &mut String, char: char) {
    let code = u32::from(char);
    let base = match code {
        0x00..=0x7F => char,
        0xE0..=0x24F => in_table(LATIN, code - 0xE0).unwrap_or(char),
        0x1E00..=0x1EFF => in_table(LATIN_ADDITIONAL, code - 0x1E00).unwrap_or(char),
        // Full-width forms, as typed between Chinese and Japanese characters.
        0xFF10..=0xFF5A => char::from_u32(code - 0xFEE0).unwrap_or(char),
        _ if is_dropped(char) => return,
        _ => match char {
            'ά' => 'α',
            'έ' => 'ε',
            'ή' => 'η',
            'ί' | 'ϊ' | 'ΐ' => 'ι',
            'ό' => 'ο',
            'ύ' | 'ϋ' | 'ΰ' => 'υ',
            'ώ' => 'ω',
            'ς' => 'σ',
            'ё' => 'е',
            'й' => 'и',
            other => other,
        },
    };
    match base {
        'ß' => out.push_str("ss"),
        'æ' => out.push_str("ae"),
        'œ' => out.push_str("oe"),
        'þ' => out.push_str("th"),
        'ﬀ' => out.push_str("ff"),
        'ﬁ' => out.push_str("fi"),
        'ﬂ' => out.push_str("fl"),
        'ﬃ' => out.push_str("ffi"),
        'ﬄ' => out.push_str("ffl"),
        base => out.push(base),
    }
}

/// Marks that many leave out: accents on their own, Hebrew points, Arabic vowels and stretching, joiners.
pub(super) fn is_dropped(char: char) -> bool {
    matches!(u32::from(char), 0x300..=0x36F | 0x591..=0x5C7 | 0x640 | 0x64B..=0x65F | 0x670 | 0x200C | 0x200D)
}

fn in_table(table: &[u8], idx: u32) -> Option<char> {
    table.get(idx as usize).copied().filter(|base| *base != b'.').map(char::from)
}

/// The letter under the accent from U+00E0 to U+024F; a dot where there is none.
const LATIN: &[u8; 368] = b"\
    aaaaaa.ceeeeiiiidnooooo.ouuuuy.yaaaaaaccccccccdd.deeeeeeeeeegggggggghh.hiiiiiiiiii..jjkk.llllll.\
    ..lnnnnnn...oooooo..rrrrrrsssssssstttt.tuuuuuuuuuuuuwwyyyzzzzzzsb.................f.............\
    oo.............uu............................aaiioouuuuuuuuuu.aaaa....ggkkoooo..j...gg..nnaa...o\
    aaaaeeeeiiiioooorrrruuuusstt..hh......aaeeooooooooyy........c..........e.j...r.y";

/// The same from U+1E00 to U+1EFF.
const LATIN_ADDITIONAL: &[u8; 256] = b"\
    aabbbbbbccddddddddddeeeeeeeeeeffgghhhhhhhhhhiiiikkkkkkllllllllmmmmmmnnnnnnnnoooooooopppprrrrrrrr\
    ssssssssssttttttttuuuuuuuuuuvvvvwwwwwwwwwwxxxxyyzzzzzzhtwy.s....aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeee\
    eeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy......";

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: &str, expected: &str) {
        let mut folded = String::new();
        text.chars().for_each(|char| push_folded(&mut folded, char));
        assert_eq!(folded, expected);
    }

    #[test]
    fn accents_and_capitals_fall_away() {
        check("CAFÉ", "cafe");
        check("cafe\u{301}", "cafe");
        check("Ångström Łódź Đà Nẵng Ǔ", "angstrom lodz da nang u");
        check("İstanbul ılık", "istanbul ilik");
        check("Größe Æther œuvre Þór", "grosse aether oeuvre thor");
        check("ΟΔΌΣ οδός", "οδοσ οδοσ");
        check("Ёлка йод", "елка иод");
    }

    #[test]
    fn widths_and_ligatures_fall_away() {
        check("ＡＢＣ１２３", "abc123");
        check("eﬃcient ﬁle", "efficient file");
    }

    #[test]
    fn other_letters_stay() {
        check("検索 ไทย हिन्दी", "検索 ไทย हिन्दी");
    }
}
