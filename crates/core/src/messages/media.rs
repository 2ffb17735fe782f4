//! Images, audio and files inside messages: what may be shown, and what is only named.

/// What a file is for the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum MediaKind {
    Image,
    Audio,
    File,
}

/// A file in a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Media {
    pub kind: MediaKind,
    /// `image/png`; empty when unknown.
    pub mime_type: String,
    pub name: Option<String>,
    pub source: Source,
}

/// Where its bytes are.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// In the payload itself, base64.
    Base64(String),
    /// Elsewhere. Never fetched: showing the trace must not tell another server.
    Remote(String),
    /// Kept by the model's vendor under an id.
    Reference(String),
}

impl Media {
    /// An address as messages hold it: a `data:` URI is taken apart, anything else is remote.
    pub fn from_url(kind: MediaKind, url: String) -> Media {
        let data = url.strip_prefix("data:").and_then(|rest| rest.split_once(','));
        match data.and_then(|(head, data)| Some((head.strip_suffix(";base64")?, data))) {
            Some((mime_type, data)) => {
                let mime_type = mime_type.split(';').next().unwrap_or_default().to_owned();
                Media { kind, mime_type, name: None, source: Source::Base64(data.to_owned()) }
            }
            None => Media { kind, mime_type: String::new(), name: None, source: Source::Remote(url) },
        }
    }

    pub fn from_base64(kind: MediaKind, mime_type: String, data: String) -> Media {
        // Some libraries put a whole data: URI where the data belongs.
        if data.starts_with("data:") {
            return Media::from_url(kind, data);
        }
        Media { kind, mime_type, name: None, source: Source::Base64(data) }
    }

    /// The address for an `img` or `audio` element: only data of a type that such elements show and that runs nothing.
    pub fn inline_address(&self) -> Option<String> {
        let Source::Base64(data) = &self.source else { return None };
        let is_shown = match self.kind {
            MediaKind::Image => IMAGE_TYPES.contains(&self.mime_type.as_str()),
            MediaKind::Audio => AUDIO_TYPES.contains(&self.mime_type.as_str()),
            MediaKind::File => false,
        };
        (is_shown && is_base64(data)).then(|| format!("data:{};base64,{data}", self.mime_type))
    }

    /// How many bytes the file has; `None` when it is elsewhere.
    pub fn size_bytes(&self) -> Option<u64> {
        match &self.source {
            Source::Base64(data) => Some(data.trim_end_matches('=').len() as u64 * 3 / 4),
            _ => None,
        }
    }

    /// A name for the saved file.
    pub fn file_name(&self) -> String {
        let extension = match self.mime_type.split_once('/') {
            Some((_, "jpeg")) => "jpg",
            Some((_, "svg+xml")) => "svg",
            Some((_, "mpeg")) => "mp3",
            Some((_, "plain")) => "txt",
            Some((_, subtype)) if subtype.len() <= 5 && subtype.chars().all(|c| c.is_ascii_alphanumeric()) => subtype,
            _ => "bin",
        };
        self.name.clone().unwrap_or_else(|| format!("attachment.{extension}"))
    }
}

/// Images of these types are shown; `svg+xml` runs no scripts inside an `img`.
pub const IMAGE_TYPES: &[&str] =
    &["image/png", "image/jpeg", "image/gif", "image/webp", "image/avif", "image/bmp", "image/svg+xml"];

/// Sounds of these types are played.
pub const AUDIO_TYPES: &[&str] = &[
    "audio/wav",
    "audio/x-wav",
    "audio/mpeg",
    "audio/mp3",
    "audio/ogg",
    "audio/webm",
    "audio/mp4",
    "audio/aac",
    "audio/flac",
];

fn is_base64(data: &str) -> bool {
    !data.is_empty()
        && data.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/' | b'=' | b'\n' | b'\r'))
}

/// Decodes base64, standard or URL-safe; spaces and padding do not matter. `None` when a character does not belong.
pub fn decode_base64(data: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(data.len() * 3 / 4);
    let (mut bits, mut n_bits) = (0u32, 0);
    for byte in data.bytes() {
        let value = match byte {
            b'A'..=b'Z' => byte - b'A',
            b'a'..=b'z' => byte - b'a' + 26,
            b'0'..=b'9' => byte - b'0' + 52,
            b'+' | b'-' => 62,
            b'/' | b'_' => 63,
            b'=' | b'\n' | b'\r' | b' ' => continue,
            _ => return None,
        };
        bits = bits << 6 | u32::from(value);
        n_bits += 6;
        if n_bits >= 8 {
            n_bits -= 8;
            bytes.push((bits >> n_bits) as u8);
            bits &= (1 << n_bits) - 1;
        }
    }
    Some(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(url: &str, expected: Option<&str>) {
        assert_eq!(Media::from_url(MediaKind::Image, url.into()).inline_address().as_deref(), expected);
    }

    #[test]
    fn only_images_in_the_payload_are_shown() {
        check("data:image/png;base64,AAAA", Some("data:image/png;base64,AAAA"));
        check("data:image/png;charset=x;base64,AAAA", Some("data:image/png;base64,AAAA"));
        check("https://tracker.example/pixel.png", None);
        check("data:text/html;base64,AAAA", None);
        check("data:image/png,raw", None);
        check("data:image/png;base64,\"><script>", None);
        check("javascript:alert(1)", None);
    }

    #[test]
    fn files_have_a_size_and_a_name() {
        let media = Media::from_base64(MediaKind::Audio, "audio/mpeg".into(), "AAAAAA==".into());
        assert_eq!((media.size_bytes(), media.file_name().as_str()), (Some(4), "attachment.mp3"));
        let odd = Media::from_base64(MediaKind::File, "application/../x".into(), String::new());
        assert_eq!(odd.file_name(), "attachment.bin");
    }

    #[test]
    fn base64_becomes_bytes() {
        assert_eq!(decode_base64("aGVsbG8=").as_deref(), Some(&b"hello"[..]));
        assert_eq!(decode_base64("_-A\n").as_deref(), Some(&[0xff, 0xe0][..]));
        assert_eq!(decode_base64("a*b"), None);
    }
}
