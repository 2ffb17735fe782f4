//! What of the documents stands in the answer: passages of words that both share.
//!
//! Words are compared as the search compares them (folded, scripts without spaces by pairs of characters). A passage is
//! as long as both sides agree, one differing word now and then forgiven; it counts when it says enough not to be there by
//! chance: some long words, or a number with its unit.

use fanlight_wire::filter::words::{TokenKind, Tokens};
use std::collections::HashMap;
use std::ops::Range;

/// Of each text this much is compared.
pub const COMPARED_BYTES: usize = 200_000;
/// Places of the answer that a pair of words is looked for at: boilerplate repeats.
const MAX_PLACES: usize = 32;
/// A passage says at least this much; see [`Word`].
const LEAST_WEIGHT: u32 = 6;
/// From this many letters on, a word says something by itself.
const TELLING_CHARS: usize = 4;

/// A passage that a document and the answer share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Bytes of the document's text.
    pub document: Range<usize>,
    /// Bytes of the answer's text.
    pub answer: Range<usize>,
}

/// What of one document was quoted.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Quoted {
    /// In the document's order, without overlaps.
    pub passages: Vec<Passage>,
    /// How much of the document's words are in passages, from 0 to 1.
    pub share: f64,
    /// The document or the answer is longer than what is compared.
    pub is_cut: bool,
}

/// What of each document stands in `answer`, in the order of the documents.
pub fn quotes<'t>(documents: impl IntoIterator<Item = &'t str>, answer: &str) -> Vec<Quoted> {
    let compared = compared(answer);
    let mut ids = HashMap::new();
    let said: Vec<Word> = Tokens::new(compared)
        .map(|token| {
            let next = ids.len() as u32;
            let id = *ids.entry(token.word.as_ref().to_owned()).or_insert(next);
            Word::new(id, token.span, token.kind, &token.word)
        })
        .collect();
    let mut places: HashMap<(u32, u32), Vec<usize>> = HashMap::new();
    for (idx, pair) in said.windows(2).enumerate() {
        let places = places.entry((pair[0].id, pair[1].id)).or_default();
        if places.len() < MAX_PLACES {
            places.push(idx);
        }
    }
    let is_answer_cut = compared.len() < answer.len();
    documents
        .into_iter()
        .map(|document| {
            let quoted = quoted(document, &ids, &said, &places);
            Quoted { is_cut: quoted.is_cut || is_answer_cut, ..quoted }
        })
        .collect()
}

/// The order to read documents in: those used most first, the others as they were.
pub fn by_use(quoted: &[Quoted]) -> Vec<usize> {
    let mut order: Vec<usize> = (0..quoted.len()).collect();
    order.sort_by(|&a, &b| quoted[b].share.total_cmp(&quoted[a].share));
    order
}

/// A word of a text, and how much it says: 4 with a digit, 2 if it is long, 1 otherwise and for a pair of characters.
struct Word {
    id: u32,
    span: Range<usize>,
    weight: u32,
    is_telling: bool,
    is_pair: bool,
}

/// The id of words that the answer does not have.
const UNSAID: u32 = u32::MAX;

impl Word {
    fn new(id: u32, span: Range<usize>, kind: TokenKind, text: &str) -> Self {
        let has_digit = text.bytes().any(|byte| byte.is_ascii_digit());
        let is_long = kind == TokenKind::Word && text.chars().count() >= TELLING_CHARS;
        let weight = if has_digit { 4 } else { 1 + u32::from(is_long) };
        let is_pair = matches!(kind, TokenKind::Pair | TokenKind::Tail | TokenKind::Single);
        Word { id, span, weight, is_telling: has_digit || is_long, is_pair }
    }
}

fn compared(text: &str) -> &str {
    &text[..text.floor_char_boundary(COMPARED_BYTES)]
}

fn quoted(
    document: &str,
    ids: &HashMap<String, u32>,
    said: &[Word],
    places: &HashMap<(u32, u32), Vec<usize>>,
) -> Quoted {
    let text = compared(document);
    let words: Vec<Word> = Tokens::new(text)
        .map(|token| {
            let id = ids.get(token.word.as_ref()).copied().unwrap_or(UNSAID);
            Word::new(id, token.span, token.kind, &token.word)
        })
        .collect();
    let (mut passages, mut n_quoted, mut at) = (Vec::new(), 0, 0);
    while at + 1 < words.len() {
        let starts = places.get(&(words[at].id, words[at + 1].id)).map_or(&[][..], Vec::as_slice);
        let runs = starts.iter().map(|&start| (start, run(&words[at..], &said[start..])));
        let longest = runs.max_by_key(|(start, run)| (run.weight, std::cmp::Reverse(*start)));
        let Some((start, run)) = longest.filter(|(_, run)| run.says_enough()) else {
            at += 1;
            continue;
        };
        passages.push(Passage {
            document: words[at].span.start..words[at + run.n_words - 1].span.end,
            answer: said[start].span.start..said[start + run.n_said - 1].span.end,
        });
        n_quoted += run.n_words;
        at += run.n_words;
    }
    let share = if words.is_empty() { 0.0 } else { n_quoted as f64 / words.len() as f64 };
    Quoted { passages, share, is_cut: text.len() < document.len() }
}

/// How far two texts go on alike.
#[derive(Default)]
struct Run {
    n_words: usize,
    n_said: usize,
    weight: u32,
    n_telling: usize,
    n_pairs: usize,
    has_number: bool,
}

impl Run {
    fn says_enough(&self) -> bool {
        self.weight >= LEAST_WEIGHT && (self.has_number || self.n_telling >= 2 || self.n_pairs >= LEAST_WEIGHT as usize)
    }

    fn take(&mut self, word: &Word, (n_words, n_said): (usize, usize)) {
        (self.n_words, self.n_said) = (n_words, n_said);
        self.weight += word.weight;
        self.n_telling += usize::from(word.is_telling);
        self.n_pairs += usize::from(word.is_pair);
        self.has_number |= word.weight == 4;
    }
}

/// The run that begins where both slices do.
fn run(words: &[Word], said: &[Word]) -> Run {
    let same = |i: usize, j: usize| {
        words.get(i).zip(said.get(j)).filter(|(word, said)| word.id == said.id).map(|(word, _)| word)
    };
    let mut run = Run::default();
    let (mut i, mut j) = (0, 0);
    loop {
        if let Some(word) = same(i, j) {
            run.take(word, (i + 1, j + 1));
            (i, j) = (i + 1, j + 1);
            continue;
        }
        // "14 days of delivery", "14 days from delivery": one word may differ when the next one says something.
        let beyond = [(1, 1), (1, 0), (0, 1)].into_iter().map(|(di, dj)| (i + di, j + dj));
        let Some((next_i, next_j)) =
            beyond.into_iter().find(|&(i, j)| same(i, j).is_some_and(|word| word.is_telling && !word.is_pair))
        else {
            return run;
        };
        (i, j) = (next_i, next_j);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use proptest::prelude::*;

    /// One line per document: the share, then its passages.
    #[track_caller]
    fn check(documents: &[&str], answer: &str, expected: Expect) {
        let quoted = quotes(documents.iter().copied(), answer);
        let line = |(document, quoted): (&&str, &Quoted)| {
            let passages: Vec<String> = quoted
                .passages
                .iter()
                .map(|passage| {
                    format!(" | {} = {}", &document[passage.document.clone()], &answer[passage.answer.clone()])
                })
                .collect();
            format!("{:.0} %{}\n", quoted.share * 100.0, passages.concat())
        };
        expected.assert_eq(&documents.iter().zip(&quoted).map(line).collect::<String>());
    }

    #[test]
    fn the_document_that_misled_the_model_is_quoted_most() {
        check(
            &[
                "DRAFT, not approved by Legal. Items may be returned within 14 days of delivery. A restocking fee of 15 % applies to \
                 opened boxes. Refunds are issued as store credit unless the item is defective on arrival. Return shipping is paid \
                 by the customer.",
                "Open Orders, choose the order, then Return item. Pick a reason and print the label, or show the QR code at any \
                 drop-off point.",
                "Gift cards are valid for three years and can be combined with one other payment method.",
            ],
            "Our return policy allows **14 days** from delivery. A restocking fee of **15 %** applies once the packaging has been \
             opened, and the refund is issued as **store credit**. To start a return:\n\n1. Open Orders → Return item\n2. Choose a \
             reason and print the label\n\nReturn shipping is paid by you.",
            expect![[r#"
                44 % | 14 days of delivery. A restocking fee of 15 % applies = 14 days** from delivery. A restocking fee of **15 %** applies | issued as store credit = issued as **store credit | Return shipping is paid by = Return shipping is paid by
                24 % | a reason and print the label = a reason and print the label
                0 %
            "#]],
        );
    }

    #[test]
    fn small_words_alone_are_no_quote() {
        check(
            &["It is in the one and of the two"],
            "and it is in the way of the sun",
            expect![[r#"
            0 %
        "#]],
        );
        check(
            &["completely different"],
            "",
            expect![[r#"
            0 %
        "#]],
        );
        check(
            &[""],
            "anything at all",
            expect![[r#"
            0 %
        "#]],
        );
    }

    #[test]
    fn scripts_without_spaces_are_compared_by_their_characters() {
        check(
            &["衣類は配送日から30日以内に返品できます。", "ギフトカードの有効期限は三年です。"],
            "はい、配送日から30日以内に返品できますのでご安心ください。",
            expect![[r#"
                79 % | 配送日から30日以内に返品できます = 配送日から30日以内に返品できます
                0 %
            "#]],
        );
        check(
            &["สามารถคืนสินค้าได้ภายในสิบสี่วัน"],
            "คุณคืนสินค้าได้ภายในสิบสี่วันค่ะ",
            expect![[r#"
            78 % | คืนสินค้าได้ภายในสิบสี่วัน = คืนสินค้าได้ภายในสิบสี่วัน
        "#]],
        );
    }

    #[test]
    fn case_accents_and_punctuation_do_not_matter() {
        check(
            &["Le délai de RÉTRACTATION est prolongé"],
            "le delai, de rétractation…",
            expect![[r#"
            67 % | Le délai de RÉTRACTATION = le delai, de rétractation
        "#]],
        );
    }

    #[test]
    fn the_most_used_come_first_and_the_unused_keep_their_order() {
        let quoted = |share| Quoted { share, ..Quoted::default() };
        assert_eq!(by_use(&[quoted(0.0), quoted(0.2), quoted(0.0), quoted(0.5)]), [3, 1, 0, 2]);
    }

    #[test]
    fn long_texts_are_compared_from_their_start_and_say_so() {
        let long = "word ".repeat(COMPARED_BYTES);
        let quoted = quotes([long.as_str()], "word word word word");
        assert!(quoted[0].is_cut && quoted[0].passages.last().unwrap().document.end <= COMPARED_BYTES);
    }

    proptest! {
        #[test]
        fn passages_lie_in_both_texts_and_never_overlap(
            document in "(alpha |beta |14 |der |返品|できます|, ){0,30}", answer in "(alpha |beta |14 |der |返品|できます|gamma |, ){0,30}"
        ) {
            let quoted = &quotes([document.as_str()], &answer)[0];
            prop_assert!((0.0..=1.0).contains(&quoted.share));
            let mut last_end = 0;
            for passage in &quoted.passages {
                prop_assert!(document.get(passage.document.clone()).is_some() && answer.get(passage.answer.clone()).is_some());
                // Pairs of characters overlap by one.
                prop_assert!(passage.document.start + 4 > last_end);
                last_end = passage.document.end;
            }
        }
    }
}
