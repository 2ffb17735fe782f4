//! How alike two texts are, from 64 bits of each.

use super::{Digest, SEED, hashed, mixed, strings_of};
use crate::filter::words::{SEARCHABLE_BYTES, words};

/// What the strings of a JSON value say, such that texts with many words in common have many bits in common (Charikar's
/// SimHash). `None` when there are no words. Of long texts the beginning counts.
pub fn text_sketch(json: &str) -> Option<Digest> {
    let mut votes = [0i32; 64];
    let (mut n_words, mut n_bytes) = (0usize, 0usize);
    for text in strings_of(json) {
        let most = SEARCHABLE_BYTES.saturating_sub(n_bytes);
        if most == 0 {
            break;
        }
        n_bytes += text.len();
        for word in words(&text[..text.floor_char_boundary(most)]) {
            let hash = mixed(hashed(SEED, word.as_bytes()));
            for (bit, vote) in votes.iter_mut().enumerate() {
                *vote += if hash >> bit & 1 == 1 { 1 } else { -1 };
            }
            n_words += 1;
        }
    }
    let bits = votes.iter().enumerate().filter(|(_, vote)| **vote > 0);
    (n_words > 0).then(|| Digest(bits.fold(0, |sketch, (bit, _)| sketch | 1 << bit)))
}

/// How alike two sketches are, 0 to 1: the cosine of the texts' words, give or take 0.15.
pub fn similarity(one: Digest, other: Digest) -> f64 {
    let n_different = f64::from((one.0 ^ other.0).count_ones());
    (std::f64::consts::PI * n_different / 64.0).cos().max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alike(one: &str, other: &str) -> f64 {
        let sketch =
            |text: &str| text_sketch(&serde_json::json!({ "text": text }).to_string()).expect("there are words");
        similarity(sketch(one), sketch(other))
    }

    const ANSWER: &str = "You can return clothing within 30 days of delivery for a full refund, as long as it is unworn, \
        unwashed and still carries its tags. Return shipping is free in the EU, the UK and the US.";

    #[test]
    fn the_same_words_are_alike_and_other_words_are_not() {
        assert_eq!(alike(ANSWER, ANSWER), 1.0);
        assert!(alike(ANSWER, &ANSWER.replace("30", "14")) > 0.85);
        assert!(alike(ANSWER, "The search engine is not available right now, so ask a colleague about parcels.") < 0.6);
    }

    #[test]
    fn scripts_without_spaces_have_words_too() {
        assert!(
            alike("返品は三十日以内に可能です", "返品は十四日以内に可能です")
                > alike("返品は三十日以内に可能です", "天気がいいですね")
        );
    }

    #[test]
    fn what_says_nothing_has_no_sketch() {
        for json in ["", "{}", "[1,2,true]", r#"{"key":"… !"}"#] {
            assert_eq!(text_sketch(json), None, "{json}");
        }
    }
}
