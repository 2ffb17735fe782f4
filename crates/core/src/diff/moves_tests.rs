//! What readers of a comparison of two templates may rely on: moves, variables, space, sections.

use super::super::text::{LineKind, Rules, TextDiff, diff_sections};
use super::alike;
use crate::prompt::template::Format;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::fmt::Write;
use std::ops::Range;

fn whole(old: &str, new: &str, rules: Rules) -> TextDiff {
    diff_sections(old, new, &[(0..old.len(), 0..new.len())], rules)
}

fn templates(ignores_space: bool) -> Rules {
    Rules::of_templates(Format::FString, ignores_space)
}

/// One line each: its sign, what changed in brackets, and of what moved the other place.
fn draw(diff: &TextDiff, old: &str, new: &str) -> String {
    let mut drawn = String::new();
    for line in &diff.lines {
        let (sign, text) = match (line.kind, line.move_idx) {
            (LineKind::Same, _) => (' ', old),
            (LineKind::Removed, None) => ('-', old),
            (LineKind::Added, None) => ('+', new),
            (LineKind::Removed, Some(_)) => ('<', old),
            (LineKind::Added, Some(_)) => ('>', new),
        };
        drawn.push(sign);
        let mut at = line.span.start;
        for mark in &line.marks {
            write!(drawn, "{}[{}]", &text[at..mark.start], text[mark.clone()].escape_debug())
                .expect("a string takes all");
            at = mark.end;
        }
        drawn.push_str(text[at..line.span.end].trim_end_matches(['\r', '\n']));
        if let Some(found) = line.move_idx.map(|idx| &diff.moves[idx]) {
            let number = match line.kind {
                LineKind::Added => diff.lines[found.old.start].old_number,
                _ => diff.lines[found.new.start].new_number,
            };
            write!(drawn, "  ~{}", number.expect("a line of that side")).expect("a string takes all");
        }
        drawn.push('\n');
    }
    drawn
}

#[track_caller]
fn check(old: &str, new: &str, expected: Expect) {
    expected.assert_eq(&draw(&whole(old, new, templates(false)), old, new));
}

const RULES: &str = "Never promise a refund before you have read the policy.\nAlways quote the passage you rely on.\n";

#[test]
fn a_block_that_moved_is_not_removed_and_added() {
    let (old, new) = (
        format!("{RULES}You are kind.\nAnswer {{question}}.\nBe brief.\n"),
        format!("You are kind.\nAnswer {{question}}.\nBe brief.\n{RULES}"),
    );
    check(
        &old,
        &new,
        expect![[r#"
            <Never promise a refund before you have read the policy.  ~4
            <Always quote the passage you rely on.  ~4
             You are kind.
             Answer {question}.
             Be brief.
            >Never promise a refund before you have read the policy.  ~1
            >Always quote the passage you rely on.  ~1
        "#]],
    );
    assert_eq!(whole(&old, &new, templates(false)).n_added, 0);
}

#[test]
fn what_changed_on_the_way_is_marked() {
    check(
        "Never promise a refund before you have read all of the policy of 14 days.\nYou are kind.\nAnswer {question}.\nEnd.\n",
        "You are kind.\nAnswer {question}.\nEnd.\nNever promise a refund before you have read all of the policy of 30 days.\n",
        expect![[r#"
            <Never promise a refund before you have read all of the policy of [14] days.  ~4
             You are kind.
             Answer {question}.
             End.
            >Never promise a refund before you have read all of the policy of [30] days.  ~1
        "#]],
    );
}

#[test]
fn a_short_line_that_occurs_elsewhere_has_not_moved() {
    check(
        "Be brief.\none\ntwo\nthree\n",
        "one\ntwo\nthree\nBe brief.\n",
        expect![[r#"
            -[Be brief.\n]
             one
             two
             three
            +[Be brief.\n]
        "#]],
    );
}

#[test]
fn a_long_line_that_changed_in_place_has_not_moved() {
    check(
        "Never promise a refund before you have read all of the policy of 14 days.\n",
        "Never promise a refund before you have read all of the policy of 30 days.\n",
        expect![[r#"
            -Never promise a refund before you have read all of the policy of [14] days.
            +Never promise a refund before you have read all of the policy of [30] days.
        "#]],
    );
}

#[test]
fn a_variable_changes_as_a_whole() {
    check(
        "Write to {user_name} now.\n",
        "Write to {user_id} now.\n",
        expect![[r#"
            -Write to [{user_name}] now.
            +Write to [{user_id}] now.
        "#]],
    );
}

#[test]
fn chinese_and_emoji_change_by_character() {
    check(
        "返品は十四日以内に可能です 👍🏽\n",
        "返品は三十日以内に可能です 👎🏽\n",
        expect![[r#"
            -返品は十[四]日以内に可能です [👍🏽]
            +返品は[三]十日以内に可能です [👎🏽]
        "#]],
    );
}

#[test]
fn space_and_line_breaks_do_not_count_where_they_are_ignored() {
    let (old, new) = ("Be  brief.\r\nSay {x}.\n\n", "Be brief. \nSay  {x} .\n\n");
    expect![[r#"
         Be  brief.
        -Say {x}.
        +Say  {x} .
         
    "#]]
    .assert_eq(&draw(&whole(old, new, templates(true)), old, new));
    let kept = whole(old, new, templates(true)).lines[0].clone();
    assert_eq!((&old[kept.span], &new[kept.new_span]), ("Be  brief.\r\n", "Be brief. \n"));
    assert!(whole("a b\r\n", " a  b\n", templates(true)).is_empty());
    assert!(!whole("a b\r\n", " a  b\n", templates(false)).is_empty());
}

#[test]
fn a_block_moves_from_one_section_to_another_and_lines_are_counted_in_each() {
    let (old, new) = (format!("One.\n{RULES}Two.\n"), format!("One.\nTwo.\n{RULES}"));
    let sections = [(0..old.len() - 5, 0..5), (old.len() - 5..old.len(), 5..new.len())];
    let diff = diff_sections(&old, &new, &sections, templates(false));
    expect![[r#"
         One.
        <Never promise a refund before you have read the policy.  ~2
        <Always quote the passage you rely on.  ~2
         Two.
        >Never promise a refund before you have read the policy.  ~2
        >Always quote the passage you rely on.  ~2
    "#]]
    .assert_eq(&draw(&diff, &old, &new));
    assert_eq!(diff.sections.len(), 2);
    assert_eq!(diff.lines[diff.sections[1].start].old_number, Some(1));
}

#[test]
fn ten_thousand_equal_lines_that_moved_take_little_time() {
    let block: String = (0..3_000).map(|n| format!("Line {n} of what is moved around\n")).collect();
    let rest: String = (0..3_001).map(|n| format!("Another {n} stays where it was\n")).collect();
    let diff = whole(&format!("{block}{rest}"), &format!("{rest}{block}"), templates(false));
    assert_eq!((diff.moves.len(), diff.n_added, diff.n_removed), (1, 0, 0));
}

#[test]
fn likeness_is_the_share_of_common_letters() {
    assert_eq!(alike("a b", "b a", None), 1.0);
    assert_eq!(alike("", " ", None), 1.0);
    assert_eq!(alike("ab", "cd", None), 0.0);
    assert_eq!(alike("{ab} x", "{ac} x", Some(Format::FString)), 2.0 / 10.0);
}

/// The text that the lines of `kind`, and those that stayed, amount to.
fn side(diff: &TextDiff, kind: LineKind, old: &str, new: &str) -> String {
    let of = |line: &super::super::text::Line| {
        match (line.kind, kind) {
            (LineKind::Same, LineKind::Added) => Some(&new[line.new_span.clone()]),
            (LineKind::Same, _) => Some(&old[line.span.clone()]),
            (LineKind::Added, LineKind::Added) => Some(&new[line.span.clone()]),
            (LineKind::Removed, LineKind::Removed) => Some(&old[line.span.clone()]),
            _ => None,
        }
        .map(str::to_owned)
    };
    diff.lines.iter().filter_map(of).collect()
}

fn texts() -> impl Strategy<Value = String> {
    let line = prop_oneof![
        Just("Never promise a refund before the policy was read by somebody.".to_owned()),
        Just("Always quote the passage that you rely on in every answer.".to_owned()),
        Just("Quote {passage} 返品 👍🏽".to_owned()),
        "(one|two| |\\{x\\}){0,4}",
    ];
    let ended = (line, prop_oneof![Just("\n"), Just("\r\n")]).prop_map(|(line, end)| line + end);
    prop::collection::vec(ended, 0..9).prop_map(|lines| lines.concat())
}

/// Two sections, cut where a line begins.
fn halves(text: &str) -> [Range<usize>; 2] {
    let cut = text[..text.floor_char_boundary(text.len() / 2)].rfind('\n').map_or(0, |at| at + 1);
    [0..cut, cut..text.len()]
}

proptest! {
    #[test]
    fn applied_to_the_old_template_it_gives_the_new(old in texts(), new in texts(), ignores_space: bool) {
        let ([one, two], [three, four]) = (halves(&old), halves(&new));
        let diff = diff_sections(&old, &new, &[(one, three), (two, four)], templates(ignores_space));
        prop_assert_eq!(side(&diff, LineKind::Added, &old, &new), new.clone());
        prop_assert_eq!(side(&diff, LineKind::Removed, &old, &new), old.clone());
    }

    #[test]
    fn blocks_that_moved_are_alike_and_as_long_on_both_sides(old in texts(), new in texts()) {
        let diff = whole(&old, &new, templates(false));
        let text = |lines: Range<usize>, text: &str| -> String {
            diff.lines[lines].iter().map(|line| text[line.span.clone()].to_owned()).collect()
        };
        for found in &diff.moves {
            prop_assert_eq!(found.old.len(), found.new.len());
            prop_assert!(!found.old.is_empty());
            prop_assert!(alike(&text(found.old.clone(), &old), &text(found.new.clone(), &new), Some(Format::FString)) >= 0.9);
        }
    }

    #[test]
    fn every_line_is_counted_on_its_side_once(old in texts(), new in texts()) {
        let (there, back) = (whole(&old, &new, templates(false)), whole(&new, &old, templates(false)));
        let n = |diff: &TextDiff, kind| diff.lines.iter().filter(|line| line.kind == kind).count();
        prop_assert_eq!(n(&there, LineKind::Removed), n(&back, LineKind::Added));
        prop_assert_eq!(n(&there, LineKind::Added), n(&back, LineKind::Removed));
        prop_assert!(whole(&old, &old, templates(false)).is_empty());
    }
}
