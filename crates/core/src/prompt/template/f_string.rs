//! Python's format strings, under the restrictions that LangChain puts on them.

use super::{Cutter, Piece, PieceKind, is_name};

pub fn pieces(template: &str) -> Vec<Piece> {
    let bytes = template.as_bytes();
    let mut cutter = Cutter::new(template);
    let mut at = 0;
    while at < bytes.len() {
        let is_doubled = bytes.get(at + 1) == Some(&bytes[at]);
        match bytes[at] {
            b'{' if is_doubled => {
                cutter.push(at..at + 2, PieceKind::Escape("{"));
                at += 2;
            }
            b'}' if is_doubled => {
                cutter.push(at..at + 2, PieceKind::Escape("}"));
                at += 2;
            }
            b'{' => match template[at..].find('}') {
                Some(length) => {
                    let end = at + length + 1;
                    cutter.push(at..end, field(&template[at + 1..end - 1]));
                    at = end;
                }
                None => {
                    let reason = "a { is never closed; write {{ for a brace".to_owned();
                    cutter.push(at..bytes.len(), PieceKind::Bad(reason));
                    at = bytes.len();
                }
            },
            b'}' => {
                cutter.push(at..at + 1, PieceKind::Bad("a } closes nothing; write }} for a brace".to_owned()));
                at += 1;
            }
            _ => at += 1,
        }
    }
    cutter.finish()
}

/// What stands between braces: a name, maybe `!r` or `:>10`.
fn field(inside: &str) -> PieceKind {
    let name = inside.split(['!', ':']).next().unwrap_or_default();
    if inside.contains('{') {
        return PieceKind::Bad("braces within braces are not allowed here".to_owned());
    }
    if !is_name(name) {
        let reason = match name {
            "" => "{} needs a name; write {{}} for braces".to_owned(),
            _ => format!("{{{inside}}} is no variable; write {{{{ and }}}} for braces"),
        };
        return PieceKind::Bad(reason);
    }
    PieceKind::Variable { name: Some(name.to_owned()), path: inside.to_owned() }
}
