//! Finds what was meant by a few of its letters: `gtr` finds "Go to traces". Pure.

/// More than letters apart can ever gain.
const AS_TYPED: i32 = 1 << 20;

/// How well `query` matches `text`, larger is better, and the matched characters' positions; `None` when its letters do
/// not occur in this order. Case and spaces in the query do not matter. What has the query as it stands comes first; then
/// beginnings of words and neighbours count most.
pub fn score(query: &str, text: &str) -> Option<(i32, Vec<usize>)> {
    let wanted: Vec<char> = query.chars().filter(|char| !char.is_whitespace()).flat_map(char::to_lowercase).collect();
    let chars: Vec<char> = text.chars().collect();
    let lower: Vec<char> = chars.iter().map(|char| char.to_lowercase().next().unwrap_or(*char)).collect();
    let starts_word = |idx: usize| {
        idx == 0 || !chars[idx - 1].is_alphanumeric() || (chars[idx].is_uppercase() && chars[idx - 1].is_lowercase())
    };
    // best[q]: the best way to have matched the first q letters, ending at some position.
    let mut best: Vec<Option<(i32, Vec<usize>)>> = vec![None; wanted.len() + 1];
    best[0] = Some((0, Vec::new()));
    for (idx, letter) in lower.iter().enumerate() {
        for q in (0..wanted.len()).rev() {
            if *letter != wanted[q] {
                continue;
            }
            let Some((before, positions)) = &best[q] else { continue };
            let follows = positions.last().is_some_and(|last| last + 1 == idx);
            let gain = 1 + if starts_word(idx) { 8 } else { 0 } + if follows { 6 } else { 0 };
            let total = before + gain;
            if best[q + 1].as_ref().is_none_or(|(known, _)| total > *known) {
                let mut positions = positions.clone();
                positions.push(idx);
                best[q + 1] = Some((total, positions));
            }
        }
    }
    let (total, positions) = best.pop().flatten()?;
    let typed = query.trim().to_lowercase();
    let as_typed = if !typed.is_empty() && text.to_lowercase().contains(&typed) { AS_TYPED } else { 0 };
    // Of equal matches the shorter text is the nearer.
    Some((as_typed + total * 16 - (chars.len().min(200) as i32) / 8, positions))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(query: &str, texts: &[&str], expected: &[&str]) {
        let mut found: Vec<(i32, &str)> =
            texts.iter().filter_map(|text| Some((score(query, text)?.0, *text))).collect();
        found.sort_by_key(|(score, _)| -score);
        assert_eq!(found.into_iter().map(|(_, text)| text).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn letters_must_occur_in_order() {
        check("gtr", &["Go to traces", "Target", "Projects"], &["Go to traces"]);
        check("x", &["Export"], &["Export"]);
        check("tropxe", &["Export"], &[]);
    }

    #[test]
    fn beginnings_of_words_come_first() {
        check("sv", &["Save view", "Last seven days", "Unsaved"], &["Save view", "Last seven days", "Unsaved"]);
        check("exp", &["Next page", "Export"], &["Export", "Next page"]);
    }

    #[test]
    fn words_as_they_were_typed_beat_their_letters_apart() {
        let long = "A link shows a colleague the same run and the same columns";
        check("show runs", &[long, "Show runs"], &["Show runs", long]);
    }

    #[test]
    fn nothing_typed_finds_everything() {
        check("", &["a", "b"], &["a", "b"]);
        check("  ", &["a"], &["a"]);
    }

    #[test]
    fn case_and_accents_do_not_break_it() {
        assert_eq!(score("ÉT", "été").map(|(_, positions)| positions), Some(vec![0, 1]));
        assert_eq!(score("go to", "Go to traces").map(|(_, positions)| positions), Some(vec![0, 1, 3, 4]));
    }
}
