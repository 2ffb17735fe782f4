//! What was said in one turn: the question and the answer, without the history that applications send along. Pure.

use crate::messages::pair::{Card, pair};
use crate::messages::{Conversation, Message, Part, Role, conversation};
use fanlight_wire::RunType;

/// One turn as it is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Said {
    /// What the user said since the last answer.
    pub question: Vec<Message>,
    /// Earlier messages that the application sent along; they were turns of their own, or instructions.
    pub n_earlier: usize,
    /// What came back, results beside their calls.
    pub answer: Vec<Card>,
}

impl Said {
    /// Reads a root run's payloads (JSON texts).
    pub fn read(run_type: RunType, inputs: Option<&str>, outputs: Option<&str>) -> Self {
        Self::of(conversation(run_type, inputs, outputs))
    }

    fn of(conversation: Conversation) -> Self {
        let Conversation { inputs, mut outputs, .. } = conversation;
        let last_answer = inputs.iter().rposition(|message| message.role == Role::Assistant);
        let n_before = last_answer.map_or(0, |idx| idx + 1);
        let is_question = |message: &&Message| !matches!(message.role, Role::System | Role::Tool);
        let question: Vec<Message> = inputs[n_before..].iter().filter(is_question).cloned().collect();
        // A state that is kept elsewhere comes back whole: the answer is what follows the question in it.
        if let Some(asked) = question.last() {
            let is_asked = |message: &Message| message.role == asked.role && message.parts == asked.parts;
            if let Some(idx) = outputs.iter().rposition(is_asked) {
                outputs.drain(..=idx);
            }
        }
        let answer = pair(&[], &outputs).into_iter().filter(|card| card.message.role != Role::System).collect();
        Said { n_earlier: inputs.len() - question.len(), question, answer }
    }
}

/// The tools that a message calls, in order.
pub fn called_tools(message: &Message) -> Vec<&str> {
    message
        .parts
        .iter()
        .filter_map(|part| match part {
            Part::ToolCall(call) => Some(call.name.as_str()),
            _ => None,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use expect_test::{Expect, expect};
    use serde_json::{Value, json};

    #[track_caller]
    fn check(inputs: Value, outputs: Value, expected: Expect) {
        let said = Said::read(RunType::Chain, Some(&inputs.to_string()), Some(&outputs.to_string()));
        let line = |message: &Message| format!("{}: {}", message.role.label(), message.plain_text());
        let mut lines: Vec<String> = vec![format!("{} earlier", said.n_earlier)];
        lines.extend(said.question.iter().map(|message| format!("Q {}", line(message))));
        lines.extend(said.answer.iter().map(|card| {
            let tools = called_tools(&card.message).join(", ");
            format!("A {}{}", line(&card.message), if tools.is_empty() { tools } else { format!(" [{tools}]") })
        }));
        expected.assert_eq(&lines.join("\n"));
    }

    #[test]
    fn a_plain_question_has_a_plain_answer() {
        check(
            json!({"question": "Where is it?"}),
            json!({"answer": "On its way."}),
            expect![[r#"
                0 earlier
                Q user: Where is it?
                A assistant: On its way."#]],
        );
    }

    #[test]
    fn history_that_is_sent_along_is_left_to_its_own_turns() {
        check(
            json!({"messages": [
                {"role": "system", "content": "Be kind."},
                {"role": "user", "content": "Hello"},
                {"role": "assistant", "content": "Hi!"},
                {"role": "user", "content": "And now?"},
            ]}),
            json!({"messages": [{"role": "assistant", "content": "Now this."}]}),
            expect![[r#"
                3 earlier
                Q user: And now?
                A assistant: Now this."#]],
        );
    }

    #[test]
    fn a_state_that_comes_back_whole_is_read_from_the_question_on() {
        check(
            json!({"messages": [{"role": "user", "content": "Second"}]}),
            json!({"messages": [
                {"role": "user", "content": "First"},
                {"role": "assistant", "content": "One"},
                {"role": "user", "content": "Second"},
                {"role": "assistant", "content": "Two"},
            ]}),
            expect![[r#"
                0 earlier
                Q user: Second
                A assistant: Two"#]],
        );
    }

    #[test]
    fn tool_calls_and_their_results_belong_to_the_answer() {
        check(
            json!({"messages": [{"role": "user", "content": "Refund 7"}]}),
            json!({"messages": [
                {"role": "user", "content": "Refund 7"},
                {"role": "assistant", "content": null, "tool_calls": [
                    {"id": "c1", "function": {"name": "find_order", "arguments": "{\"id\":7}"}}]},
                {"role": "tool", "tool_call_id": "c1", "content": "found"},
                {"role": "assistant", "content": "Done."},
            ]}),
            expect![[r#"
                0 earlier
                Q user: Refund 7
                A assistant: {"id":7} [find_order]
                A assistant: Done."#]],
        );
    }

    #[test]
    fn what_is_no_conversation_says_nothing() {
        assert_eq!(Said::read(RunType::Chain, Some(r#"{"n":1,"m":2}"#), None), Said::default());
        assert_eq!(Said::read(RunType::Chain, None, None), Said::default());
    }
}
