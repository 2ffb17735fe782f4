//! A prompt as one text, to be compared with another.

use super::draft::{Draft, MessageKind};

/// Each message under its role, then whatever else the prompt has.
pub fn text(draft: &Draft) -> String {
    let mut text = String::new();
    for message in &draft.messages {
        let role = match message.kind {
            MessageKind::Placeholder { is_optional: true } => "messages, maybe",
            MessageKind::Placeholder { is_optional: false } => "messages",
            _ if message.role.is_empty() => "template",
            _ => &message.role,
        };
        text += &format!("# {role}\n{}\n\n", message.text);
    }
    let model = format!("{}\n{}", draft.provider, draft.model);
    for (title, part) in
        [("schema", &draft.schema), ("model", &model), ("tools", &draft.tools), ("manifest", &draft.json)]
    {
        if !part.trim().is_empty() {
            text += &format!("# {title}\n{}\n\n", part.trim());
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_can_differ_is_in_the_text() {
        let mut draft = Draft::first();
        assert_eq!(text(&draft), "# system\nYou are a helpful assistant.\n\n# human\n{question}\n\n");
        draft.provider = "ChatOpenAI".into();
        draft.schema = "{}".into();
        assert!(text(&draft).ends_with("# schema\n{}\n\n# model\nChatOpenAI\n\n"));
    }
}
