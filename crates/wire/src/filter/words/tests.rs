//! What is a word, and what finds it.

use super::*;
use proptest::prelude::*;

#[track_caller]
fn check_words(text: &str, expected: &str) {
    assert_eq!(words(text).collect::<Vec<_>>().join(" "), expected);
}

#[track_caller]
fn check_matches(text: &str, query: &str, expected: &str) {
    let mut marked = text.to_owned();
    for span in find_matches(text, &query_words(query)).into_iter().rev() {
        marked.insert(span.end, ']');
        marked.insert(span.start, '[');
    }
    assert_eq!(marked, expected);
}

fn finds(query: &str, text: &str) -> bool {
    is_found(&query_words(query), [text])
}

#[test]
fn words_are_letters_and_digits_between_anything_else() {
    check_words("The user_id is 42, e.g. «Straße»!", "the user id is 42 e g strasse");
    check_words("", "");
    check_words("… --- \u{301}", "");
}

#[test]
fn accents_and_capitals_do_not_matter() {
    assert!(finds("cafe", "Le Café") && finds("CAFÉ", "le cafe") && finds("cafe\u{301}", "Café"));
}

#[test]
fn neighbours_are_the_words_of_scripts_without_spaces() {
    check_words("検索機能", "検索 索機 機能 能");
    check_words("GPT4モデル", "gpt4 モデ デル ル");
    check_words("환불을 요청", "환불 불을 을 요청 청");
    check_words("a日b", "a 日 b");
}

#[test]
fn a_word_is_found_inside_a_text_without_spaces() {
    assert!(finds("索機", "検索機能を試す"));
    assert!(finds("ทดสอบ", "การทดสอบระบบ"));
    assert!(finds("환불", "환불을 요청했습니다"));
    assert!(!finds("機検", "検索機能"));
}

#[test]
fn a_single_character_is_found_wherever_it_stands() {
    for query in ["検", "索", "能"] {
        assert!(finds(query, "検索機能"), "{query}");
    }
    assert!(finds("日", "日") && finds("本", "日本 語"));
    assert!(!finds("語", "日本"));
}

#[test]
fn joined_letters_of_indian_scripts_stay_one_word() {
    check_words("हिन्दी में।", "हिन्दी में");
    assert!(!finds("हिन", "हिन्दी"));
}

#[test]
fn arabic_is_found_without_its_vowels() {
    assert!(finds("محمد", "مُحَمَّد"));
}

#[test]
fn an_emoji_is_a_word() {
    check_words("great 👍🏽!", "great 👍 🏽");
    assert!(finds("👍", "done👍"));
}

#[test]
fn all_words_must_occur_in_any_order() {
    assert!(finds("order refund", "refund the order"));
    assert!(!finds("order refund", "refund it"));
    assert!(!finds("ref", "refund"));
}

#[test]
fn a_star_asks_for_the_beginning_of_a_word() {
    assert!(finds("ref* order", "the order was refunded"));
    assert!(!finds("fund*", "refund"));
    assert_eq!(query_words("2*3").iter().filter(|word| word.is_prefix).count(), 0);
}

#[test]
fn long_words_are_cut_alike_in_text_and_search() {
    let long = "x".repeat(100);
    assert!(words(&long).all(|word| word.len() == MAX_WORD_BYTES));
    assert!(finds(&long, &format!("a {long} b")));
    let accented = "é".repeat(100);
    assert!(finds(&accented, &accented));
}

#[test]
fn encoded_data_is_no_text() {
    let data = "iVBORw0KGgo+/".repeat(30);
    check_words(&format!("image: {data}== end"), "image end");
    check_words(&format!("data:image/png;base64,{data}"), "data image png base64");
}

#[test]
fn matches_are_marked_where_they_stand() {
    check_matches("Refund the café order", "CAFE refund", "[Refund] the [café] order");
    check_matches("検索機能の検索", "検索機", "[検索機]能の[検索]");
    check_matches("検索機能", "索", "検[索]機能");
    check_matches("refunded, refund", "refund*", "[refunded], [refund]");
    check_matches("nothing here", "refund", "nothing here");
}

#[test]
fn json_is_found_by_its_texts_and_numbers() {
    let json = serde_json::json!({"messages": [{"content": "Hi", "n": 42, "ok": true, "none": null}], "z": "end"});
    assert_eq!(part_text(&json), "Hi\n42\nend");
}

#[test]
fn a_part_is_searched_up_to_its_limit() {
    let json = serde_json::json!(["é".repeat(SEARCHABLE_BYTES), "late"]);
    let text = part_text(&json);
    assert!(text.len() <= SEARCHABLE_BYTES && text.len() > SEARCHABLE_BYTES - 2);
}

proptest! {
    #[test]
    fn every_text_finds_itself(text in "[a-zA-Zé0-9 検索機能ก-๏한글,._👍-]{0,40}") {
        prop_assert!(finds(&text, &text));
    }

    #[test]
    fn tokens_stand_in_order_on_character_boundaries(text in ".{0,60}") {
        let mut last = 0;
        for token in Tokens::new(&text) {
            prop_assert!(token.span.start >= last && token.span.start < token.span.end);
            prop_assert!(text.is_char_boundary(token.span.start) && text.is_char_boundary(token.span.end));
            prop_assert!(!token.word.is_empty() && token.word.len() <= MAX_WORD_BYTES);
            last = token.span.start;
        }
    }

    #[test]
    fn matches_never_overlap(text in "[a-c検索 ]{0,40}", query in "[a-c検索* ]{0,10}") {
        let matches = find_matches(&text, &query_words(&query));
        prop_assert!(matches.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}
