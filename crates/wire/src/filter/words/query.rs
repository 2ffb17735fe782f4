//! A text to search for: words anywhere, and between quotes words side by side.

use super::{QueryWord, TokenKind, Tokens, query_words, words};
use std::ops::Range;

/// Words of a phrase that are held side by side. Of a longer one so many at a time are, each time beginning with the last
/// word of those before.
const MAX_PHRASE_WORDS: usize = 64;

/// What a text must have to be found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words that stand anywhere, each once.
    pub words: Vec<QueryWord>,
    /// Words that stand side by side, in one text; two or more each.
    pub phrases: Vec<Vec<QueryWord>>,
}

impl Query {
    /// Reads `late "refund of the order"`. A quote that nothing closes means nothing.
    pub fn of(text: &str) -> Query {
        let mut query = Query::default();
        let n_pieces = text.split('"').count();
        for (idx, piece) in text.split('"').enumerate() {
            let is_quoted = idx % 2 == 1 && idx + 1 < n_pieces;
            match phrase(piece) {
                phrase if is_quoted && phrase.len() > 1 => query.add_phrase(phrase),
                _ => query_words(piece).into_iter().for_each(|word| push_once(&mut query.words, word)),
            }
        }
        query
    }

    fn add_phrase(&mut self, phrase: Vec<QueryWord>) {
        let mut rest = phrase.as_slice();
        while rest.len() > MAX_PHRASE_WORDS {
            push_once(&mut self.phrases, rest[..MAX_PHRASE_WORDS].to_vec());
            rest = &rest[MAX_PHRASE_WORDS - 1..];
        }
        push_once(&mut self.phrases, rest.to_vec());
    }

    /// Whether it asks for nothing.
    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty()
    }

    /// Every word that must occur, those of phrases too: what an index is asked.
    pub fn all_words(&self) -> Vec<QueryWord> {
        let mut all = self.words.clone();
        self.phrases.iter().flatten().for_each(|word| push_once(&mut all, word.clone()));
        all
    }

    /// Whether each word and phrase occurs in one of the texts.
    pub fn is_found<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> bool {
        let mut missing = Missing::of(self);
        for text in texts {
            if missing.is_empty() {
                break;
            }
            missing.look_in(text);
        }
        missing.is_empty()
    }
}

fn push_once<T: PartialEq>(all: &mut Vec<T>, one: T) {
    if !all.contains(&one) {
        all.push(one);
    }
}

/// The text that asks for all of `content` side by side; for the word itself when there is only one.
pub fn quoted(content: &str) -> String {
    let content = content.replace('"', " ");
    if phrase(&content).len() > 1 { format!("\"{content}\"") } else { content }
}

/// What stands between the quotes, when all of the text was made by [`quoted`] of several words.
pub fn unquoted(text: &str) -> Option<&str> {
    let content = text.strip_prefix('"')?.strip_suffix('"')?;
    (!content.contains('"') && phrase(content).len() > 1).then_some(content)
}

/// The words of a phrase in order. The text may go on after the last.
fn phrase(content: &str) -> Vec<QueryWord> {
    let mut tokens = Tokens::new(content).peekable();
    let mut phrase = Vec::new();
    while let Some(token) = tokens.next() {
        let is_last = tokens.peek().is_none();
        let is_prefix = match token.kind {
            // The pairs before it say all.
            TokenKind::Tail if is_last => continue,
            TokenKind::Single => is_last,
            TokenKind::Word => super::ends_in_star(&content[token.span.end..]),
            TokenKind::Tail | TokenKind::Pair | TokenKind::Emoji => false,
        };
        phrase.push(QueryWord { text: token.word.into_owned(), is_prefix });
    }
    phrase
}

/// What of a query has not been found yet, while texts are looked through one by one.
pub struct Missing<'q> {
    words: Vec<&'q QueryWord>,
    phrases: Vec<Walk<'q>>,
}

impl<'q> Missing<'q> {
    pub fn of(query: &'q Query) -> Self {
        Missing { words: query.words.iter().collect(), phrases: query.phrases.iter().map(Walk::new).collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.words.is_empty() && self.phrases.is_empty()
    }

    /// Takes what is in the text from what is missing.
    pub fn look_in(&mut self, text: &str) {
        // Words of two texts do not stand side by side.
        self.phrases.iter_mut().for_each(Walk::begin);
        for word in words(text) {
            if self.is_empty() {
                return;
            }
            self.words.retain(|wanted| !wanted.matches(&word));
            self.phrases.retain_mut(|phrase| !phrase.step(&word));
        }
    }
}

/// How far a phrase has come in a text, for every place where it may have begun.
struct Walk<'q> {
    phrase: &'q [QueryWord],
    /// Bit n: the last n + 1 words are the first of the phrase.
    begun: u64,
}

impl<'q> Walk<'q> {
    fn new(phrase: &'q Vec<QueryWord>) -> Self {
        Walk { phrase, begun: 0 }
    }

    fn begin(&mut self) {
        self.begun = 0;
    }

    /// Whether the phrase ends with this word.
    fn step(&mut self, word: &str) -> bool {
        let mut hoped = self.begun << 1 | 1;
        self.begun = 0;
        while hoped != 0 {
            let idx = hoped.trailing_zeros();
            hoped &= hoped - 1;
            if self.phrase.get(idx as usize).is_some_and(|wanted| wanted.matches(word)) {
                self.begun |= 1 << idx;
            }
        }
        self.begun >> (self.phrase.len() - 1) & 1 == 1
    }
}

/// The bytes of `text` that a search would highlight: ascending, apart from each other, on character boundaries.
pub fn find_matches(text: &str, query: &Query) -> Vec<Range<usize>> {
    let mut matches = Vec::new();
    each_match(text, query, |span| {
        matches.push(span);
        true
    });
    matches.sort_unstable_by_key(|span| span.start);
    let mut apart: Vec<Range<usize>> = Vec::new();
    for span in matches {
        match apart.last_mut() {
            Some(last) if span.start < last.end => last.end = last.end.max(span.end),
            _ => apart.push(span),
        }
    }
    apart
}

/// The match that ends first.
pub fn first_match(text: &str, query: &Query) -> Option<Range<usize>> {
    let mut first = None;
    each_match(text, query, |span| {
        first = Some(span);
        false
    });
    first
}

/// Calls `found` with every match, until it wants no more.
fn each_match(text: &str, query: &Query, mut found: impl FnMut(Range<usize>) -> bool) {
    let mut phrases: Vec<Walk> = query.phrases.iter().map(Walk::new).collect();
    // Where the latest words began, for phrases that end.
    let mut starts: Vec<usize> = Vec::new();
    for token in Tokens::new(text) {
        if !phrases.is_empty() {
            starts.push(token.span.start);
        }
        // One character was asked for: of a pair, only the first is it.
        let narrow = |word: &QueryWord| match token.kind {
            TokenKind::Pair if word.is_prefix => token.span.start..token.span.start + word.text.len(),
            _ => token.span.clone(),
        };
        if let Some(wanted) = query.words.iter().find(|wanted| wanted.matches(&token.word))
            && !found(narrow(wanted))
        {
            return;
        }
        for phrase in &mut phrases {
            if let [.., last] = phrase.phrase
                && phrase.step(&token.word)
                && !found(starts[starts.len() - phrase.phrase.len()]..narrow(last).end)
            {
                return;
            }
        }
    }
}
