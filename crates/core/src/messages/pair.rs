//! Puts tool results beside the calls they answer.

use super::{Message, Part, Role, ToolResult};

/// A message as it is shown.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Card {
    pub message: Message,
    /// Came out of the run, rather than went in.
    pub is_output: bool,
    /// For each part of the message that is a tool call: its result, in the order of the calls.
    pub results: Vec<Option<ToolResult>>,
}

/// The cards of a conversation, in order. A message that only carries results is gone when every result found its call.
pub fn pair(inputs: &[Message], outputs: &[Message]) -> Vec<Card> {
    let sides = inputs.iter().map(|message| (message, false)).chain(outputs.iter().map(|message| (message, true)));
    pair_marked(sides.map(|(message, is_output)| (message.clone(), is_output, ())))
        .into_iter()
        .map(|(card, ())| card)
        .collect()
}

/// The same for messages, whether each came out, and a mark that each card keeps.
pub fn pair_marked<M>(messages: impl IntoIterator<Item = (Message, bool, M)>) -> Vec<(Card, M)> {
    let mut cards: Vec<(Card, M)> = Vec::new();
    for (mut message, is_output, mark) in messages {
        let had_parts = !message.parts.is_empty();
        message.parts.retain(|part| match part {
            Part::ToolResult(result) => !attach(&mut cards, result),
            _ => true,
        });
        if message.parts.is_empty() && had_parts && matches!(message.role, Role::Tool | Role::User) {
            continue;
        }
        let n_calls = message.parts.iter().filter(|part| matches!(part, Part::ToolCall(_))).count();
        cards.push((Card { message, is_output, results: vec![None; n_calls] }, mark));
    }
    cards
}

/// Gives `result` to the latest call of its id that has none; Gemini has no ids, there the name decides.
fn attach<M>(cards: &mut [(Card, M)], result: &ToolResult) -> bool {
    for (card, _) in cards.iter_mut().rev() {
        let calls = card.message.parts.iter().filter_map(|part| match part {
            Part::ToolCall(call) => Some(call),
            _ => None,
        });
        for (call, slot) in calls.zip(&mut card.results) {
            let is_same = match (&call.id, &result.call_id) {
                (Some(call_id), Some(id)) => call_id == id,
                (None, None) => result.name.as_ref() == Some(&call.name),
                _ => false,
            };
            if is_same && slot.is_none() {
                *slot = Some(result.clone());
                return true;
            }
        }
    }
    false
}
