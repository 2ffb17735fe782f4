//! How enums, ids and small structures are written in columns. Codes are stored: never renumber them.

use crate::model::{Cost, OwnUsage, Usage};
use fanlight_wire::{RunStatus, RunType, Usd};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use uuid::Uuid;

const RUN_TYPES: [RunType; 7] = [
    RunType::Chain,
    RunType::Llm,
    RunType::Tool,
    RunType::Retriever,
    RunType::Embedding,
    RunType::Prompt,
    RunType::Parser,
];

const STATUSES: [RunStatus; 4] = [RunStatus::Success, RunStatus::Error, RunStatus::Pending, RunStatus::Interrupted];

pub fn code_from_run_type(run_type: RunType) -> i64 {
    code(&RUN_TYPES, run_type)
}

/// A run whose type never came counts as a chain.
pub fn run_type_from_code(code: Option<i64>) -> RunType {
    code.and_then(|code| RUN_TYPES.get(usize::try_from(code).ok()?)).copied().unwrap_or(RunType::Chain)
}

pub fn code_from_status(status: RunStatus) -> i64 {
    code(&STATUSES, status)
}

pub fn status_from_code(code: i64) -> RunStatus {
    usize::try_from(code).ok().and_then(|code| STATUSES.get(code)).copied().unwrap_or(RunStatus::Pending)
}

fn code<T: PartialEq>(known: &[T], value: T) -> i64 {
    known
        .iter()
        .position(|other| *other == value)
        .and_then(|idx| i64::try_from(idx).ok())
        .expect("every value has a code")
}

/// 16 bytes, as a parameter of a statement.
pub fn blob(id: Uuid) -> [u8; 16] {
    id.into_bytes()
}

pub fn blob_opt(id: Option<Uuid>) -> Option<[u8; 16]> {
    id.map(Uuid::into_bytes)
}

/// The `own_usage` column: keys as short as its rows are many.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct OwnUsageColumn {
    #[serde(rename = "p", skip_serializing_if = "Option::is_none")]
    prompt_tokens: Option<i64>,
    #[serde(rename = "c", skip_serializing_if = "Option::is_none")]
    completion_tokens: Option<i64>,
    #[serde(rename = "t", skip_serializing_if = "Option::is_none")]
    total_tokens: Option<i64>,
    #[serde(rename = "pc", skip_serializing_if = "Option::is_none")]
    prompt_cost: Option<Usd>,
    #[serde(rename = "cc", skip_serializing_if = "Option::is_none")]
    completion_cost: Option<Usd>,
    #[serde(rename = "tc", skip_serializing_if = "Option::is_none")]
    total_cost: Option<Usd>,
    #[serde(rename = "pd", skip_serializing_if = "BTreeMap::is_empty")]
    prompt_token_details: BTreeMap<String, i64>,
    #[serde(rename = "cd", skip_serializing_if = "BTreeMap::is_empty")]
    completion_token_details: BTreeMap<String, i64>,
    #[serde(rename = "pcd", skip_serializing_if = "BTreeMap::is_empty")]
    prompt_cost_details: BTreeMap<String, Usd>,
    #[serde(rename = "ccd", skip_serializing_if = "BTreeMap::is_empty")]
    completion_cost_details: BTreeMap<String, Usd>,
    #[serde(rename = "$", skip_serializing_if = "Option::is_none")]
    priced: Option<Cost>,
}

pub fn column_from_own_usage(own: &OwnUsage) -> Option<String> {
    if *own == OwnUsage::default() {
        return None;
    }
    let sent = own.sent.clone();
    let column = OwnUsageColumn {
        prompt_tokens: sent.prompt_tokens,
        completion_tokens: sent.completion_tokens,
        total_tokens: sent.total_tokens,
        prompt_cost: sent.prompt_cost,
        completion_cost: sent.completion_cost,
        total_cost: sent.total_cost,
        prompt_token_details: sent.prompt_token_details,
        completion_token_details: sent.completion_token_details,
        prompt_cost_details: sent.prompt_cost_details,
        completion_cost_details: sent.completion_cost_details,
        priced: own.priced.clone(),
    };
    Some(serde_json::to_string(&column).expect("numbers and strings are JSON"))
}

pub fn own_usage_from_column(column: Option<&str>) -> anyhow::Result<OwnUsage> {
    let Some(text) = column else { return Ok(OwnUsage::default()) };
    let column: OwnUsageColumn = serde_json::from_str(text)?;
    Ok(OwnUsage {
        sent: Usage {
            prompt_tokens: column.prompt_tokens,
            completion_tokens: column.completion_tokens,
            total_tokens: column.total_tokens,
            prompt_cost: column.prompt_cost,
            completion_cost: column.completion_cost,
            total_cost: column.total_cost,
            prompt_token_details: column.prompt_token_details,
            completion_token_details: column.completion_token_details,
            prompt_cost_details: column.prompt_cost_details,
            completion_cost_details: column.completion_cost_details,
        },
        priced: column.priced,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_has_a_code_of_its_own() {
        for &run_type in RunType::ALL {
            assert_eq!(run_type_from_code(Some(code_from_run_type(run_type))), run_type);
        }
        for &status in RunStatus::ALL {
            assert_eq!(status_from_code(code_from_status(status)), status);
        }
    }

    #[test]
    fn own_usage_survives_its_column() {
        let own = OwnUsage {
            sent: Usage {
                prompt_tokens: Some(10),
                total_tokens: Some(10),
                total_cost: Some("0.000001".parse().unwrap()),
                prompt_token_details: BTreeMap::from([("cache_read".into(), 5)]),
                ..Usage::default()
            },
            priced: Some(Cost { prompt: Some("0.5".parse().unwrap()), ..Cost::default() }),
        };
        let column = column_from_own_usage(&own);
        assert_eq!(own_usage_from_column(column.as_deref()).unwrap(), own);
        assert_eq!(column_from_own_usage(&OwnUsage::default()), None);
    }
}
