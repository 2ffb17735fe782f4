//! The prompts of the applications: pushed as an SDK would, used by the runs, which carry the version that made them.

use super::corpus::fill;
use super::post::Poster;
use super::talk::Version;
use super::trace::Trace;
use anyhow::Context;
use fanlight_wire::RunType;
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// A prompt with its history.
#[derive(Deserialize)]
pub struct DemoPrompt {
    pub name: String,
    description: String,
    tags: Vec<String>,
    /// Oldest first: what was before the week, what most users have, what the team tries next.
    versions: Vec<DemoVersion>,
    model: Option<DemoModel>,
    tools: Option<Value>,
}

#[derive(Deserialize)]
struct DemoVersion {
    description: String,
    author: String,
    /// Tags that are on it.
    placed: Vec<String>,
    /// Role and template; of a `placeholder`, the variable.
    messages: Vec<(String, String)>,
}

#[derive(Deserialize)]
struct DemoModel {
    class: String,
    module: String,
    kwargs: Value,
}

/// Which place in the history an application's release uses.
fn version_idx(version: Version) -> usize {
    match version {
        Version::Stable => 1,
        Version::Beta => 2,
    }
}

impl DemoPrompt {
    /// The message of `role` at the version in use, with values put in.
    pub fn text(&self, version: Version, role: &str, values: &[(&str, String)]) -> String {
        let messages = &self.versions[version_idx(version)].messages;
        let template = messages.iter().find(|message| message.0 == role).map_or("", |message| message.1.as_str());
        fill(template, values)
    }

    fn manifest(&self, version: &DemoVersion) -> Value {
        let object =
            |path: &[&str], kwargs: Value| json!({"lc": 1, "type": "constructor", "id": path, "kwargs": kwargs});
        let chat = |class: &str, kwargs: Value| object(&["langchain", "prompts", "chat", class], kwargs);
        let mut inputs: Vec<&str> = Vec::new();
        let mut messages = Vec::new();
        for (role, text) in &version.messages {
            if role == "placeholder" {
                messages.push(chat("MessagesPlaceholder", json!({"variable_name": text, "optional": true})));
                continue;
            }
            let found: Vec<&str> = text.split('{').skip(1).filter_map(|rest| Some(rest.split_once('}')?.0)).collect();
            inputs.extend(&found);
            let kwargs = json!({"template": text, "template_format": "f-string", "input_variables": found});
            let template = object(&["langchain", "prompts", "prompt", "PromptTemplate"], kwargs);
            let class = if role == "system" { "SystemMessagePromptTemplate" } else { "HumanMessagePromptTemplate" };
            messages.push(chat(class, json!({"prompt": template})));
        }
        inputs.sort_unstable();
        let prompt = chat("ChatPromptTemplate", json!({"input_variables": inputs, "messages": messages}));
        let Some(model) = &self.model else { return prompt };
        let mut last = object(&["langchain", "chat_models", &model.module, &model.class], model.kwargs.clone());
        if let Some(tools) = &self.tools {
            let kwargs = json!({"bound": last, "kwargs": {"tools": tools}});
            last = object(&["langchain", "schema", "runnable", "RunnableBinding"], kwargs);
        }
        object(&["langchain", "schema", "runnable", "RunnableSequence"], json!({"first": prompt, "last": last}))
    }
}

/// Hashes of the versions that the server has, oldest first, by the prompt's name.
pub struct Pushed(BTreeMap<String, Vec<String>>);

/// Pushes what the server does not have yet.
pub fn push(poster: &Poster, prompts: &[DemoPrompt]) -> anyhow::Result<Pushed> {
    let mut pushed = BTreeMap::new();
    for prompt in prompts {
        let known = poster.get_json(&format!("/repos?query={}&limit=100", prompt.name))?;
        let is_known = known["repos"].as_array().is_some_and(|repos| {
            repos.iter().any(|repo| repo["repo_handle"] == prompt.name.as_str() && repo["num_commits"] != 0)
        });
        let hashes = if is_known { known_hashes(poster, &prompt.name)? } else { push_one(poster, prompt)? };
        pushed.insert(prompt.name.clone(), hashes);
    }
    Ok(Pushed(pushed))
}

fn known_hashes(poster: &Poster, name: &str) -> anyhow::Result<Vec<String>> {
    let history = poster.get_json(&format!("/commits/-/{name}?include_manifest=false&limit=100"))?;
    let commits = history["commits"].as_array().context("a history is a list")?.iter().rev();
    Ok(commits.filter_map(|commit| commit["commit_hash"].as_str()).map(str::to_owned).collect())
}

fn push_one(poster: &Poster, prompt: &DemoPrompt) -> anyhow::Result<Vec<String>> {
    let name = &prompt.name;
    let about =
        json!({"repo_handle": name, "is_public": false, "description": prompt.description, "tags": prompt.tags});
    poster.post_json("/repos", &about)?;
    let mut hashes = Vec::new();
    for version in &prompt.versions {
        let body = json!({"manifest": prompt.manifest(version), "parent_commit": hashes.last(),
                          "description": version.description, "author": version.author});
        let made = poster.post_for_json(&format!("/commits/-/{name}"), &body)?;
        let commit = &made["commit"];
        for tag in &version.placed {
            let body = json!({"tag_name": tag, "commit_id": commit["id"], "author": version.author});
            poster.post_json(&format!("/repos/-/{name}/tags"), &body)?;
        }
        hashes.push(commit["commit_hash"].as_str().context("a version has a hash")?.to_owned());
    }
    Ok(hashes)
}

impl Pushed {
    /// Writes into the runs which version of a prompt they used, as LangChain does for everything below.
    pub fn stamp(&self, trace: &mut Trace) {
        for (at, name, version) in std::mem::take(&mut trace.prompt_uses) {
            let Some(hash) = self.0.get(name).and_then(|hashes| hashes.get(version_idx(version))) else { continue };
            for (idx, run) in trace.runs.iter_mut().enumerate() {
                let is_its_model = run.parent == Some(at) && run.run_type == RunType::Llm;
                if idx == at.0 || is_its_model {
                    run.metadata.extend([
                        ("lc_hub_owner".to_owned(), json!("-")),
                        ("lc_hub_repo".to_owned(), json!(name)),
                        ("lc_hub_commit_hash".to_owned(), json!(hash)),
                    ]);
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::demo::corpus::Corpus;

    #[test]
    fn every_version_is_a_prompt_and_has_no_value_left_to_fill() {
        let corpus = Corpus::load().unwrap();
        for prompt in &corpus.prompts {
            for version in &prompt.versions {
                assert_eq!(fanlight_wire::prompt::manifest::check(&prompt.manifest(version)), Ok(()));
            }
        }
        let values = [("company", "Acme".into()), ("tier_instructions", "Help.".into()), ("context", "None.".into())];
        let text = corpus.prompt("support-agent").text(Version::Beta, "system", &values);
        assert!(
            text.starts_with("You are a helpful customer support agent for Acme.") && !text.contains('{'),
            "{text}"
        );
    }
}
