//! Names without what changes from one trace to the next: numbers and ids.

/// `step_12` and `step_7` are `step_#`; `fetch 3fa85f64-5717-4562` is `fetch #`. Case and space at the ends do not count.
pub(super) fn normalised(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let is_part = |char: char| char.is_alphanumeric() || char == '-';
    let mut rest = name.trim();
    while let Some(char) = rest.chars().next() {
        let len = rest.find(|char| !is_part(char)).unwrap_or(rest.len());
        if len == 0 {
            out.push(char);
            rest = &rest[char.len_utf8()..];
            continue;
        }
        let (word, after) = rest.split_at(len);
        rest = after;
        if is_id(word) {
            out.push('#');
        } else {
            push_without_digits(&mut out, word);
        }
    }
    out
}

/// Eight or more hexadecimal digits, at least one of them a number, perhaps with dashes.
fn is_id(word: &str) -> bool {
    word.len() >= 8
        && word.bytes().any(|byte| byte.is_ascii_digit())
        && word.bytes().all(|byte| byte.is_ascii_hexdigit() || byte == b'-')
}

fn push_without_digits(out: &mut String, word: &str) {
    let mut was_digit = false;
    for char in word.chars() {
        let is_digit = char.is_ascii_digit();
        if !is_digit {
            out.extend(char.to_lowercase());
        } else if !was_digit {
            out.push('#');
        }
        was_digit = is_digit;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_ids_do_not_tell_names_apart() {
        for (name, expected) in [
            ("step_12", "step_#"),
            ("Search 3", "search #"),
            ("fetch 3fa85f64-5717-4562-b3fc", "fetch #"),
            ("gpt4o", "gpt#o"),
            ("facade", "facade"),
            ("", ""),
            (" Böse 日本 ", "böse 日本"),
        ] {
            assert_eq!(normalised(name), expected);
        }
    }
}
