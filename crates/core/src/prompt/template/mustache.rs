//! Mustache: variables, sections, comments. Partials and other delimiters are not used by prompts, and are said to be bad.

use super::{Cutter, Piece, PieceKind};

pub fn pieces(template: &str) -> Vec<Piece> {
    let mut cutter = Cutter::new(template);
    let mut open: Vec<String> = Vec::new();
    let mut at = 0;
    while let Some(found) = template[at..].find("{{") {
        let start = at + found;
        let is_triple = template[start..].starts_with("{{{");
        let (begin, closing) = if is_triple { (start + 3, "}}}") } else { (start + 2, "}}") };
        let Some(length) = template[begin..].find(closing) else {
            let reason = format!("{} is never closed", &template[start..begin]);
            cutter.push(start..template.len(), PieceKind::Bad(reason));
            return cutter.finish();
        };
        let end = begin + length + closing.len();
        let inside = template[begin..begin + length].trim();
        cutter.push(start..end, tag(inside, is_triple, &mut open));
        at = end;
    }
    if let Some(path) = open.last() {
        let end = template.len();
        cutter.push(end..end, PieceKind::Bad(format!("the section {path} is never closed")));
    }
    cutter.finish()
}

fn tag(inside: &str, is_triple: bool, open: &mut Vec<String>) -> PieceKind {
    let (sign, rest) = match inside.chars().next() {
        Some(sign @ ('#' | '^' | '/' | '!' | '&' | '>' | '=')) if !is_triple => (Some(sign), inside[1..].trim()),
        _ => (None, inside),
    };
    // Names below a section may be of what the section is about.
    let name = |path: &str| {
        let is_outside = open.is_empty() && path != ".";
        is_outside.then(|| path.split('.').next().unwrap_or_default().to_owned())
    };
    let path = rest.to_owned();
    match sign {
        Some('!') => PieceKind::Comment,
        Some('>') => PieceKind::Bad(format!("{{{{>{rest}}}}}: prompts have no partials")),
        Some('=') => PieceKind::Bad("other delimiters than {{ and }} are not understood".to_owned()),
        _ if rest.is_empty() => PieceKind::Bad("{{}} needs a name".to_owned()),
        Some('/') => match open.pop() {
            Some(opened) if opened == rest => PieceKind::SectionEnd { path },
            Some(opened) => PieceKind::Bad(format!("{{{{/{rest}}}}} ends the section {opened}")),
            None => PieceKind::Bad(format!("{{{{/{rest}}}}} ends nothing")),
        },
        Some('#' | '^') => {
            let section = PieceKind::Section { name: name(rest), path, is_inverted: sign == Some('^') };
            open.push(rest.to_owned());
            section
        }
        _ => PieceKind::Variable { name: name(rest), path },
    }
}
