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
    for span in find_matches(text, &Query::of(query)).into_iter().rev() {
        marked.insert(span.end, ']');
        marked.insert(span.start, '[');
    }
    assert_eq!(marked, expected);
}

fn finds(query: &str, text: &str) -> bool {
    Query::of(query).is_found([text])
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
    assert_eq!(part_texts(&json), ["Hi", "42", "end"]);
}

#[test]
fn a_part_is_searched_up_to_its_limit() {
    let json = serde_json::json!(["é".repeat(SEARCHABLE_BYTES), "late"]);
    let texts = part_texts(&json);
    assert_eq!(texts.len(), 1);
    assert!(texts[0].len() <= SEARCHABLE_BYTES && texts[0].len() > SEARCHABLE_BYTES - 2);
}

#[test]
fn quoted_words_stand_side_by_side() {
    assert!(finds(r#""late refund""#, "a LATE, refund!"));
    assert!(!finds(r#""late refund""#, "refund late") && !finds(r#""late refund""#, "late or refund"));
    assert!(finds(r#"order "late refund""#, "late refund of the order"));
    assert!(finds(r#""a a b""#, "a a a b"));
    assert!(finds(r#""late ref*""#, "late refunds") && !finds(r#""late ref""#, "late refunds"));
}

#[test]
fn a_phrase_stands_in_one_text() {
    assert!(!Query::of(r#""late refund""#).is_found(["late", "refund"]));
    assert!(Query::of(r#""late refund" "of it""#).is_found(["late refund", "of it"]));
}

#[test]
fn phrases_are_found_in_scripts_without_spaces() {
    assert!(finds(r#""検索機能""#, "新しい検索機能です"));
    assert!(!finds(r#""検索機能""#, "検索と索機と機能"));
    assert!(finds(r#""検索 機能""#, "検索、機能を") && !finds(r#""検索 機能""#, "検索機能"));
    assert!(finds(r#""GPT モデル""#, "GPTモデルの") && finds(r#""use 検""#, "use 検索"));
    assert!(finds(r#""환불 요청""#, "환불 요청을") && !finds(r#""환불 요청""#, "환불을 요청"));
}

#[test]
fn quotes_around_one_word_or_left_open_mean_nothing() {
    for query in ["late \"refund", "\"late\" refund", "\"late", "\"\" late"] {
        assert_eq!((Query::of(query).phrases.len(), finds(query, "refund is late")), (0, true), "{query}");
    }
    assert!(Query::of("\"…\"").is_empty());
}

#[test]
fn a_phrase_of_any_length_is_found() {
    let words = |n: usize| (0..n).map(|n| n.to_string()).collect::<Vec<_>>();
    for n in [63, 64, 65, 127, 128, 300] {
        let phrase = quoted(&words(n).join(" "));
        assert!(finds(&phrase, &format!("x {} y", words(n).join(", "))), "{n}");
        let mut shuffled = words(n);
        shuffled.swap(n - 1, n - 2);
        assert!(!finds(&phrase, &shuffled.join(" ")), "{n}");
    }
}

#[test]
fn phrases_are_marked_as_a_whole_and_their_words_alone_are_not() {
    check_matches("late; a late refund", r#""late refund""#, "late; a [late refund]");
    check_matches("a b a b c", r#""a b" c"#, "[a b] [a b] [c]");
    check_matches("検索の検索機能だ", r#""検索機能""#, "検索の[検索機能]だ");
    check_matches("a a a", r#""a a""#, "[a a a]");
}

#[test]
fn what_was_quoted_is_read_back() {
    assert_eq!(
        (quoted("late refund"), quoted("late"), quoted("a \"b\"")),
        ("\"late refund\"".into(), "late".into(), "\"a  b \"".into())
    );
    assert_eq!(
        (unquoted("\"late refund\""), unquoted("\"late\""), unquoted("late refund")),
        (Some("late refund"), None, None)
    );
    assert_eq!(unquoted("\"a b\" \"c d\""), None);
}

proptest! {
    #[test]
    fn every_text_finds_itself_side_by_side(text in "[a-zA-Zé0-9 検索機能ก-๏한글,._👍-]{0,40}", around in "[a-c検 ]{0,5}") {
        prop_assert!(finds(&quoted(&text), &text), "{}", text);
        let longer = format!("{around} {text} {around}");
        prop_assert!(finds(&quoted(&text), &longer), "{}", longer);
    }

    #[test]
    fn phrases_are_words_side_by_side(text in "[abc ]{0,30}", phrase in "[abc]( [abc]){1,3}") {
        let words: Vec<&str> = text.split_whitespace().collect();
        let wanted: Vec<&str> = phrase.split_whitespace().collect();
        let is_there = words.windows(wanted.len()).any(|some| some == wanted);
        prop_assert_eq!(finds(&quoted(&phrase), &text), is_there);
        prop_assert_eq!(first_match(&text, &Query::of(&quoted(&phrase))).is_some(), is_there);
    }

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
        let matches = find_matches(&text, &Query::of(&query));
        prop_assert!(matches.windows(2).all(|pair| pair[0].end <= pair[1].start));
    }
}
