//! The few header lines of a part.

/// What is read from a part's headers; others are ignored.
#[derive(Debug, PartialEq, Eq)]
pub struct PartHeaders {
    pub name: String,
    pub content_type: Option<String>,
}

/// Reads header lines that are divided by CRLF. Fails with what is missing.
pub fn read(head: &[u8]) -> Result<PartHeaders, &'static str> {
    let head = std::str::from_utf8(head).map_err(|_| "its headers are not UTF-8")?;
    let (mut name, mut content_type) = (None, None);
    for line in head.split("\r\n") {
        let Some((field, value)) = line.split_once(':') else { continue };
        if field.trim().eq_ignore_ascii_case("content-disposition") {
            name = parameter(value, "name");
        } else if field.trim().eq_ignore_ascii_case("content-type") {
            content_type = Some(value.trim().to_owned());
        }
    }
    Ok(PartHeaders { name: name.ok_or("its Content-Disposition has no name")?, content_type })
}

/// The value of one `; key=value` parameter of a header; quotes and the escapes that form encoders use are undone.
pub fn parameter(header: &str, key: &str) -> Option<String> {
    // The value before the first semicolon is not a parameter.
    let mut rest = header.split_once(';')?.1;
    loop {
        let (name, after_name) = rest.split_once('=')?;
        // A parameter without a value may stand before this one.
        let name = name.rsplit(';').next().unwrap_or(name);
        let (value, after_value) = value(after_name.trim_start());
        if name.trim().eq_ignore_ascii_case(key) {
            return Some(value);
        }
        rest = after_value.split_once(';')?.1;
    }
}

/// Reads a token or quoted string; returns it and what follows.
fn value(text: &str) -> (String, &str) {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(';').unwrap_or(text.len());
        return (text[..end].trim().to_owned(), &text[end..]);
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return (unescape_percent(&value), &quoted[at + 1..]),
            '\\' => match chars.next() {
                Some((_, escaped @ ('"' | '\\'))) => value.push(escaped),
                // Old browsers send Windows paths with bare backslashes.
                Some((_, other)) => value.extend(['\\', other]),
                None => {}
            },
            _ => value.push(c),
        }
    }
    (unescape_percent(&value), "")
}

/// What browsers escape in a name: quotes and line breaks (HTML, multipart/form-data encoding algorithm).
fn unescape_percent(value: &str) -> String {
    value.replace("%22", "\"").replace("%0D", "\r").replace("%0A", "\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(head: &str, expected: Result<(&str, Option<&str>), &'static str>) {
        let read = read(head.as_bytes());
        let read =
            read.as_ref().map(|headers| (headers.name.as_str(), headers.content_type.as_deref())).map_err(|e| *e);
        assert_eq!(read, expected);
    }

    #[test]
    fn names_are_found_as_each_sdk_writes_them() {
        let python =
            "Content-Disposition: form-data; name=\"post.A\"\r\nContent-Type: application/json\r\nContent-Length: 296";
        check(python, Ok(("post.A", Some("application/json"))));
        let js = "content-disposition: form-data; name=\"post.A.inputs\"; filename=\"blob\"\r\ncontent-type: application/json; length=321";
        check(js, Ok(("post.A.inputs", Some("application/json; length=321"))));
        check("Content-Disposition: form-data; filename=\"x; name=y\"; name=z", Ok(("z", None)));
    }

    #[test]
    fn quotes_in_names_are_unescaped() {
        check(r#"Content-Disposition: form-data; name="a\"b%22c\\""#, Ok((r#"a"b"c\"#, None)));
    }

    #[test]
    fn a_part_without_a_name_is_refused() {
        check("Content-Type: text/plain", Err("its Content-Disposition has no name"));
        check("Content-Disposition: form-data; filename=name", Err("its Content-Disposition has no name"));
    }
}
