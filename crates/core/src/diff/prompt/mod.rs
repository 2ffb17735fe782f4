//! Two versions of a prompt compared: messages, then lines, then words, then what moved; variables, settings and schemas
//! by structure.
//!
//! [`PromptDiff`] is what differs, [`rows`] how it is laid out to be read, [`sides`] which lines stand side by side.

pub mod read;
pub mod rows;
pub mod sides;

use super::align::{Alignment, Effort, Step, Stretch};
use super::shown::{Shown, shown_json};
use super::text::{LineKind, Rules, TextDiff, diff_sections};
use super::variables::{Texts, VariableChanges, variable_changes};
use crate::prompt::template::Format;
use std::collections::HashSet;
use std::ops::Range;

/// One message of a version.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Message {
    /// As the version calls it: `system`, `human`.
    pub role: String,
    pub text: String,
}

/// A version, taken apart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Version {
    pub messages: Vec<Message>,
    pub format: Format,
    /// Names and values of the model's settings.
    pub settings: Vec<(String, String)>,
    /// What is compared by structure, by its title: JSON texts.
    pub structures: Vec<(&'static str, String)>,
}

/// A message of both sides, or of one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDiff {
    pub old_role: Option<String>,
    pub new_role: Option<String>,
    /// Its lines, in [`PromptDiff::text`].
    pub lines: Range<usize>,
    pub n_added: usize,
    pub n_removed: usize,
    pub n_moved: usize,
}

impl MessageDiff {
    pub fn is_changed(&self) -> bool {
        self.old_role != self.new_role || self.n_added + self.n_removed + self.n_moved > 0
    }

    /// What it is called: by its new role, if it is there still.
    pub fn role(&self) -> &str {
        self.new_role.as_deref().or(self.old_role.as_deref()).unwrap_or_default()
    }
}

/// One setting, on the side or sides that have it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingDiff {
    pub name: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

impl SettingDiff {
    pub fn is_changed(&self) -> bool {
        self.old != self.new
    }
}

/// A schema, or tools.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StructureDiff {
    pub title: &'static str,
    pub shown: Shown,
}

/// What differs between two versions.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PromptDiff {
    /// The messages of each side, one after the other: what spans of lines are in.
    pub old_text: String,
    pub new_text: String,
    pub text: TextDiff,
    pub messages: Vec<MessageDiff>,
    pub variables: VariableChanges,
    pub settings: Vec<SettingDiff>,
    pub structures: Vec<StructureDiff>,
    pub old_format: Format,
    pub new_format: Format,
}

/// Changes of one schema that are made at most.
const MAX_STRUCTURE_CHANGES: usize = 200;

/// Compares two versions. Takes time in proportion to their lengths.
pub fn diff_prompts(old: &Version, new: &Version, ignores_space: bool) -> PromptDiff {
    let pairs = paired(&old.messages, &new.messages);
    let (old_text, old_spans) = joined(&old.messages);
    let (new_text, new_spans) = joined(&new.messages);
    // A message that one side has not takes no bytes, where that side stands.
    let mut sections = Vec::with_capacity(pairs.len());
    let (mut old_end, mut new_end) = (0, 0);
    for (one, other) in &pairs {
        let one = one.map_or(old_end..old_end, |idx| old_spans[idx].clone());
        let other = other.map_or(new_end..new_end, |idx| new_spans[idx].clone());
        (old_end, new_end) = (one.end, other.end);
        sections.push((one, other));
    }
    let common: Vec<(usize, usize)> = pairs.iter().filter_map(|(one, other)| one.zip(*other)).collect();
    let variables = variable_changes(
        Texts { texts: &texts(&old.messages), format: old.format },
        Texts { texts: &texts(&new.messages), format: new.format },
        &common,
    );
    let text = diff_sections(&old_text, &new_text, &sections, Rules::of_templates(new.format, ignores_space));
    let messages = pairs
        .into_iter()
        .zip(&text.sections)
        .map(|((one, other), lines)| {
            let n = |is_of: &dyn Fn(&super::text::Line) -> bool| {
                text.lines[lines.clone()].iter().filter(|line| is_of(line)).count()
            };
            MessageDiff {
                old_role: one.map(|idx| old.messages[idx].role.clone()),
                new_role: other.map(|idx| new.messages[idx].role.clone()),
                lines: lines.clone(),
                n_added: n(&|line| line.kind == LineKind::Added && line.move_idx.is_none()),
                n_removed: n(&|line| line.kind == LineKind::Removed && line.move_idx.is_none()),
                n_moved: n(&|line| line.move_idx.is_some()),
            }
        })
        .collect();
    PromptDiff {
        variables,
        settings: settings(&old.settings, &new.settings),
        structures: structures(&old.structures, &new.structures),
        old_format: old.format,
        new_format: new.format,
        old_text,
        new_text,
        text,
        messages,
    }
}

impl PromptDiff {
    pub fn is_empty(&self) -> bool {
        !self.messages.iter().any(MessageDiff::is_changed)
            && !self.settings.iter().any(SettingDiff::is_changed)
            && self.structures.iter().all(|structure| structure.shown.changes.is_empty())
    }

    /// The message that a line is in.
    pub fn message_of(&self, line_idx: usize) -> usize {
        self.messages
            .partition_point(|message| message.lines.end <= line_idx)
            .min(self.messages.len().saturating_sub(1))
    }

    /// Of the first line of a block that moved: where it was, or went, in words, and the line to go to there.
    pub fn moved(&self, line_idx: usize) -> Option<(String, usize)> {
        let line = &self.text.lines[line_idx];
        let block = &self.text.moves[line.move_idx?];
        let (own, other, verb) = match line.kind {
            LineKind::Added => (&block.new, &block.old, "from"),
            _ => (&block.old, &block.new, "to"),
        };
        if own.start != line_idx {
            return None;
        }
        let to = &self.text.lines[other.start];
        let number = to.old_number.or(to.new_number)?;
        let (here, there) = (self.message_of(line_idx), self.message_of(other.start));
        let of = if here == there { String::new() } else { format!(" of {}", self.messages[there].role()) };
        Some((format!("moved {verb} line {number}{of}"), other.start))
    }
}

/// The texts one after the other, and where each is.
fn joined(messages: &[Message]) -> (String, Vec<Range<usize>>) {
    let mut text = String::new();
    let mut spans = Vec::with_capacity(messages.len());
    for message in messages {
        let start = text.len();
        text.push_str(&message.text);
        spans.push(start..text.len());
    }
    (text, spans)
}

fn texts(messages: &[Message]) -> Vec<&str> {
    messages.iter().map(|message| message.text.as_str()).collect()
}

type Pair = (Option<usize>, Option<usize>);

/// Messages that are the same hold the list together; between them, messages of one role meet in order.
fn paired(old: &[Message], new: &[Message]) -> Vec<Pair> {
    let whole = |messages: &'_ [Message]| -> Vec<(String, String)> {
        messages.iter().map(|it| (it.role.clone(), it.text.clone())).collect()
    };
    let mut pairs = Vec::new();
    for stretch in Alignment::new(&whole(old), &whole(new), Effort::Landmarks).stretches() {
        match stretch {
            Stretch::Same { old, new, n } => pairs.extend((0..n).map(|nth| (Some(old + nth), Some(new + nth)))),
            Stretch::Changed { old: one, new: other } => {
                let roles = |messages: &[Message], range: &Range<usize>| -> Vec<String> {
                    messages[range.clone()].iter().map(|it| it.role.clone()).collect()
                };
                let alignment = Alignment::new(&roles(old, &one), &roles(new, &other), Effort::FewestChanges);
                pairs.extend(alignment.steps().map(|step| match step {
                    Step::Same { old, new } => (Some(one.start + old), Some(other.start + new)),
                    Step::Removed(at) => (Some(one.start + at), None),
                    Step::Added(at) => (None, Some(other.start + at)),
                }));
            }
        }
    }
    pairs
}

/// In the order of the old side, then what only the new one has.
fn settings(old: &[(String, String)], new: &[(String, String)]) -> Vec<SettingDiff> {
    let value = |side: &[(String, String)], name: &str| {
        side.iter().find(|(key, _)| key == name).map(|(_, value)| value.clone())
    };
    let mut seen = HashSet::new();
    let names = old.iter().chain(new).map(|(name, _)| name).filter(|name| seen.insert((*name).clone()));
    names.map(|name| SettingDiff { name: name.clone(), old: value(old, name), new: value(new, name) }).collect()
}

fn structures(old: &[(&'static str, String)], new: &[(&'static str, String)]) -> Vec<StructureDiff> {
    let value = |side: &'_ [(&'static str, String)], title: &str| {
        side.iter().find(|(key, _)| *key == title).map(|(_, json)| json.clone())
    };
    let mut titles: Vec<&'static str> = Vec::new();
    for (title, _) in old.iter().chain(new) {
        if !titles.contains(title) {
            titles.push(title);
        }
    }
    let one = |title: &'static str| {
        let (old, new) = (value(old, title), value(new, title));
        StructureDiff { title, shown: shown_json(old.as_deref(), new.as_deref(), MAX_STRUCTURE_CHANGES) }
    };
    titles.into_iter().map(one).collect()
}

#[cfg(test)]
mod tests;
