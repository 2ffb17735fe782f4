//! What a model was asked with: the few settings that matter, wherever the library recorded them. Pure.

use crate::json_view::{Fields, Json, Kind};
use crate::prompt::history::{name_problem, short_hash};

/// Settings in the order they are shown: a name in words, a value as text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Settings {
    pub model: Option<String>,
    pub key_settings: Vec<(String, String)>,
    /// The prompt's name and commit, `research_query:3f9a`.
    pub prompt: Option<String>,
    /// The same where it may be a prompt of this server: name and beginning of the hash.
    pub hub_version: Option<(String, String)>,
}

/// Names on the wire and in words; the first one recorded counts.
const KEY_SETTINGS: &[(&[&str], &str)] = &[
    (&["temperature", "ls_temperature"], "temperature"),
    (&["top_p", "topP"], "top p"),
    (&["max_tokens", "max_completion_tokens", "max_output_tokens", "maxOutputTokens", "ls_max_tokens"], "max tokens"),
    (&["reasoning_effort", "reasoningEffort"], "reasoning"),
    (&["seed"], "seed"),
    (&["tool_choice"], "tool choice"),
];

/// Reads a run's `extra` (JSON text) and, for what it lacks, its inputs.
pub fn settings(extra: Option<&str>, inputs: Option<&str>, model: Option<&str>) -> Settings {
    let Some(extra) = extra.and_then(Json::parse).map(Json::fields) else {
        return Settings { model: model.map(str::to_owned), ..Settings::default() };
    };
    let metadata = extra.get("metadata").map(Json::fields);
    let invocation = extra
        .get("invocation_params")
        .map(Json::fields)
        .or_else(|| metadata.as_ref()?.get("ls_invocation_params").map(Json::fields));
    let inputs = inputs.and_then(Json::parse).map(Json::fields);
    let nested = inputs.as_ref().and_then(|inputs| inputs.get("config")).map(Json::fields);
    let places: Vec<&Fields<'_>> = [&invocation, &metadata, &inputs, &nested].into_iter().flatten().collect();
    let find = |names: &[&str]| places.iter().find_map(|place| names.iter().find_map(|name| scalar(place.get(name)?)));
    let key_settings: Vec<(String, String)> =
        KEY_SETTINGS.iter().filter_map(|(names, label)| Some(((*label).to_owned(), find(names)?))).collect();
    let n_tools = places.iter().find_map(|place| place.get("tools").filter(|tools| tools.is_array()).map(Json::len));
    let tools = n_tools
        .filter(|n| *n > 0)
        .map(|n| (if n == 1 { "tool".to_owned() } else { "tools".to_owned() }, n.to_string()));
    let prompt = metadata.as_ref().and_then(|metadata| {
        let name = metadata.str(&["lc_hub_repo", "prompt_name", "ls_prompt_name"])?;
        let commit = metadata.str(&["lc_hub_commit_hash", "prompt_commit", "prompt_version"]);
        Some(commit.map_or(name.clone(), |commit| format!("{name}:{}", commit.chars().take(8).collect::<String>())))
    });
    let hub_version = metadata.as_ref().and_then(|metadata| {
        let is_ours = metadata.str(&["lc_hub_owner"]).is_none_or(|owner| matches!(owner.as_str(), "-" | "fanlight"));
        let name = metadata.str(&["lc_hub_repo"]).filter(|name| is_ours && name_problem(name).is_none())?;
        let hash = metadata.str(&["lc_hub_commit_hash"])?;
        let is_hash = hash.len() >= 8 && hash.bytes().all(|byte| byte.is_ascii_hexdigit());
        is_hash.then(|| (name, short_hash(&hash).to_owned()))
    });
    let model = model.map(str::to_owned).or_else(|| find(&["ls_model_name", "model", "model_name"]));
    Settings { model, key_settings: key_settings.into_iter().chain(tools).collect(), prompt, hub_version }
}

fn scalar(json: Json<'_>) -> Option<String> {
    match json.kind() {
        Kind::String => json.str().map(|text| text.chars().take(80).collect()),
        Kind::Number | Kind::Bool => Some(json.raw().chars().take(30).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(extra: &str, inputs: &str, expected: &str) {
        let settings = settings(Some(extra), Some(inputs), None);
        let list: Vec<String> = settings.key_settings.iter().map(|(name, value)| format!("{name} {value}")).collect();
        let none = String::new;
        assert_eq!(
            format!(
                "{} | {} | {}",
                settings.model.unwrap_or_else(none),
                list.join(", "),
                settings.prompt.unwrap_or_else(none)
            ),
            expected
        );
    }

    #[test]
    fn invocation_parameters_win_over_metadata_and_inputs() {
        check(
            r#"{"invocation_params":{"model":"gpt-4o","temperature":0.7,"tools":[{},{}]},"metadata":{"ls_temperature":0,"ls_max_tokens":256,"lc_hub_repo":"research_query","lc_hub_commit_hash":"3f9a00112233"}}"#,
            r#"{"temperature":1,"seed":7}"#,
            "gpt-4o | temperature 0.7, max tokens 256, seed 7, tools 2 | research_query:3f9a0011",
        );
    }

    #[test]
    fn only_a_version_of_this_server_can_be_opened() {
        let version = |metadata: &str| settings(Some(&format!(r#"{{"metadata":{metadata}}}"#)), None, None).hub_version;
        let ours = r#"{"lc_hub_owner":"-","lc_hub_repo":"refund","lc_hub_commit_hash":"3f9a00112233"}"#;
        assert_eq!(version(ours), Some(("refund".to_owned(), "3f9a0011".to_owned())));
        assert_eq!(version(&ours.replace("\"-\"", "\"somebody\"")), None);
        assert_eq!(version(&ours.replace("refund", "../x")), None);
        assert_eq!(version(&ours.replace("3f9a00112233", "production")), None);
    }

    #[test]
    fn what_was_not_recorded_is_not_shown() {
        check("{}", "{}", " |  | ");
        check(r#"{"metadata":{"temperature":null}}"#, r#"{"config":{"temperature":0.1}}"#, " | temperature 0.1 | ");
    }
}
