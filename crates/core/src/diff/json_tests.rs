//! What readers of a comparison of two JSON texts may rely on.

use super::*;
use expect_test::{Expect, expect};
use proptest::prelude::*;
use serde_json::{Value, json};
use std::fmt::Write;

fn draw(old: &str, new: &str) -> String {
    let mut drawn = String::new();
    for Row { depth, name, fate } in diff_json(old, new).rows {
        let name = match name {
            Name::Whole => "·".to_owned(),
            Name::Key(key) => key,
            Name::Idx { old, new } => {
                let idx = |idx: Option<usize>| idx.map_or("·".to_owned(), |idx| idx.to_string());
                format!("{}→{}", idx(old), idx(new))
            }
        };
        let said = match fate {
            Fate::Same { old: node, .. } => format!("= {}", node.raw(old)),
            Fate::Opened { .. } => "…".to_owned(),
            Fate::Replaced { old: one, new: other } => format!("- {} + {}", one.raw(old), other.raw(new)),
            Fate::Removed { old: node } => format!("- {}", node.raw(old)),
            Fate::Added { new: node } => format!("+ {}", node.raw(new)),
        };
        writeln!(drawn, "{:1$}{name} {said}", "", 2 * depth).expect("a string takes all");
    }
    drawn
}

#[track_caller]
fn check(old: Value, new: Value, expected: Expect) {
    expected.assert_eq(&draw(&old.to_string(), &new.to_string()));
}

#[test]
fn objects_are_compared_key_by_key() {
    check(
        json!({"question": "refund?", "k": 5, "user": {"id": 1, "name": "Ada"}}),
        json!({"user": {"name": "Ada", "id": 2}, "question": "refund?", "lang": "en"}),
        expect![[r#"
            · …
              k - 5
              question = "refund?"
              user …
                id - 1 + 2
                name = "Ada"
              lang + "en"
        "#]],
    );
}

#[test]
fn list_elements_meet_by_content_then_by_what_they_are() {
    check(
        json!([{"role": "system", "text": "a"}, {"role": "user", "text": "b"}, {"role": "tool", "text": "c"}]),
        json!([{"role": "system", "text": "x"}, {"role": "assistant", "text": "b"}, {"role": "user", "text": "b"}, {"role": "tool", "text": "d"}]),
        expect![[r#"
            · …
              0→0 …
                role = "system"
                text - "a" + "x"
              ·→1 + {"role":"assistant","text":"b"}
              1→2 = {"role":"user","text":"b"}
              2→3 …
                role = "tool"
                text - "c" + "d"
        "#]],
    );
}

#[test]
fn scalars_of_a_list_are_replaced_in_place() {
    check(
        json!([1, 2, 3]),
        json!([1, 5, 3, 4]),
        expect![[r#"
        · …
          0→0 = 1
          1→1 - 2 + 5
          2→2 = 3
          ·→3 + 4
    "#]],
    );
}

#[test]
fn another_kind_of_value_replaces_the_old() {
    check(
        json!({"a": [1]}),
        json!({"a": {"0": 1}}),
        expect![[r#"
        · …
          a - [1] + {"0":1}
    "#]],
    );
}

#[test]
fn how_it_is_written_is_no_difference() {
    let diff = diff_json(r#"{"a":1.0,"b":["\u00e9"]}"#, "{ \"b\": [\"é\"],\n\"a\": 1 }");
    assert_eq!((diff.n_changes, diff.rows.len()), (0, 1));
}

#[test]
fn what_is_no_json_is_compared_as_it_is_written() {
    let text = draw("{\"a\": oops, \"b\": 1}", "{\"a\": ouch, \"b\": 1}");
    expect![[r#"
        · …
          a - oops + ouch
          b = 1
    "#]]
    .assert_eq(&text);
    assert_eq!(diff_json("", "").rows.len(), 0);
    assert_eq!(diff_json("", "1").n_changes, 1);
}

#[test]
fn depth_is_no_danger() {
    let deep = |end: &str| format!("{}{end}{}", "[".repeat(100_000), "]".repeat(100_000));
    let diff = diff_json(&deep("1"), &deep("2"));
    assert_eq!((diff.n_changes, diff.rows.len()), (1, MAX_DEPTH + 1));
}

/// The value that the rows amount to on one side.
fn rebuilt(rows: &[Row], side: impl Fn(&Row) -> Option<String>) -> Option<String> {
    // The texts of what is open, one level each, the innermost last.
    let mut open: Vec<(usize, bool, Vec<String>)> = Vec::new();
    let mut whole = None;
    let close = |open: &mut Vec<(usize, bool, Vec<String>)>, depth: usize, whole: &mut Option<String>| {
        while open.last().is_some_and(|(level, ..)| *level >= depth) {
            let Some((_, is_object, values)) = open.pop() else { break };
            let text = if is_object { format!("{}}}", values.join(",")) } else { format!("{}]", values.join(",")) };
            let text = text.replacen("{,", "{", 1).replacen("[,", "[", 1);
            match open.last_mut() {
                Some((.., siblings)) => siblings.push(text),
                None => *whole = Some(text),
            }
        }
    };
    for row in rows {
        close(&mut open, row.depth, &mut whole);
        let name = match &row.name {
            Name::Key(key) => format!("{}:", json!(key)),
            Name::Whole | Name::Idx { .. } => String::new(),
        };
        if let Fate::Opened { old, .. } = row.fate {
            let is_object = matches!(old.kind, Kind::Object { .. });
            open.push((row.depth, is_object, vec![format!("{name}{}", if is_object { "{" } else { "[" })]));
        } else if let Some(text) = side(row) {
            match open.last_mut() {
                Some((.., siblings)) => siblings.push(format!("{name}{text}")),
                None => whole = Some(text),
            }
        }
    }
    close(&mut open, 0, &mut whole);
    whole
}

fn values() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![Just(Value::Null), (0..4i32).prop_map(Value::from), "[a-b]{0,2}".prop_map(Value::from)];
    leaf.prop_recursive(4, 40, 5, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::btree_map("[a-d]", inner, 0..4).prop_map(|map| json!(map)),
        ]
    })
}

proptest! {
    #[test]
    fn applied_to_the_old_value_it_gives_the_new(old in values(), new in values()) {
        let (old_text, new_text) = (old.to_string(), new.to_string());
        let diff = diff_json(&old_text, &new_text);
        let of_old = rebuilt(&diff.rows, |row| match row.fate {
            Fate::Same { old, .. } | Fate::Replaced { old, .. } | Fate::Removed { old } => Some(old.raw(&old_text).to_owned()),
            Fate::Opened { .. } | Fate::Added { .. } => None,
        });
        // What stayed is taken from the old text: that is what applying means.
        let of_new = rebuilt(&diff.rows, |row| match row.fate {
            Fate::Same { old, .. } => Some(old.raw(&old_text).to_owned()),
            Fate::Replaced { new, .. } | Fate::Added { new } => Some(new.raw(&new_text).to_owned()),
            Fate::Opened { .. } | Fate::Removed { .. } => None,
        });
        let parsed = |text: Option<String>| text.and_then(|text| serde_json::from_str::<Value>(&text).ok());
        prop_assert_eq!(parsed(of_old), Some(old.clone()));
        prop_assert_eq!(parsed(of_new), Some(new.clone()));
        prop_assert_eq!(diff.n_changes == 0, old == new);
    }

    #[test]
    fn the_other_way_round_there_are_as_many_changes(old in values(), new in values()) {
        let (old, new) = (old.to_string(), new.to_string());
        prop_assert_eq!(diff_json(&old, &new).n_changes, diff_json(&new, &old).n_changes);
    }

    #[test]
    fn any_text_can_be_compared(old in "[\\[\\]{},:\"a1 ]{0,30}", new in "[\\[\\]{},:\"a1 ]{0,30}") {
        let _ = diff_json(&old, &new);
    }
}
