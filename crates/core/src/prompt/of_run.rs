//! The prompt that made a run beside the messages that it became.

use super::draft::{Draft, DraftMessage, MessageKind, Shape};
use super::matching::{Matched, Stretch, StretchKind, by_variable, match_text};
use super::render::Values;
use crate::json_view::Json;
use crate::messages::{Message, Part, Role};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// A message of a run, as text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    pub role: Role,
    pub text: String,
}

/// What became of one message of the prompt, or which message of the run has none there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Met {
    Both {
        role: String,
        matched: Matched,
    },
    /// Messages that stand where the prompt has a place for them, by its name.
    Placeholder {
        name: String,
        messages: Vec<Sent>,
    },
    /// The run did not send it.
    OnlyTemplate {
        role: String,
        text: String,
    },
    /// It is not of the prompt.
    OnlySent(Sent),
}

/// Where a value is from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    Inputs,
    /// Read off the messages.
    Messages,
}

/// A variable of the prompt and what the run put there; `None` when that cannot be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Put {
    pub name: String,
    pub value: Option<(String, Origin)>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct OfRun {
    pub messages: Vec<Met>,
    pub variables: Vec<Put>,
    /// Messages that are other than the prompt says.
    pub n_differing: usize,
}

/// Pairs of messages whose texts are matched; beyond, roles decide.
const MAX_PAIRS: usize = 4_000;
/// Pairs that are looked at in all.
const MAX_CELLS: usize = 200_000;

/// The value of a run's inputs (JSON text) for each variable of the prompt that they have.
pub fn known(draft: &Draft, inputs: Option<&str>) -> Map<String, Value> {
    let Some(json) = inputs.and_then(Json::parse) else { return Map::new() };
    let fields = json.fields();
    let value = |name: String| Some((name.clone(), serde_json::from_str(fields.get(&name)?.raw()).ok()?));
    draft.variables().into_iter().filter_map(value).collect()
}

/// The messages of a run as text. Pictures, tools and the like are not compared.
pub fn sent(messages: &[Message]) -> Vec<Sent> {
    let text = |message: &Message| -> String {
        let texts = message.parts.iter().filter_map(|part| match part {
            Part::Text(text) | Part::Refusal(text) => Some(&**text),
            _ => None,
        });
        texts.collect::<Vec<_>>().join("\n")
    };
    messages.iter().map(|message| Sent { role: message.role.clone(), text: text(message) }).collect()
}

/// Puts the messages of a run beside those of the prompt. `known`: what the run's inputs say of its variables.
pub fn of_run(draft: &Draft, sent: Vec<Sent>, known: &Map<String, Value>) -> OfRun {
    let mut found = OfRun::default();
    let mut values = BTreeMap::new();
    let templates: &[DraftMessage] = if draft.shape == Shape::Other { &[] } else { &draft.messages };
    let pairing = Pairing::new(templates, &sent, known);
    let mut sent = sent.into_iter();
    for step in pairing.steps(templates.len(), sent.len()) {
        let met = match step {
            Step::Both(at) => match sent.next() {
                Some(message) => {
                    let matched = match_message(&templates[at], &message.text, known);
                    found.n_differing += usize::from(!matched.is_same);
                    matched.values.iter().for_each(|(path, value)| {
                        values.entry(path.clone()).or_insert_with(|| value.clone());
                    });
                    Met::Both { role: role_of(&templates[at]), matched }
                }
                None => continue,
            },
            Step::Placeholder(at, n) => {
                let messages = sent.by_ref().take(n).collect();
                Met::Placeholder { name: templates[at].text.clone(), messages }
            }
            Step::OnlyTemplate(at) => {
                found.n_differing += 1;
                Met::OnlyTemplate { role: role_of(&templates[at]), text: templates[at].text.clone() }
            }
            Step::OnlySent => match sent.next() {
                Some(message) => {
                    found.n_differing += 1;
                    Met::OnlySent(message)
                }
                None => continue,
            },
        };
        found.messages.push(met);
    }
    let read = by_variable(&values);
    let of_inputs = |name: &str| known.get(name).map(super::render::printed);
    let put = |name: String| {
        let value = of_inputs(&name).map(|value| (value, Origin::Inputs));
        let value = value.or_else(|| read.get(&name).map(|value| (value.clone(), Origin::Messages)));
        Put { name, value }
    };
    found.variables = draft.variables().into_iter().map(put).collect();
    found
}

impl OfRun {
    /// What the run put in, to try the prompt with.
    pub fn samples(&self) -> Values {
        let known = self.variables.iter().filter_map(|put| Some((put.name.clone(), put.value.as_ref()?.0.clone())));
        known.collect()
    }
}

fn role_of(message: &DraftMessage) -> String {
    if message.role.is_empty() { "prompt".to_owned() } else { message.role.clone() }
}

fn match_message(template: &DraftMessage, text: &str, known: &Map<String, Value>) -> Matched {
    let plain = |text: &str| vec![Stretch { text: text.to_owned(), kind: StretchKind::Text }];
    match template.kind {
        MessageKind::Template => match_text(&template.text, template.format, text, known),
        MessageKind::Fixed if template.text == text => {
            Matched { template: plain(text), rendered: plain(text), is_same: true, ..Matched::default() }
        }
        // Without a variable in it, whatever its format.
        MessageKind::Fixed => match_text(
            &template.text.replace('{', "{{").replace('}', "}}"),
            super::template::Format::FString,
            text,
            known,
        ),
        // Several parts, of which only texts are here: nothing is said about the rest.
        MessageKind::Json | MessageKind::Placeholder { .. } => Matched {
            template: vec![Stretch { text: template.text.clone(), kind: StretchKind::Left }],
            rendered: vec![Stretch { text: text.to_owned(), kind: StretchKind::Left }],
            is_same: true,
            ..Matched::default()
        },
    }
}

/// Steps through both lists of messages, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Both(usize),
    /// So many messages stand there.
    Placeholder(usize, usize),
    OnlyTemplate(usize),
    OnlySent,
}

/// Which messages belong together: as many as possible of one role, those whose texts fit above all.
struct Pairing {
    /// By message of the prompt, then of the run: the most that can be reached from there on.
    best: Vec<f64>,
    scores: Vec<f64>,
    is_placeholder: Vec<bool>,
}

impl Pairing {
    fn new(templates: &[DraftMessage], sent: &[Sent], known: &Map<String, Value>) -> Self {
        let (n, m) = (templates.len(), sent.len());
        let is_placeholder: Vec<bool> =
            templates.iter().map(|it| matches!(it.kind, MessageKind::Placeholder { .. })).collect();
        if n * m > MAX_CELLS {
            return Pairing { best: Vec::new(), scores: Vec::new(), is_placeholder };
        }
        let mut n_left = MAX_PAIRS;
        let mut scores = vec![0.0; n * m];
        for (idx, template) in templates.iter().enumerate().filter(|(idx, _)| !is_placeholder[*idx]) {
            for (nth, message) in sent.iter().enumerate() {
                let is_role = template.role.is_empty() || Role::from_word(&template.role) == message.role;
                if is_role {
                    let is_looked_at = n_left > 0;
                    n_left = n_left.saturating_sub(1);
                    let is_same = is_looked_at && match_message(template, &message.text, known).is_same;
                    scores[idx * m + nth] = if is_same { 3.0 } else { 1.0 };
                }
            }
        }
        let width = m + 1;
        let mut best = vec![0.0f64; (n + 1) * width];
        for idx in (0..n).rev() {
            for nth in (0..=m).rev() {
                let without = best[(idx + 1) * width + nth];
                let mut reached = without;
                if nth < m {
                    // Messages stand rather in a place for them than nowhere.
                    let skipped = if is_placeholder[idx] { 0.01 } else { 0.0 };
                    reached = reached.max(best[idx * width + nth + 1] + skipped);
                    if scores[idx * m + nth] > 0.0 {
                        reached = reached.max(scores[idx * m + nth] + best[(idx + 1) * width + nth + 1]);
                    }
                }
                best[idx * width + nth] = reached;
            }
        }
        Pairing { best, scores, is_placeholder }
    }

    fn steps(&self, n: usize, m: usize) -> Vec<Step> {
        let width = m + 1;
        let (mut idx, mut nth) = (0, 0);
        let mut steps = Vec::new();
        // Too many to be put in order: one list after the other.
        while idx < n && !self.best.is_empty() {
            let here = self.best[idx * width + nth];
            let pair = (nth < m).then(|| self.scores[idx * m + nth]).filter(|score| *score > 0.0);
            if self.is_placeholder[idx] {
                let mut taken = 0;
                while nth < m && self.best[idx * width + nth] != self.best[(idx + 1) * width + nth] {
                    taken += 1;
                    nth += 1;
                }
                steps.push(Step::Placeholder(idx, taken));
                idx += 1;
            } else if pair.is_some_and(|score| here == score + self.best[(idx + 1) * width + nth + 1]) {
                steps.push(Step::Both(idx));
                (idx, nth) = (idx + 1, nth + 1);
            } else if here == self.best[(idx + 1) * width + nth] {
                steps.push(Step::OnlyTemplate(idx));
                idx += 1;
            } else {
                steps.push(Step::OnlySent);
                nth += 1;
            }
        }
        steps.extend((idx..n).map(Step::OnlyTemplate));
        steps.extend((nth..m).map(|_| Step::OnlySent));
        steps
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Format;
    use expect_test::{Expect, expect};
    use serde_json::json;

    fn message(role: &str, text: &str) -> DraftMessage {
        DraftMessage { role: role.into(), text: text.into(), ..DraftMessage::default() }
    }

    fn history() -> DraftMessage {
        DraftMessage { kind: MessageKind::Placeholder { is_optional: true }, ..message("", "history") }
    }

    fn sent(messages: &[(&str, &str)]) -> Vec<Sent> {
        messages.iter().map(|(role, text)| Sent { role: Role::from_word(role), text: (*text).to_owned() }).collect()
    }

    #[track_caller]
    fn check(messages: Vec<DraftMessage>, run: &[(&str, &str)], known: Value, expected: Expect) {
        let draft = Draft { messages, ..Draft::default() };
        let Value::Object(known) = known else { panic!("known values are an object") };
        let found = of_run(&draft, sent(run), &known);
        let mut drawn = String::new();
        for met in &found.messages {
            drawn += &match met {
                Met::Both { role, matched } => format!("{role}{}\n", if matched.is_same { "" } else { " differs" }),
                Met::Placeholder { name, messages } => format!("{name}: {}\n", messages.len()),
                Met::OnlyTemplate { role, .. } => format!("- {role}\n"),
                Met::OnlySent(sent) => format!("+ {}\n", sent.role.label()),
            };
        }
        for put in found.variables {
            drawn += &match put.value {
                Some((value, origin)) => format!("{} = {value} ({origin:?})\n", put.name),
                None => format!("{} is unknown\n", put.name),
            };
        }
        expected.assert_eq(&drawn);
    }

    #[test]
    fn values_are_read_off_the_messages_unless_the_inputs_have_them() {
        check(
            vec![message("system", "You help {company}."), message("human", "{question}")],
            &[("system", "You help Acme."), ("user", "Why?")],
            json!({"question": "Why?"}),
            expect![[r#"
                system
                human
                company = Acme (Messages)
                question = Why? (Inputs)
            "#]],
        );
    }

    #[test]
    fn a_place_for_messages_takes_what_stands_there() {
        check(
            vec![message("system", "Be brief."), history(), message("human", "{question}")],
            &[("system", "Be brief."), ("human", "a"), ("ai", "b"), ("human", "c")],
            json!({}),
            expect![[r#"
                system
                history: 2
                human
                history is unknown
                question = c (Messages)
            "#]],
        );
    }

    #[test]
    fn what_was_added_left_out_and_changed_is_told() {
        check(
            vec![message("system", "Be {tone}."), message("ai", "Hello."), message("human", "Q: {q}")],
            &[("system", "Stay calm."), ("tool", "x"), ("human", "Q: why")],
            json!({}),
            expect![[r#"
                system differs
                - ai
                + tool
                human
                q = why (Messages)
                tone = calm (Messages)
            "#]],
        );
    }

    #[test]
    fn a_prompt_of_one_text_fits_a_message_of_any_role() {
        let text = DraftMessage { format: Format::Mustache, ..message("", "Say {{word}}") };
        check(
            vec![text],
            &[("user", "Say hi")],
            json!({}),
            expect![[r#"
            prompt
            word = hi (Messages)
        "#]],
        );
    }

    #[test]
    fn inputs_are_looked_at_for_the_variables_of_the_prompt_only() {
        let draft = Draft { messages: vec![message("human", "{q} {k}")], ..Draft::default() };
        let known = known(&draft, Some(r#"{"q": "why", "other": 1, "k": [1]}"#));
        assert_eq!(Value::Object(known), json!({"q": "why", "k": [1]}));
        assert_eq!(super::known(&draft, Some("[1]")), Map::new());
    }
}
