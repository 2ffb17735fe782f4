//! One turn of a conversation, with everything the three applications need to answer it.

use super::corpus::{Person, Turn};
use super::message::Message;
use serde_json::{Value, json};

/// What goes wrong in a turn, if anything does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mishap {
    None,
    /// Two calls are refused, the third gets through.
    RateLimitOvercome,
    /// All three attempts are refused.
    RateLimit,
    Timeout,
    /// The model's JSON is broken, and the question is asked again.
    JsonRepaired,
    /// The model's JSON is broken twice.
    Json,
    /// A tool's database is out of connections.
    ToolDown,
    /// The search engine is down; the agent goes on without it.
    SearchDown,
    /// The user pressed Stop.
    Interrupted,
}

/// How often each mishap happens, per thousand turns.
pub const MISHAPS: [(Mishap, u32); 9] = [
    (Mishap::None, 852),
    (Mishap::RateLimitOvercome, 30),
    (Mishap::RateLimit, 16),
    (Mishap::Timeout, 20),
    (Mishap::JsonRepaired, 22),
    (Mishap::Json, 14),
    (Mishap::ToolDown, 14),
    (Mishap::SearchDown, 20),
    (Mishap::Interrupted, 12),
];

/// Stable is what most users have, beta what the team tries next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    Stable,
    Beta,
}

pub struct Talk {
    pub person: Person,
    pub conversation_id: String,
    /// `en`, `fr` or `ja`.
    pub language: &'static str,
    pub intent: String,
    pub turn: Turn,
    /// Earlier questions and answers, oldest first.
    pub history: Vec<(String, String)>,
    pub version: Version,
    pub mishap: Mishap,
    /// How well the best document matches, 0 to 1.
    pub best_score: f64,
}

impl Talk {
    /// The inputs of a root run.
    pub fn root_inputs(&self) -> Value {
        json!({"message": self.turn.ask, "user_id": self.person.0, "conversation_id": self.conversation_id,
               "language": self.language})
    }

    /// The system prompt, what was said before, and `question`.
    pub fn messages(&self, system: String, question: String) -> Vec<Message> {
        let mut messages = vec![Message::System(system)];
        for (ask, answer) in &self.history {
            messages.push(Message::User(ask.clone()));
            messages.push(Message::Assistant(answer.clone()));
        }
        messages.push(Message::User(question));
        messages
    }

    /// What the support team tells every agent about this customer.
    pub fn tier_instructions(&self) -> &'static str {
        match self.person.2.as_str() {
            "enterprise" => "This is an enterprise customer with a dedicated success manager. Prioritise and escalate.",
            "premium" => "This is a premium customer. Be proactive and offer escalation if needed.",
            _ => "Help the customer efficiently and accurately.",
        }
    }
}
