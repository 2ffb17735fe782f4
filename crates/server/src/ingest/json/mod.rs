//! Looking into JSON text one level at a time. Values stay text (`&RawValue`), so neither size nor depth costs memory.

pub mod one_line;
pub mod shallow;
pub mod surrogates;

use std::borrow::Cow;

/// The text of a JSON body: UTF-8, lone surrogates replaced. Fails with a sentence for the sender.
pub fn text_from_bytes(body: &[u8]) -> Result<Cow<'_, str>, String> {
    let text = std::str::from_utf8(body).map_err(|e| format!("the body is not UTF-8 (byte {})", e.valid_up_to()))?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    Ok(surrogates::replace_lone_surrogates(text))
}
