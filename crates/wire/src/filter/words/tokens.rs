//! Text cut into words, each with its place.

use super::fold::push_folded;
use super::script::{Class, class};
use super::{MAX_RUN_BYTES, MAX_WORD_BYTES};
use std::borrow::Cow;
use std::ops::Range;

/// A word and where it stands in the text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token<'a> {
    pub span: Range<usize>,
    /// Folded.
    pub word: Cow<'a, str>,
    pub kind: TokenKind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenKind {
    /// Letters and digits between gaps.
    Word,
    /// Two neighbours of a script without spaces.
    Pair,
    /// The last character of such a run, after its pairs.
    Tail,
    /// A run of one.
    Single,
    Emoji,
}

/// Iterates over the words of a text.
pub struct Tokens<'a> {
    text: &'a str,
    position: usize,
    /// Up to here it is known that no encoded data begins.
    plain_until: usize,
    is_after_pair: bool,
}

impl<'a> Tokens<'a> {
    pub fn new(text: &'a str) -> Self {
        Tokens { text, position: 0, plain_until: 0, is_after_pair: false }
    }

    fn char_at(&self, position: usize) -> Option<char> {
        self.text[position..].chars().next()
    }

    /// Whether encoded data begins here; if so, it is passed over.
    fn skip_data(&mut self) -> bool {
        if self.position < self.plain_until {
            return false;
        }
        let is_data = |byte: &u8| byte.is_ascii_alphanumeric() || b"+/=_-".contains(byte);
        let length = self.text.as_bytes()[self.position..].iter().take_while(|byte| is_data(byte)).count();
        if length > MAX_RUN_BYTES {
            self.position += length;
            return true;
        }
        self.plain_until = self.position + length;
        false
    }

    fn word(&mut self) -> Token<'a> {
        let start = self.position;
        let bytes = self.text.as_bytes();
        let mut end = start + bytes[start..].iter().take_while(|byte| byte.is_ascii_alphanumeric()).count();
        // Most words end here, and few of them need to be copied.
        let is_simple = match bytes.get(end) {
            Some(byte) if !byte.is_ascii() => self.char_at(end).is_none_or(|char| class(char) != Class::Word),
            _ => true,
        };
        if is_simple {
            self.position = end;
            let word = &self.text[start..end.min(start + MAX_WORD_BYTES)];
            let word = match word.bytes().any(|byte| byte.is_ascii_uppercase()) {
                true => Cow::Owned(word.to_ascii_lowercase()),
                false => Cow::Borrowed(word),
            };
            return Token { span: start..end, word, kind: TokenKind::Word };
        }
        let mut word = self.text[start..end].to_ascii_lowercase();
        while let Some(char) = self.char_at(end).filter(|char| class(*char) == Class::Word) {
            if word.len() <= MAX_WORD_BYTES {
                push_folded(&mut word, char);
            }
            end += char.len_utf8();
        }
        word.truncate(word.floor_char_boundary(MAX_WORD_BYTES));
        self.position = end;
        Token { span: start..end, word: Cow::Owned(word), kind: TokenKind::Word }
    }
}

impl<'a> Iterator for Tokens<'a> {
    type Item = Token<'a>;

    fn next(&mut self) -> Option<Token<'a>> {
        loop {
            let rest = &self.text.as_bytes()[self.position..];
            let n_gap = rest.iter().take_while(|byte| byte.is_ascii() && !byte.is_ascii_alphanumeric()).count();
            self.position += n_gap;
            self.is_after_pair &= n_gap == 0;
            let char = self.char_at(self.position)?;
            let start = self.position;
            let end = start + char.len_utf8();
            let is_after_pair = std::mem::take(&mut self.is_after_pair);
            match class(char) {
                Class::Gap => self.position = end,
                Class::Word if self.skip_data() => {}
                Class::Word => {
                    let token = self.word();
                    // Marks alone, such as a stray accent, fold to nothing.
                    if !token.word.is_empty() {
                        return Some(token);
                    }
                }
                Class::Emoji => {
                    self.position = end;
                    let word = Cow::Borrowed(&self.text[start..end]);
                    return Some(Token { span: start..end, word, kind: TokenKind::Emoji });
                }
                Class::Unspaced => {
                    self.position = end;
                    let next = self.char_at(end).filter(|next| class(*next) == Class::Unspaced);
                    let (end, kind) = match next {
                        Some(next) => (end + next.len_utf8(), TokenKind::Pair),
                        None if is_after_pair => (end, TokenKind::Tail),
                        None => (end, TokenKind::Single),
                    };
                    self.is_after_pair = kind == TokenKind::Pair;
                    return Some(Token { span: start..end, word: Cow::Borrowed(&self.text[start..end]), kind });
                }
            }
        }
    }
}
