//! What readers of a comparison of two texts may rely on.

use super::super::marks::MAX_PIECES;
use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::fmt::Write;

/// One line each: its sign, and what changed in brackets.
fn draw(old: &str, new: &str) -> String {
    let diff = diff_text(old, new);
    let mut drawn = String::new();
    for line in &diff.lines {
        let (sign, text) = match line.kind {
            LineKind::Same => (' ', old),
            LineKind::Removed => ('-', old),
            LineKind::Added => ('+', new),
        };
        drawn.push(sign);
        let mut at = line.span.start;
        for mark in &line.marks {
            write!(drawn, "{}[{}]", &text[at..mark.start], text[mark.clone()].escape_debug())
                .expect("a string takes all");
            at = mark.end;
        }
        drawn.push_str(text[at..line.span.end].trim_end_matches(['\r', '\n']));
        drawn.push('\n');
    }
    if diff.is_by_lines_only {
        drawn.push_str("by lines only\n");
    }
    drawn
}

#[track_caller]
fn check(old: &str, new: &str, expected: Expect) {
    expected.assert_eq(&draw(old, new));
}

#[test]
fn words_that_changed_are_marked() {
    check(
        "Our policy allows 14 days.\nStore credit only.\nReturn label inside.\n",
        "Our policy allows 30 days.\nA full refund.\nReturn label inside.\n",
        expect![[r#"
            -Our policy allows [14] days.
            -[Store credit only].
            +Our policy allows [30] days.
            +[A full refund].
             Return label inside.
        "#]],
    );
}

#[test]
fn lines_without_words_in_common_are_marked_whole() {
    check(
        "yes\n",
        "It depends on when the parcel arrived\n",
        expect![[r#"
            -[yes\n]
            +[It depends on when the parcel arrived\n]
        "#]],
    );
}

#[test]
fn neighbouring_words_are_one_mark() {
    check(
        "a quick brown fox jumps over it",
        "a slow red fox jumps over it",
        expect![[r#"
        -a [quick brown] fox jumps over it
        +a [slow red] fox jumps over it
    "#]],
    );
}

#[test]
fn scripts_without_spaces_are_compared_by_character() {
    check(
        "返品は十四日以内に可能です",
        "返品は三十日以内に可能です",
        expect![[r#"
        -返品は十[四]日以内に可能です
        +返品は[三]十日以内に可能です
    "#]],
    );
}

#[test]
fn a_line_break_of_another_kind_is_a_difference() {
    check(
        "one\r\ntwo\r\n",
        "one\ntwo\r\n",
        expect![[r#"
        -one[\r\n]
        +one[\n]
         two
    "#]],
    );
    check(
        "end",
        "end\n",
        expect![[r#"
        -end
        +end[\n]
    "#]],
    );
}

#[test]
fn equal_texts_have_no_differences() {
    assert!(diff_text("a\nb\r\n", "a\nb\r\n").is_empty());
    assert!(diff_text("", "").is_empty());
}

#[test]
fn what_is_too_large_is_compared_by_lines_and_says_so() {
    let text = |word: &str| format!("{}\n", format!("{word} ").repeat(MAX_PIECES));
    let diff = diff_text(&text("a"), &text("b"));
    assert!(diff.is_by_lines_only);
    assert!(diff.lines.iter().all(Line::is_all_marked));
}

/// The text that the lines of `kind`, and those that stayed, amount to.
fn text_of(diff: &TextDiff, kind: LineKind, own: &str, old: &str) -> String {
    let lines = diff.lines.iter().filter(|line| line.kind == kind || line.kind == LineKind::Same);
    lines.map(|line| &(if line.kind == LineKind::Same { old } else { own })[line.span.clone()]).collect()
}

fn unmarked(diff: &TextDiff, kind: LineKind, text: &str) -> String {
    let mut unmarked = String::new();
    for line in diff.lines.iter().filter(|line| line.kind == kind) {
        let mut at = line.span.start;
        for mark in &line.marks {
            unmarked.push_str(&text[at..mark.start]);
            at = mark.end;
        }
        unmarked.push_str(&text[at..line.span.end]);
    }
    unmarked
}

fn texts() -> impl Strategy<Value = String> {
    prop::collection::vec("(one|two|drei|日本| |,|\n|\r\n){0,6}", 0..8).prop_map(|lines| lines.join("\n"))
}

proptest! {
    #[test]
    fn applied_to_the_old_text_it_gives_the_new(old in texts(), new in texts()) {
        let diff = diff_text(&old, &new);
        prop_assert_eq!(text_of(&diff, LineKind::Added, &new, &old), new.clone());
        prop_assert_eq!(text_of(&diff, LineKind::Removed, &old, &old), old.clone());
        prop_assert_eq!(unmarked(&diff, LineKind::Removed, &old), unmarked(&diff, LineKind::Added, &new));
        prop_assert_eq!(diff.is_empty(), old == new);
    }

    #[test]
    fn the_other_way_round_as_much_is_added_as_was_removed(old in texts(), new in texts()) {
        let (there, back) = (diff_text(&old, &new), diff_text(&new, &old));
        prop_assert_eq!((there.n_removed, there.n_added), (back.n_added, back.n_removed));
    }

    #[test]
    fn marks_lie_inside_their_lines_in_order(old in texts(), new in texts()) {
        for line in diff_text(&old, &new).lines {
            let mut at = line.span.start;
            for mark in line.marks {
                prop_assert!(mark.start >= at && mark.end > mark.start && mark.end <= line.span.end);
                at = mark.end;
            }
        }
    }
}
