//! RFC 4180: commas, doubled quotes, lines that end in CR LF.

/// One line, ready to be written.
pub fn line(fields: impl IntoIterator<Item = String>) -> Vec<u8> {
    let mut line = String::new();
    for (idx, field) in fields.into_iter().enumerate() {
        if idx > 0 {
            line.push(',');
        }
        let is_plain = !field.contains([',', '"', '\r', '\n']) && field.trim() == field;
        if is_plain {
            line.push_str(&field);
        } else {
            line.push('"');
            line.push_str(&field.replace('"', "\"\""));
            line.push('"');
        }
    }
    line.push_str("\r\n");
    line.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(fields: &[&str], expected: &str) {
        let line = line(fields.iter().map(|&field| field.to_owned()));
        assert_eq!(String::from_utf8(line).unwrap(), expected);
    }

    #[test]
    fn only_what_needs_quotes_has_them() {
        check(&["a", "", "b c"], "a,,b c\r\n");
        check(&["a,b", "say \"hi\"", "two\nlines", " edge"], "\"a,b\",\"say \"\"hi\"\"\",\"two\nlines\",\" edge\"\r\n");
    }
}
