//! Which runs a version of a prompt made, and what they took: by the metadata that names it.

use super::bitset::Bitset;
use super::columns::ABSENT;
use super::memory::Index;
use super::predicate::{Id, Measure, Predicate};
use super::scope::Scope;
use fanlight_wire::RunType;
use fanlight_wire::version_stats::Unit;
use std::collections::{BTreeMap, HashMap};

/// The metadata that LangChain gives runs of a prompt that was pulled.
const REPO: &str = "lc_hub_repo";
const COMMIT: &str = "lc_hub_commit_hash";
const OWNER: &str = "lc_hub_owner";

/// A hash is shortened to this many characters or more.
const LEAST_HASH_CHARS: usize = 7;

/// Versions by number, and which sets of metadata name them.
#[derive(Debug, Default)]
pub struct Named {
    pub versions: Vec<NamedVersion>,
    by_set: HashMap<u32, u32>,
    sets: Bitset,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct NamedVersion {
    pub commit: String,
    pub recorded_as: Vec<String>,
}

/// The versions of `repo` that any run names; `commits` are full hashes that runs may have shortened.
pub fn named(index: &Index, repo: &str, owner: Option<&str>, commits: &[String]) -> Named {
    let metadata = &index.metadata;
    let (Some(repo_key), Some(commit_key)) = (metadata.keys.find(REPO), metadata.keys.find(COMMIT)) else {
        return Named::default();
    };
    let owner_key = metadata.keys.find(OWNER);
    let mut by_commit: BTreeMap<String, Vec<u32>> = BTreeMap::new();
    // Every set is looked at once, however many runs share it.
    let sets = metadata.matching(|set| set.iter().any(|entry| entry.key == repo_key));
    for set in sets.iter() {
        let label = |key: u32| {
            let entry = metadata.of(set).iter().find(|entry| entry.key == key)?;
            Some(metadata.label(entry.value))
        };
        let is_owners = match (owner, owner_key.and_then(label)) {
            (Some(wanted), Some(owner)) => owner == wanted || owner == "-",
            _ => true,
        };
        let commit = label(commit_key).filter(|commit| !commit.is_empty());
        if let Some(commit) = commit.filter(|_| is_owners && label(repo_key).as_deref() == Some(repo)) {
            by_commit.entry(commit).or_default().push(set);
        }
    }
    let canonical = canonical(&by_commit.keys().map(String::as_str).collect::<Vec<_>>(), commits);
    let mut named = Named::default();
    let mut numbers: HashMap<String, u32> = HashMap::new();
    for ((recorded, sets), commit) in by_commit.into_iter().zip(canonical) {
        if !commits.is_empty() && !commits.contains(&commit) {
            continue;
        }
        let number = *numbers.entry(commit.clone()).or_insert_with(|| {
            named.versions.push(NamedVersion { commit, recorded_as: Vec::new() });
            named.versions.len() as u32 - 1
        });
        named.versions[number as usize].recorded_as.push(recorded);
        for set in sets {
            named.by_set.insert(set, number);
            named.sets.insert(set);
        }
    }
    named
}

/// What each recorded hash stands for: itself, or the one longer hash that it is the beginning of.
fn canonical(recorded: &[&str], commits: &[String]) -> Vec<String> {
    let known: Vec<&str> = recorded.iter().copied().chain(commits.iter().map(String::as_str)).collect();
    let whole_of = |short: &str| {
        let is_short = short.len() >= LEAST_HASH_CHARS && short.bytes().all(|byte| byte.is_ascii_hexdigit());
        let mut longer: Vec<&str> =
            known.iter().copied().filter(|other| other.len() > short.len() && other.starts_with(short)).collect();
        // The longest of a row of ever longer ones; two that differ leave it open which is meant.
        longer.sort_by_key(|other| std::cmp::Reverse(other.len()));
        let whole = longer.first().copied().filter(|whole| longer.iter().all(|other| whole.starts_with(other)));
        whole.filter(|_| is_short).unwrap_or(short).to_owned()
    };
    recorded.iter().map(|short| whole_of(short)).collect()
}

/// What one run, or one trace, took.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Measured {
    /// In [`Named::versions`].
    pub version: u32,
    /// Row of the run, or of the trace: see [`Unit`].
    pub pk: u32,
    /// Row of the project.
    pub project: u32,
    pub start_ns: i64,
    pub is_error: bool,
    pub latency_ns: Option<i64>,
    pub total_tokens: i64,
    pub prompt_tokens: i64,
    pub completion_tokens: i64,
    /// Picodollars.
    pub cost: Option<i64>,
}

/// Everything measured, in no order, and how many traces had several versions at work.
pub fn measure(
    index: &Index,
    (scope, predicate): (&Scope, &Predicate),
    named: &Named,
    unit: Unit,
) -> (Vec<Measured>, u64) {
    let mut measured = Vec::new();
    let mut add = |version: u32, slot: u32| {
        let of = |measure: Measure| Some(measure.of(&index.columns, slot)).filter(|value| *value != ABSENT);
        let id = if unit == Unit::Trace { Id::Trace } else { Id::Pk };
        measured.push(Measured {
            version,
            pk: id.of(&index.columns, slot),
            project: Id::Project.of(&index.columns, slot),
            start_ns: index.columns.start_ns[slot as usize],
            is_error: index.columns.has_error(slot),
            latency_ns: of(Measure::Latency),
            total_tokens: of(Measure::TotalTokens).unwrap_or_default(),
            prompt_tokens: of(Measure::PromptTokens).unwrap_or_default(),
            completion_tokens: of(Measure::CompletionTokens).unwrap_or_default(),
            cost: of(Measure::TotalCost),
        });
    };
    let names_one = Predicate::In(Id::Metadata, named.sets.clone());
    let version_of = |slot: u32| named.by_set[&Id::Metadata.of(&index.columns, slot)];
    if unit == Unit::LlmCall {
        let is_llm = Predicate::RunType(1 << RunType::Llm as u8);
        scope.for_each(index, &Predicate::all([is_llm, names_one, predicate.clone()]), |slot| {
            add(version_of(slot), slot);
        });
        return (measured, 0);
    }
    // Runs begin after the root does: the end of the period is the root's affair.
    let carriers = Scope { is_root: None, until_ns: None, pks: None, ..scope.clone() };
    let mut by_trace: HashMap<u32, Option<u32>> = HashMap::new();
    carriers.for_each(index, &names_one, |slot| {
        let version = Some(version_of(slot));
        let trace = by_trace.entry(Id::Trace.of(&index.columns, slot)).or_insert(version);
        if *trace != version {
            *trace = None;
        }
    });
    let traces: Bitset = by_trace.keys().copied().collect();
    let roots = Scope { is_root: Some(true), ..scope.clone() };
    let mut n_mixed = 0;
    roots.for_each(
        index,
        &Predicate::all([Predicate::In(Id::Trace, traces), predicate.clone()]),
        |slot| match by_trace[&Id::Trace.of(&index.columns, slot)] {
            Some(version) => add(version, slot),
            None => n_mixed += 1,
        },
    );
    (measured, n_mixed)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(recorded: &[&str], commits: &[&str], expected: &[&str]) {
        let commits: Vec<String> = commits.iter().map(|commit| (*commit).to_owned()).collect();
        assert_eq!(canonical(recorded, &commits), expected);
    }

    #[test]
    fn a_shortened_hash_is_the_one_it_begins() {
        check(&["abcdef12", "abcdef1234567890"], &[], &["abcdef1234567890", "abcdef1234567890"]);
        check(&["abcdef12"], &["abcdef12ff"], &["abcdef12ff"]);
    }

    #[test]
    fn what_could_be_two_and_what_is_no_hash_stays_as_it_is() {
        check(&["abcdef12", "abcdef12aa", "abcdef12bb"], &[], &["abcdef12", "abcdef12aa", "abcdef12bb"]);
        check(&["prod", "production"], &[], &["prod", "production"]);
        check(&["abc", "abcdef12"], &[], &["abc", "abcdef12"]);
    }
}
