//! Which links of a trace may be clicked.

/// An address that starts with `http://`, `https://` or `mailto:` and holds nothing that could mislead a parser.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SafeUrl(String);

impl SafeUrl {
    /// `None` unless the address is allowed exactly as it is: nothing is trimmed or repaired, because a browser would
    /// repair it differently.
    pub fn parse(address: &str) -> Option<SafeUrl> {
        let is_plain = |c: char| !c.is_control() && !c.is_whitespace() && !"\\<>\"`".contains(c) && !is_invisible(c);
        let has_scheme = ["http://", "https://", "mailto:"]
            .iter()
            .any(|scheme| address.len() > scheme.len() && starts_with_ignoring_case(address, scheme));
        (has_scheme && address.len() <= 2048 && address.chars().all(is_plain)).then(|| SafeUrl(address.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

fn starts_with_ignoring_case(text: &str, prefix: &str) -> bool {
    text.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn web_and_mail_addresses_may_be_clicked() {
        for address in ["https://example.com/a?b#c", "HTTP://example.com", "mailto:a@b.c", "https://пример.рф/"]
        {
            assert_eq!(SafeUrl::parse(address).map(|url| url.0), Some(address.to_owned()));
        }
    }

    #[test]
    fn everything_else_is_inert() {
        for address in [
            "javascript:alert(1)",
            "JaVaScRiPt:alert(1)",
            " https://example.com",
            "java\nscript:alert(1)",
            "data:text/html,x",
            "vbscript:x",
            "file:///etc/passwd",
            "//example.com",
            "/relative",
            "https:example.com",
            "https://",
            "https://a\u{202e}b",
            "https://a b",
            "https://a\\@b",
            "",
        ] {
            assert_eq!(SafeUrl::parse(address), None, "{address:?}");
        }
    }

    proptest! {
        #[test]
        fn what_is_allowed_has_an_allowed_scheme(address in "(?i)(https?://|mailto:|javascript:|data:|[a-z ]{0,4}:?)[ -~\\x00-\\x20é]{0,20}") {
            if let Some(url) = SafeUrl::parse(&address) {
                let lower = url.as_str().to_ascii_lowercase();
                prop_assert!(["http://", "https://", "mailto:"].iter().any(|scheme| lower.starts_with(scheme)));
            }
        }
    }
}
