//! What readers of a comparison of two prompts may rely on.

use super::rows::{Layout, RowKind, Rows};
use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use std::collections::BTreeSet;
use std::fmt::Write;

fn version(messages: &[(&str, &str)]) -> Version {
    let message = |(role, text): &(&str, &str)| Message { role: (*role).to_owned(), text: (*text).to_owned() };
    Version { messages: messages.iter().map(message).collect(), ..Version::default() }
}

fn support() -> [Version; 2] {
    let rest = "One.\nTwo.\nThree.\nFour.\nFive.\nSix.\nSeven.\nEight.\n";
    let old = version(&[
        (
            "system",
            &format!(
                "You help {{company}}.\nHelp the customer efficiently.\nNever be generic.\n{rest}Use the context below if you can.\n{{context}}"
            ),
        ),
        ("human", "{question}"),
    ]);
    let new = version(&[
        (
            "system",
            &format!(
                "You help {{company}}.\nOwn the customer's problem.\nIf you offer a refund, specify the amount\nand timeline.\nNever be generic.\n{rest}Use only the context below.\n{{context}}"
            ),
        ),
        ("human", "{question}"),
        ("ai", "Let me see."),
    ]);
    [
        Version { settings: vec![("model".into(), "gpt-4o".into()), ("temperature".into(), "0.7".into())], ..old },
        Version {
            settings: vec![("model".into(), "gpt-4o".into()), ("temperature".into(), "0.2".into())],
            structures: vec![("Output schema", r#"{"type": "object"}"#.into())],
            ..new
        },
    ]
}

/// One line per row.
fn draw(diff: &PromptDiff, rows: &Rows) -> String {
    let mut drawn = String::new();
    for row in &rows.rows {
        let change = row.change.map_or("  ".to_owned(), |change| format!("{:<2}", change + 1));
        let line = |idx: Option<usize>| {
            let Some(idx) = idx else { return String::new() };
            let line = &diff.text.lines[idx];
            let text = if line.kind == LineKind::Added { &diff.new_text } else { &diff.old_text };
            let sign = match line.kind {
                LineKind::Same => ' ',
                LineKind::Removed => '-',
                LineKind::Added => '+',
            };
            format!("{sign}{}", text[line.span.clone()].trim_end())
        };
        let shown = match row.kind {
            RowKind::Message(idx) => {
                let it = &diff.messages[idx];
                format!(
                    "## {} +{} -{} {}",
                    it.role(),
                    it.n_added,
                    it.n_removed,
                    if it.is_changed() { "" } else { "unchanged" }
                )
            }
            RowKind::Lines { left, right } if left == right => line(left),
            RowKind::Lines { left, right } => format!("{} | {}", line(left), line(right)),
            RowKind::Fold { n, .. } => format!("… {n} unchanged lines"),
            RowKind::SettingsTitle => "## settings".to_owned(),
            RowKind::Setting(idx) => {
                let SettingDiff { name, old, new } = &diff.settings[idx];
                format!("{name}: {} -> {}", old.as_deref().unwrap_or("–"), new.as_deref().unwrap_or("–"))
            }
            RowKind::StructureTitle(idx) => format!("## {}", diff.structures[idx].title),
            RowKind::Structure { structure, change } => {
                let change = &diff.structures[structure].shown.changes[change];
                format!("at /{}: {} lines", change.path.join("/"), change.lines.len())
            }
        };
        writeln!(drawn, "{change} {}", shown.trim_end()).expect("a string takes all");
    }
    drawn
}

#[track_caller]
fn check(layout: Layout, expected: Expect) {
    let [old, new] = support();
    let diff = diff_prompts(&old, &new, false);
    expected.assert_eq(&draw(&diff, &Rows::new(&diff, layout, &BTreeSet::new())));
}

#[test]
fn side_by_side_lines_stand_beside_what_became_of_them() {
    check(
        Layout::SideBySide,
        expect![[r#"
           ## system +4 -2
            You help {company}.
        1  -Help the customer efficiently. | +Own the customer's problem.
        1   | +If you offer a refund, specify the amount
        1   | +and timeline.
            Never be generic.
            One.
            Two.
           … 3 unchanged lines
            Six.
            Seven.
            Eight.
        2  -Use the context below if you can. | +Use only the context below.
            {context}
           ## human +0 -0 unchanged
            {question}
           ## ai +1 -0
        3   | +Let me see.
           ## settings
           model: gpt-4o -> gpt-4o
        4  temperature: 0.7 -> 0.2
           ## Output schema
        5  at /: 3 lines
    "#]],
    );
}

#[test]
fn unified_what_was_removed_stands_above_what_was_added() {
    check(
        Layout::Unified,
        expect![[r#"
           ## system +4 -2
            You help {company}.
        1  -Help the customer efficiently. |
        1   | +Own the customer's problem.
        1   | +If you offer a refund, specify the amount
        1   | +and timeline.
            Never be generic.
            One.
            Two.
           … 3 unchanged lines
            Six.
            Seven.
            Eight.
        2  -Use the context below if you can. |
        2   | +Use only the context below.
            {context}
           ## human +0 -0 unchanged
            {question}
           ## ai +1 -0
        3   | +Let me see.
           ## settings
           model: gpt-4o -> gpt-4o
        4  temperature: 0.7 -> 0.2
           ## Output schema
        5  at /: 3 lines
    "#]],
    );
}

#[test]
fn unfolding_shows_the_lines_and_keeps_every_other_row() {
    let [old, new] = support();
    let diff = diff_prompts(&old, &new, false);
    let folded = Rows::new(&diff, Layout::Unified, &BTreeSet::new());
    let first = folded.rows.iter().find_map(|row| match row.kind {
        RowKind::Fold { first, .. } => Some(first),
        _ => None,
    });
    let unfolded = Rows::new(&diff, Layout::Unified, &BTreeSet::from([first.unwrap()]));
    assert_eq!(unfolded.rows.len(), folded.rows.len() + 2);
    let keys = |rows: &Rows| rows.rows.iter().map(|row| row.key).collect::<BTreeSet<_>>();
    assert_eq!(keys(&folded).difference(&keys(&unfolded)).count(), 1);
    assert_eq!(keys(&unfolded).len(), unfolded.rows.len());
}

#[test]
fn a_block_says_where_it_came_from_even_from_another_message() {
    let block = "Never promise a refund before you have read the policy.\nAlways quote the passage you rely on.\n";
    let old = version(&[("system", &format!("Be kind.\n{block}")), ("human", "{question}\n")]);
    let new = version(&[("system", "Be kind.\n"), ("human", &format!("{{question}}\n{block}"))]);
    let diff = diff_prompts(&old, &new, false);
    let notes: Vec<_> = (0..diff.text.lines.len()).filter_map(|line| diff.moved(line)).collect();
    assert_eq!(notes, [("moved to line 2 of human".to_owned(), 4), ("moved from line 2 of system".to_owned(), 1)]);
    assert!(diff.messages.iter().all(|it| it.n_added + it.n_removed == 0 && it.n_moved == 2));
}

#[test]
fn a_message_that_is_put_in_between_leaves_the_others_alone() {
    let old = version(&[("system", "a"), ("human", "b")]);
    let new = version(&[("system", "a"), ("human", "an example"), ("ai", "its answer"), ("human", "b")]);
    let diff = diff_prompts(&old, &new, false);
    let fates: Vec<_> = diff.messages.iter().map(|it| (it.role(), it.old_role.is_some(), it.is_changed())).collect();
    assert_eq!(fates, [("system", true, false), ("human", false, true), ("ai", false, true), ("human", true, false)]);
}

#[test]
fn keys_lead_from_message_to_message() {
    let [old, new] = support();
    let diff = diff_prompts(&old, &new, false);
    let rows = Rows::new(&diff, Layout::Unified, &BTreeSet::new());
    let messages: Vec<_> = rows.changes.iter().map(|change| change.message).collect();
    assert_eq!(messages, [Some(0), Some(0), Some(2), None, None]);
    assert_eq!(rows.change_of_other_message(None, 1), Some(0));
    assert_eq!(rows.change_of_other_message(Some(0), 1), Some(2));
    assert_eq!(rows.change_of_other_message(Some(4), -1), Some(2));
    assert_eq!(rows.change_of_other_message(Some(2), -1), Some(0));
    assert_eq!(rows.change_of_other_message(Some(0), -1), None);
}

#[test]
fn equal_versions_have_nothing_to_show() {
    let [old, _] = support();
    let diff = diff_prompts(&old, &old, false);
    assert!(diff.is_empty() && diff.variables.is_empty());
    assert!(Rows::new(&diff, Layout::SideBySide, &BTreeSet::new()).changes.is_empty());
}

fn versions() -> impl Strategy<Value = Version> {
    let text = prop::collection::vec("(one|two|\\{x\\}|日本| ){0,4}\n", 0..6).prop_map(|lines| lines.concat());
    let role = prop_oneof![Just("system"), Just("human"), Just("ai")];
    prop::collection::vec((role, text), 0..4).prop_map(|messages| {
        let message = |(role, text): (&str, String)| Message { role: role.to_owned(), text };
        Version { messages: messages.into_iter().map(message).collect(), ..Version::default() }
    })
}

proptest! {
    #[test]
    fn every_line_of_both_sides_is_shown_once_in_either_layout(old in versions(), new in versions(), is_unified: bool) {
        let diff = diff_prompts(&old, &new, false);
        let layout = if is_unified { Layout::Unified } else { Layout::SideBySide };
        let all: BTreeSet<usize> = (0..diff.text.lines.len()).collect();
        let rows = Rows::new(&diff, layout, &all);
        let mut shown: [Vec<usize>; 2] = Default::default();
        for row in &rows.rows {
            if let RowKind::Lines { left, right } = row.kind {
                shown[0].extend(left);
                shown[1].extend(right);
                prop_assert_eq!(row.change.is_some(), left != right);
            }
        }
        let of = |other: LineKind| (0..diff.text.lines.len()).filter(|line| diff.text.lines[*line].kind != other).collect::<Vec<_>>();
        prop_assert_eq!(&shown[0], &of(LineKind::Added));
        prop_assert_eq!(&shown[1], &of(LineKind::Removed));
        let keys: BTreeSet<u64> = rows.rows.iter().map(|row| row.key).collect();
        prop_assert_eq!(keys.len(), rows.rows.len());
    }
}
