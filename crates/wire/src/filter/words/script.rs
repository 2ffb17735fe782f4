//! What a character is to whoever cuts text into words.

use super::fold::is_dropped;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Class {
    /// Part of a word that spaces or punctuation end.
    Word,
    /// Part of a text without spaces between words, or, as in Korean, with endings grown onto them.
    Unspaced,
    /// A word of its own.
    Emoji,
    /// Between words.
    Gap,
}

pub(super) fn class(char: char) -> Class {
    let code = u32::from(char);
    match code {
        0..0x80 => match char.is_ascii_alphanumeric() {
            true => Class::Word,
            false => Class::Gap,
        },
        // Thai and Lao letters, vowels and tones, their digits and punctuation apart.
        0x0E01..=0x0E3A | 0x0E40..=0x0E4E | 0x0E81..=0x0ECD | 0x0EDC..=0x0EDF => Class::Unspaced,
        // Myanmar, Hangul letters, Khmer.
        0x1000..=0x103F | 0x1050..=0x109F | 0x1100..=0x11FF | 0x1780..=0x17D3 => Class::Unspaced,
        // 々〆〇, kana without the middle dot, bopomofo, Hangul letters for show, more kana.
        0x3005..=0x3007 | 0x3041..=0x309F | 0x30A1..=0x30FA | 0x30FC..=0x318F | 0x31A0..=0x31BF | 0x31F0..=0x31FF => {
            Class::Unspaced
        }
        // Han, Hangul, half-width kana.
        0x3400..=0x4DBF | 0x4E00..=0x9FFF | 0xAC00..=0xD7FB | 0xF900..=0xFAFF | 0xFF66..=0xFFDC => Class::Unspaced,
        0x2_0000..=0x3_FFFF => Class::Unspaced,
        0x2600..=0x27BF | 0x1_F300..=0x1_FAFF => Class::Emoji,
        // Signs of India's scripts that join letters; the dandas end sentences.
        0x0964 | 0x0965 | 0x0970 => Class::Gap,
        0x0900..=0x0DFF => Class::Word,
        _ if is_dropped(char) || char.is_alphanumeric() => Class::Word,
        _ => Class::Gap,
    }
}
